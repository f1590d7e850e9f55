/* pending.c: see postdesk/pending.h. */
#include "postdesk/pending.h"

#include "postdesk/clock.h"
#include "store_internal.h"
#include <string.h>

#define COLUMNS                                                                                    \
    "id, ticket, recipient, kind, in_digest, created_at, due_at, why, held, data FROM pending"
/* What was added after now, which is before it could be, was added before a clock was set back. */
#define IS_DUE "(due_at <= ?1 OR created_at > ?1)"

PdPending *pd_pending_new(void)
{
    PdPending *pending = g_new0(PdPending, 1);

    pending->data = pd_json_object();
    return pending;
}

void pd_pending_free(PdPending *pending)
{
    if (pending == NULL)
        return;
    g_free(pending->recipient);
    g_free(pending->kind);
    g_free(pending->why);
    g_free(pending->held);
    pd_json_free(pending->data);
    g_free(pending);
}

PdStatus *pd_pending_add(PdStore *store, PdPending *pending)
{
    g_autofree char *data = pd_json_compact(pending->data);
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    pending->created_at = pd_clock_now();
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO pending (ticket, recipient, recipient_key, kind, in_digest,"
                       " created_at, due_at, why, held, data)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, pending->ticket);
    pd_bind_text(query, pending->recipient);
    pd_bind_int(query, pd_key_of_address(pending->recipient));
    pd_bind_text(query, pending->kind);
    pd_bind_int(query, pending->in_digest);
    pd_bind_int(query, pending->created_at);
    pd_bind_int(query, pending->due_at);
    pd_bind_text(query, pending->why);
    pd_bind_text(query, pending->held);
    pd_bind_text(query, data);
    PD_TRY(pd_query_run(query));
    pending->id = pd_db_last_id(store->db);
    return NULL;
}

static gpointer read_row(PdQuery *query)
{
    PdPending *row = g_new0(PdPending, 1);
    const char *data = pd_column_text(query, 9);

    row->id = pd_column_int(query, 0);
    row->ticket = pd_column_int(query, 1);
    row->recipient = pd_column_dup(query, 2);
    row->kind = pd_column_dup(query, 3);
    row->in_digest = pd_column_int(query, 4) != 0;
    row->created_at = pd_column_int(query, 5);
    row->due_at = pd_column_int(query, 6);
    row->why = pd_column_dup(query, 7);
    row->held = pd_column_dup(query, 8);
    g_autoptr(PdStatus) status = pd_json_parse(data, strlen(data), &row->data);
    if (status != NULL)
        row->data = pd_json_object(); /* told without its words rather than never */
    return row;
}

static PdStatus *all_rows(PdQuery *query, GPtrArray **rows)
{
    return pd_query_all(query, read_row, (GDestroyNotify)pd_pending_free, rows);
}

/* The key only finds; the address itself decides. */
static void keep_recipient(GPtrArray *rows, const char *recipient)
{
    for (guint i = rows->len; i > 0; i--) {
        const PdPending *row = g_ptr_array_index(rows, i - 1);
        if (g_ascii_strcasecmp(row->recipient, recipient) != 0)
            g_ptr_array_remove_index(rows, i - 1);
    }
}

PdStatus *pd_pending_of(PdStore *store, gint64 ticket, const char *recipient, const char *kind,
                        GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS " WHERE ticket = ?1 AND recipient_key = ?2"
                       " AND (?3 IS NULL OR kind = ?3) ORDER BY id",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, pd_key_of_address(recipient));
    pd_bind_text(query, kind);
    PD_TRY(all_rows(query, rows));
    keep_recipient(*rows, recipient);
    return NULL;
}

PdStatus *pd_pending_digest(PdStore *store, const char *recipient, gint64 now, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS " WHERE " IS_DUE " AND recipient_key = ?2"
                       " AND in_digest = 1 ORDER BY id",
                       &query));
    pd_bind_int(query, now);
    pd_bind_int(query, pd_key_of_address(recipient));
    PD_TRY(all_rows(query, rows));
    keep_recipient(*rows, recipient);
    return NULL;
}

PdStatus *pd_pending_list(PdStore *store, gint64 ticket, guint most, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS " WHERE ?1 = 0 OR ticket = ?1"
                       " ORDER BY due_at, id LIMIT ?2",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, most);
    return all_rows(query, rows);
}

PdStatus *pd_pending_first_due(PdStore *store, gint64 now, PdPending **row)
{
    gpointer found;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT " COLUMNS " WHERE " IS_DUE " ORDER BY due_at, id LIMIT 1",
                       &query));
    pd_bind_int(query, now);
    PD_TRY(pd_query_one(query, read_row, &found));
    *row = found;
    return NULL;
}

PdStatus *pd_pending_next(PdStore *store, gint64 *at)
{
    PdQuery *query;

    *at = 0;
    PD_TRY(
        pd_db_query(store->db, "SELECT min(iif(created_at > ?, 1, due_at)) FROM pending", &query));
    pd_bind_int(query, pd_clock_now());
    return pd_query_number(query, at);
}

PdStatus *pd_pending_count(PdStore *store, gint64 *count, gint64 *next)
{
    PdQuery *query;

    *count = 0;
    PD_TRY(pd_db_query(store->db, "SELECT count(*) FROM pending", &query));
    PD_TRY(pd_query_number(query, count));
    return pd_pending_next(store, next);
}

PdStatus *pd_pending_drop(PdStore *store, const GPtrArray *rows)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    for (guint i = 0; i < rows->len; i++) {
        const PdPending *row = g_ptr_array_index(rows, i);
        PD_TRY(pd_db_query(store->db, "DELETE FROM pending WHERE id = ?", &query));
        pd_bind_int(query, row->id);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

PdStatus *pd_pending_postpone(PdStore *store, const GPtrArray *rows, gint64 at)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    for (guint i = 0; i < rows->len; i++) {
        const PdPending *row = g_ptr_array_index(rows, i);
        PD_TRY(pd_db_query(store->db, "UPDATE pending SET due_at = ? WHERE id = ?", &query));
        pd_bind_int(query, at);
        pd_bind_int(query, row->id);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}
