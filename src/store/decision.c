/* decision.c: why each message was handled as it was. */
#include "postdesk/tickets.h"

#include "phrase.h"
#include "store_internal.h"

PdStatus *pd_decision_put(PdStore *store, gint64 inbox, gint64 ticket, const char *json,
                          const GPtrArray *phrases)
{
    g_autoptr(GByteArray) numbers = NULL;
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_phrases_keep(store, phrases, &numbers));
    PD_TRY(pd_db_query(store->db,
                       "INSERT OR REPLACE INTO decision (inbox, ticket, json, phrases)"
                       " VALUES (?, nullif(?, 0), ?, ?)",
                       &query));
    pd_bind_int(query, inbox);
    pd_bind_int(query, ticket);
    pd_bind_text(query, json);
    if (numbers != NULL)
        pd_bind_blob(query, numbers->data, numbers->len);
    else
        pd_bind_text(query, NULL);
    return pd_query_run(query);
}

/* The column holds the line, the next one what stands in its gaps. */
static PdStatus *read_why(PdStore *store, PdQuery *query, int column, char **json)
{
    gsize length = 0;
    const guint8 *numbers = pd_column_blob(query, column + 1, &length);

    if (numbers != NULL)
        return pd_phrases_restore(store, pd_column_text(query, column), numbers, length, json);
    *json = pd_column_dup(query, column);
    return NULL;
}

PdStatus *pd_decision_get(PdStore *store, gint64 inbox, char **json)
{
    gboolean row;
    PdQuery *query;

    *json = NULL;
    PD_TRY(pd_db_query(store->db, "SELECT json, phrases FROM decision WHERE inbox = ?", &query));
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_next(query, &row));
    PdStatus *status = row ? read_why(store, query, 0, json) : NULL;
    pd_query_leave(query);
    return status;
}

void pd_stored_decision_free(PdStoredDecision *decision)
{
    if (decision == NULL)
        return;
    g_free(decision->json);
    g_free(decision);
}

static PdStatus *read_decision(PdStore *store, PdQuery *query, GPtrArray *decisions)
{
    PdStoredDecision *decision = g_new0(PdStoredDecision, 1);

    g_ptr_array_add(decisions, decision);
    decision->inbox = pd_column_int(query, 0);
    decision->ticket = pd_column_int(query, 1);
    decision->taken_at = pd_column_int(query, 2);
    return read_why(store, query, 3, &decision->json);
}

static PdStatus *read_decisions(PdStore *store, PdQuery *query, GPtrArray *decisions)
{
    gboolean row = FALSE;
    PdStatus *status = pd_query_next(query, &row);

    while (status == NULL && row) {
        status = read_decision(store, query, decisions);
        if (status == NULL)
            status = pd_query_next(query, &row);
    }
    pd_query_leave(query);
    return status;
}

PdStatus *pd_decisions_after(PdStore *store, gint64 after, gint64 since, guint most,
                             GPtrArray **decisions)
{
    g_autoptr(GPtrArray) read =
        g_ptr_array_new_with_free_func((GDestroyNotify)pd_stored_decision_free);
    PdQuery *query;

    *decisions = NULL;
    PD_TRY(pd_db_query(store->db,
                       "SELECT d.inbox, d.ticket, i.taken_at, d.json, d.phrases FROM decision d"
                       " CROSS JOIN inbox i ON i.id = d.inbox"
                       " WHERE d.inbox > ? AND i.taken_at >= ? ORDER BY d.inbox LIMIT ?",
                       &query));
    pd_bind_int(query, after);
    pd_bind_int(query, since);
    pd_bind_int(query, most);
    PD_TRY(read_decisions(store, query, read));
    *decisions = g_steal_pointer(&read);
    return NULL;
}

static PdStatus *taken_at(PdStore *store, gint64 inbox, gint64 *at)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT taken_at FROM inbox WHERE id >= ? ORDER BY id LIMIT 1",
                       &query));
    pd_bind_int(query, inbox);
    return pd_query_number(query, at);
}

/* Messages are numbered in the order in which they are taken in. */
PdStatus *pd_decisions_before(PdStore *store, gint64 since, gint64 *inbox)
{
    gint64 earlier = 0, later = 0, at = 0;
    PdQuery *query;

    *inbox = 0;
    if (since == 0)
        return NULL;
    PD_TRY(pd_db_query(store->db, "SELECT coalesce(max(id), 0) FROM inbox", &query));
    PD_TRY(pd_query_number(query, &later));
    while (earlier < later) {
        gint64 middle = earlier + (later - earlier + 1) / 2;
        PD_TRY(taken_at(store, middle, &at));
        if (at < since)
            earlier = middle;
        else
            later = middle - 1;
    }
    *inbox = earlier;
    return NULL;
}
