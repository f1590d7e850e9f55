/* signed.h: signatures on messages, for the commands that show messages. */
#ifndef PD_CLI_SIGNED_H
#define PD_CLI_SIGNED_H

#include "cli.h"
#include "postdesk/mail.h"

/* "pgp, good by a@b", or NULL if there is no signature. Caller frees. */
char *pd_signed_text(const PdMailSigned *made);
/* Verifies the message's signature if there is one and keys are configured. */
void pd_signed_verify(const PdCli *cli, const char *bytes, gsize length, PdMail *mail);

#endif
