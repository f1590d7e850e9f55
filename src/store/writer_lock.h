/* writer_lock.h: the queue of writers. */
#ifndef PD_STORE_WRITER_LOCK_H
#define PD_STORE_WRITER_LOCK_H

#include "postdesk/status.h"

/* Opens the lock's file, without taking it. */
PdStatus *pd_writer_lock_open(const char *path, int *fd);
/* Waits until the lock is ours; the kernel keeps the queue. A failure where its file was deleted,
 * and with it the state folder. */
PdStatus *pd_writer_lock_take(int fd);
/* Does not wait. */
PdStatus *pd_writer_lock_try(int fd, gboolean *is_taken);
/* Or fails, to be tried again, if it is not after so many microseconds. */
PdStatus *pd_writer_lock_take_within(int fd, gint64 wait);
void pd_writer_lock_leave(int fd);
/* Waits at most so long (microseconds) for a lock that is rarely wanted by two. */
PdStatus *pd_lock_take_within(const char *path, gint64 wait, int *fd);

#endif
