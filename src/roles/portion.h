/* portion.h: which rows of the inbox a worker has taken for itself.
 *
 * All workers take from the front of the one inbox, a portion at a time: none is out of work while
 * rows wait that nobody has, and a message that takes long holds up what was taken with it, and
 * replies to messages that are not known yet (they wait for what is older), and nothing else. To
 * have taken a row means to have locked the byte at its id in a file of STATE/lock: the kernel
 * gives it back when the worker and its forks have ended.
 *
 * A row may be done by the time that it is taken: look at its outcome after that.
 */
#ifndef PD_ROLES_PORTION_H
#define PD_ROLES_PORTION_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct pd_portion PdPortion;

/* Nothing is taken yet. A fork shares it, and keeps what is taken as long as it lives
 * (pd_signals_end_with()). PD_SPOILS_STORE. */
PdStatus *pd_portion_open(const char *state_folder, PdPortion **portion);
void pd_portion_close(PdPortion *portion); /* and gives everything back; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPortion, pd_portion_close)

/* Of these rows (gint64 ids, ascending) takes the first that nobody has, no more than a worker's
 * equal share of all of them, and no more than a transaction wants. *taken may be empty, and is its
 * caller's. Does not wait. */
PdStatus *pd_portion_take(PdPortion *portion, const GArray *ids, guint workers, GArray **taken);
PdStatus *pd_portion_take_one(PdPortion *portion, gint64 id, gboolean *taken);
void pd_portion_give_back_one(PdPortion *portion, gint64 id);
void pd_portion_give_back(PdPortion *portion); /* everything that was taken */

/* How many rows are worth looking at, so that pd_portion_take() can tell what is enough. */
guint pd_portion_look(guint workers);

#endif
