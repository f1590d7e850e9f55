/* secrets.h: passwords and tokens by reference.
 *
 * A secret is resolved as late as possible and wiped when freed. References:
 * file:PATH (one trailing line end is taken off; refused when others may read
 * it), env:NAME, credential:NAME (systemd's $CREDENTIALS_DIRECTORY).
 */
#ifndef POSTDESK_SECRETS_H
#define POSTDESK_SECRETS_H

#include "postdesk/config.h"
#include "postdesk/status.h"

typedef struct pd_secret PdSecret;

const char *pd_secret_text(const PdSecret *secret); /* borrowed; never log it */
void pd_secret_free(PdSecret *secret);              /* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSecret, pd_secret_free)

PdSecret *pd_secret_new(const char *text, gsize length);
PdStatus *pd_secret_resolve(const char *reference, PdSecret **secret);
/* Runs the command (argv, no shell), bounded in time (30 s) and output (64 KiB);
 * its first line is the token. */
PdStatus *pd_secret_from_command(char *const *argv, PdSecret **secret);
/* Whatever the server's settings name: password, token or token command. *secret
 * stays NULL with PD_AUTH_NONE. */
PdStatus *pd_secret_of_server(const PdServer *server, PdSecret **secret);
/* TRUE if asking again may bring another secret (a token). */
gboolean pd_secret_is_renewable(const PdServer *server);

#endif
