/* source.h: the raw bytes of one message, in memory or behind a descriptor. */
#ifndef POSTDESK_MAIL_SOURCE_H
#define POSTDESK_MAIL_SOURCE_H

#include "reading.h"
#include <sys/types.h>

typedef struct {
    const char *bytes; /* the whole message, or its beginning */
    gsize at_hand;     /* bytes of it */
    gsize length;      /* of the message */
    int fd;            /* -1 if all is at hand */
    off_t offset;
} PdSource;

/* Reads just so many bytes; fewer is an error. */
PdStatus *pd_source_read_at(int fd, off_t offset, char *buffer, gsize length);

/* Fills content_hash from the author's headers and the body, which begins at body. *verdict:
 * why no tree may be built of it, or NULL. */
PdStatus *pd_source_scan(PdReading *reading, const PdSource *source, gsize body,
                         const char **verdict);
/* The verdict alone, as if the body had this type. */
PdStatus *pd_source_scan_as(const char *content_type, const PdSource *source, gsize body,
                            const char **verdict);
/* Builds the tree and reads it (body.h). */
PdStatus *pd_source_read_tree(PdReading *reading, const PdSource *source, gsize body);

#endif
