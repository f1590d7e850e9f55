/* vault.h: how a role comes to its secret.
 *
 * Under the supervisor a role asks over its channel (a sequenced-packet socket): one byte, 'S'
 * for the secret or 'R' for a renewed one; the answer is 'K' and the secret, or 'E' or 'T' (try
 * again), why not, and behind a NUL what to do. Alone (--once) a role resolves its secret itself.
 */
#ifndef PD_ROLES_VAULT_H
#define PD_ROLES_VAULT_H

#include "postdesk/roles.h"
#include "postdesk/secrets.h"

/* The role's side. *secret stays NULL where the server needs none. */
PdStatus *pd_vault_ask(const PdRoleContext *context, const PdServer *server, gboolean renewed,
                       PdSecret **secret);
/* The supervisor's side: answers one request that is waiting. FALSE when the
 * channel is closed. Runs a token command, for at most its time limit. */
gboolean pd_vault_answer(int channel, const PdServer *server);

#endif
