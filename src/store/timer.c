/* timer.c: see postdesk/timers.h. What sets a timer to 0 are triggers on the ticket's row
 * (schema.c): no writer of tickets can forget it. Triggers also keep count of what each assignee
 * has, so that choosing the one with the least costs the same with many tickets. */
#include "postdesk/timers.h"

#include "store_internal.h"

PdStatus *pd_timers_due(PdStore *store, gint64 now, guint most, GArray **tickets)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(
        store->db, "SELECT ticket FROM timer WHERE at <= ? ORDER BY at, ticket LIMIT ?", &query));
    pd_bind_int(query, now);
    pd_bind_int(query, most);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        gint64 ticket = pd_column_int(query, 0);
        g_array_append_val(due, ticket);
    }
    *tickets = g_steal_pointer(&due);
    return NULL;
}

PdStatus *pd_timers_next(PdStore *store, gint64 *at)
{
    gint64 first = -1;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT at FROM timer ORDER BY at LIMIT 1", &query));
    PD_TRY(pd_query_number(query, &first));
    *at = first < 0 ? 0 : MAX(first, 1);
    return NULL;
}

PdStatus *pd_timers_set(PdStore *store, gint64 ticket, gint64 at)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    if (at == 0) {
        PD_TRY(pd_db_query(store->db, "DELETE FROM timer WHERE ticket = ?", &query));
        pd_bind_int(query, ticket);
        return pd_query_run(query);
    }
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO timer (ticket, at) VALUES (?, ?)"
                       " ON CONFLICT (ticket) DO UPDATE SET at = excluded.at",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, at);
    return pd_query_run(query);
}

PdStatus *pd_tickets_assigned(PdStore *store, const char *assignee, gint64 *count)
{
    PdQuery *query;

    *count = 0;
    PD_TRY(pd_db_query(store->db, "SELECT count FROM workload WHERE assignee = ?", &query));
    pd_bind_text(query, assignee);
    return pd_query_number(query, count);
}
