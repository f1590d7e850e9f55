/* watches.h: the watch cells of all workers of a desk (watch.h), as one of them sees them.
 *
 * What stands in another's cell, though nobody has the row locked, ended that worker: it is for its
 * successor, which counts its faults.
 */
#ifndef PD_ROLES_WATCHES_H
#define PD_ROLES_WATCHES_H

#include "watch.h"

typedef struct pd_watches PdWatches;

/* workers: how many there are, or 0 where nobody starts successors: then no others are looked at.
 */
PdStatus *pd_watches_open(const char *state_folder, guint worker, guint workers,
                          PdWatches **watches);
void pd_watches_close(PdWatches *watches); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdWatches, pd_watches_close)

PdWatch *pd_watches_own(const PdWatches *watches); /* borrowed */
gboolean pd_watches_is_anothers(const PdWatches *watches, gint64 inbox_id);

#endif
