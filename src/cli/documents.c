/* documents.c: see documents.h. */
#include "documents.h"

#include "postdesk/clock.h"
#include <string.h>

PdJson *pd_document_time(gint64 at, gboolean exact)
{
    g_autofree char *text = NULL;

    if (at != 0)
        text = exact ? pd_clock_format_utc(at) : pd_clock_format_local(at);
    return pd_json_text(text);
}

static PdJson *address(const char *name, const char *text)
{
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "name", name != NULL ? name : "");
    return pd_json_set_text(object, "address", text != NULL ? text : "");
}

static PdJson *words(const char *text)
{
    PdJson *array = pd_json_array();
    g_auto(GStrv) parts = g_strsplit(text, " ", -1);

    for (char **part = parts; *part != NULL; part++) {
        if (**part != '\0')
            pd_json_add_text(array, *part);
    }
    return array;
}

/* A due time as it is stored, or in the machine's zone; null while nothing is owed. */
static PdJson *due(const char *stored, gboolean exact)
{
    gint64 at = 0;

    if (exact || !pd_clock_parse_utc(stored, &at))
        return pd_json_text(stored[0] != '\0' ? stored : NULL);
    return pd_document_time(at, FALSE);
}

PdJson *pd_document_ticket(const PdTicket *ticket, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "number", ticket->number);
    pd_json_set_text(object, "subject", ticket->subject);
    pd_json_set_text(object, "status", ticket->status);
    pd_json_set_text(object, "category", ticket->category);
    pd_json_set_text(object, "impact", ticket->impact);
    pd_json_set_text(object, "urgency", ticket->urgency);
    pd_json_set_text(object, "priority", ticket->priority);
    pd_json_set_text(object, "queue", ticket->queue);
    pd_json_set_text(object, "assignee", ticket->assignee);
    pd_json_set(object, "reporter", address(ticket->reporter_name, ticket->reporter));
    pd_json_set_text(object, "department", ticket->department);
    pd_json_set_text(object, "language", ticket->language);
    pd_json_set(object, "respond_due", due(ticket->respond_due, exact));
    pd_json_set(object, "resolve_due", due(ticket->resolve_due, exact));
    pd_json_set_text(object, "merge_key", ticket->merge_key[0] != '\0' ? ticket->merge_key : NULL);
    pd_json_set(object, "fields", pd_ticket_custom(ticket));
    pd_json_set(object, "tags", words(ticket->tags));
    pd_json_set_int(object, "suggested_link", ticket->suggested_link);
    pd_json_set(object, "created_at", pd_document_time(ticket->created_at, exact));
    pd_json_set(object, "updated_at", pd_document_time(ticket->updated_at, exact));
    return pd_json_set_int(object, "version", ticket->version);
}

PdJson *pd_document_ticket_row(const PdTicket *ticket)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "number", ticket->number);
    pd_json_set_text(object, "subject", ticket->subject);
    pd_json_set_text(object, "status", ticket->status);
    pd_json_set_text(object, "category", ticket->category);
    pd_json_set_text(object, "priority", ticket->priority);
    pd_json_set_text(object, "queue", ticket->queue);
    pd_json_set(object, "reporter", address(ticket->reporter_name, ticket->reporter));
    pd_json_set(object, "resolve_due", due(ticket->resolve_due, FALSE));
    return pd_json_set(object, "updated_at", pd_document_time(ticket->updated_at, FALSE));
}

PdJson *pd_document_event(const PdEvent *event, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "sequence", event->sequence);
    pd_json_set(object, "at", pd_document_time(event->at, exact));
    pd_json_set_text(object, "kind", event->kind);
    pd_json_set_text(object, "actor", event->actor);
    pd_json_set_text(object, "channel", event->channel);
    pd_json_set_int(object, "message", event->inbox);
    pd_json_set_text(object, "rule_set", event->rule_set);
    return pd_json_set(object, "data",
                       event->data != NULL ? pd_json_ref(event->data) : pd_json_object());
}

static PdJson *attachments_of(const PdStoredMessage *message)
{
    PdJson *parsed = NULL;

    if (message->attachments == NULL)
        return pd_json_array();
    g_autoptr(PdStatus) status =
        pd_json_parse(message->attachments, strlen(message->attachments), &parsed);
    return status == NULL ? parsed : pd_json_array();
}

PdJson *pd_document_message(const PdStoredMessage *message, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "message", message->inbox);
    pd_json_set(object, "from", address(message->from_name, message->from));
    pd_json_set_text(object, "subject", message->subject);
    pd_json_set_text(object, "message_id", message->message_id);
    pd_json_set(object, "date", pd_document_time(message->date, exact));
    pd_json_set_text(object, "origin", message->origin);
    pd_json_set_text(object, "text", message->text);
    return pd_json_set(object, "attachments", attachments_of(message));
}

PdJson *pd_document_mail(const PdOutboxRow *row, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "id", row->id);
    if (exact || row->ticket != 0)
        pd_json_set_int(object, "ticket", row->ticket);
    pd_json_set_text(object, "purpose", row->purpose);
    pd_json_set_text(object, "recipient", row->recipient);
    pd_json_set_text(object, "message_id", row->message_id);
    pd_json_set_text(object, "state", pd_mail_state_name(row->state));
    pd_json_set_int(object, "attempts", row->attempts);
    pd_json_set(object, "created_at", pd_document_time(row->created_at, exact));
    pd_json_set(object, "changed_at", pd_document_time(row->changed_at, exact));
    pd_json_set(object, "next_at", pd_document_time(row->next_at, exact));
    return pd_json_set_text(object, "last_reply", row->last_reply);
}

PdJson *pd_document_pending(const PdPending *row, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "ticket", row->ticket);
    pd_json_set_text(object, "purpose", pd_json_get_text(row->data, "occasion"));
    pd_json_set_text(object, "recipient", row->recipient);
    pd_json_set_bool(object, "digest", row->in_digest);
    pd_json_set(object, "created_at", pd_document_time(row->created_at, exact));
    pd_json_set(object, "due_at", pd_document_time(row->due_at, exact));
    return pd_json_set_text(object, "why", row->why);
}

PdJson *pd_document_ledger(const PdInboxRow *row, gboolean exact)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "message", row->id);
    pd_json_set_text(object, "mailbox", row->mailbox);
    pd_json_set_int(object, "uidvalidity", row->uidvalidity);
    pd_json_set_int(object, "uid", row->uid);
    pd_json_set_text(object, "outcome", pd_outcome_name(row->outcome));
    pd_json_set_text(object, "reason", row->reason);
    if (exact || row->ticket != 0)
        pd_json_set_int(object, "ticket", row->ticket);
    pd_json_set_int(object, "size", (gint64)row->full_size);
    pd_json_set_bool(object, "truncated", row->truncated);
    pd_json_set_bool(object, "quiet", row->quiet);
    pd_json_set_bool(object, "server_told", row->server_done);
    pd_json_set(object, "arrived_at", pd_document_time(row->arrived_at, exact));
    return pd_json_set(object, "taken_at", pd_document_time(row->taken_at, exact));
}
