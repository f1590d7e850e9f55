/* ticket.c: looking at tickets. They are written by event.c only (I6).
 *
 * A message's transaction asks for its ticket again and again, so the last one is kept: while the
 * transaction runs nobody else writes, each append keeps what it made, and whatever is rolled back
 * forgets it.
 */
#include "postdesk/tickets.h"

#include "projection.h"
#include "store_internal.h"

/* read_ticket() relies on the order of pd_ticket_field(). */
#define ROW                                                                                        \
    "SELECT number, version, created_at, updated_at, suggested_link, subject, status, category,"   \
    " impact, urgency, priority, queue, assignee, reporter_name, reporter, department, language,"  \
    " respond_due, resolve_due, merge_key, custom, tags FROM ticket "
#define FIRST_FIELD 5

static gpointer read_ticket(PdQuery *query)
{
    PdTicket *ticket = g_new0(PdTicket, 1);

    ticket->number = pd_column_int(query, 0);
    ticket->version = pd_column_int(query, 1);
    ticket->created_at = pd_column_int(query, 2);
    ticket->updated_at = pd_column_int(query, 3);
    ticket->suggested_link = pd_column_int(query, 4);
    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        *pd_ticket_field(ticket, i) = pd_column_dup(query, FIRST_FIELD + (int)i);
    return ticket;
}

void pd_ticket_keep(PdStore *store, const PdTicket *ticket)
{
    g_clear_pointer(&store->last_ticket, pd_ticket_free);
    if (store->writing && ticket != NULL)
        store->last_ticket = pd_ticket_copy(ticket);
}

PdStatus *pd_ticket_get(PdStore *store, gint64 number, PdTicket **ticket)
{
    const PdTicket *last = store->last_ticket;
    gpointer found;
    PdQuery *query;

    if (last != NULL && last->number == number) {
        *ticket = pd_ticket_copy(last);
        return NULL;
    }
    PD_TRY(pd_db_query(store->db, ROW "WHERE number = ?", &query));
    pd_bind_int(query, number);
    PD_TRY(pd_query_one(query, read_ticket, &found));
    pd_ticket_keep(store, found);
    *ticket = found;
    return NULL;
}

static gpointer read_text(PdQuery *query)
{
    return pd_column_dup(query, 0);
}

PdStatus *pd_ticket_participants(PdStore *store, gint64 number, GPtrArray **addresses)
{
    PdQuery *query;

    PD_TRY(pd_db_query(
        store->db, "SELECT address FROM participant WHERE ticket = ? ORDER BY address", &query));
    pd_bind_int(query, number);
    return pd_query_all(query, read_text, g_free, addresses);
}

PdStatus *pd_ticket_people(PdStore *store, gint64 number, const char *part, GPtrArray **addresses)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT address FROM participant WHERE ticket = ? AND part = ?"
                       " ORDER BY address",
                       &query));
    pd_bind_int(query, number);
    pd_bind_text(query, part);
    return pd_query_all(query, read_text, g_free, addresses);
}

PdStatus *pd_ticket_part(PdStore *store, gint64 number, const char *address, char **part)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);
    gpointer found;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT part FROM participant WHERE ticket = ? AND address = ?",
                       &query));
    pd_bind_int(query, number);
    pd_bind_text(query, folded);
    PD_TRY(pd_query_one(query, read_text, &found));
    *part = found;
    return NULL;
}

PdStatus *pd_ticket_has_participant(PdStore *store, gint64 number, const char *address,
                                    gboolean *is_one)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);
    gint64 found = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT 1 FROM participant WHERE ticket = ? AND address = ?",
                       &query));
    pd_bind_int(query, number);
    pd_bind_text(query, folded);
    PD_TRY(pd_query_number(query, &found));
    *is_one = found != 0;
    return NULL;
}

static PdStatus *by_thread_key(PdStore *store, const char *sql, const char *key, gint64 *number)
{
    PdQuery *query;

    *number = 0;
    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_int(query, pd_key_of_text(key));
    pd_bind_text(query, key);
    return pd_query_number(query, number);
}

/* The oldest ticket, so that a later mail that borrows a Message-ID leads nobody away. */
PdStatus *pd_ticket_by_message_id(PdStore *store, const char *message_id, gint64 *number)
{
    return by_thread_key(store,
                         "SELECT ticket FROM thread_key WHERE id_key = ? AND message_id = ?"
                         " ORDER BY ticket LIMIT 1",
                         message_id, number);
}

/* What goes on from a closed ticket goes on in the newer one. */
PdStatus *pd_ticket_by_conversation(PdStore *store, const char *conversation, gint64 *number)
{
    g_autofree char *key = pd_conversation_key(conversation);

    return by_thread_key(store,
                         "SELECT ticket FROM thread_key WHERE id_key = ? AND message_id = ?"
                         " ORDER BY ticket DESC LIMIT 1",
                         key, number);
}

/* SQLite reads the data, at a fifth of what it costs to have every event as a tree. What is no JSON
 * proves nothing; without the question it would be an error of the whole store, which stops a desk,
 * and not of the one mail that names the ticket. */
#define PROVEN(member)                                                                             \
    "SELECT data ->> '" member "' FROM event WHERE ticket = ? AND CASE WHEN json_valid(data) THEN" \
    " data ->> '" member "' IS NOT NULL AND NOT coalesce(data ->> 'unproven', 0) ELSE FALSE END"

static PdStatus *proven(PdStore *store, const char *sql, gint64 number, GPtrArray **texts)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_int(query, number);
    return pd_query_all(query, read_text, g_free, texts);
}

PdStatus *pd_ticket_proven_ids(PdStore *store, gint64 number, GPtrArray **ids)
{
    return proven(store, PROVEN("message_id"), number, ids);
}

PdStatus *pd_ticket_proven_conversations(PdStore *store, gint64 number, GPtrArray **conversations)
{
    return proven(store, PROVEN("conversation"), number, conversations);
}

/* As the index ticket_by_merge_key has it. */
PdStatus *pd_ticket_by_merge_key(PdStore *store, const char *key, guint most, GPtrArray **tickets)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       ROW "WHERE merge_key = ? AND merge_key <> '' AND " PD_SQL_OPEN
                           " ORDER BY number LIMIT ?",
                       &query));
    pd_bind_text(query, key);
    pd_bind_int(query, most);
    return pd_query_all(query, read_ticket, (GDestroyNotify)pd_ticket_free, tickets);
}

#define OF_REPORTER " AND reporter = ? COLLATE NOCASE AND number < ? ORDER BY number DESC LIMIT ?"

static PdStatus *add_numbers(PdStore *store, const char *sql, const char *address, gint64 before,
                             guint most, GArray *numbers)
{
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_text(query, address);
    pd_bind_int(query, before);
    pd_bind_int(query, most);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        gint64 number = pd_column_int(query, 0);
        g_array_append_val(numbers, number);
    }
}

static gint newest_first(gconstpointer one, gconstpointer other)
{
    gint64 a = *(const gint64 *)one, b = *(const gint64 *)other;

    return a < b ? 1 : a > b ? -1 : 0;
}

/* The indexes hold all that is asked for; only the tickets that are wanted are read, each of which
 * may lie in a page of its own. */
PdStatus *pd_ticket_add_of_reporter(PdStore *store, const char *address, gint64 before, guint most,
                                    GPtrArray *tickets)
{
    static const char open[] = "SELECT number FROM ticket INDEXED BY ticket_open_of_reporter"
                               " WHERE " PD_SQL_OPEN OF_REPORTER;
    static const char closed[] = "SELECT number FROM ticket INDEXED BY ticket_over_of_reporter"
                                 " WHERE " PD_SQL_OVER " AND status = 'closed'" OF_REPORTER;
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));

    PD_TRY(add_numbers(store, open, address, before, most, numbers));
    PD_TRY(add_numbers(store, closed, address, before, most, numbers));
    g_array_sort(numbers, newest_first);
    for (guint i = 0; i < MIN(numbers->len, most); i++) {
        PdTicket *ticket = NULL;
        PD_TRY(pd_ticket_get(store, g_array_index(numbers, gint64, i), &ticket));
        if (ticket != NULL)
            g_ptr_array_add(tickets, ticket);
    }
    return NULL;
}
