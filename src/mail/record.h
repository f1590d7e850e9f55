/* record.h: the making of a PdMail, for the files of this room. */
#ifndef POSTDESK_MAIL_RECORD_H
#define POSTDESK_MAIL_RECORD_H

#include "postdesk/mail.h"

/* Empty, with its lists; the reader fills it. */
PdMail *pd_mail_new(void);
void pd_charset_choice_free(PdCharsetChoice *choice);

#endif
