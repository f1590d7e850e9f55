/* watch.h: which message a worker has in work, for its successor to see after a crash, and for the
 * other workers, which leave it to that one.
 *
 * Eight bytes of a file in STATE/lock, mapped by the workers and, where one begins or ends, by the
 * supervisor: they survive the process at no cost.
 */
#ifndef PD_ROLES_WATCH_H
#define PD_ROLES_WATCH_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct pd_watch PdWatch;

PdStatus *pd_watch_open(const char *state_folder, guint worker, PdWatch **watch);
void pd_watch_close(PdWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdWatch, pd_watch_close)

void pd_watch_set(PdWatch *watch, gint64 inbox_id); /* 0: nothing in work */
gint64 pd_watch_get(const PdWatch *watch);

#endif
