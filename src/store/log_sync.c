/* log_sync.c: see log_sync.h.
 *
 * The descriptor is its own, so that SQLite's is used by one thread only. Closing it would drop the
 * locks that the process has on the file; SQLite locks others, never its log. It is opened early:
 * of what the kernel failed to write it tells each descriptor once, but not one that was opened
 * after somebody was told.
 */
#include "log_sync.h"

#include "postdesk/files.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct pd_log_sync {
    char *path, *mark;
    int fd; /* -1: there was no file yet */
    GThread *thread;
};

static void open_file(PdLogSync *sync)
{
    if (sync->fd < 0)
        sync->fd = open(sync->path, O_RDONLY | O_CLOEXEC);
}

PdLogSync *pd_log_sync_new(const char *path, const char *mark)
{
    PdLogSync *sync = g_new0(PdLogSync, 1);

    sync->path = g_strdup(path);
    sync->mark = g_strdup(mark);
    sync->fd = -1;
    open_file(sync);
    return sync;
}

void pd_log_sync_free(PdLogSync *sync)
{
    if (sync == NULL)
        return;
    if (sync->thread != NULL)
        pd_log_sync_end(sync);
    if (sync->fd >= 0)
        close(sync->fd);
    g_free(sync->path);
    g_free(sync->mark);
    g_free(sync);
}

static gpointer bring_to_disk(gpointer user)
{
    const PdLogSync *sync = user;

    if (fdatasync(sync->fd) == 0)
        return GINT_TO_POINTER(0);
    int error = errno;
    int fd = pd_file_open_or_make(sync->mark, O_RDWR);
    if (fd >= 0)
        close(fd);
    return GINT_TO_POINTER(error);
}

void pd_log_sync_begin(PdLogSync *sync)
{
    open_file(sync);
    if (sync->fd >= 0)
        sync->thread = g_thread_try_new("sync", bring_to_disk, sync, NULL);
}

gboolean pd_log_sync_is_begun(const PdLogSync *sync)
{
    return sync->thread != NULL;
}

int pd_log_sync_end(PdLogSync *sync)
{
    return GPOINTER_TO_INT(g_thread_join(g_steal_pointer(&sync->thread)));
}
