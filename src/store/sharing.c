/* sharing.c: see sharing.h.
 *
 *   compare      the message with those that may hold the same; ranges are found byte for byte, and
 *                files that lie in other lines there
 *   hash         the message as put together has the hash that it was taken in with
 *   commit       the rows; from here on it is read out of the others
 *   hole         the blocks are given back, while nobody reads them
 *   commit       the note goes
 *
 * Nothing is lost: a kill between any two of these leaves the message whole, and its note says that
 * there is something to finish; whatever was done is then done once more, which changes nothing.
 * Homes are never given back (sharing_plan.c), nor is what somebody reads (raw.c). One process at a
 * time does all this, under a lock that a backup takes, too: its database and its segments are of
 * one state.
 */
#include "postdesk/sharing.h"

#include "postdesk/killpoint.h"
#include "sharing_rows.h"
#include "writer_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define FAR ((off_t)64 << 30)

/* Both in one transaction. */
static PdStatus *commit(const PdSharingWork *work, PdStatus *(*first)(const PdSharingWork *),
                        PdStatus *(*second)(const PdSharingWork *))
{
    PD_TRY(pd_store_begin(work->store));
    PdStatus *status = first(work);
    if (status == NULL && second != NULL)
        status = second(work);
    if (status == NULL)
        status = pd_store_commit(work->store);
    if (status != NULL)
        pd_store_rollback(work->store);
    return status;
}

/* Behind the end of the file nothing is changed: asking there tells whether it could be. */
static gboolean can_give_back(int fd)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, FAR, PD_SHARING_LEAST) == 0;
}

gboolean pd_sharing_is_possible(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, ".holes", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    gboolean possible = fd < 0 || can_give_back(fd);

    if (fd >= 0)
        close(fd);
    if (fd >= 0)
        unlink(path);
    return possible;
}

/* *done FALSE: somebody reads there, or the file system will not. */
static PdStatus *give_back(int fd, guint64 offset, guint64 length, gboolean *done)
{
    PD_TRY(pd_segment_lock(fd, F_WRLCK, offset, length, done));
    if (!*done)
        return NULL;
    pd_durable_step("sharing.before-hole");
    *done = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
                      (off_t)length) == 0;
    pd_durable_step("sharing.hole");
    return pd_segment_lock(fd, F_UNLCK, offset, length, NULL);
}

/* Ranges that follow each other are one hole. */
static PdStatus *give_all_back(const PdSharingWork *work, guint64 *bytes, gboolean *done)
{
    const GArray *all = work->plan->all;

    *done = TRUE;
    for (guint i = 0; i < all->len && *done;) {
        guint64 start = g_array_index(all, PdSharedRange, i).offset, end = start;
        while (i < all->len && g_array_index(all, PdSharedRange, i).offset == end)
            end += g_array_index(all, PdSharedRange, i++).length;
        PD_TRY(give_back(work->fd, start, end - start, done));
        *bytes += *done ? end - start : 0;
    }
    return NULL;
}

/* Where its own bytes are still there, it is read from them again. */
static PdStatus *give_up(const PdSharingWork *work, PdStatus *broken)
{
    PdStatus *told = pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, "run 'postdesk verify'",
                                   "message %" G_GINT64_FORMAT " shares no bytes: %s", work->inbox,
                                   broken != NULL ? pd_status_text(broken)
                                                  : "put together it is not what was taken in");
    gboolean is_free = work->plan->known != NULL && pd_sharing_plan_lies_whole(work->plan);
    PdStatus *status =
        commit(work, pd_sharing_forget_notes, is_free ? pd_sharing_forget_ranges : NULL);

    pd_status_free(broken);
    if (status == NULL)
        return told;
    pd_status_free(told);
    return status;
}

static PdStatus *compare_with_homes(const PdSharingWork *work, PdStatus **broken)
{
    for (guint i = 0; i < work->homes->len && *broken == NULL; i++)
        PD_TRY(pd_sharing_plan_add(work->plan, g_array_index(work->homes, gint64, i), broken));
    return NULL;
}

static PdStatus *share(const PdSharingWork *work, PdSharing *sharing)
{
    PdStatus *broken = NULL;
    gboolean done;

    PD_TRY(compare_with_homes(work, &broken));
    if (broken == NULL && work->plan->all->len == 0)
        return commit(work, pd_sharing_become_home, pd_sharing_forget_notes);
    if (broken != NULL || !pd_sharing_plan_holds(work->plan, &broken))
        return give_up(work, broken);
    if (work->plan->ranges->len > 0)
        PD_TRY(commit(work, pd_sharing_add_ranges, NULL));
    PD_TRY(give_all_back(work, &sharing->bytes, &done));
    return done ? commit(work, pd_sharing_forget_notes, NULL) : NULL;
}

static PdStatus *open_for_holes(PdSharingWork *work)
{
    g_autofree char *path = pd_segment_path(work->store->folder, work->plan->place.segment);

    work->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (work->fd >= 0)
        return NULL;
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "cannot open %s: %s", path,
                         g_strerror(errno));
}

static PdStatus *look_at(PdStore *store, gint64 inbox, PdSharing *sharing)
{
    g_autoptr(GArray) attachments = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) homes = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(PdSharingPlan) plan = NULL;
    PdSharingWork work = {
        .store = store, .inbox = inbox, .attachments = attachments, .homes = homes};

    PD_TRY(pd_sharing_read_notes(&work));
    PD_TRY(pd_sharing_plan_begin(store, inbox, &plan));
    work.plan = plan;
    sharing->more = TRUE;
    PdStatus *broken = open_for_holes(&work);
    if (broken != NULL)
        return give_up(&work, broken);
    PdStatus *status = NULL;
    sharing->more = can_give_back(work.fd);
    if (sharing->more)
        status = share(&work, sharing);
    close(work.fd);
    return status;
}

PdStatus *pd_sharing_lock(const PdStore *store, short kind, gboolean *got, int *fd)
{
    g_autofree char *path = pd_store_path(store, "lock/raw.sharing");

    PD_TRY(pd_writer_lock_open(path, fd));
    PdStatus *status = pd_segment_lock(*fd, kind, 0, 0, got);
    if (status == NULL && (got == NULL || *got))
        return NULL;
    close(*fd);
    *fd = -1;
    return status;
}

PdStatus *pd_sharing_step(PdStore *store, PdSharing *sharing)
{
    gboolean is_ours;
    gint64 inbox;
    int lock;

    sharing->more = FALSE;
    sharing->bytes = 0;
    PD_TRY(pd_sharing_next(store, sharing->after, &inbox));
    if (inbox == 0)
        return NULL;
    PD_TRY(pd_sharing_lock(store, F_WRLCK, &is_ours, &lock));
    if (!is_ours)
        return NULL; /* a backup is made */
    PdStatus *status = look_at(store, inbox, sharing);
    sharing->after = inbox;
    close(lock);
    return status;
}
