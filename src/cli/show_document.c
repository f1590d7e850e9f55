/* show_document.c: see show.h. */
#include "show.h"

#include "documents.h"
#include "postdesk/desk.h"
#include "signature.h"
#include <string.h>

typedef PdJson *(*Document)(gconstpointer record, gboolean exact);

static PdJson *documents(const GPtrArray *records, Document document, gboolean exact)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < records->len; i++)
        pd_json_add(array, document(g_ptr_array_index(records, i), exact));
    return array;
}

static PdJson *message_document(gconstpointer record, gboolean exact)
{
    return pd_document_message(record, exact);
}

static PdJson *event_document(gconstpointer record, gboolean exact)
{
    return pd_document_event(record, exact);
}

static PdJson *mail_document(gconstpointer record, gboolean exact)
{
    return pd_document_mail(record, exact);
}

static PdJson *pending_document(gconstpointer record, gboolean exact)
{
    return pd_document_pending(record, exact);
}

/* The decision on the first message, with what was concluded then. */
static PdStatus *add_decision(PdCli *cli, PdJson *document, const GPtrArray *messages)
{
    g_autofree char *text = NULL;
    PdJson *decision = NULL;

    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_decision_get(cli->store, first->inbox, &text));
    if (text == NULL)
        return NULL;
    PD_TRY(pd_json_parse(text, strlen(text), &decision));
    pd_json_set(document, "decision", decision);
    return NULL;
}

PdStatus *pd_show_find(PdCli *cli, gint64 number, PdTicket **ticket)
{
    PD_TRY(pd_ticket_get(cli->store, number, ticket));
    if (*ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk list --all shows all tickets",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    return NULL;
}

static gint compare_numbers(gconstpointer one, gconstpointer other)
{
    gint64 a = *(const gint64 *)one, b = *(const gint64 *)other;

    return a < b ? -1 : a > b;
}

/* The links that hold, by what the events say of them: [{kind, ticket}]. */
static PdJson *links_of(const PdJson *events)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GList) tickets = NULL;
    PdJson *links = pd_json_array();

    for (gsize i = 0; i < pd_json_length(events); i++) {
        const PdJson *data = pd_json_get(pd_json_at(events, i), "data");
        const PdJson *on = pd_json_get(data, "links"), *off = pd_json_get(data, "unlinks");
        for (gsize k = 0; k < pd_json_length(on); k++) {
            gint64 ticket = pd_json_get_int(pd_json_at(on, k), "ticket", 0);
            g_hash_table_replace(kinds, g_memdup2(&ticket, sizeof ticket),
                                 (gpointer)pd_json_get_text(pd_json_at(on, k), "kind"));
        }
        for (gsize k = 0; k < pd_json_length(off); k++) {
            gint64 ticket = pd_json_get_int(pd_json_at(off, k), "ticket", 0);
            g_hash_table_remove(kinds, &ticket);
        }
    }
    tickets = g_list_sort(g_hash_table_get_keys(kinds), compare_numbers);
    for (const GList *one = tickets; one != NULL; one = one->next) {
        PdJson *link =
            pd_json_set_text(pd_json_object(), "kind", g_hash_table_lookup(kinds, one->data));
        pd_json_add(links, pd_json_set_int(link, "ticket", *(const gint64 *)one->data));
    }
    return links;
}

/* How satisfied the reporter is; null if he did not say. */
static void add_rating(PdJson *document, const GPtrArray *events)
{
    gint64 rating = pd_history_rating(events);

    if (rating != 0)
        pd_json_set_int(document, "rating", rating);
    else
        pd_json_set_text(document, "rating", NULL);
}

/* The addresses of the ticket that mail did not reach, the latest word on each. */
static PdJson *undeliverable(const PdJson *events)
{
    PdJson *list = pd_json_object();

    for (gsize i = 0; i < pd_json_length(events); i++) {
        PdJson *recipients = pd_json_get(pd_json_get(pd_json_at(events, i), "data"), "bounce");
        for (gsize r = 0; r < pd_json_length(recipients); r++) {
            PdJson *one = pd_json_at(recipients, r);
            const char *address = pd_json_get_text(one, "address");
            const char *weight = pd_json_get_text(one, "weight");
            if (address != NULL && weight != NULL && strcmp(weight, "none") != 0)
                pd_json_set(list, address, pd_json_ref(one));
        }
    }
    return list;
}

PdStatus *pd_show_document(PdCli *cli, gint64 number, PdJson **document)
{
    gboolean exact = cli->print.json;
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) messages = NULL, events = NULL, mails = NULL, participants = NULL;
    g_autoptr(GPtrArray) pending = NULL;

    PD_TRY(pd_show_find(cli, number, &ticket));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    PD_TRY(pd_ticket_events(cli->store, number, &events));
    PD_TRY(pd_outbox_list(cli->store, -1, number, 1000, &mails));
    PD_TRY(pd_pending_list(cli->store, number, 1000, &pending));
    PD_TRY(pd_ticket_participants(cli->store, number, &participants));
    *document = pd_document_ticket(ticket, exact);
    PdJson *addresses = pd_json_array();
    for (guint i = 0; i < participants->len; i++)
        pd_json_add_text(addresses, g_ptr_array_index(participants, i));
    pd_json_set(*document, "participants", addresses);
    PdJson *shown = documents(messages, message_document, exact);
    pd_json_set(*document, "messages", shown);
    PD_TRY(pd_signature_mark(cli->store, shown));
    pd_json_set(*document, "mails", documents(mails, mail_document, exact));
    pd_json_set(*document, "gathered", documents(pending, pending_document, exact));
    PdJson *list = documents(events, event_document, exact);
    pd_json_set(*document, "undeliverable", undeliverable(list));
    pd_json_set(*document, "events", list);
    pd_json_set(*document, "links", links_of(list));
    add_rating(*document, events);
    return add_decision(cli, *document, messages);
}
