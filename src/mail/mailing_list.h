/* mailing_list.h: by which fields a mailing list is known (inside the mail floor). */
#ifndef POSTDESK_MAIL_MAILING_LIST_H
#define POSTDESK_MAIL_MAILING_LIST_H

#include "reading.h"

/* What shows that a list passed the message on, or NULL. */
const char *pd_mailing_list_mark(const PdReading *reading);
/* List-Post names the address: what is written there goes to all of the list. */
gboolean pd_mailing_list_is_post(const PdMail *mail, const char *address);

#endif
