/* attachment.h: parts that are kept as files. */
#ifndef POSTDESK_MAIL_ATTACHMENT_H
#define POSTDESK_MAIL_ATTACHMENT_H

#include "reading.h"
#include <gmime/gmime.h>

/* Notes the part as an attachment; its content is hashed as it streams by. */
void pd_attachment_add(PdReading *reading, GMimeObject *part, gboolean is_inline);
/* A file that lies in memory, out of a container. */
typedef struct {
    const char *name;       /* not cleaned, UTF-8, or NULL */
    const char *type;       /* or NULL */
    const char *content_id; /* or NULL */
    const char *bytes;
    gsize length;
} PdAttachmentBytes;
void pd_attachment_add_bytes(PdReading *reading, const PdAttachmentBytes *content);

void pd_attachment_free(PdAttachment *attachment);

/* A name that is safe for a file and readable: no path, control or bidi characters; at most
 * PD_LIMIT_NAME_BYTES. Caller frees. */
char *pd_attachment_clean_name(const char *name);
/* The name that a part gives itself, not cleaned, or NULL. Caller frees. */
char *pd_attachment_declared_name(GMimeObject *part, const char *prior);

#endif
