/* watch.h: who watches a ticket from now on, or is let off: asked for by himself, or by somebody of
 * the desk for another one. */
#ifndef DESK_WATCH_H
#define DESK_WATCH_H

#include "desk/change.h"

/* Into the change, or why not. value: an address, the name of somebody of the desk, "me", or "" for
 * who asks. */
gboolean pd_watch_take(PdChange *change, const char *value, PdProblem *problem);
/* The same; who never took part is told, for an address may be mistyped. By whichever of his
 * addresses a person takes part, he is let off. */
PdStatus *pd_watch_leave(PdChange *change, const char *value, PdProblem *problem);

/* Is it an address of who asks? */
gboolean pd_watch_is_own(const PdChange *change, const char *address);

#endif
