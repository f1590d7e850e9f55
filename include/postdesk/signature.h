/* signature.h: verifying S/MIME and PGP signatures, in a process of its own.
 *
 * gpg and gpgsm parse what is foreign and are programs: neither belongs into a role. Each message
 * that is to be verified gets a helper, the program itself run once more, which sees that message
 * and the keys and nothing else: no secrets, no store, no network, bounded time and memory. A role
 * that may start no programs has a process beside it that does (roles/verifier.c).
 * Whatever goes wrong there is told as the result of that signature; it is never an error of the
 * message.
 */
#ifndef POSTDESK_SIGNATURE_H
#define POSTDESK_SIGNATURE_H

#include "postdesk/mail.h"

/* Verifies what mail->signed_by announces (nothing, if it is NULL) against the GnuPG folder keys
 * and puts the result there. program: path of this binary. */
void pd_signature_verify(const char *program, const char *keys, const char *bytes, gsize length,
                         PdMail *mail);

/* The helper: a message on standard input, the result as JSON on standard output. home: a GnuPG
 * folder made for this one run. */
PdStatus *pd_signature_help(const char *home);

#endif
