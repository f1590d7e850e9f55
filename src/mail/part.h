/* part.h: one MIME part: its headers and its decoded content. */
#ifndef POSTDESK_MAIL_PART_H
#define POSTDESK_MAIL_PART_H

#include "postdesk/hash.h"
#include <glib.h>
#include <gmime/gmime.h>

/* The raw, unfolded value of a header of this part, or NULL. Caller frees. */
char *pd_part_header(GMimeObject *part, const char *name);
/* "type/subtype" in lower case. Caller frees. */
char *pd_part_type(GMimeObject *part);
gboolean pd_part_is(GMimeObject *part, const char *type, const char *subtype);

/* TRUE for a text that claims to be base64 and is none: it is taken as it stands. */
gboolean pd_part_is_misencoded(GMimeObject *part);

/* What passes by while a part is decoded; FALSE stops. */
typedef gboolean (*PdPartSink)(const char *bytes, gsize length, gpointer user);
/* Streams the decoded content: memory stays small whatever its size. */
void pd_part_decode(GMimePart *part, PdPartSink sink, gpointer user);
/* At most so many decoded bytes. Caller frees. */
GByteArray *pd_part_bytes(GMimePart *part, gsize most, gboolean *cut);

#endif
