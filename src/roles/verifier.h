/* verifier.h: signatures verified for a role that may run no programs.
 *
 * Before the role is shut in, it forks a process that knows neither its store nor its keys and may
 * start helpers. The role hands it one message at a time, as a descriptor, and waits for the answer
 * a bounded time. That this process dies, hangs, or that gpg is not installed is told as the result
 * of the signature; it is never an error of the message.
 */
#ifndef PD_ROLES_VERIFIER_H
#define PD_ROLES_VERIFIER_H

#include "postdesk/mail.h"

typedef struct pd_verifier PdVerifier;

/* Call it before anything is opened: what is open then is closed there. program: this binary. */
PdStatus *pd_verifier_start(const char *program, PdVerifier **verifier);
void pd_verifier_free(PdVerifier *verifier); /* ends it */

/* Like pd_signature_verify(). */
void pd_verifier_verify(PdVerifier *verifier, const char *keys, const char *bytes, gsize length,
                        PdMail *mail);

#endif
