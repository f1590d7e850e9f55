/* watch.c: see watch.h. */
#include "watch.h"

#include "postdesk/files.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

struct pd_watch {
    volatile gint64 *cell;
};

/* The block is there before it is mapped: a full disk is told now, not by SIGBUS. */
static gboolean is_whole(int fd)
{
    gint64 cell = 0;

    if (pread(fd, &cell, sizeof cell, 0) == sizeof cell)
        return TRUE;
    return pwrite(fd, &cell, sizeof cell, 0) == sizeof cell && fdatasync(fd) == 0;
}

static PdStatus *map_cell(int fd, const char *path, PdWatch **watch)
{
    void *place = MAP_FAILED;

    if (is_whole(fd))
        place = mmap(NULL, sizeof(gint64), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (place == MAP_FAILED)
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, NULL, "cannot map %s: %s", path,
                             g_strerror(errno));
    *watch = g_new0(PdWatch, 1);
    (*watch)->cell = place;
    return NULL;
}

PdStatus *pd_watch_open(const char *state_folder, guint worker, PdWatch **watch)
{
    g_autofree char *folder = g_build_filename(state_folder, "lock", NULL);
    g_autofree char *path = g_strdup_printf("%s/process.%u.work", folder, worker);

    PD_TRY(pd_folder_make(folder, 0700));
    int fd = pd_file_open_or_make(path, O_RDWR);
    if (fd < 0)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "cannot open %s: %s", path,
                             g_strerror(errno));
    PdStatus *status = map_cell(fd, path, watch);
    close(fd);
    return status;
}

void pd_watch_close(PdWatch *watch)
{
    if (watch == NULL)
        return;
    munmap((void *)watch->cell, sizeof *watch->cell);
    g_free(watch);
}

void pd_watch_set(PdWatch *watch, gint64 inbox_id)
{
    *watch->cell = inbox_id;
}

gint64 pd_watch_get(const PdWatch *watch)
{
    return *watch->cell;
}
