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
