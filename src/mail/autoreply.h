/* autoreply.h: answers that nobody wrote: absences, confirmations of receipt. */
#ifndef POSTDESK_MAIL_AUTOREPLY_H
#define POSTDESK_MAIL_AUTOREPLY_H

#include "reading.h"

/* TRUE if the message is one; then its origin is concluded. */
gboolean pd_autoreply_find(PdReading *reading);
/* A subject as of an automatic answer. */
gboolean pd_autoreply_is_title(const char *subject);
/* The value of Auto-Submitted and its like says that no person sent it. NULL is no value. */
gboolean pd_autoreply_is_set(const char *value);
/* Auto-Submitted's value (RFC 3834, 5); where the field comes again, the one that is set. NULL if
 * there is none. */
const char *pd_autoreply_submitted(const PdReading *reading);

#endif
