/* inbox.c: messages taken in, and the ledger of what became of each.
 *
 * I2: outcome goes from PD_OUTCOME_INBOX to one other, once; quarantine alone may be left
 *     again, by a person.
 * I3: a row that has an outcome is refused a second one; a known identity adds no row.
 */
#include "postdesk/inbox.h"

#include "postdesk/clock.h"
#include "store_internal.h"
#include <string.h>

#define ROW                                                                                        \
    "SELECT i.id, m.name, i.uidvalidity, i.uid, i.arrived_at, i.taken_at, i.segment, i.offset,"    \
    " i.length, i.sha256, i.truncated, i.full_size, i.quiet, i.outcome, i.reason,"                 \
    " coalesce(i.ticket, 0), i.faults, i.server_done"                                              \
    " FROM inbox i JOIN mailbox m ON m.id = i.mailbox "

const char *pd_outcome_name(PdOutcome outcome)
{
    static const char *const names[] = {
        [PD_OUTCOME_INBOX] = "inbox",
        [PD_OUTCOME_CREATED] = "created",
        [PD_OUTCOME_APPENDED] = "appended",
        [PD_OUTCOME_IGNORED] = "ignored",
        [PD_OUTCOME_QUARANTINED] = "quarantined",
    };

    return names[outcome];
}

PdInboxRow *pd_inbox_row_new(void)
{
    return g_new0(PdInboxRow, 1);
}

void pd_inbox_row_free(PdInboxRow *row)
{
    if (row == NULL)
        return;
    g_free(row->mailbox);
    g_free(row->reason);
    g_free(row);
}

static gpointer read_row(PdQuery *query)
{
    PdInboxRow *row = pd_inbox_row_new();
    gsize length;

    row->id = pd_column_int(query, 0);
    row->mailbox = pd_column_dup(query, 1);
    row->uidvalidity = (guint32)pd_column_int(query, 2);
    row->uid = (guint32)MAX(0, pd_column_int(query, 3)); /* negative: forgotten (folder.c) */
    row->arrived_at = pd_column_int(query, 4);
    row->taken_at = pd_column_int(query, 5);
    row->raw.segment = pd_column_int(query, 6);
    row->raw.offset = (guint64)pd_column_int(query, 7);
    row->raw.length = (guint64)pd_column_int(query, 8);
    const void *sha256 = pd_column_blob(query, 9, &length);
    if (length == PD_HASH_SIZE)
        memcpy(row->sha256, sha256, PD_HASH_SIZE);
    row->truncated = pd_column_int(query, 10) != 0;
    row->full_size = (guint64)pd_column_int(query, 11);
    row->quiet = pd_column_int(query, 12) != 0;
    row->outcome = (PdOutcome)pd_column_int(query, 13);
    row->reason = pd_column_dup(query, 14);
    row->ticket = pd_column_int(query, 15);
    row->faults = (guint)pd_column_int(query, 16);
    row->server_done = pd_column_int(query, 17) != 0;
    return row;
}

static PdStatus *insert(PdStore *store, gint64 mailbox, const PdInboxRow *row, gint64 taken_at)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO inbox (mailbox, uidvalidity, uid, arrived_at, taken_at,"
                       " segment, offset, length, sha256, truncated, full_size, quiet, outcome,"
                       " faults, server_done)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)"
                       " ON CONFLICT DO NOTHING",
                       &query));
    pd_bind_int(query, mailbox);
    pd_bind_int(query, row->uidvalidity);
    pd_bind_int(query, row->uid);
    pd_bind_int(query, row->arrived_at);
    pd_bind_int(query, taken_at);
    pd_bind_int(query, row->raw.segment);
    pd_bind_int(query, (gint64)row->raw.offset);
    pd_bind_int(query, (gint64)row->raw.length);
    pd_bind_blob(query, row->sha256, PD_HASH_SIZE);
    pd_bind_int(query, row->truncated ? 1 : 0);
    pd_bind_int(query, (gint64)row->full_size);
    pd_bind_int(query, row->quiet ? 1 : 0);
    pd_bind_int(query, row->server_done ? 1 : 0);
    return pd_query_run(query);
}

PdStatus *pd_inbox_add(PdStore *store, PdInboxRow *row, gboolean *is_new)
{
    gint64 taken_at = pd_clock_now();
    gint64 mailbox;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_mailbox_intern(store, row->mailbox, TRUE, &mailbox));
    PD_TRY(insert(store, mailbox, row, taken_at));
    *is_new = pd_db_changes(store->db) > 0;
    if (!*is_new)
        return NULL;
    row->id = pd_db_last_id(store->db);
    row->taken_at = taken_at;
    return pd_segment_commit(store, row->raw.segment, row->raw.offset + row->raw.length);
}

PdStatus *pd_inbox_get(PdStore *store, gint64 id, PdInboxRow **row)
{
    gpointer found;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, ROW "WHERE i.id = ?", &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_one(query, read_row, &found));
    *row = found;
    return NULL;
}

static PdStatus *read_ids(PdQuery *query, GArray *ids)
{
    gboolean row;

    PD_TRY(pd_query_next(query, &row));
    while (row) {
        gint64 id = pd_column_int(query, 0);
        g_array_append_val(ids, id);
        PD_TRY(pd_query_next(query, &row));
    }
    return NULL;
}

PdStatus *pd_inbox_waiting(PdStore *store, gint64 after, guint most, GArray **ids)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT id FROM inbox WHERE outcome = 0 AND id > ? ORDER BY id LIMIT ?",
                       &query));
    pd_bind_int(query, after);
    pd_bind_int(query, most);
    PD_TRY(read_ids(query, found));
    *ids = g_steal_pointer(&found);
    return NULL;
}

PdStatus *pd_inbox_between(PdStore *store, gint64 first, gint64 last, guint most, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       ROW "WHERE i.outcome = 0 AND i.id BETWEEN ? AND ? ORDER BY i.id LIMIT ?",
                       &query));
    pd_bind_int(query, first);
    pd_bind_int(query, last);
    pd_bind_int(query, most);
    return pd_query_all(query, read_row, (GDestroyNotify)pd_inbox_row_free, rows);
}

PdStatus *pd_inbox_older_waiting(PdStore *store, gint64 id, gboolean *waiting)
{
    gint64 found = 0;
    PdQuery *query;

    PD_TRY(
        pd_db_query(store->db, "SELECT 1 FROM inbox WHERE outcome = 0 AND id < ? LIMIT 1", &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_number(query, &found));
    *waiting = found != 0;
    return NULL;
}

/* A change that must have hit its row. */
static PdStatus *check_changed(PdStore *store, gint64 id, const char *otherwise)
{
    if (pd_db_changes(store->db) > 0)
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "message #%" G_GINT64_FORMAT " %s", id,
                         otherwise);
}

PdStatus *pd_inbox_finish(PdStore *store, gint64 id, PdOutcome outcome, const char *reason,
                          gint64 ticket)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE inbox SET outcome = ?, reason = ?, ticket = nullif(?, 0)"
                       " WHERE id = ? AND outcome = 0",
                       &query));
    pd_bind_int(query, outcome);
    pd_bind_text(query, reason);
    pd_bind_int(query, ticket);
    pd_bind_int(query, id);
    PD_TRY(pd_query_run(query));
    return check_changed(store, id, "is not known or has its outcome already");
}

PdStatus *pd_inbox_add_fault(PdStore *store, gint64 id, guint *faults)
{
    gint64 count = 0;
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(
        store->db, "UPDATE inbox SET faults = faults + 1 WHERE id = ? RETURNING faults", &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_number(query, &count));
    *faults = (guint)count;
    return NULL;
}

PdStatus *pd_inbox_requeue(PdStore *store, gint64 id)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE inbox SET outcome = 0, reason = NULL, ticket = NULL, faults = 0"
                       " WHERE id = ? AND (outcome = 4 OR"
                       "  (outcome = 3 AND reason LIKE '" PD_REASON_REFUSED "%'))",
                       &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_run(query));
    return check_changed(store, id, "is not in quarantine, nor was it refused");
}

PdStatus *pd_inbox_drop(PdStore *store, gint64 id, const char *reason)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE inbox SET outcome = 3, reason = ? WHERE id = ? AND outcome = 4",
                       &query));
    pd_bind_text(query, reason);
    pd_bind_int(query, id);
    PD_TRY(pd_query_run(query));
    return check_changed(store, id, "is not in quarantine");
}

/* Those that wait for somebody have an index of their own; of the others there are many, so that
 * they are found from the newest. */
PdStatus *pd_inbox_list(PdStore *store, int outcome, gint64 before, guint most, GPtrArray **rows)
{
    const char *all = ROW "WHERE i.id < ?2 ORDER BY i.id DESC LIMIT ?1";
    const char *waiting = ROW "WHERE i.outcome = 0 AND i.id < ?2 ORDER BY i.id DESC LIMIT ?1";
    const char *quarantined = ROW "WHERE i.outcome = 4 AND i.id < ?2 ORDER BY i.id DESC LIMIT ?1";
    const char *some = ROW "WHERE i.id < ?2 AND i.outcome = ?3 ORDER BY i.id DESC LIMIT ?1";
    const char *sql = outcome < 0                         ? all
                      : outcome == PD_OUTCOME_INBOX       ? waiting
                      : outcome == PD_OUTCOME_QUARANTINED ? quarantined
                                                          : some;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_int(query, most);
    pd_bind_int(query, before != 0 ? before : G_MAXINT64);
    if (sql == some)
        pd_bind_int(query, outcome);
    return pd_query_all(query, read_row, (GDestroyNotify)pd_inbox_row_free, rows);
}

static PdStatus *count_waiting(PdStore *store, gint64 *count, gint64 *oldest_taken_at)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT count(*) FROM inbox WHERE outcome = 0", &query));
    PD_TRY(pd_query_number(query, count));
    PD_TRY(pd_db_query(store->db,
                       "SELECT taken_at FROM inbox WHERE outcome = 0 ORDER BY id LIMIT 1", &query));
    return pd_query_number(query, oldest_taken_at);
}

/* Those with an outcome are counted by triggers (schema.c). */
PdStatus *pd_inbox_count(PdStore *store, PdOutcome outcome, gint64 *count, gint64 *oldest_taken_at)
{
    PdQuery *query;

    *count = *oldest_taken_at = 0;
    if (outcome == PD_OUTCOME_INBOX)
        return count_waiting(store, count, oldest_taken_at);
    PD_TRY(pd_db_query(store->db, "SELECT count FROM inbox_tally WHERE outcome = ?", &query));
    pd_bind_int(query, outcome);
    return pd_query_number(query, count);
}
