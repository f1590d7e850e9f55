/* decision.c: why each message was handled as it was. */
#include "postdesk/tickets.h"

#include "store_internal.h"

PdStatus *pd_decision_put(PdStore *store, gint64 inbox, gint64 ticket, const char *json)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "INSERT OR REPLACE INTO decision (inbox, ticket, json)"
                       " VALUES (?, nullif(?, 0), ?)",
                       &query));
    pd_bind_int(query, inbox);
    pd_bind_int(query, ticket);
    pd_bind_text(query, json);
    return pd_query_run(query);
}

static gpointer read_text(PdQuery *query)
{
    return pd_column_dup(query, 0);
}

PdStatus *pd_decision_get(PdStore *store, gint64 inbox, char **json)
{
    gpointer text;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT json FROM decision WHERE inbox = ?", &query));
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_one(query, read_text, &text));
    *json = text;
    return NULL;
}

void pd_stored_decision_free(PdStoredDecision *decision)
{
    if (decision == NULL)
        return;
    g_free(decision->json);
    g_free(decision);
}

static gpointer read_decision(PdQuery *query)
{
    PdStoredDecision *decision = g_new0(PdStoredDecision, 1);

    decision->inbox = pd_column_int(query, 0);
    decision->ticket = pd_column_int(query, 1);
    decision->taken_at = pd_column_int(query, 2);
    decision->json = pd_column_dup(query, 3);
    return decision;
}

PdStatus *pd_decisions_after(PdStore *store, gint64 after, gint64 since, guint most,
                             GPtrArray **decisions)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT d.inbox, d.ticket, i.taken_at, d.json FROM decision d"
                       " CROSS JOIN inbox i ON i.id = d.inbox"
                       " WHERE d.inbox > ? AND i.taken_at >= ? ORDER BY d.inbox LIMIT ?",
                       &query));
    pd_bind_int(query, after);
    pd_bind_int(query, since);
    pd_bind_int(query, most);
    return pd_query_all(query, read_decision, (GDestroyNotify)pd_stored_decision_free, decisions);
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
