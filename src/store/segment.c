/* segment.c: the files that hold raw messages, and the rows that name them.
 *
 * A segment's file is durable before its row is, and nothing is written to it before its
 * row is committed: a file that holds bytes and has no row is none of ours and is left alone.
 */
#include "store_internal.h"

#include "postdesk/files.h"
#include "postdesk/killpoint.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char lost_advice[] = "run 'postdesk verify' and restore a backup";

char *pd_segment_path(const char *folder, gint64 segment)
{
    return g_strdup_printf("%s/" PD_RAW_FOLDER "/%08" G_GINT64_FORMAT ".seg", folder, segment);
}

static int open_to_read(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

static gboolean can_be_read(const char *path)
{
    int fd = open_to_read(path);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Where no segment can be read it is the folder that is away, or what it lies on. */
static gboolean has_segments(const char *folder)
{
    g_autofree char *raw = g_build_filename(folder, PD_RAW_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(raw, 0, NULL);
    const char *name;
    gboolean any = FALSE;

    while (!any && dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(raw, name, NULL);
        any = g_str_has_suffix(name, ".seg") && can_be_read(path);
    }
    return any;
}

PdStatus *pd_segment_open(const char *folder, gint64 segment, int *fd)
{
    g_autofree char *path = pd_segment_path(folder, segment);

    *fd = open_to_read(path);
    if (*fd >= 0)
        return NULL;
    int error = errno;
    gboolean is_alone = error == ENOENT && has_segments(folder);
    return pd_status_new(is_alone ? PD_SPOILS_MESSAGE : PD_SPOILS_STORE,
                         error == EMFILE ? PD_TRY_AGAIN : PD_FINAL, lost_advice,
                         "cannot open %s: %s", path, g_strerror(error));
}

PdStatus *pd_segment_read(int fd, gint64 segment, guint64 offset, char *bytes, gsize length)
{
    gsize done = 0;

    while (done < length) {
        ssize_t got = pread(fd, bytes + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, lost_advice,
                                 "raw segment %" G_GINT64_FORMAT " cannot be read: %s", segment,
                                 got < 0 ? g_strerror(errno) : "it is too short");
        done += (gsize)got;
    }
    return NULL;
}

PdStatus *pd_segment_lock(int fd, short kind, guint64 offset, guint64 length, gboolean *got)
{
    struct flock lock = {
        .l_type = kind, .l_whence = SEEK_SET, .l_start = (off_t)offset, .l_len = (off_t)length};
    int result;

    while ((result = fcntl(fd, got != NULL ? F_OFD_SETLK : F_OFD_SETLKW, &lock)) != 0 &&
           errno == EINTR)
        ;
    if (got != NULL)
        *got = result == 0;
    if (result == 0 || (got != NULL && (errno == EAGAIN || errno == EACCES)))
        return NULL;
    return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, NULL, "cannot lock raw mail: %s",
                         g_strerror(errno));
}

PdStatus *pd_segment_last(PdStore *store, const char *owner, PdSegment *segment)
{
    gboolean row;
    PdQuery *query;

    segment->id = 0;
    segment->committed = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT id, committed FROM segment WHERE owner = ? ORDER BY id DESC LIMIT 1",
                       &query));
    pd_bind_text(query, owner);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    segment->id = pd_column_int(query, 0);
    segment->committed = (guint64)pd_column_int(query, 1);
    pd_query_leave(query);
    return NULL;
}

static gboolean is_taken(const PdStore *store, gint64 id)
{
    g_autofree char *path = pd_segment_path(store->folder, id);
    struct stat file;

    return stat(path, &file) == 0 && file.st_size > 0;
}

static PdStatus *create_file(const PdStore *store, gint64 id, int *fd)
{
    g_autofree char *path = pd_segment_path(store->folder, id);
    g_autofree char *folder = pd_store_path(store, PD_RAW_FOLDER);

    *fd = pd_file_open_or_make(path, O_RDWR | O_NOFOLLOW);
    if (*fd >= 0 && fsync(*fd) == 0)
        return pd_folder_sync(folder);
    return pd_status_new(PD_SPOILS_STORE,
                         errno == ENOSPC || errno == EDQUOT || errno == EMFILE ? PD_TRY_AGAIN
                                                                               : PD_FINAL,
                         "make room on the disk and check the permissions of the state folder",
                         "cannot create %s: %s", path, g_strerror(errno));
}

static PdStatus *add_row(PdStore *store, gint64 id, const char *owner)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "INSERT INTO segment (id, owner, committed) VALUES (?, ?, 0)",
                       &query));
    pd_bind_int(query, id);
    pd_bind_text(query, owner);
    return pd_query_run(query);
}

static PdStatus *make_in_transaction(PdStore *store, const char *owner, gint64 *id, int *fd)
{
    PdQuery *query;

    PD_TRY(pd_store_begin(store));
    *id = 0;
    PD_TRY(pd_db_query(store->db, "SELECT max(id) FROM segment", &query));
    PD_TRY(pd_query_number(query, id));
    do
        ++*id;
    while (is_taken(store, *id));
    PD_TRY(create_file(store, *id, fd));
    pd_durable_step("raw.segment-made");
    PD_TRY(add_row(store, *id, owner));
    return pd_store_commit(store);
}

PdStatus *pd_segment_make(PdStore *store, const char *owner, PdSegment *segment, int *fd)
{
    if (store->writing || store->reading)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL,
                             "a raw segment cannot be made within a transaction");
    *fd = -1;
    segment->committed = 0;
    PdStatus *status = make_in_transaction(store, owner, &segment->id, fd);
    if (status == NULL)
        return NULL;
    pd_store_rollback(store);
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return status;
}

PdStatus *pd_segment_commit(PdStore *store, gint64 segment, guint64 end)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "UPDATE segment SET committed = max(committed, ?) WHERE id = ?",
                       &query));
    pd_bind_int(query, (gint64)end);
    pd_bind_int(query, segment);
    PD_TRY(pd_query_run(query));
    if (pd_db_changes(store->db) == 0)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL,
                             "there is no raw segment %" G_GINT64_FORMAT, segment);
    return NULL;
}
