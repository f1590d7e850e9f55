/* search_index.c: what changed, into the index; see postdesk/search.h.
 *
 * The index gathers what a transaction adds, and writes it at once when that ends; or whenever a
 * statement opens a savepoint, as those do that write several rows, have triggers or return rows:
 * none of them runs here, but where a shard is full and the next one is made (search_shard.h).
 *
 * The index holds no text of its own: a row of search_doc says of which message, of which note, or
 * of which ticket's fields a row of the index is. A message is indexed once, and so is a note. When
 * a ticket's fields change, they get a new row, and the old one is left without its search_doc: it
 * is found no more.
 */
#include "postdesk/search.h"

#include "likeness.h"
#include "postdesk/tickets.h"
#include "search_doc.h"
#include "search_place.h"
#include "search_shard.h"
#include "search_words.h"
#include "store_internal.h"
#include <string.h>

#define MOST_TEXT (64 * 1024)
#define MOST_FIELD 4096

typedef struct {
    const char *subject, *text, *names, *fields; /* NULL: none */
} Words;

static PdStatus *put(PdQuery *query, gint64 id, const char *const columns[4])
{
    pd_query_leave(query);
    pd_bind_int(query, id);
    for (guint i = 0; i < 4; i++)
        pd_bind_text(query, columns[i]);
    return pd_query_run(query);
}

static PdStatus *put_head(PdQuery *query, gint64 id, const Words *words, const Words *terms)
{
    g_autofree char *all = g_strjoin(" ", words->subject != NULL ? words->subject : "",
                                     words->names != NULL ? words->names : "",
                                     words->fields != NULL ? words->fields : "", NULL);
    g_autofree char *characters = pd_search_characters(all, MOST_FIELD);
    const char *const columns[] = {terms->subject, terms->names, terms->fields, characters};

    return put(query, id, columns);
}

static PdStatus *put_words(PdStore *store, gint64 id, const Words *words)
{
    g_autofree char *subject = pd_search_terms(words->subject, MOST_FIELD);
    g_autofree char *text = pd_search_terms(words->text, MOST_TEXT);
    g_autofree char *names = pd_search_terms(words->names, MOST_FIELD);
    g_autofree char *fields = pd_search_terms(words->fields, MOST_FIELD);
    const char *const columns[] = {subject, text, names, fields};
    const Words terms = {subject, text, names, fields};
    const PdShardWriter *writer;

    PD_TRY(pd_shard_writer(store, id, &writer));
    PD_TRY(put(writer->all, id, columns));
    return put_head(writer->head, id, words, &terms);
}

/* No row of the index is ever used again, not even the last one: its old words would be found. */
static PdStatus *next_id(PdStore *store, gint64 *id)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT coalesce(max(id), 0) + 1 FROM search_doc", &query));
    return pd_query_number(query, id);
}

static PdStatus *put_doc(PdStore *store, gint64 ticket, gint64 inbox, gint64 digest, gint64 *id)
{
    PdQuery *query;

    PD_TRY(next_id(store, id));
    PD_TRY(pd_db_query(store->db, "DELETE FROM search_doc WHERE ticket = ? AND inbox = ?", &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    PD_TRY(pd_query_run(query));
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO search_doc (id, ticket, inbox, digest) VALUES (?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, *id);
    pd_bind_int(query, ticket);
    pd_bind_int(query, inbox);
    pd_bind_int(query, digest);
    return pd_query_run(query);
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

static PdStatus *index_message(PdStore *store, gint64 ticket, gint64 inbox)
{
    gint64 digest = 0, id = 0;
    PdStoredMessage *message = NULL;

    PD_TRY(digest_of(store, ticket, inbox, &digest));
    if (digest == 0)
        PD_TRY(pd_message_get(store, inbox, &message));
    if (message == NULL)
        return NULL;
    g_autofree char *names = pd_search_file_names(message->attachments);
    g_autofree char *sender =
        g_strconcat(message->from_name != NULL ? message->from_name : "", " ", message->from, NULL);
    const Words words = {message->subject, message->text, names, sender};
    PdStatus *status = put_doc(store, ticket, inbox, 1, &id);
    if (status == NULL)
        status = put_words(store, id, &words);
    pd_stored_message_free(message);
    return status;
}

static PdStatus *index_note(PdStore *store, gint64 ticket, gint64 inbox)
{
    gint64 digest = 0, id = 0;
    g_autoptr(PdEvent) event = NULL;

    PD_TRY(digest_of(store, ticket, inbox, &digest));
    if (digest == 0)
        PD_TRY(pd_ticket_event(store, ticket, pd_doc_note(inbox), &event));
    if (event == NULL || pd_event_note(event) == NULL)
        return NULL;
    const Words words = {NULL, pd_event_note(event), NULL, event->actor};
    PD_TRY(put_doc(store, ticket, inbox, 1, &id));
    return put_words(store, id, &words);
}

static PdStatus *index_fields(PdStore *store, gint64 number)
{
    g_autoptr(PdTicket) ticket = NULL;
    gint64 known = 0, id = 0;

    PD_TRY(pd_ticket_get(store, number, &ticket));
    if (ticket == NULL)
        return NULL;
    g_autofree char *own = pd_search_own_fields(ticket, "  ");
    g_autofree char *fields =
        g_strjoin(" ", ticket->category, ticket->queue, ticket->assignee, ticket->reporter_name,
                  ticket->reporter, ticket->department, ticket->tags, own, NULL);
    g_autofree char *all = g_strconcat(ticket->subject, "\n", fields, NULL);
    gint64 digest = pd_key_of_text(all) | 2; /* never 0, nor that of a message */
    const Words words = {ticket->subject, NULL, NULL, fields};
    PD_TRY(digest_of(store, number, 0, &known));
    if (known == digest)
        return NULL;
    PD_TRY(put_doc(store, number, 0, digest, &id));
    return put_words(store, id, &words);
}

typedef struct {
    gint64 ticket, inbox; /* search_doc.h */
} Pending;

static PdStatus *index_one(PdStore *store, const Pending *one)
{
    PdQuery *query;

    if (one->inbox == PD_DOC_LIKENESS)
        PD_TRY(pd_likeness_index(store, one->ticket));
    else if (pd_doc_note(one->inbox) != 0)
        PD_TRY(index_note(store, one->ticket, one->inbox));
    else if (one->inbox == PD_DOC_FIELDS)
        PD_TRY(index_fields(store, one->ticket));
    else
        PD_TRY(index_message(store, one->ticket, one->inbox));
    PD_TRY(pd_db_query(store->db, "DELETE FROM search_pending WHERE ticket = ? AND inbox = ?",
                       &query));
    pd_bind_int(query, one->ticket);
    pd_bind_int(query, one->inbox);
    return pd_query_run(query);
}

static PdStatus *read_pending(PdStore *store, guint most, GArray **all)
{
    g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(Pending));
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT ticket, inbox FROM search_pending ORDER BY ticket, inbox LIMIT ?",
                       &query));
    pd_bind_int(query, most);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        Pending one = {pd_column_int(query, 0), pd_column_int(query, 1)};
        g_array_append_val(pending, one);
    }
    *all = g_steal_pointer(&pending);
    return NULL;
}

/* Ends the transaction. */
static PdStatus *index_all(PdStore *store, const GArray *pending)
{
    PdStatus *status = NULL;

    for (guint i = 0; status == NULL && i < pending->len; i++)
        status = index_one(store, &g_array_index(pending, Pending, i));
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL) {
        pd_store_rollback(store);
        pd_shard_writer_forget(store); /* its shard may be one that was never made */
    }
    return status;
}

PdStatus *pd_search_index(PdStore *store, guint most, gboolean *more)
{
    g_autoptr(GArray) pending = NULL;

    *more = FALSE;
    PD_TRY(read_pending(store, most, &pending));
    if (pending->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(store));
    *more = pending->len == most;
    return index_all(store, pending);
}

PdStatus *pd_search_catch_up(PdStore *store, guint most, gint64 wait)
{
    g_autoptr(GArray) pending = NULL;

    PD_TRY(read_pending(store, most, &pending));
    if (pending->len == 0)
        return NULL;
    PD_TRY(pd_store_begin_within(store, wait));
    return index_all(store, pending);
}
