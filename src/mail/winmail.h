/* winmail.h: a winmail.dat part of a message, opened. */
#ifndef POSTDESK_MAIL_WINMAIL_H
#define POSTDESK_MAIL_WINMAIL_H

#include "reading.h"
#include <gmime/gmime.h>

gboolean pd_winmail_is(GMimeObject *part);
/* Adds its files to the attachments, and its text where the message has no other. FALSE if it is
 * none, or too large, or not whole: then it is to be kept as a file besides what was read. */
gboolean pd_winmail_read(PdReading *reading, GMimeObject *part);
/* Adds the files of one that lies in a forwarded message, which is kept as well. */
void pd_winmail_add_files(PdReading *reading, GMimeObject *part);
/* The text of such a one, or NULL. Caller frees. */
char *pd_winmail_text(const PdReading *reading, GMimeObject *part);

#endif
