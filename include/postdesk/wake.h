/* wake.h: one byte that says "look into the store now".
 *
 * A named datagram socket for each listener in STATE/wake/; whoever committed work knocks.
 * A knock that nobody hears is no failure: a role looks when it starts.
 */
#ifndef POSTDESK_WAKE_H
#define POSTDESK_WAKE_H

#include "postdesk/status.h"

/* A bound socket (non-blocking, close-on-exec) named "process.0", "deliver", "collect.support". */
PdStatus *pd_wake_listen(const char *state_folder, const char *name, int *fd);
/* A failure if such a socket's path is longer than the system takes. */
PdStatus *pd_wake_check(const char *state_folder, const char *name);
void pd_wake_close(const char *state_folder, const char *name, int fd);
/* Reads all knocks that came. */
void pd_wake_drain(int fd);
/* Knocks at every listener whose name begins with the word and ends or goes on with a dot. TRUE if
 * somebody is there to hear it. */
gboolean pd_wake_knock(const char *state_folder, const char *word);

#endif
