/* db.h: a thin layer over SQLite for the files of this room.
 *
 * A query is prepared once and kept by the address of its SQL literal, so pass literals
 * only; one about a table whose name is made on the way belongs to its caller. Parameters are
 * bound in their order; bytes and texts bound must live until the
 * query has run. Everything foreign is bound, never put into SQL text.
 */
#ifndef PD_STORE_DB_H
#define PD_STORE_DB_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct pd_db PdDb;
typedef struct pd_query PdQuery;

typedef enum { PD_DB_CREATE, PD_DB_WRITE, PD_DB_READ } PdDbMode;

PdStatus *pd_db_open(const char *path, PdDbMode mode, PdDb **db);
void pd_db_close(PdDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdDb, pd_db_close)

/* Statements without parameters and results. */
PdStatus *pd_db_script(PdDb *db, const char *sql);
gboolean pd_db_in_transaction(const PdDb *db);
gint64 pd_db_last_id(const PdDb *db);
gint64 pd_db_changes(const PdDb *db);
/* Of all statements of this connection. */
gint64 pd_db_total_changes(const PdDb *db);

/* How long the write-ahead log was after this connection's last commit. */
guint pd_db_log_pages(const PdDb *db);
/* Brings the log into the database; wait: all of it, so that the log can begin anew. A
 * checkpoint that fails leaves the log as it is; where the disk fails, it is doubted. */
void pd_db_checkpoint(PdDb *db, gboolean wait);

/* From now on a commit returns before it is on disk; outside of a transaction, when the database
 * was read. mark: see log_sync.h. */
PdStatus *pd_db_sync_apart(PdDb *db, const char *mark);
/* When it returns, this connection's commits and all that were made before them, whoever made them,
 * are on disk. A disk that fails just then may have lost some of them behind what it still shows:
 * they are written once more; until that succeeds, each query tries it, and fails with it. */
PdStatus *pd_db_sync(PdDb *db);
/* Of what was committed since the last sync, if anything was; no other commit before pd_db_sync(),
 * which waits for what is begun here, or does it where that cannot be. After pd_db_sync_apart(). */
void pd_db_sync_begin(PdDb *db);
/* As if a sync had failed: the next one writes all of the log once more. */
void pd_db_doubt_log(PdDb *db);

/* For tests: a statement that went through a whole table since this was last asked, in its own
 * words; NULL if none did. */
const char *pd_db_scanning(const PdDb *db);

/* Borrowed; ready for binding. */
PdStatus *pd_db_query(PdDb *db, const char *sql, PdQuery **query);
/* Not kept: caller frees, before the database is closed. */
PdStatus *pd_db_prepare(PdDb *db, const char *sql, PdQuery **query);
void pd_query_free(PdQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdQuery, pd_query_free)
void pd_bind_int(PdQuery *query, gint64 number);
void pd_bind_text(PdQuery *query, const char *text); /* NULL: null */
void pd_bind_blob(PdQuery *query, const void *bytes, gsize length);

/* The next row; after the last one the query is at rest. Leave a query that may have
 * more rows with pd_query_leave(). */
PdStatus *pd_query_next(PdQuery *query, gboolean *row);
void pd_query_leave(PdQuery *query);
/* Runs a query whose rows do not matter. */
PdStatus *pd_query_run(PdQuery *query);
/* The first column of the only row; *number stays as it is if there is none or it is null. */
PdStatus *pd_query_number(PdQuery *query, gint64 *number);
/* Every row through read(); of what read() returns, freed by free_row. */
typedef gpointer (*PdReadRow)(PdQuery *query);
PdStatus *pd_query_all(PdQuery *query, PdReadRow read, GDestroyNotify free_row, GPtrArray **rows);
/* The only row, or NULL. */
PdStatus *pd_query_one(PdQuery *query, PdReadRow read, gpointer *row);

gint64 pd_column_int(PdQuery *query, int column);
const char *pd_column_text(PdQuery *query, int column); /* borrowed until the next step */
char *pd_column_dup(PdQuery *query, int column);        /* NULL for null */
const void *pd_column_blob(PdQuery *query, int column, gsize *length);

/* Copies the database as this connection sees it into a new file, in pieces. */
typedef void (*PdDbCopied)(guint64 done, guint64 total, gpointer user);
PdStatus *pd_db_copy(PdDb *db, const char *path, PdDbCopied copied, gpointer user);

#endif
