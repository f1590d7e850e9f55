/* restore.c: a state folder out of a backup.
 *
 * I8: what the backup does not know may have happened after it. So the outbox is held, mails
 * that were on their way become unknown, messages that were not processed yet become quiet
 * (their answers will be unknown, too), and a fact says when it was restored: reminders that were
 * due before will be unknown (timers.c). Tickets that were opened since have given their numbers
 * away, with tokens that lead there: a new one gets none of those.
 *
 * Everything is compared with its hash before anything is written; the new folder is made
 * beside and renamed when it is whole.
 */
#include "postdesk/upkeep.h"

#include "container.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/outbox.h"
#include "store_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAYS_BEFORE 30 /* of which the tickets are counted */
#define SAFETY 10
#define LEAST_GAP 1000

typedef struct {
    const char *folder;
    int fd;
    gboolean has_database;
} Extraction;

/* It is made beside its place, and takes that in one step. */
static const char *advice_on(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "make room on the disk";
    case EBUSY:
        return "a disk is mounted there: let state name a folder on it, and not the whole of it";
    case ENOTDIR:
        return "let state name the folder itself, and not a link to it";
    case EACCES:
        return "run it as root: it is made in the folder above, and given to the owner of the "
               "empty one";
    default:
        return "check the path and its permissions";
    }
}

static PdStatus *fail(const char *what, const char *path)
{
    int error = errno;
    gboolean full = error == ENOSPC || error == EDQUOT;

    return pd_status_new(PD_SPOILS_STORE, full ? PD_TRY_AGAIN : PD_FINAL, advice_on(error),
                         "cannot %s %s: %s", what, path, g_strerror(error));
}

static PdStatus *begin_file(const char *name, gpointer user)
{
    Extraction *extraction = user;
    g_autofree char *path = g_build_filename(extraction->folder, name, NULL);

    extraction->has_database |= strcmp(name, "postdesk.db") == 0;
    extraction->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return extraction->fd >= 0 ? NULL : fail("create", path);
}

static PdStatus *write_bytes(const char *bytes, gsize length, gpointer user)
{
    const Extraction *extraction = user;

    return pd_file_write_sparse(extraction->fd, bytes, length);
}

static PdStatus *end_file(gpointer user)
{
    Extraction *extraction = user;
    PdStatus *status = pd_file_end_sparse(extraction->fd);

    if (status == NULL && fsync(extraction->fd) != 0)
        status = fail("sync", extraction->folder);
    close(extraction->fd);
    extraction->fd = -1;
    return status;
}

static PdStatus *extract(const char *file, const char *folder, PdMeter *meter)
{
    Extraction extraction = {.folder = folder, .fd = -1};
    PdContainerSink sink = {begin_file, write_bytes, end_file, &extraction};
    g_autofree char *raw = g_build_filename(folder, PD_RAW_FOLDER, NULL);

    if (mkdir(folder, 0700) != 0 || mkdir(raw, 0700) != 0)
        return fail("make folder", folder);
    PdStatus *status = pd_container_read(file, &sink, meter);
    if (extraction.fd >= 0)
        close(extraction.fd);
    if (status == NULL && !extraction.has_database)
        status = pd_status_new(PD_SPOILS_STORE, PD_FINAL, "use another backup",
                               "%s holds no database", file);
    return status != NULL ? status : pd_folder_sync(raw);
}

static PdStatus *make_unknown(PdStore *store)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = 5, changed_at = ?, last_reply = ?"
                       " WHERE state IN (0, 1, 3) AND state <> 2",
                       &query));
    pd_bind_int(query, pd_clock_now());
    pd_bind_text(query, PD_HELD_SINCE_RESTORE);
    return pd_query_run(query);
}

/* What was put aside, and forms that were to be made, may have been mailed since: those mails will
 * wait for a person. */
static PdStatus *hold_pending(PdStore *store)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "UPDATE pending SET held = ?", &query));
    pd_bind_text(query, PD_HELD_SINCE_RESTORE);
    PD_TRY(pd_query_run(query));
    PD_TRY(
        pd_db_query(store->db, "UPDATE print_job SET data = json_set(data, '$.held', ?)", &query));
    pd_bind_text(query, PD_HELD_SINCE_RESTORE);
    return pd_query_run(query);
}

/* Messages whose answer may have been queued, and sent, after the backup. */
static PdStatus *make_quiet(PdStore *store)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "UPDATE inbox SET quiet = 1 WHERE outcome IN (0, 4)", &query));
    return pd_query_run(query);
}

static PdStatus *set_number(PdStore *store, const char *fact, gint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

    return pd_store_set_fact(store, fact, text);
}

static PdStatus *number_of(PdStore *store, const char *sql, gint64 bound, gint64 *number)
{
    PdQuery *query;

    *number = 0;
    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_int(query, bound);
    return pd_query_number(query, number);
}

/* How many were opened since nobody knows: many times as many as in the days before. */
static PdStatus *pass_over_numbers(PdStore *store)
{
    gint64 last, opened, before;

    PD_TRY(number_of(store, "SELECT max(number) FROM ticket WHERE number > ?", 0, &last));
    PD_TRY(number_of(store, "SELECT max(at) FROM event WHERE ticket > ?", 0, &before));
    PD_TRY(number_of(store, "SELECT count(*) FROM ticket WHERE created_at > ?",
                     before - DAYS_BEFORE * PD_DAY, &opened));
    gint64 days = 1 + MAX(0, pd_clock_now() - before) / PD_DAY;
    gint64 a_day = 1 + opened / DAYS_BEFORE;
    return set_number(store, PD_FACT_NUMBERS, last + 1 + LEAST_GAP + SAFETY * days * a_day);
}

static PdStatus *settle_rows(PdStore *store)
{
    PD_TRY(pd_store_begin(store));
    PD_TRY(pd_outbox_set_held(store, TRUE));
    PD_TRY(make_unknown(store));
    PD_TRY(hold_pending(store));
    PD_TRY(make_quiet(store));
    PD_TRY(pass_over_numbers(store));
    PD_TRY(set_number(store, PD_FACT_RESTORED, pd_clock_now()));
    return pd_store_commit(store);
}

/* Closing folds SQLite's log into the database, so that nothing lies beside it. */
static PdStatus *settle(const char *folder)
{
    g_autoptr(PdStore) store = NULL;

    PD_TRY(pd_store_open(folder, PD_STORE_CREATE, &store));
    return settle_rows(store);
}

/* As root, what lies beside is given to the owner of the empty folder whose place it takes: an
 * account that may write in the state folder only cannot restore it. nftw passes nothing on. */
static struct stat host;

static int give_entry(const char *path, const struct stat *file, int kind, struct FTW *place)
{
    (void)file;
    (void)kind;
    (void)place;
    return lchown(path, host.st_uid, host.st_gid);
}

static PdStatus *give_to_owner(const char *beside, const char *folder)
{
    if (geteuid() != 0 || stat(folder, &host) != 0 || host.st_uid == 0)
        return NULL;
    return nftw(beside, give_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 ? NULL
                                                                   : fail("hand over", beside);
}

static PdStatus *put_into_place(const char *beside, const char *folder)
{
    g_autofree char *parent = g_path_get_dirname(folder);

    PD_TRY(give_to_owner(beside, folder));
    PD_TRY(pd_folder_sync(beside));
    if (rename(beside, folder) != 0) /* replaces an empty folder only */
        return fail("put the restored state into", folder);
    return pd_folder_sync(parent);
}

static PdStatus *restore_beside(const char *file, const char *beside, const char *folder,
                                PdMeter *meter)
{
    PD_TRY(extract(file, beside, meter));
    PD_TRY(settle(beside));
    return put_into_place(beside, folder);
}

static gboolean is_free(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    gboolean empty = dir != NULL && g_dir_read_name(dir) == NULL;

    if (dir != NULL)
        g_dir_close(dir);
    return empty || !g_file_test(folder, G_FILE_TEST_EXISTS);
}

static PdStatus *check_free(const char *folder)
{
    if (is_free(folder))
        return NULL;
    return pd_status_new(PD_SPOILS_USAGE, PD_FINAL,
                         "name an empty or absent folder, or move the present one away",
                         "%s is not empty", folder);
}

PdStatus *pd_store_restore(const char *file, const char *folder, gboolean verify_only,
                           PdProgress progress, gpointer user)
{
    g_autofree char *target = verify_only ? NULL : g_canonicalize_filename(folder, NULL);
    struct stat information;
    guint64 bytes = stat(file, &information) == 0 ? (guint64)information.st_size : 0;
    PdMeter meter = {progress, user, 0, verify_only ? bytes : 2 * bytes};

    if (!verify_only)
        PD_TRY(check_free(target));
    PD_TRY(pd_container_read(file, NULL, &meter));
    if (verify_only)
        return NULL;
    g_autofree char *beside = g_strdup_printf("%s.restoring-%d", target, (int)getpid());
    PdStatus *status = restore_beside(file, beside, target, &meter);
    if (status != NULL)
        pd_folder_remove(beside);
    return status;
}
