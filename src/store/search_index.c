/* search_index.c: what changed, into the index; see postdesk/search.h.
 *
 * The index holds no text of its own: a row of search_doc says of which message, or of which
 * ticket's fields, a row of the index is. A message is indexed once. When a ticket's fields change,
 * they get a new row, and the old one is left without its search_doc: it is found no more.
 */
#include "postdesk/search.h"

#include "postdesk/tickets.h"
#include "search_words.h"
#include "store_internal.h"
#include <string.h>

#define MOST_TEXT (64 * 1024)
#define MOST_FIELD 4096

static PdStatus *put_terms(PdStore *store, gint64 id, const char *subject, const char *text,
                           const char *names, const char *fields)
{
    g_autofree char *subject_terms = pd_search_terms(subject, MOST_FIELD);
    g_autofree char *text_terms = pd_search_terms(text, MOST_TEXT);
    g_autofree char *name_terms = pd_search_terms(names, MOST_FIELD);
    g_autofree char *field_terms = pd_search_terms(fields, MOST_FIELD);
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO search (rowid, subject, text, names, fields)"
                       " VALUES (?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, id);
    pd_bind_text(query, subject_terms);
    pd_bind_text(query, text_terms);
    pd_bind_text(query, name_terms);
    pd_bind_text(query, field_terms);
    return pd_query_run(query);
}

static PdStatus *put_doc(PdStore *store, gint64 ticket, gint64 inbox, gint64 digest, gint64 *id)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "DELETE FROM search_doc WHERE ticket = ? AND inbox = ?", &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_run(query));
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO search_doc (ticket, inbox, digest) VALUES (?, ?, ?)"
                       " RETURNING id",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    pd_bind_int(query, digest);
    return pd_query_number(query, id);
}

static PdStatus *digest_of(PdStore *store, gint64 ticket, gint64 inbox, gint64 *digest)
{
    PdQuery *query;

    *digest = 0;
    PD_TRY(pd_db_query(store->db, "SELECT digest FROM search_doc WHERE ticket = ? AND inbox = ?",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    return pd_query_number(query, digest);
}

static char *names_of(const char *attachments)
{
    g_autoptr(PdJson) list = NULL;
    GString *names = g_string_new(NULL);

    if (attachments != NULL)
        pd_status_free(pd_json_parse(attachments, strlen(attachments), &list));
    for (gsize i = 0; i < pd_json_length(list); i++) {
        const char *name = pd_json_get_text(pd_json_at(list, i), "name");
        g_string_append_printf(names, "%s ", name != NULL ? name : "");
    }
    return g_string_free(names, FALSE);
}

static PdStatus *index_message(PdStore *store, gint64 ticket, const PdStoredMessage *message)
{
    gint64 digest = 0, id = 0;

    PD_TRY(digest_of(store, ticket, message->inbox, &digest));
    if (digest != 0)
        return NULL;
    g_autofree char *names = names_of(message->attachments);
    g_autofree char *sender =
        g_strconcat(message->from_name != NULL ? message->from_name : "", " ", message->from, NULL);
    PD_TRY(put_doc(store, ticket, message->inbox, 1, &id));
    return put_terms(store, id, message->subject, message->text, names, sender);
}

static PdStatus *index_fields(PdStore *store, const PdTicket *ticket)
{
    gint64 known = 0, id = 0;
    g_autofree char *fields =
        g_strjoin(" ", ticket->category, ticket->queue, ticket->assignee, ticket->reporter_name,
                  ticket->reporter, ticket->department, ticket->tags, NULL);
    g_autofree char *all = g_strconcat(ticket->subject, "\n", fields, NULL);
    gint64 digest = pd_key_of_text(all) | 2; /* never 0, nor that of a message */

    PD_TRY(digest_of(store, ticket->number, 0, &known));
    if (known == digest)
        return NULL;
    PD_TRY(put_doc(store, ticket->number, 0, digest, &id));
    return put_terms(store, id, ticket->subject, NULL, NULL, fields);
}

static PdStatus *index_ticket(PdStore *store, gint64 number)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) messages = NULL;
    PdQuery *query;

    PD_TRY(pd_ticket_get(store, number, &ticket));
    if (ticket != NULL) {
        PD_TRY(index_fields(store, ticket));
        PD_TRY(pd_message_of_ticket(store, number, &messages));
    }
    for (guint i = 0; messages != NULL && i < messages->len; i++)
        PD_TRY(index_message(store, number, g_ptr_array_index(messages, i)));
    PD_TRY(pd_db_query(store->db, "DELETE FROM search_pending WHERE ticket = ?", &query));
    pd_bind_int(query, number);
    return pd_query_run(query);
}

static PdStatus *read_pending(PdStore *store, guint most, GArray **tickets)
{
    g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT ticket FROM search_pending ORDER BY ticket LIMIT ?",
                       &query));
    pd_bind_int(query, most);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        gint64 ticket = pd_column_int(query, 0);
        g_array_append_val(pending, ticket);
    }
    *tickets = g_steal_pointer(&pending);
    return NULL;
}

PdStatus *pd_search_index(PdStore *store, guint most, gboolean *more)
{
    g_autoptr(GArray) pending = NULL;
    PdStatus *status = NULL;

    *more = FALSE;
    PD_TRY(read_pending(store, most, &pending));
    if (pending->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(store));
    for (guint i = 0; status == NULL && i < pending->len; i++)
        status = index_ticket(store, g_array_index(pending, gint64, i));
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    *more = pending->len == most;
    return status;
}
