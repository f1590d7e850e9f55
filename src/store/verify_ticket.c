/* verify_ticket.c: I6: every ticket rebuilt from its events and compared byte for byte. */
#include "verify.h"

#include "projection.h"
#include "store_internal.h"
#include <string.h>

/* What the events of all tickets make together, to find rows that come from none. */
typedef struct {
    gint64 participants, thread_keys;
} Made;

static gpointer read_number(PdQuery *query)
{
    return g_memdup2(&(gint64){pd_column_int(query, 0)}, sizeof(gint64));
}

static void settle_awaited(PdVerify *verify, const PdEvent *event)
{
    if (event->inbox <= 0 || (guint64)event->inbox >= verify->awaited->len)
        return;
    gint64 *ticket = &g_array_index(verify->awaited, gint64, event->inbox);
    if (*ticket == event->ticket)
        *ticket = 0;
}

static void rebuild(PdVerify *verify, PdTicket *ticket, const PdEvent *event)
{
    if (event->sequence != ticket->version + 1)
        pd_verify_differs(verify, "ticket", event->ticket,
                          "event %" G_GINT64_FORMAT " follows event %" G_GINT64_FORMAT,
                          event->sequence, ticket->version);
    g_autoptr(PdStatus) refused = pd_project(ticket, event);
    if (refused != NULL)
        pd_verify_differs(verify, "ticket", event->ticket, "event %" G_GINT64_FORMAT ": %s",
                          event->sequence, pd_status_text(refused));
    settle_awaited(verify, event);
    verify->counts->events++;
}

static PdStatus *compare_row(PdVerify *verify, gint64 number, PdTicket *rebuilt)
{
    g_autoptr(PdTicket) stored = NULL;

    PD_TRY(pd_ticket_get(verify->store, number, &stored));
    const char *column = stored != NULL ? pd_ticket_difference(rebuilt, stored) : NULL;
    if (stored == NULL)
        pd_verify_differs(verify, "ticket", number, "it has events and no row");
    else if (column != NULL)
        pd_verify_differs(verify, "ticket", number, "its %s is not what its events make", column);
    return NULL;
}

static void rebuild_parts(GHashTable *rebuilt, const PdEvent *event)
{
    g_autoptr(GPtrArray) parts = pd_project_participants(event);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const PdPart *part = g_ptr_array_index(parts, i);
        if (part->overrides || !g_hash_table_contains(rebuilt, part->address))
            g_hash_table_replace(rebuilt, g_strdup(part->address), (gpointer)part->part);
    }
}

static PdStatus *compare_participants(PdVerify *verify, gint64 number, const GPtrArray *events,
                                      Made *made)
{
    g_autoptr(GHashTable) rebuilt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) stored = NULL;

    for (guint i = 0; i < events->len; i++)
        rebuild_parts(rebuilt, g_ptr_array_index(events, i));
    PD_TRY(pd_ticket_participants(verify->store, number, &stored));
    gboolean same = stored->len == g_hash_table_size(rebuilt);
    for (guint i = 0; same && i < stored->len; i++) {
        const char *made_part = g_hash_table_lookup(rebuilt, g_ptr_array_index(stored, i));
        g_autofree char *part = NULL;
        PD_TRY(pd_ticket_part(verify->store, number, g_ptr_array_index(stored, i), &part));
        same = made_part != NULL && part != NULL && strcmp(part, made_part) == 0;
    }
    if (!same)
        pd_verify_differs(verify, "ticket", number,
                          "its participants are not what its events make");
    made->participants += g_hash_table_size(rebuilt);
    return NULL;
}

static PdStatus *has_thread_key(PdVerify *verify, gint64 number, const char *message_id,
                                gint64 *found)
{
    PdQuery *query;

    *found = 0;
    PD_TRY(pd_db_query(verify->store->db,
                       "SELECT 1 FROM thread_key WHERE id_key = ? AND ticket = ?"
                       " AND message_id = ?",
                       &query));
    pd_bind_int(query, pd_key_of_text(message_id));
    pd_bind_int(query, number);
    pd_bind_text(query, message_id);
    return pd_query_number(query, found);
}

static PdStatus *compare_thread_keys(PdVerify *verify, gint64 number, const GPtrArray *events,
                                     Made *made)
{
    g_autoptr(GHashTable) rebuilt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gint64 found;

    for (guint i = 0; i < events->len; i++) {
        g_autoptr(GPtrArray) keys = pd_project_thread_keys(g_ptr_array_index(events, i));
        for (guint k = 0; keys != NULL && k < keys->len; k++) {
            const char *key = g_ptr_array_index(keys, k);
            if (!g_hash_table_add(rebuilt, g_strdup(key)))
                continue;
            PD_TRY(has_thread_key(verify, number, key, &found));
            if (found == 0)
                pd_verify_differs(verify, "ticket", number,
                                  "a Message-ID or conversation of its events does not lead to it");
        }
    }
    made->thread_keys += g_hash_table_size(rebuilt);
    return NULL;
}

static PdStatus *check_ticket(PdVerify *verify, gint64 number, Made *made)
{
    g_autoptr(PdTicket) rebuilt = pd_ticket_blank();
    g_autoptr(GPtrArray) events = NULL;

    PdStatus *status = pd_ticket_events(verify->store, number, &events);
    if (status != NULL && pd_status_spoils(status) == PD_SPOILS_MESSAGE) { /* damaged JSON */
        pd_verify_differs(verify, "ticket", number, "%s", pd_status_text(status));
        pd_status_free(status);
        return NULL;
    }
    PD_TRY(status);
    for (guint i = 0; i < events->len; i++)
        rebuild(verify, rebuilt, g_ptr_array_index(events, i));
    verify->counts->tickets++;
    pd_meter_advance(verify->meter, 1);
    PD_TRY(compare_row(verify, number, rebuilt));
    PD_TRY(compare_participants(verify, number, events, made));
    return compare_thread_keys(verify, number, events, made);
}

static PdStatus *compare_count(PdVerify *verify, const char *sql, const char *table, gint64 made)
{
    gint64 stored = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db, sql, &query));
    PD_TRY(pd_query_number(query, &stored));
    if (stored != made)
        pd_diagnostics_add(verify->list, PD_ERROR, "postdesk.db", 0, 0,
                           "%s holds %" G_GINT64_FORMAT
                           " rows, the events of all tickets make %" G_GINT64_FORMAT,
                           table, stored, made);
    return NULL;
}

PdStatus *pd_verify_tickets(PdVerify *verify)
{
    g_autoptr(GPtrArray) numbers = NULL;
    Made made = {0, 0};
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db,
                       "SELECT number FROM ticket UNION SELECT ticket FROM event ORDER BY 1",
                       &query));
    PD_TRY(pd_query_all(query, read_number, g_free, &numbers));
    for (guint i = 0; i < numbers->len; i++)
        PD_TRY(check_ticket(verify, *(const gint64 *)g_ptr_array_index(numbers, i), &made));
    PD_TRY(compare_count(verify, "SELECT count(*) FROM participant", "participant",
                         made.participants));
    return compare_count(verify, "SELECT count(*) FROM thread_key", "thread_key", made.thread_keys);
}
