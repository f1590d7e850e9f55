/* store.c: the state folder and its transactions.
 *
 * A write transaction holds the writers' lock from before BEGIN until after COMMIT or
 * ROLLBACK, so that SQLite never meets a second writer and nobody polls. A commit that fails
 * rolls back at once, so that a caller that gives up leaves nothing locked.
 *
 * pd_store_commit() returns when the transaction is on disk, but leaves the lock before the disk is
 * waited for. So another process may see a transaction that a power cut would take back. I4 holds
 * all the same: nobody acts outside of the desk (a mail sent, a message flagged, a row taken over)
 * before a commit of his own that wrote something, and one log takes the commits to the disk in
 * their order. What a process left that ended between its commit and the disk is brought there when
 * the folder is opened. pd_store_commit_ahead() leaves the waiting to the next transaction of the
 * process.
 *
 * Where the disk fails just then, others may have written behind the gap already, and a later sync
 * succeeds over it. So the process goes on only when all of the log is in the database (db.c), and
 * one that ends before leaves a mark for those who open the folder.
 */
#include "store_internal.h"

#include "phrase.h"
#include "postdesk/files.h"
#include "postdesk/killpoint.h"
#include "postdesk/raw.h"
#include "schema.h"
#include "search_shard.h"
#include "writer_lock.h"
#include <fcntl.h>
#include <unistd.h>

#define UNSYNCED "lock/unsynced"

char *pd_store_path(const PdStore *store, const char *name)
{
    return g_build_filename(store->folder, name, NULL);
}

const char *pd_store_folder(const PdStore *store)
{
    return store->folder;
}

static PdStatus *make_folders(const PdStore *store)
{
    static const char *const names[] = {PD_RAW_FOLDER, "lock", "wake"};

    PD_TRY(pd_folder_make(store->folder, 0700));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = pd_store_path(store, names[i]);
        PD_TRY(pd_folder_make(path, 0700));
    }
    return NULL;
}

static PdStatus *migrate_in_transaction(PdStore *store)
{
    PD_TRY(pd_store_begin(store));
    PD_TRY(pd_schema_migrate(store->db));
    return pd_store_commit(store);
}

static PdStatus *migrate(PdStore *store)
{
    gboolean due;

    PD_TRY(pd_schema_is_due(store->db, &due));
    if (!due)
        return NULL;
    PdStatus *status = migrate_in_transaction(store);
    pd_store_rollback(store);
    return status != NULL ? status : pd_folder_sync(store->folder);
}

/* Under the lock, for switching a new file to WAL tolerates no second one who does it. */
static PdStatus *create_database(PdStore *store, const char *path)
{
    PD_TRY(pd_writer_lock_take(store->writer_lock));
    PdStatus *status = pd_db_open(path, PD_DB_CREATE, &store->db);
    pd_writer_lock_leave(store->writer_lock);
    return status != NULL ? status : migrate(store);
}

/* Where nothing was stored yet there is nothing to be seen, and nothing is made. */
static PdStatus *open_empty(PdStore *store)
{
    PD_TRY(pd_db_open(":memory:", PD_DB_WRITE, &store->db));
    return pd_schema_migrate(store->db);
}

static PdStatus *open_parts(PdStore *store, PdStoreMode mode)
{
    static const PdDbMode modes[] = {
        [PD_STORE_WRITE] = PD_DB_WRITE,
        [PD_STORE_READ] = PD_DB_READ,
        [PD_STORE_LOOK] = PD_DB_READ,
    };
    g_autofree char *database = pd_store_path(store, "postdesk.db");
    g_autofree char *lock = pd_store_path(store, "lock/writer");
    gboolean there = FALSE;

    if (mode == PD_STORE_CREATE)
        PD_TRY(make_folders(store));
    else
        PD_TRY(pd_path_look(database, &there));
    if (!there && mode == PD_STORE_LOOK)
        return open_empty(store);
    if (!there && mode != PD_STORE_CREATE)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL,
                             "start 'postdesk run' once, or name another state folder",
                             "there is no database in %s", store->folder);
    if (mode == PD_STORE_CREATE || mode == PD_STORE_WRITE)
        PD_TRY(pd_writer_lock_open(lock, &store->writer_lock));
    if (mode == PD_STORE_CREATE)
        return create_database(store, database);
    PD_TRY(pd_db_open(database, modes[mode], &store->db));
    PdStatus *status = pd_schema_check(store->db);
    if (status == NULL || mode != PD_STORE_LOOK || !pd_schema_is_absent(store->db))
        return status;
    pd_status_free(status); /* its making was interrupted */
    g_clear_pointer(&store->db, pd_db_close);
    return open_empty(store);
}

static void mark_unsynced(const PdStore *store)
{
    g_autofree char *path = pd_store_path(store, UNSYNCED);
    int fd = pd_file_open_or_make(path, O_RDWR);

    if (fd >= 0)
        close(fd);
}

static PdStatus *sync_apart(PdStore *store)
{
    g_autofree char *mark = pd_store_path(store, UNSYNCED);
    gboolean marked = g_file_test(mark, G_FILE_TEST_EXISTS);

    PD_TRY(pd_db_sync_apart(store->db, mark));
    if (marked)
        pd_db_doubt_log(store->db);
    PdStatus *status = pd_db_sync(store->db);
    if (status != NULL)
        mark_unsynced(store);
    else if (marked)
        unlink(mark);
    return status;
}

PdStatus *pd_store_open(const char *folder, PdStoreMode mode, PdStore **store)
{
    g_autoptr(PdStore) opened = g_new0(PdStore, 1);

    opened->folder = g_strdup(folder);
    opened->writer_lock = -1;
    opened->open_segment_fd = opened->put_together = -1;
    opened->shard_rows = PD_SHARD_ROWS;
    opened->mailboxes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    opened->phrases = pd_phrase_book_new();
    PdStatus *status = open_parts(opened, mode);
    if (status == NULL && opened->writer_lock >= 0)
        status = sync_apart(opened);
    if (status != NULL)
        return pd_status_prefix(status, "state folder %s", folder);
    *store = g_steal_pointer(&opened);
    return NULL;
}

void pd_store_close(PdStore *store)
{
    if (store == NULL)
        return;
    if (store->db != NULL) {
        pd_store_rollback(store);
        pd_status_free(pd_store_settle(store)); /* who must know of it has settled before */
    }
    pd_shard_writer_forget(store);
    pd_db_close(store->afresh); /* first: the last one to close folds the log into the database */
    pd_db_close(store->db);
    pd_raw_close(store);
    if (store->writer_lock >= 0)
        close(store->writer_lock);
    if (store->open_segment_fd >= 0)
        close(store->open_segment_fd);
    g_hash_table_destroy(store->mailboxes);
    pd_phrase_book_free(store->phrases);
    g_free(store->folder);
    g_free(store);
}

static PdStatus *run(PdStore *store, const char *sql)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, sql, &query));
    return pd_query_run(query);
}

static PdStatus *misuse(const char *text)
{
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "%s", text);
}

static PdStatus *get_ready(PdStore *store)
{
    if (store->writer_lock < 0)
        return misuse("the store was opened for looking only");
    if (store->writing || store->reading)
        return misuse("a transaction runs already");
    return pd_store_settle(store);
}

/* With the lock taken. */
static PdStatus *begin(PdStore *store)
{
    PdStatus *status = run(store, "BEGIN IMMEDIATE");
    if (status != NULL) {
        pd_writer_lock_leave(store->writer_lock);
        return status;
    }
    store->writing = TRUE;
    return NULL;
}

PdStatus *pd_store_begin(PdStore *store)
{
    PD_TRY(get_ready(store));
    PD_TRY(pd_writer_lock_take(store->writer_lock));
    return begin(store);
}

PdStatus *pd_store_begin_within(PdStore *store, gint64 wait)
{
    PD_TRY(get_ready(store));
    PD_TRY(pd_writer_lock_take_within(store->writer_lock, wait));
    return begin(store);
}

PdStatus *pd_store_try_begin(PdStore *store, gboolean *is_busy)
{
    gboolean is_taken;

    PD_TRY(get_ready(store));
    PD_TRY(pd_writer_lock_try(store->writer_lock, &is_taken));
    *is_busy = !is_taken;
    return is_taken ? begin(store) : NULL;
}

PdStatus *pd_store_settle(PdStore *store)
{
    if (!store->settling)
        return NULL;
    store->settling = FALSE;
    PdStatus *status = pd_db_sync(store->db);
    if (status != NULL)
        mark_unsynced(store);
    else
        pd_store_checkpoint(store);
    return status;
}

/* Until it is visible to others. */
static PdStatus *commit(PdStore *store)
{
    PD_TRY(pd_store_need_transaction(store));
    pd_durable_step("commit.before");
    PdStatus *status = run(store, "COMMIT");
    if (status != NULL) {
        pd_store_rollback(store);
        return status;
    }
    pd_durable_step("commit.after");
    pd_ticket_keep(store, NULL);
    store->writing = FALSE;
    pd_store_checkpoint_locked(store);
    pd_writer_lock_leave(store->writer_lock);
    store->settling = TRUE;
    return NULL;
}

PdStatus *pd_store_commit(PdStore *store)
{
    PD_TRY(commit(store));
    return pd_store_settle(store);
}

PdStatus *pd_store_commit_ahead(PdStore *store)
{
    PD_TRY(commit(store));
    pd_db_sync_begin(store->db);
    return NULL;
}

/* What this process remembers of rows that may be gone. */
static void forget(PdStore *store)
{
    g_hash_table_remove_all(store->mailboxes);
    pd_phrase_book_forget(store->phrases);
    pd_ticket_keep(store, NULL);
}

/* Rolling back cannot fail in a way that matters: what was not committed is not there for
 * the next one who opens the database. SQLite may have rolled back by itself. */
void pd_store_rollback(PdStore *store)
{
    if (!store->writing)
        return;
    if (pd_db_in_transaction(store->db))
        pd_status_free(run(store, "ROLLBACK"));
    forget(store);
    store->writing = FALSE;
    pd_writer_lock_leave(store->writer_lock);
}

gboolean pd_store_in_transaction(const PdStore *store)
{
    return store->writing;
}

PdStatus *pd_store_need_transaction(const PdStore *store)
{
    return store->writing ? NULL : misuse("writing needs a transaction");
}

PdStatus *pd_store_savepoint(PdStore *store)
{
    PD_TRY(pd_store_need_transaction(store));
    return run(store, "SAVEPOINT part");
}

PdStatus *pd_store_release(PdStore *store)
{
    PD_TRY(pd_store_need_transaction(store));
    return run(store, "RELEASE part");
}

/* Where SQLite has rolled back all of it by itself, what failed tells why, and not that there is no
 * savepoint any more. */
PdStatus *pd_store_rollback_savepoint(PdStore *store)
{
    PD_TRY(pd_store_need_transaction(store));
    forget(store);
    if (!pd_db_in_transaction(store->db))
        return NULL;
    PD_TRY(run(store, "ROLLBACK TO part"));
    return run(store, "RELEASE part");
}

PdStatus *pd_store_begin_read(PdStore *store)
{
    if (store->writing || store->reading)
        return misuse("a transaction runs already");
    PD_TRY(run(store, "BEGIN"));
    store->reading = TRUE;
    return NULL;
}

void pd_store_end_read(PdStore *store)
{
    if (!store->reading)
        return;
    pd_status_free(run(store, "ROLLBACK"));
    store->reading = FALSE;
}
