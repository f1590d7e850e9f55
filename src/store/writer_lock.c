/* writer_lock.c: see writer_lock.h. flock(2): the kernel releases it whatever ends the
 * process. Never taken while another process could wait for a lock of ours in turn: locks of
 * raw segments come before it. */
#include "writer_lock.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_NAP (20 * 1000) /* microseconds */

static PdStatus *fail(const char *what, const char *path)
{
    int error = errno;

    return pd_status_new(PD_SPOILS_STORE, error == ENOSPC ? PD_TRY_AGAIN : PD_FINAL,
                         "check the owner and the permissions of the state folder", "%s %s: %s",
                         what, path, g_strerror(error));
}

PdStatus *pd_writer_lock_open(const char *path, int *fd)
{
    *fd = pd_file_open_or_make(path, O_RDWR);
    return *fd >= 0 ? NULL : fail("cannot open lock", path);
}

void pd_writer_lock_leave(int fd)
{
    flock(fd, LOCK_UN);
}

/* What is written into files that were deleted is lost, and would be taken for durable. */
static PdStatus *check_is_there(int fd)
{
    struct stat lock;

    if (fstat(fd, &lock) == 0 && lock.st_nlink > 0)
        return NULL;
    pd_writer_lock_leave(fd);
    return pd_status_new(
        PD_SPOILS_STORE, PD_FINAL,
        "stop the desk, put the state folder back or restore a backup, and start it",
        "the state folder was deleted while the desk was running");
}

PdStatus *pd_writer_lock_take(int fd)
{
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return fail("cannot take", "the writers' lock");
    return check_is_there(fd);
}

PdStatus *pd_writer_lock_try(int fd, gboolean *is_taken)
{
    *is_taken = flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (*is_taken)
        return check_is_there(fd);
    return errno == EWOULDBLOCK || errno == EINTR ? NULL : fail("cannot take", "the writers' lock");
}

static PdStatus *take_before(int fd, const char *path, gint64 deadline)
{
    gint64 nap = 500;

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail("cannot take lock", path);
        if (pd_clock_monotonic() >= deadline)
            return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN,
                                 "another process is at the same work; try again when it is done",
                                 "%s is held by another process", path);
        g_usleep((gulong)nap);
        nap = MIN(nap * 2, LONGEST_NAP);
    }
    return NULL;
}

PdStatus *pd_writer_lock_take_within(int fd, gint64 wait)
{
    PD_TRY(take_before(fd, "the writers' lock", pd_clock_monotonic() + wait));
    return check_is_there(fd);
}

PdStatus *pd_lock_take_within(const char *path, gint64 wait, int *fd)
{
    PD_TRY(pd_writer_lock_open(path, fd));
    PdStatus *status = take_before(*fd, path, pd_clock_monotonic() + wait);
    if (status != NULL) {
        close(*fd);
        *fd = -1;
    }
    return status;
}
