/* sharing.c: see sharing.h.
 *
 *   compare      the message with those that may hold the same; ranges are found byte for byte
 *   hash         the message as put together has the hash that it was taken in with
 *   commit       the rows; from here on it is read out of the others
 *   hole         the blocks are given back, while nobody reads them
 *   commit       the note goes
 *
 * I1 (nothing is lost): a kill between any two of these leaves the message whole, and its note says
 * that there is something to finish; whatever was done is then done once more, which changes
 * nothing. One process at a time does all this, under a lock that a backup takes, too: its database
 * and its segments are of one state.
 */
#include "postdesk/sharing.h"

#include "postdesk/killpoint.h"
#include "sharing_plan.h"
#include "writer_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define MOST_HOMES 8 /* messages that one is compared with */
#define FAR ((off_t)64 << 30)

typedef struct {
    PdStore *store;
    gint64 inbox;
    GArray *attachments; /* of gint64: why it is noted */
    GArray *homes;       /* of gint64: messages to be compared with */
    PdSharingPlan *plan;
    int fd; /* of its segment */
} Work;

PdStatus *pd_sharing_note(PdStore *store, gint64 inbox, gint64 attachment, gint64 copy_of)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "INSERT OR IGNORE INTO sharing_pending (inbox, attachment, copy_of)"
                       " SELECT id, ?, ? FROM inbox WHERE id = ? AND length >= ?",
                       &query));
    pd_bind_int(query, attachment);
    pd_bind_int(query, copy_of);
    pd_bind_int(query, inbox);
    pd_bind_int(query, PD_SHARING_LEAST);
    return pd_query_run(query);
}

PdStatus *pd_sharing_note_copy(PdStore *store, gint64 inbox, gint64 copy_of)
{
    return pd_sharing_note(store, inbox, 0, copy_of);
}

PdStatus *pd_sharing_saved(PdStore *store, gint64 *bytes)
{
    PdQuery *query;

    *bytes = 0;
    PD_TRY(pd_db_query(store->db, "SELECT sum(length) FROM raw_shared", &query));
    return pd_query_number(query, bytes);
}

static PdStatus *next_noted(PdStore *store, gint64 after, gint64 *inbox)
{
    PdQuery *query;

    *inbox = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT inbox FROM sharing_pending WHERE inbox > ? ORDER BY inbox LIMIT 1",
                       &query));
    pd_bind_int(query, after);
    return pd_query_number(query, inbox);
}

static PdStatus *collect_numbers(PdQuery *query, guint most, GArray *numbers)
{
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        gint64 number = pd_column_int(query, 0);
        if (numbers->len < most)
            g_array_append_val(numbers, number);
    }
}

static PdStatus *read_notes(Work *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db,
                       "SELECT attachment FROM sharing_pending WHERE inbox = ? AND attachment <> 0",
                       &query));
    pd_bind_int(query, work->inbox);
    PD_TRY(collect_numbers(query, G_MAXUINT, work->attachments));
    PD_TRY(pd_db_query(work->store->db,
                       "SELECT copy_of FROM sharing_pending WHERE inbox = ?1 AND copy_of <> 0"
                       " UNION SELECT a.first_inbox FROM sharing_pending p"
                       " JOIN attachment a ON a.id = p.attachment WHERE p.inbox = ?1"
                       " UNION SELECT h.inbox FROM sharing_pending p"
                       " JOIN attachment_home h ON h.attachment = p.attachment WHERE p.inbox = ?1",
                       &query));
    pd_bind_int(query, work->inbox);
    return collect_numbers(query, MOST_HOMES, work->homes);
}

static PdStatus *add_ranges(const Work *work)
{
    for (guint i = 0; i < work->plan->ranges->len; i++) {
        const PdSharedRange *range = &g_array_index(work->plan->ranges, PdSharedRange, i);
        PdQuery *query;
        PD_TRY(pd_db_query(work->store->db,
                           "INSERT INTO raw_shared (segment, offset, length, home_segment,"
                           " home_offset) VALUES (?, ?, ?, ?, ?)",
                           &query));
        pd_bind_int(query, work->plan->place.segment);
        pd_bind_int(query, (gint64)range->offset);
        pd_bind_int(query, (gint64)range->length);
        pd_bind_int(query, range->home_segment);
        pd_bind_int(query, (gint64)range->home_offset);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

static PdStatus *forget_ranges(const Work *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db,
                       "DELETE FROM raw_shared WHERE segment = ? AND offset >= ? AND offset < ?",
                       &query));
    pd_bind_int(query, work->plan->place.segment);
    pd_bind_int(query, (gint64)work->plan->place.offset);
    pd_bind_int(query, (gint64)(work->plan->place.offset + work->plan->place.length));
    return pd_query_run(query);
}

/* It shares nothing with those that brought the same files: encoded otherwise, it is one that the
 * next ones may share with, where there are not several already. */
static PdStatus *become_home(const Work *work)
{
    for (guint i = 0; i < work->attachments->len; i++) {
        PdQuery *query;
        PD_TRY(pd_db_query(work->store->db,
                           "INSERT OR IGNORE INTO attachment_home (attachment, inbox)"
                           " SELECT ?1, ?2 WHERE"
                           " (SELECT count(*) FROM attachment_home WHERE attachment = ?1) < 3",
                           &query));
        pd_bind_int(query, g_array_index(work->attachments, gint64, i));
        pd_bind_int(query, work->inbox);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

static PdStatus *forget_notes(const Work *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db, "DELETE FROM sharing_pending WHERE inbox = ?", &query));
    pd_bind_int(query, work->inbox);
    return pd_query_run(query);
}

/* Each part in a transaction of its own. */
static PdStatus *commit(const Work *work, PdStatus *(*first)(const Work *),
                        PdStatus *(*second)(const Work *))
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
static PdStatus *give_all_back(const Work *work, guint64 *bytes, gboolean *done)
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
static PdStatus *give_up(const Work *work, PdStatus *broken)
{
    PdStatus *told = pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, "run 'postdesk verify'",
                                   "message %" G_GINT64_FORMAT " shares no bytes: %s", work->inbox,
                                   broken != NULL ? pd_status_text(broken)
                                                  : "put together it is not what was taken in");
    gboolean is_free = work->plan->known != NULL && pd_sharing_plan_lies_whole(work->plan);
    PdStatus *status = commit(work, forget_notes, is_free ? forget_ranges : NULL);

    pd_status_free(broken);
    if (status == NULL)
        return told;
    pd_status_free(told);
    return status;
}

static PdStatus *compare_with_homes(const Work *work, PdStatus **broken)
{
    for (guint i = 0; i < work->homes->len && *broken == NULL; i++)
        PD_TRY(pd_sharing_plan_add(work->plan, g_array_index(work->homes, gint64, i), broken));
    return NULL;
}

static PdStatus *share(const Work *work, PdSharing *sharing)
{
    PdStatus *broken = NULL;
    gboolean done;

    PD_TRY(compare_with_homes(work, &broken));
    if (broken == NULL && work->plan->all->len == 0)
        return commit(work, become_home, forget_notes);
    if (broken != NULL || !pd_sharing_plan_holds(work->plan, &broken))
        return give_up(work, broken);
    if (work->plan->ranges->len > 0)
        PD_TRY(commit(work, add_ranges, NULL));
    PD_TRY(give_all_back(work, &sharing->bytes, &done));
    return done ? commit(work, forget_notes, NULL) : NULL;
}

static PdStatus *open_for_holes(Work *work)
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
    Work work = {.store = store, .inbox = inbox, .attachments = attachments, .homes = homes};

    PD_TRY(read_notes(&work));
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
    PD_TRY(next_noted(store, sharing->after, &inbox));
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
