/* helper.h: a helper's run, piece by piece, for those who may not start one themselves. */
#ifndef PD_ROLES_HELPER_H
#define PD_ROLES_HELPER_H

#include "postdesk/mail.h"

#define PD_HELPER_MOST_ANSWER 16384 /* bytes */

/* Verifies it with the keys; output holds PD_HELPER_MOST_ANSWER bytes. */
PdStatus *pd_helper_run(const char *program, const char *keys, int message, char *output,
                        gsize *length);
/* What it printed. */
PdStatus *pd_helper_read(const char *text, gsize length, PdMailSigned **made);
/* Puts the result, or what went wrong, into the record of the mail. Takes made. */
void pd_helper_settle(PdMail *mail, PdMailSigned *made, const PdStatus *status);

#endif
