/* signals.h: being told to stop or to reload, in a loop that blocks on descriptors.
 *
 * SIGTERM and SIGINT ask to stop, SIGHUP to reload. The handlers also send a byte to the
 * role's wake socket, so that a signal that comes just before poll(2) is not slept over.
 */
#ifndef PD_ROLES_SIGNALS_H
#define PD_ROLES_SIGNALS_H

#include <glib.h>
#include <sys/types.h>

/* wake_fd: a bound wake socket, or -1. */
void pd_signals_install(int wake_fd);
/* A child's end wakes too. */
void pd_signals_watch_children(void);
gboolean pd_signals_stop_asked(void);
/* In a fork, and safe there: the end of its parent sends it this signal. Where that has ended
 * already it ends now, for it would keep the locks that both hold. */
void pd_signals_end_with(pid_t parent, int number);
/* TRUE once for each time a reload was asked for. */
gboolean pd_signals_take_reload(void);

/* Waits for the descriptor (-1: none), a signal, or the time (microseconds, -1: for ever); drains
 * the wake socket. TRUE: there was something in it, as there is after a signal. */
gboolean pd_signals_wait(int wake_fd, gint64 microseconds);

#endif
