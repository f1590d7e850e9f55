/* sharer.h: bytes that several mails carry are shared beside the clock's other work.
 *
 * It is the least that the clock does, and nobody waits for it: where it fails, timers, digests and
 * escalation go on, the admin is told, and it is tried again after a growing pause, from the
 * message behind the one that it failed at.
 */
#ifndef PD_ROLES_SHARER_H
#define PD_ROLES_SHARER_H

#include "role.h"

typedef struct {
    gint64 after;     /* the message that was looked at last; 0: from the first */
    guint failures;   /* since all were last looked at without one */
    gboolean is_hurt; /* it failed on the way from the first one */
    gint64 again_at;  /* not before; monotonic, 0: at once */
} PdSharer;

/* How long until it may go on, in microseconds; 0: now. */
gint64 pd_sharer_pause(const PdSharer *sharer);
/* Looks at one message. *more: there may be others, to be looked at now. A failure was told and is
 * for a run that ends with it: the sharer goes on after its pause. Not within a transaction. */
PdStatus *pd_sharer_step(PdSharer *sharer, PdRole *role, gboolean *more);

#endif
