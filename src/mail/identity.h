/* identity.h: the lines below a short answer that only tell who wrote it. */
#ifndef POSTDESK_MAIL_IDENTITY_H
#define POSTDESK_MAIL_IDENTITY_H

#include "postdesk/mail.h"

/* Where the last lines of text begin that hold nothing but the name of who writes, a department or
 * an office, and how to reach them; the end of text where no name is there. */
const char *pd_identity_begin(const PdMail *mail, const char *text);

#endif
