/* search.c: tickets by words; see postdesk/search.h.
 *
 * What is looked at is bounded: the newest matches in subject, names and fields, and the newest
 * matches anywhere. So a word that stands in every second ticket costs no more than a rare one.
 */
#include "postdesk/search.h"

#include "postdesk/tickets.h"
#include "search_words.h"
#include "store_internal.h"
#include <stdlib.h>
#include <string.h>

#define NEWEST_HEADS 200
#define NEWEST_ANYWHERE 400
#define CONTEXT 40 /* characters on each side of the place */
#define SCORE_NUMBER ((gint64)1 << 52)
#define SCORE_HEAD ((gint64)1 << 50)
#define SCORE_OPEN ((gint64)1 << 49)

typedef struct {
    PdStore *store;
    char **words;
    GHashTable *by_ticket; /* &hit->ticket → PdSearchHit * */
    GPtrArray *hits;
} Search;

void pd_search_hit_free(PdSearchHit *hit)
{
    if (hit == NULL)
        return;
    g_free(hit->place);
    g_free(hit->before);
    g_free(hit->match);
    g_free(hit->after);
    g_free(hit);
}

static gboolean is_over(const char *status)
{
    static const char *const over[] = {"closed", "merged", "spam", NULL};

    return g_strv_contains(over, status);
}

/* A ticket is there once, by its best match; matches come from the best kind on. */
static void take(Search *search, gint64 ticket, gint64 inbox, const char *status, gint64 base)
{
    PdSearchHit *hit = g_hash_table_lookup(search->by_ticket, &ticket);

    if (hit != NULL) {
        hit->messages += inbox != 0 && inbox != hit->inbox ? 1 : 0;
        return;
    }
    hit = g_new0(PdSearchHit, 1);
    hit->ticket = ticket;
    hit->inbox = inbox;
    hit->messages = inbox != 0 ? 1 : 0;
    hit->score = base + (is_over(status) ? 0 : SCORE_OPEN) + ticket;
    g_ptr_array_add(search->hits, hit);
    g_hash_table_insert(search->by_ticket, &hit->ticket, hit);
}

static PdStatus *take_all(Search *search, PdQuery *query, gint64 base)
{
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        take(search, pd_column_int(query, 0), pd_column_int(query, 1), pd_column_text(query, 2),
             base);
    }
}

static PdStatus *match(Search *search, const char *expression, guint most, gint64 base)
{
    PdQuery *query;

    PD_TRY(pd_db_query(search->store->db,
                       "SELECT t.number, d.inbox, t.status FROM search s"
                       " JOIN search_doc d ON d.id = s.rowid"
                       " LEFT JOIN message m ON m.inbox = d.inbox AND d.inbox <> 0"
                       " JOIN ticket t ON t.number = coalesce(m.ticket, d.ticket)"
                       " WHERE search MATCH ? ORDER BY s.rowid DESC LIMIT ?",
                       &query));
    pd_bind_text(query, expression);
    pd_bind_int(query, most);
    return take_all(search, query, base);
}

/* "#123" and "123" are a ticket's number before they are a word. */
static PdStatus *match_number(Search *search)
{
    const char *word = search->words[0];
    g_autoptr(PdTicket) ticket = NULL;
    char *end;

    if (word == NULL || search->words[1] != NULL)
        return NULL;
    gint64 number = g_ascii_strtoll(word[0] == '#' ? word + 1 : word, &end, 10);
    if (*end != '\0' || number <= 0)
        return NULL;
    PD_TRY(pd_ticket_get(search->store, number, &ticket));
    if (ticket != NULL)
        take(search, number, 0, ticket->status, SCORE_NUMBER);
    return NULL;
}

static gint compare_hits(gconstpointer one, gconstpointer other)
{
    const PdSearchHit *a = *(PdSearchHit *const *)one;
    const PdSearchHit *b = *(PdSearchHit *const *)other;

    return a->score > b->score ? -1 : a->score < b->score ? 1 : 0;
}

static const char *back(const char *text, const char *from, guint characters)
{
    while (characters-- > 0 && from > text)
        from = g_utf8_prev_char(from);
    return from;
}

static const char *forth(const char *from, guint characters)
{
    while (characters-- > 0 && *from != '\0')
        from = g_utf8_next_char(from);
    return from;
}

static char *one_line(const char *from, const char *to)
{
    char *text = g_strndup(from, (gsize)(to - from));

    return g_strdelimit(text, "\r\n\t", ' ');
}

/* TRUE if the words stand in it; the place is then cut out. */
static gboolean mark(const Search *search, PdSearchHit *hit, const char *place, const char *text)
{
    gsize at = 0, length = 0;

    if (text == NULL || !g_utf8_validate(text, -1, NULL) ||
        !pd_search_find(text, search->words, &at, &length))
        return FALSE;
    const char *from = text + at;
    hit->place = g_strdup(place);
    hit->before = one_line(back(text, from, CONTEXT), from);
    hit->match = one_line(from, from + length);
    hit->after = one_line(from + length, forth(from + length, CONTEXT));
    return TRUE;
}

static gboolean mark_fields(const Search *search, PdSearchHit *hit, const PdTicket *ticket)
{
    g_autofree char *fields =
        g_strjoin("  ", ticket->category, ticket->queue, ticket->assignee, ticket->reporter_name,
                  ticket->reporter, ticket->department, ticket->tags, NULL);

    return mark(search, hit, "subject", ticket->subject) || mark(search, hit, "fields", fields);
}

static gboolean mark_message(const Search *search, PdSearchHit *hit, const PdStoredMessage *message)
{
    return mark(search, hit, "subject", message->subject) ||
           mark(search, hit, "text", message->text) ||
           mark(search, hit, "attachments", message->attachments) ||
           mark(search, hit, "fields", message->from_name) ||
           mark(search, hit, "fields", message->from);
}

/* Where another form of the word stands, the beginning of the text is shown without a mark. */
static void show_beginning(PdSearchHit *hit, const char *text)
{
    const char *valid = text != NULL && g_utf8_validate(text, -1, NULL) ? text : "";

    hit->place = g_strdup("text");
    hit->before = one_line(valid, forth(valid, 2 * CONTEXT));
    hit->match = g_strdup("");
    hit->after = g_strdup("");
}

static PdStatus *find_place(const Search *search, PdSearchHit *hit)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) messages = NULL;
    const PdStoredMessage *message = NULL;

    PD_TRY(pd_ticket_get(search->store, hit->ticket, &ticket));
    if (hit->inbox == 0 && ticket != NULL && mark_fields(search, hit, ticket))
        return NULL;
    PD_TRY(pd_message_of_ticket(search->store, hit->ticket, &messages));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *each = g_ptr_array_index(messages, i);
        message = message == NULL || each->inbox == hit->inbox ? each : message;
    }
    if (message == NULL || !mark_message(search, hit, message))
        show_beginning(hit, message != NULL ? message->text : NULL);
    return NULL;
}

static PdStatus *run(Search *search, guint most)
{
    g_autofree char *anywhere = pd_search_expression(search->words);

    if (anywhere == NULL)
        return NULL;
    g_autofree char *heads = g_strdup_printf("{subject names fields} : (%s)", anywhere);
    PD_TRY(match_number(search));
    PD_TRY(match(search, heads, NEWEST_HEADS, SCORE_HEAD));
    PD_TRY(match(search, anywhere, NEWEST_ANYWHERE, 0));
    g_ptr_array_sort(search->hits, compare_hits);
    if (search->hits->len > most)
        g_ptr_array_set_size(search->hits, (gint)most);
    for (guint i = 0; i < search->hits->len; i++)
        PD_TRY(find_place(search, g_ptr_array_index(search->hits, i)));
    return NULL;
}

PdStatus *pd_search(PdStore *store, const char *text, guint most, GPtrArray **hits)
{
    g_auto(GStrv) words = pd_search_words(text);
    g_autoptr(GHashTable) by_ticket = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)pd_search_hit_free);
    Search search = {store, words, by_ticket, found};

    PD_TRY(run(&search, most));
    *hits = g_steal_pointer(&found);
    return NULL;
}
