/* bodytext.h: the texts of a message. */
#ifndef POSTDESK_MAIL_BODYTEXT_H
#define POSTDESK_MAIL_BODYTEXT_H

#include "charset.h"
#include "reading.h"
#include <gmime/gmime.h>

/* Adds more on a line of its own, up to the limit of a text. */
void pd_body_add(GString *text, const char *more);
/* Records how a part was decoded. */
void pd_body_note_charset(PdReading *reading, const char *path, const char *declared,
                          const PdDecoding *decoding);
/* CR LF and lone CR become LF. */
void pd_body_unify_line_ends(char *text);

/* The content of a text part as UTF-8; as plain text, unwrapped; HTML as a reader sees it. path:
 * "1.2". Caller frees. */
char *pd_body_decode(PdReading *reading, GMimeObject *part, const char *path, gsize most);
char *pd_body_plain(PdReading *reading, GMimeObject *part, const char *path);
char *pd_body_html(PdReading *reading, GMimeObject *part, const char *path);

/* Declared as a file. */
gboolean pd_body_is_attachment(GMimeObject *part);
/* A text that is part of what is read, not a file. */
gboolean pd_body_is_text(GMimeObject *part);
/* The same of another kind of text ("text/markdown"), and what it says. Caller frees. */
gboolean pd_body_is_other_text(GMimeObject *part);
char *pd_body_other(PdReading *reading, GMimeObject *part, const char *path);
/* The first text of this kind, "plain" or "html", within a part, or NULL. */
GMimeObject *pd_body_find(GMimeObject *part, const char *subtype, guint depth);
/* All text of the first alternative that has this kind, or "". Caller frees. */
char *pd_body_alternative(PdReading *reading, GMimeMultipart *alternatives, const char *subtype,
                          const char *path);
/* "1.2" of the second part within "1". Caller frees. */
char *pd_body_path(const char *path, int number);

#endif
