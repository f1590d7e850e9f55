/* prefork.h: roles that are forks of one process, which has loaded their files.
 *
 * When a desk starts, all workers and the clock want the same files at once. The loader reads them
 * once, forks these roles and ends: they share that memory as long as none of them changes it. It
 * has seen neither mail nor secret. The supervisor, whose children they become when the loader has
 * ended, must be their subreaper. One that has to be started later is a new process like other
 * roles.
 *
 * None does anything before the supervisor knows of it: it tells its number over the loader's
 * channel, and waits until the supervisor, which has seen the loader's end, closes that.
 */
#ifndef PD_ROLES_PREFORK_H
#define PD_ROLES_PREFORK_H

#include "postdesk/status.h"
#include <sys/types.h>

/* In the loader; channel: to the supervisor, closed in the end. Returns in each of so many forks,
 * once the supervisor has it, with its number (from 0). The loader itself ends here, unless the
 * machine refuses it a process: then it fails, and the forks that it has made go on. */
PdStatus *pd_prefork(int channel, guint count, guint *number);

/* In the supervisor: is told of a fork, which waits. */
typedef void (*PdPreforked)(guint number, pid_t pid, gpointer user);
/* After the loader's end: tells of each fork that it has made. They go on when the caller closes
 * the channel (its end). */
void pd_prefork_collect(int channel, PdPreforked preforked, gpointer user);

#endif
