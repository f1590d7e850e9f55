/* portion.c: see portion.h.
 *
 * I2: of the workers one has a row locked. Who processes rows without this file (a command, while
 *     no worker runs) or with another lock file (it was deleted) does no harm: the commit looks at
 *     the outcome once more, so a lock that does not hold costs time and no answer.
 */
#include "portion.h"

#include "postdesk/desk.h"
#include "postdesk/files.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct pd_portion {
    int fd;
};

static PdStatus *fail(const char *what)
{
    return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN,
                         "check the owner and the permissions of the state folder",
                         "cannot %s the inbox's portions: %s", what, g_strerror(errno));
}

PdStatus *pd_portion_open(const char *state_folder, PdPortion **portion)
{
    g_autofree char *folder = g_build_filename(state_folder, "lock", NULL);
    g_autofree char *path = g_build_filename(folder, "inbox", NULL);

    PD_TRY(pd_folder_make(folder, 0700));
    int fd = pd_file_open_or_make(path, O_RDWR);
    if (fd < 0)
        return fail("open");
    *portion = g_new0(PdPortion, 1);
    (*portion)->fd = fd;
    return NULL;
}

void pd_portion_close(PdPortion *portion)
{
    if (portion == NULL)
        return;
    close(portion->fd);
    g_free(portion);
}

static struct flock row(gint64 id, short kind)
{
    return (struct flock){.l_type = kind, .l_whence = SEEK_SET, .l_start = (off_t)id, .l_len = 1};
}

PdStatus *pd_portion_take_one(PdPortion *portion, gint64 id, gboolean *taken)
{
    struct flock wanted = row(id, F_WRLCK);
    int result;

    while ((result = fcntl(portion->fd, F_OFD_SETLK, &wanted)) != 0 && errno == EINTR)
        ;
    *taken = result == 0;
    return *taken || errno == EAGAIN || errno == EACCES ? NULL : fail("take one of");
}

PdStatus *pd_portion_take(PdPortion *portion, const GArray *ids, guint workers, GArray **taken)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint share = ids->len / MAX(workers, 1) + (ids->len % MAX(workers, 1) != 0);
    guint enough = MIN(share, PD_DESK_MOST_ROWS);

    for (guint i = 0; i < ids->len && found->len < enough; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        gboolean is_ours;
        PD_TRY(pd_portion_take_one(portion, id, &is_ours));
        if (is_ours)
            g_array_append_val(found, id);
    }
    *taken = g_steal_pointer(&found);
    return NULL;
}

void pd_portion_give_back_one(PdPortion *portion, gint64 id)
{
    struct flock one = row(id, F_UNLCK);

    fcntl(portion->fd, F_OFD_SETLK, &one);
}

void pd_portion_give_back(PdPortion *portion)
{
    struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

    fcntl(portion->fd, F_OFD_SETLK, &all);
}

guint pd_portion_look(guint workers)
{
    return CLAMP(workers, 1, 8) * PD_DESK_MOST_ROWS;
}
