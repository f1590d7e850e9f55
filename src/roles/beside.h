/* beside.h: a process beside a role, for what the role may not do itself once it is shut in, such
 * as running a program. It is forked before the role opens anything, closes whatever is open, and
 * is shut in as a helper: it knows neither store nor secrets. Question and answer are one letter
 * each, with at most one descriptor; the role waits for an answer a bounded time.
 */
#ifndef PD_ROLES_BESIDE_H
#define PD_ROLES_BESIDE_H

#include "postdesk/status.h"
#include <sys/types.h>

typedef struct {
    pid_t pid;
    int channel;
} PdBeside;

/* Runs in that process: answers letters until the other side is gone. what is as it was given. */
typedef void (*PdBesideServe)(int channel, gconstpointer what);

PdStatus *pd_beside_start(PdBesideServe serve, gconstpointer what, PdBeside *beside);
void pd_beside_end(PdBeside *beside); /* kills it, and waits for its end */

/* Sends a letter and, if fd is none of -1, a descriptor. wait FALSE: fails where the other side has
 * not read the last one. errno tells what failed. */
gboolean pd_beside_send(int channel, const void *letter, gsize length, int fd, gboolean wait);
/* Waits for one. Gives its length, -1 at the end of the other side; *fd is -1 if none came, else
 * the caller's. */
gssize pd_beside_receive(int channel, void *letter, gsize most, int *fd);
/* Waits until one is there; until is monotonic (clock.h). FALSE: none came; errno is ETIMEDOUT, or
 * what failed. */
gboolean pd_beside_wait(const PdBeside *beside, gint64 until);

/* Bytes behind a descriptor without a name, to be read from its start. The caller closes it. */
PdStatus *pd_beside_hand_over(const char *bytes, gsize length, int *fd);

#endif
