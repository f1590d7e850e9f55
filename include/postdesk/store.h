/* store.h: the state folder: database, raw mail, locks (the only room that knows SQLite).
 *
 *   STATE/postdesk.db      SQLite, WAL: a commit that succeeds is durable
 *   STATE/raw/N.seg        raw messages, append-only segments (raw.h)
 *   STATE/delivery.journal what the deliver role was doing when it died (outbox.h)
 *   STATE/token.key, STATE/lock/, STATE/wake/
 *
 * One PdStore for each process. Writers queue for the write lock (a file lock,
 * first come first served by the kernel, no polling). All failures spoil the
 * store; a full disk and a busy database may be tried again.
 */
#ifndef POSTDESK_STORE_H
#define POSTDESK_STORE_H

#include "postdesk/json.h"
#include "postdesk/status.h"
#include <glib.h>

typedef struct pd_store PdStore;

typedef enum {
    PD_STORE_CREATE, /* make what is missing, migrate what is old */
    PD_STORE_WRITE,  /* must be there */
    PD_STORE_READ,   /* must be there; nothing is written */
    PD_STORE_LOOK,   /* the same, but where nothing was stored yet it looks empty */
} PdStoreMode;

PdStatus *pd_store_open(const char *folder, PdStoreMode mode, PdStore **store);
void pd_store_close(PdStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdStore, pd_store_close)
const char *pd_store_folder(const PdStore *store);

/* One write transaction at a time and process; reading inside it sees what it
 * wrote. A commit that returns success is on disk; one that fails was rolled back, or made
 * but not brought to the disk for sure: then everything fails until it is there. A transaction
 * that failed is rolled back by pd_store_rollback(), which may be called in any case. */
PdStatus *pd_store_begin(PdStore *store);
/* Or fails, to be tried again, if others write for so many microseconds. */
PdStatus *pd_store_begin_within(PdStore *store, gint64 wait);
/* Waits for nobody but the disk; *is_busy: others write, and nothing was begun. */
PdStatus *pd_store_try_begin(PdStore *store, gboolean *is_busy);
PdStatus *pd_store_commit(PdStore *store);
/* The same, but while the disk is still at it this process goes on reading; its next transaction,
 * or pd_store_settle(), waits for the disk, with the status that pd_store_commit() would return. */
PdStatus *pd_store_commit_ahead(PdStore *store);
PdStatus *pd_store_settle(PdStore *store);
void pd_store_rollback(PdStore *store);
gboolean pd_store_in_transaction(const PdStore *store);
/* A part of a transaction that can be taken back by itself; it may have parts of its own. */
PdStatus *pd_store_savepoint(PdStore *store);
PdStatus *pd_store_release(PdStore *store);
PdStatus *pd_store_rollback_savepoint(PdStore *store);

/* To be called when there is nothing to do: brings what was committed from the write-ahead log
 * into the database, if it is much. Costs nothing otherwise. */
void pd_store_rest(PdStore *store);

/* A read snapshot over several look-ups, outside write transactions. */
PdStatus *pd_store_begin_read(PdStore *store);
void pd_store_end_read(PdStore *store);

/* Small facts by name. *value is NULL if unset; caller frees. Setting needs a
 * transaction. */
PdStatus *pd_store_get_fact(PdStore *store, const char *name, char **value);
PdStatus *pd_store_set_fact(PdStore *store, const char *name, const char *value);
/* When the state folder was restored from a backup; 0: never. */
PdStatus *pd_store_restored_at(PdStore *store, gint64 *at);

/* Alarms: what a person must look at. The same kind and subject within a day is
 * counted, not repeated; *is_new says whether it should be mailed. Needs a transaction. facts: an
 * object of what is told in the text, for who tells it in other words; or NULL. */
typedef struct {
    gint64 id, first_at, last_at, count;
    char *kind, *subject, *text;
    PdJson *facts; /* or NULL */
} PdAlarm;
PdStatus *pd_store_alarm(PdStore *store, const char *kind, const char *subject, const char *text,
                         const PdJson *facts, gboolean *is_new);
PdStatus *pd_store_alarms(PdStore *store, gint64 since, GPtrArray **alarms); /* of PdAlarm * */
/* New ones that nobody has mailed to the admin yet, and the mark that one was. */
PdStatus *pd_store_alarms_to_mail(PdStore *store, GPtrArray **alarms);
PdStatus *pd_store_alarm_mailed(PdStore *store, gint64 id); /* transaction */
void pd_alarm_free(PdAlarm *alarm);

#endif
