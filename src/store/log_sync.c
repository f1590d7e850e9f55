/* log_sync.c: see log_sync.h.
 *
 * The descriptor is its own, so that SQLite's is used by one thread only. Closing it would drop the
 * locks that the process has on the file; SQLite locks others, never its log.
 */
#include "log_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct pd_log_sync {
    int fd; /* -1: not opened yet */
    GThread *thread;
};

PdLogSync *pd_log_sync_new(void)
{
    PdLogSync *sync = g_new0(PdLogSync, 1);

    sync->fd = -1;
    return sync;
}

void pd_log_sync_free(PdLogSync *sync)
{
    if (sync == NULL)
        return;
    if (sync->thread != NULL)
        g_thread_join(sync->thread);
    if (sync->fd >= 0)
        close(sync->fd);
    g_free(sync);
}

static gpointer bring_to_disk(gpointer user)
{
    const PdLogSync *sync = user;

    return GINT_TO_POINTER(fdatasync(sync->fd) == 0 ? 0 : errno);
}

void pd_log_sync_begin(PdLogSync *sync, const char *path)
{
    if (sync->fd < 0)
        sync->fd = open(path, O_RDONLY | O_CLOEXEC);
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
