/* db.c: see db.h. WAL with synchronous FULL: what a commit has returned is on disk, unless who
 * commits syncs himself (pd_db_sync_apart). */
#include "db.h"

#include "log_sync.h"
#include "postdesk/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 10000 /* second line; writers queue at a file lock before */
#define PAGES_A_STEP 2560       /* of a copy: 10 MiB */

struct pd_db {
    sqlite3 *handle;
    GHashTable *queries; /* address of the SQL literal → PdQuery */
    guint log_pages;
    gboolean unsynced;   /* committed since the last sync */
    gboolean doubtful;   /* a sync failed: the log's file may lack what its readers see */
    PdLogSync *log_sync; /* NULL: a commit syncs */
};

struct pd_query {
    PdDb *db;
    sqlite3_stmt *statement;
    int bound;      /* parameters bound so far */
    int bind_error; /* the first failure of a binding, told by the next step */
};

static const char busy_advice[] = "another process holds the database for long; try again";
static const char full_advice[] = "make room on the disk; if there is room, check its health";
static const char memory_advice[] = "give the process more memory";
static const char broken_advice[] = "run 'postdesk verify'; restore the last backup if it fails";
static const char access_advice[] = "check the owner and the permissions of the state folder";

/* SQLite forgets the cause of a write that was cut short; mostly the disk is full. */
static gboolean is_full(int code, int error)
{
    if (code == SQLITE_IOERR_FSYNC)
        return error == ENOSPC || error == EDQUOT;
    if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE)
        return error == 0 || error == ENOSPC || error == EDQUOT || error == EFBIG;
    return (code & 0xff) == SQLITE_FULL;
}

static PdStatus *fail_code(int code, int error, const char *text)
{
    int primary = code & 0xff;
    const char *advice = NULL;

    if (is_full(code, error) && error == EFBIG)
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, pd_file_room_advice(error),
                             "the database may not grow further");
    if (is_full(code, error))
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, full_advice,
                             "the disk is full or failing");
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, busy_advice, "the database is busy");
    if (primary == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
        return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, memory_advice,
                             "no memory for the database");
    if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
        advice = broken_advice;
    else if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY || primary == SQLITE_PERM)
        advice = access_advice;
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, advice, "database: %s", text);
}

static PdStatus *fail(const PdDb *db)
{
    return fail_code(sqlite3_extended_errcode(db->handle), sqlite3_system_errno(db->handle),
                     sqlite3_errmsg(db->handle));
}

void pd_query_free(PdQuery *query)
{
    if (query == NULL)
        return;
    sqlite3_finalize(query->statement);
    g_free(query);
}

static void query_free(gpointer query)
{
    pd_query_free(query);
}

/* SQLite gives its files the mode of the database, so that one is made first. */
static PdStatus *make_private(const char *path)
{
    int fd = pd_file_open_or_make(path, O_RDWR);

    if (fd < 0)
        return pd_status_new(PD_SPOILS_STORE, errno == ENOSPC ? PD_TRY_AGAIN : PD_FINAL,
                             errno == ENOSPC ? full_advice : access_advice, "cannot create %s: %s",
                             path, g_strerror(errno));
    close(fd);
    return NULL;
}

static PdStatus *settle(PdDb *db, PdDbMode mode)
{
    static const char always[] = "PRAGMA foreign_keys = ON;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA secure_delete = OFF;"
                                 "PRAGMA mmap_size = 0;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA cache_size = -16384;";
    static const char writing[] = "PRAGMA journal_mode = WAL;"
                                  "PRAGMA synchronous = FULL;"
                                  "PRAGMA journal_size_limit = 134217728;";

    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
    if (sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK)
        return fail(db);
    PD_TRY(pd_db_script(db, always));
    if (mode == PD_DB_CREATE)
        PD_TRY(pd_db_script(db, "PRAGMA page_size = 4096;"));
    return mode == PD_DB_READ ? NULL : pd_db_script(db, writing);
}

/* SQLite's count of its memory, which nobody asks for, takes a mutex at each allocation. */
static void prepare_library(void)
{
    static gsize prepared = 0;

    if (g_once_init_enter(&prepared)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&prepared, 1);
    }
}

/* Called after each commit, in place of SQLite's own automatic checkpoint. */
static int note_log(void *user, sqlite3 *handle, const char *name, int pages)
{
    PdDb *db = user;

    (void)handle;
    (void)name;
    db->log_pages = (guint)pages;
    db->unsynced = TRUE;
    return SQLITE_OK;
}

PdStatus *pd_db_open(const char *path, PdDbMode mode, PdDb **db)
{
    int flags = mode == PD_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    g_autoptr(PdDb) opened = g_new0(PdDb, 1);

    prepare_library();
    opened->queries = g_hash_table_new_full(NULL, NULL, NULL, query_free);
    if (mode == PD_DB_CREATE)
        PD_TRY(make_private(path));
    if (sqlite3_open_v2(path, &opened->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return pd_status_prefix(opened->handle != NULL ? fail(opened)
                                                       : fail_code(SQLITE_NOMEM, 0, ""),
                                "cannot open %s", path);
    sqlite3_wal_hook(opened->handle, note_log, opened);
    PdStatus *status = settle(opened, mode);
    if (status != NULL)
        return pd_status_prefix(status, "%s", path);
    *db = g_steal_pointer(&opened);
    return NULL;
}

void pd_db_close(PdDb *db)
{
    if (db == NULL)
        return;
    g_hash_table_destroy(db->queries);
    pd_log_sync_free(db->log_sync);
    sqlite3_close(db->handle);
    g_free(db);
}

PdStatus *pd_db_script(PdDb *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : fail(db);
}

gboolean pd_db_in_transaction(const PdDb *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

gint64 pd_db_last_id(const PdDb *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

gint64 pd_db_changes(const PdDb *db)
{
    return sqlite3_changes64(db->handle);
}

gint64 pd_db_total_changes(const PdDb *db)
{
    return sqlite3_total_changes64(db->handle);
}

guint pd_db_log_pages(const PdDb *db)
{
    return db->log_pages;
}

void pd_db_checkpoint(PdDb *db, gboolean wait)
{
    int mode = wait ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;

    if (sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, NULL, NULL) == SQLITE_IOERR_FSYNC)
        pd_db_doubt_log(db); /* it is told only once, also of what others committed */
}

PdStatus *pd_db_sync_apart(PdDb *db, const char *mark)
{
    db->unsynced = TRUE; /* by whoever had the database before */
    db->log_sync =
        pd_log_sync_new(sqlite3_filename_wal(sqlite3_db_filename(db->handle, "main")), mark);
    return pd_db_script(db, "PRAGMA synchronous = NORMAL;");
}

static PdStatus *fail_sync(int error)
{
    return fail_code(SQLITE_IOERR_FSYNC, error, g_strerror(error));
}

/* The log is one file for all processes. */
static PdStatus *sync_log(PdDb *db)
{
    sqlite3_file *log = NULL;

    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK)
        return fail(db);
    if (log != NULL && log->pMethods != NULL &&
        log->pMethods->xSync(log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) != SQLITE_OK)
        return fail_sync(errno);
    return NULL;
}

/* SQLite's descriptor is told of a failure, too, and would tell make_good() of it. */
static PdStatus *end_sync(PdDb *db)
{
    int error = pd_log_sync_end(db->log_sync);

    if (error == 0)
        return NULL;
    pd_status_free(sync_log(db));
    return fail_sync(error);
}

void pd_db_sync_begin(PdDb *db)
{
    if (db->unsynced && !db->doubtful)
        pd_log_sync_begin(db->log_sync);
}

/* Pages that could not be written count as written from then on, and the next sync says nothing of
 * them. So all that is in the log is written once more, into the database, and the log emptied. */
static PdStatus *make_good(PdDb *db)
{
    if (sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) !=
        SQLITE_OK)
        return fail(db);
    PD_TRY(sync_log(db));
    db->doubtful = FALSE;
    return NULL;
}

void pd_db_doubt_log(PdDb *db)
{
    db->unsynced = TRUE;
    db->doubtful = TRUE;
}

/* In the thread, if that has begun. */
static PdStatus *try_sync(PdDb *db)
{
    if (db->log_sync != NULL && pd_log_sync_is_begun(db->log_sync))
        return end_sync(db);
    return db->unsynced && !db->doubtful ? sync_log(db) : NULL;
}

PdStatus *pd_db_sync(PdDb *db)
{
    g_autoptr(PdStatus) cause = try_sync(db);
    if (cause != NULL)
        pd_db_doubt_log(db);
    PdStatus *status = db->doubtful ? make_good(db) : NULL;
    db->unsynced = status != NULL;
    if (status == NULL || cause == NULL)
        return status;
    pd_status_free(status);
    return g_steal_pointer(&cause);
}

static PdStatus *prepare(PdDb *db, const char *sql, guint flags, PdQuery **query)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v3(db->handle, sql, -1, flags, &statement, NULL) != SQLITE_OK)
        return fail(db);
    *query = g_new0(PdQuery, 1);
    (*query)->db = db;
    (*query)->statement = statement;
    return NULL;
}

static PdStatus *prepare_kept(PdDb *db, const char *sql, PdQuery **query)
{
    PD_TRY(prepare(db, sql, SQLITE_PREPARE_PERSISTENT, query));
    g_hash_table_insert(db->queries, (gpointer)sql, *query);
    return NULL;
}

PdStatus *pd_db_prepare(PdDb *db, const char *sql, PdQuery **query)
{
    return prepare(db, sql, 0, query);
}

PdStatus *pd_db_query(PdDb *db, const char *sql, PdQuery **query)
{
    if (db->doubtful)
        PD_TRY(pd_db_sync(db));
    *query = g_hash_table_lookup(db->queries, sql);
    if (*query == NULL)
        PD_TRY(prepare_kept(db, sql, query));
    pd_query_leave(*query);
    return NULL;
}

const char *pd_db_scanning(const PdDb *db)
{
    GHashTableIter queries;
    const char *scanning = NULL;
    gpointer query;

    g_hash_table_iter_init(&queries, db->queries);
    while (g_hash_table_iter_next(&queries, NULL, &query)) {
        sqlite3_stmt *statement = ((PdQuery *)query)->statement;
        if (sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1) > 0)
            scanning = sqlite3_sql(statement);
    }
    return scanning;
}

static void note_binding(PdQuery *query, int code)
{
    if (code != SQLITE_OK && query->bind_error == SQLITE_OK)
        query->bind_error = code;
}

void pd_bind_int(PdQuery *query, gint64 number)
{
    note_binding(query, sqlite3_bind_int64(query->statement, ++query->bound, number));
}

void pd_bind_text(PdQuery *query, const char *text)
{
    note_binding(query,
                 sqlite3_bind_text(query->statement, ++query->bound, text, -1, SQLITE_STATIC));
}

void pd_bind_blob(PdQuery *query, const void *bytes, gsize length)
{
    note_binding(
        query, sqlite3_bind_blob64(query->statement, ++query->bound, bytes, length, SQLITE_STATIC));
}

void pd_query_leave(PdQuery *query)
{
    sqlite3_reset(query->statement);
    query->bound = 0;
    query->bind_error = SQLITE_OK;
}

PdStatus *pd_query_next(PdQuery *query, gboolean *row)
{
    PdStatus *status = NULL;
    int code = query->bind_error;

    *row = FALSE;
    if (code == SQLITE_OK)
        code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW) {
        *row = TRUE;
        return NULL;
    }
    if (query->bind_error != SQLITE_OK)
        status = fail_code(code, 0, sqlite3_errstr(code));
    else if (code != SQLITE_DONE)
        status = fail(query->db);
    pd_query_leave(query);
    return status;
}

PdStatus *pd_query_run(PdQuery *query)
{
    gboolean row;

    PD_TRY(pd_query_next(query, &row));
    if (row)
        pd_query_leave(query);
    return NULL;
}

PdStatus *pd_query_number(PdQuery *query, gint64 *number)
{
    gboolean row;

    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    if (sqlite3_column_type(query->statement, 0) != SQLITE_NULL)
        *number = pd_column_int(query, 0);
    pd_query_leave(query);
    return NULL;
}

PdStatus *pd_query_all(PdQuery *query, PdReadRow read, GDestroyNotify free_row, GPtrArray **rows)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_row);
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        g_ptr_array_add(all, read(query));
    }
    *rows = g_steal_pointer(&all);
    return NULL;
}

PdStatus *pd_query_one(PdQuery *query, PdReadRow read, gpointer *row)
{
    gboolean found;

    *row = NULL;
    PD_TRY(pd_query_next(query, &found));
    if (!found)
        return NULL;
    *row = read(query);
    pd_query_leave(query);
    return NULL;
}

gint64 pd_column_int(PdQuery *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

const char *pd_column_text(PdQuery *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

char *pd_column_dup(PdQuery *query, int column)
{
    return g_strdup(pd_column_text(query, column));
}

const void *pd_column_blob(PdQuery *query, int column, gsize *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    *length = (gsize)sqlite3_column_bytes(query->statement, column);
    return bytes;
}

static int copy_pages(sqlite3_backup *copy, PdDbCopied copied, gpointer user)
{
    int code;

    do {
        code = sqlite3_backup_step(copy, PAGES_A_STEP);
        guint64 total = (guint64)sqlite3_backup_pagecount(copy);
        if (copied != NULL)
            copied(total - (guint64)sqlite3_backup_remaining(copy), total, user);
    } while (code == SQLITE_OK);
    return code;
}

PdStatus *pd_db_copy(PdDb *db, const char *path, PdDbCopied copied, gpointer user)
{
    g_autoptr(PdDb) target = g_new0(PdDb, 1);

    target->queries = g_hash_table_new_full(NULL, NULL, NULL, query_free);
    PD_TRY(make_private(path));
    if (sqlite3_open_v2(path, &target->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return pd_status_prefix(target->handle != NULL ? fail(target)
                                                       : fail_code(SQLITE_NOMEM, 0, ""),
                                "cannot open %s", path);
    PD_TRY(pd_db_script(target, "PRAGMA synchronous = OFF;")); /* whoever needs it syncs it */
    sqlite3_backup *copy = sqlite3_backup_init(target->handle, "main", db->handle, "main");
    if (copy == NULL)
        return fail(target);
    int code = copy_pages(copy, copied, user);
    int finished = sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE)
        return fail_code(code, sqlite3_system_errno(target->handle), sqlite3_errstr(code));
    return finished == SQLITE_OK ? NULL : fail(target);
}
