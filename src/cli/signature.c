/* signature.c: see signature.h. A logo is told by its bytes alone: inline, small, and here again.
 */
#include "signature.h"

#include <string.h>

#define MOST_TICKETS 20
#define MOST_PICTURE (64 * 1024) /* bytes; larger ones are screenshots */

static gboolean may_be_logo(const PdJson *attachment)
{
    const char *type = pd_json_get_text(attachment, "type");

    return pd_json_get_bool(attachment, "inline", FALSE) && type != NULL &&
           g_str_has_prefix(type, "image/") &&
           pd_json_get_int(attachment, "size", 0) <= MOST_PICTURE &&
           pd_json_get_text(attachment, "sha256") != NULL;
}

static void add_pictures(GHashTable *known, const PdJson *attachments)
{
    for (gsize i = 0; i < pd_json_length(attachments); i++) {
        const PdJson *attachment = pd_json_at(attachments, i);
        if (may_be_logo(attachment))
            g_hash_table_add(known, g_strdup(pd_json_get_text(attachment, "sha256")));
    }
}

static PdStatus *add_ticket(PdStore *store, gint64 number, GHashTable *known)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(store, number, &messages));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        g_autoptr(PdJson) list = NULL;
        if (message->attachments == NULL)
            continue;
        PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &list));
        add_pictures(known, list);
    }
    return NULL;
}

static PdStatus *add_former_tickets(PdStore *store, const PdTicket *ticket, GHashTable *known)
{
    const PdTicketFilter filter = {.reporter = ticket->reporter, .most = MOST_TICKETS};
    g_autoptr(GPtrArray) tickets = NULL;

    if (*ticket->reporter == '\0')
        return NULL;
    PD_TRY(pd_ticket_list(store, &filter, &tickets));
    for (guint i = 0; i < tickets->len; i++) {
        const PdTicket *other = g_ptr_array_index(tickets, i);
        if (other->number < ticket->number)
            PD_TRY(add_ticket(store, other->number, known));
    }
    return NULL;
}

static void mark(GHashTable *known, PdJson *attachments)
{
    for (gsize i = 0; i < pd_json_length(attachments); i++) {
        PdJson *attachment = pd_json_at(attachments, i);
        const char *hash = pd_json_get_text(attachment, "sha256");
        pd_json_set_bool(attachment, "repeated",
                         may_be_logo(attachment) && g_hash_table_contains(known, hash));
    }
}

PdStatus *pd_signature_mark(PdStore *store, const PdTicket *ticket, PdJson *messages)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    PD_TRY(add_former_tickets(store, ticket, known));
    for (gsize i = 0; i < pd_json_length(messages); i++) {
        PdJson *attachments = pd_json_get(pd_json_at(messages, i), "attachments");
        mark(known, attachments);
        add_pictures(known, attachments);
    }
    return NULL;
}
