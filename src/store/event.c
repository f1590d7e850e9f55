/* event.c: appending events, the only way a ticket changes.
 *
 * I6: an append stores the event and the view that projection.c makes of it, in one
 * transaction; nothing else writes the tables ticket, participant and thread_key.
 */
#include "postdesk/tickets.h"

#include "postdesk/clock.h"
#include "projection.h"
#include "search_doc.h"
#include "store_internal.h"
#include <string.h>

#define EVENT_COLUMNS "SELECT ticket, sequence, at, kind, actor, channel, inbox, rule_set, data"

PdEvent *pd_event_new(const char *kind, const char *actor, const char *channel)
{
    PdEvent *event = g_new0(PdEvent, 1);

    event->at = pd_clock_now();
    event->kind = g_strdup(kind);
    event->actor = g_strdup(actor);
    event->channel = g_strdup(channel);
    event->data = pd_json_object();
    return event;
}

void pd_event_free(PdEvent *event)
{
    if (event == NULL)
        return;
    g_free(event->kind);
    g_free(event->actor);
    g_free(event->channel);
    g_free(event->rule_set);
    pd_json_free(event->data);
    g_free(event);
}

static PdStatus *check_event(const PdEvent *event)
{
    if (event->kind != NULL && event->actor != NULL && event->channel != NULL &&
        pd_json_is_object(event->data))
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                         "an event needs a kind, an actor, a channel and an object");
}

/* The ticket as the writer of the event has seen it, or a blank one. */
static PdStatus *load(PdStore *store, gint64 number, gint64 expected_version, PdTicket **ticket)
{
    gint64 version = 0;

    if (number == 0) {
        *ticket = pd_ticket_blank();
    } else {
        PD_TRY(pd_ticket_get(store, number, ticket));
        if (*ticket == NULL)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                                 "there is no ticket #%" G_GINT64_FORMAT, number);
        version = (*ticket)->version;
    }
    if (version == expected_version)
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, "look at the ticket again",
                         "ticket #%" G_GINT64_FORMAT " has changed meanwhile", number);
}

/* The columns in the order of save_ticket(): number first when inserted, last when updated. */
static void bind_ticket(PdQuery *query, PdTicket *ticket)
{
    pd_bind_int(query, ticket->version);
    pd_bind_int(query, ticket->created_at);
    pd_bind_int(query, ticket->updated_at);
    pd_bind_int(query, ticket->suggested_link);
    for (guint i = 0; i < PD_TICKET_FIELDS; i++)
        pd_bind_text(query, *pd_ticket_field(ticket, i));
}

static PdStatus *save_ticket(PdStore *store, PdTicket *ticket)
{
    const char *insert =
        "INSERT INTO ticket (version, created_at, updated_at, suggested_link, subject, status,"
        " category, impact, urgency, priority, queue, assignee, reporter_name, reporter,"
        " department, language, respond_due, resolve_due, merge_key, custom, tags, number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const char *update =
        "UPDATE ticket SET version = ?, created_at = ?, updated_at = ?, suggested_link = ?,"
        " subject = ?, status = ?, category = ?, impact = ?, urgency = ?, priority = ?,"
        " queue = ?, assignee = ?, reporter_name = ?, reporter = ?, department = ?,"
        " language = ?, respond_due = ?, resolve_due = ?, merge_key = ?, custom = ?, tags = ?"
        " WHERE number = ?";
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, ticket->version == 1 ? insert : update, &query));
    bind_ticket(query, ticket);
    pd_bind_int(query, ticket->number);
    return pd_query_run(query);
}

/* Most events set nothing, and a row whose columns are all written has all its indexes written. */
static PdStatus *touch_ticket(PdStore *store, const PdTicket *ticket)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "UPDATE ticket SET version = ?, updated_at = ? WHERE number = ?",
                       &query));
    pd_bind_int(query, ticket->version);
    pd_bind_int(query, ticket->updated_at);
    pd_bind_int(query, ticket->number);
    return pd_query_run(query);
}

static PdStatus *save_event(PdStore *store, const PdEvent *event)
{
    g_autofree char *data = pd_json_compact(event->data);
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO event (ticket, sequence, at, kind, actor, channel, inbox,"
                       " rule_set, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, event->ticket);
    pd_bind_int(query, event->sequence);
    pd_bind_int(query, event->at);
    pd_bind_text(query, event->kind);
    pd_bind_text(query, event->actor);
    pd_bind_text(query, event->channel);
    pd_bind_int(query, event->inbox);
    pd_bind_text(query, event->rule_set);
    pd_bind_text(query, data);
    return pd_query_run(query);
}

static PdStatus *save_participants(PdStore *store, const PdEvent *event)
{
    g_autoptr(GPtrArray) parts = pd_project_participants(event);
    const char *keep = "INSERT INTO participant (ticket, address, part) VALUES (?, ?, ?)"
                       " ON CONFLICT DO NOTHING";
    const char *take = "INSERT INTO participant (ticket, address, part) VALUES (?, ?, ?)"
                       " ON CONFLICT (ticket, address) DO UPDATE SET part = excluded.part";
    PdQuery *query;

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const PdPart *part = g_ptr_array_index(parts, i);
        PD_TRY(pd_db_query(store->db, part->overrides ? take : keep, &query));
        pd_bind_int(query, event->ticket);
        pd_bind_text(query, part->address);
        pd_bind_text(query, part->part);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

static PdStatus *save_thread_keys(PdStore *store, const PdEvent *event)
{
    g_autoptr(GPtrArray) keys = pd_project_thread_keys(event);
    PdQuery *query;

    for (guint i = 0; keys != NULL && i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);
        PD_TRY(pd_db_query(store->db,
                           "INSERT INTO thread_key (ticket, id_key, message_id) VALUES (?, ?, ?)"
                           " ON CONFLICT DO NOTHING",
                           &query));
        pd_bind_int(query, event->ticket);
        pd_bind_int(query, pd_key_of_text(key));
        pd_bind_text(query, key);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

/* Its words are found, as those of a message are. */
static PdStatus *note_words(PdStore *store, const PdEvent *event)
{
    PdQuery *query;

    if (pd_event_note(event) == NULL)
        return NULL;
    PD_TRY(pd_db_query(store->db, "INSERT OR IGNORE INTO search_pending VALUES (?, ?)", &query));
    pd_bind_int(query, event->ticket);
    pd_bind_int(query, pd_doc_of_note(event->sequence));
    return pd_query_run(query);
}

/* A number is given once: those that a lost state folder gave out are passed over (restore.c). */
static PdStatus *next_number(PdStore *store, gint64 *number)
{
    PdQuery *query;

    *number = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT max(coalesce((SELECT max(number) FROM ticket), 0) + 1,"
                       " coalesce((SELECT CAST(value AS INTEGER) FROM fact"
                       " WHERE name = '" PD_FACT_NUMBERS "'), 0))",
                       &query));
    return pd_query_number(query, number);
}

static PdStatus *append(PdStore *store, PdEvent *event, gint64 expected_version)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(load(store, event->ticket, expected_version, &ticket));
    g_autoptr(PdTicket) before = pd_ticket_copy(ticket);
    if (event->ticket == 0)
        PD_TRY(next_number(store, &event->ticket));
    if (event->at == 0)
        event->at = pd_clock_now();
    event->sequence = ticket->version + 1;
    PD_TRY(pd_project(ticket, event));
    if (ticket->version > 1 && pd_ticket_only_touched(before, ticket))
        PD_TRY(touch_ticket(store, ticket));
    else
        PD_TRY(save_ticket(store, ticket));
    PD_TRY(save_event(store, event));
    PD_TRY(save_participants(store, event));
    PD_TRY(note_words(store, event));
    PD_TRY(save_thread_keys(store, event));
    pd_ticket_keep(store, ticket);
    return NULL;
}

PdStatus *pd_ticket_append(PdStore *store, PdEvent *event, gint64 expected_version)
{
    gint64 number = event->ticket;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(check_event(event));
    PdStatus *status = append(store, event, expected_version);
    if (status != NULL) {
        pd_ticket_keep(store, NULL);
        event->ticket = number; /* a ticket that was not opened has none */
    }
    return status;
}

static PdStatus *read_event(PdQuery *query, PdEvent **event)
{
    g_autoptr(PdEvent) read = g_new0(PdEvent, 1);
    gsize length;

    read->ticket = pd_column_int(query, 0);
    read->sequence = pd_column_int(query, 1);
    read->at = pd_column_int(query, 2);
    read->kind = pd_column_dup(query, 3);
    read->actor = pd_column_dup(query, 4);
    read->channel = pd_column_dup(query, 5);
    read->inbox = pd_column_int(query, 6);
    read->rule_set = pd_column_dup(query, 7);
    const char *data = pd_column_blob(query, 8, &length);
    PdStatus *status = pd_json_parse(data, length, &read->data);
    if (status != NULL)
        return pd_status_prefix(status, "ticket #%" G_GINT64_FORMAT ", event %" G_GINT64_FORMAT,
                                read->ticket, read->sequence);
    *event = g_steal_pointer(&read);
    return NULL;
}

PdStatus *pd_ticket_event(PdStore *store, gint64 number, gint64 sequence, PdEvent **event)
{
    gboolean row;
    PdQuery *query;

    *event = NULL;
    PD_TRY(pd_db_query(store->db, EVENT_COLUMNS " FROM event WHERE ticket = ? AND sequence = ?",
                       &query));
    pd_bind_int(query, number);
    pd_bind_int(query, sequence);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    PdStatus *status = read_event(query, event);
    pd_query_leave(query);
    return status;
}

const char *pd_event_note(const PdEvent *event)
{
    const char *said = pd_json_get_text(event->data, "said");

    if (strcmp(event->kind, "note") != 0)
        return NULL;
    return said != NULL ? said : pd_json_get_text(event->data, "note");
}

PdStatus *pd_ticket_events(PdStore *store, gint64 number, GPtrArray **events)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)pd_event_free);
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, EVENT_COLUMNS " FROM event WHERE ticket = ? ORDER BY sequence",
                       &query));
    pd_bind_int(query, number);
    for (;;) {
        PdEvent *event = NULL;
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        PdStatus *status = read_event(query, &event);
        if (status != NULL) {
            pd_query_leave(query);
            return status;
        }
        g_ptr_array_add(all, event);
    }
    *events = g_steal_pointer(&all);
    return NULL;
}
