/* portion.c: see portion.h.
 *
 * I2: whoever has a row locked is alone at it; the commit looks at its outcome once more all the
 *     same, so that a lock that does not hold costs time and no answer.
 */
#include "portion.h"

#include "postdesk/files.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define MOST 128 /* rows: a batch takes no more */
#define LEAST 32 /* commits for fewer cost more than it brings that all end alike */

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

static struct flock rows(short kind, gint64 first, gint64 last)
{
    return (struct flock){
        .l_type = kind, .l_whence = SEEK_SET, .l_start = first, .l_len = last - first + 1};
}

static PdStatus *try_rows(const PdPortion *portion, gint64 first, gint64 last, gboolean *taken)
{
    struct flock wanted = rows(F_WRLCK, first, last);
    int result;

    while ((result = fcntl(portion->fd, F_OFD_SETLK, &wanted)) != 0 && errno == EINTR)
        ;
    *taken = result == 0;
    return *taken || errno == EAGAIN || errno == EACCES ? NULL : fail("take one of");
}

/* The first of these rows that another has, and the last that he has behind it; both are behind
 * `last` where by now nobody has any. */
static PdStatus *find_others(const PdPortion *portion, gint64 first, gint64 last, gint64 *from,
                             gint64 *to)
{
    struct flock wanted = rows(F_WRLCK, first, last);

    *from = *to = last + 1;
    if (fcntl(portion->fd, F_OFD_GETLK, &wanted) != 0)
        return fail("look at");
    if (wanted.l_type == F_UNLCK)
        return NULL;
    *from = wanted.l_start;
    *to = wanted.l_start + wanted.l_len - 1;
    return NULL;
}

static gint64 id_at(const GArray *ids, guint place)
{
    return g_array_index(ids, gint64, place);
}

/* From this place on, the first whose row is not before this one. */
static guint place_of(const GArray *ids, guint place, gint64 id)
{
    while (place < ids->len && id_at(ids, place) < id)
        place++;
    return place;
}

/* Takes a run from *begin on, at most so many rows; *begin is then behind what was looked at. */
static PdStatus *take_run(const PdPortion *portion, const GArray *ids, guint most, guint *begin,
                          GArray *taken)
{
    guint end = MIN(ids->len, *begin + most);
    gboolean is_ours = FALSE;
    gint64 from, to;

    while (!is_ours && *begin < end) {
        gint64 first = id_at(ids, *begin), last = id_at(ids, end - 1);
        PD_TRY(try_rows(portion, first, last, &is_ours));
        if (is_ours)
            break;
        PD_TRY(find_others(portion, first, last, &from, &to));
        if (from <= first)
            end = *begin = place_of(ids, *begin, to + 1);
        else /* those before his, or all: he has given them back */
            end = place_of(ids, *begin, MIN(from, last + 1));
    }
    if (is_ours)
        g_array_append_vals(taken, &g_array_index(ids, gint64, *begin), end - *begin);
    *begin = end;
    return NULL;
}

PdStatus *pd_portion_take(PdPortion *portion, const GArray *ids, guint workers, GArray **taken)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint enough = CLAMP(ids->len / MAX(workers, 1), LEAST, MOST);

    for (guint place = 0; place < ids->len && found->len < enough;)
        PD_TRY(take_run(portion, ids, enough - found->len, &place, found));
    *taken = g_steal_pointer(&found);
    return NULL;
}

PdStatus *pd_portion_take_one(PdPortion *portion, gint64 id, gboolean *taken)
{
    return try_rows(portion, id, id, taken);
}

void pd_portion_give_back(PdPortion *portion)
{
    struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

    fcntl(portion->fd, F_OFD_SETLK, &all);
}

guint pd_portion_look(guint workers)
{
    return MIN(MAX(workers, 1) * MOST, 8 * MOST);
}
