/* fact.c: small facts by name. */
#include "store_internal.h"

static gpointer read_text(PdQuery *query)
{
    return pd_column_dup(query, 0);
}

PdStatus *pd_store_get_fact(PdStore *store, const char *name, char **value)
{
    gpointer text;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT value FROM fact WHERE name = ?", &query));
    pd_bind_text(query, name);
    PD_TRY(pd_query_one(query, read_text, &text));
    *value = text;
    return NULL;
}

PdStatus *pd_store_restored_at(PdStore *store, gint64 *at)
{
    g_autofree char *value = NULL;

    PD_TRY(pd_store_get_fact(store, PD_FACT_RESTORED, &value));
    *at = value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
    return NULL;
}

static PdStatus *unset(PdStore *store, const char *name)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "DELETE FROM fact WHERE name = ?", &query));
    pd_bind_text(query, name);
    return pd_query_run(query);
}

PdStatus *pd_store_set_fact(PdStore *store, const char *name, const char *value)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    if (value == NULL)
        return unset(store, name);
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO fact (name, value) VALUES (?, ?)"
                       " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       &query));
    pd_bind_text(query, name);
    pd_bind_text(query, value);
    return pd_query_run(query);
}
