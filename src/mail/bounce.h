/* bounce.h: delivery reports, standard and not. */
#ifndef POSTDESK_MAIL_BOUNCE_H
#define POSTDESK_MAIL_BOUNCE_H

#include "reading.h"

/* Fills the mail's bounce and bounce_original if its origin is a bounce or a report. */
void pd_bounce_read(PdReading *reading);

/* TRUE if subject and text say that a mail could not be delivered. hinted: the message has a
 * sender that writes such messages, so that less is needed. */
gboolean pd_bounce_is_told(const char *subject, const char *text, gboolean hinted);

#endif
