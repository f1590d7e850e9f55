/* forwarded.h: messages within a message. */
#ifndef POSTDESK_MAIL_FORWARDED_H
#define POSTDESK_MAIL_FORWARDED_H

#include "reading.h"
#include <gmime/gmime.h>

/* A returned message is the report's matter; any other was forwarded: its essentials and its text
 * are shown, and it is kept as a file. part: what holds it. */
void pd_forwarded_read(PdReading *reading, GMimeMessage *message, GMimeObject *part,
                       const char *path);
/* TRUE if the part was a message that is encoded as a whole: it was read. */
gboolean pd_forwarded_read_encoded(PdReading *reading, GMimeObject *part, const char *path);

#endif
