/* search.c: tickets by words; see postdesk/search.h.
 *
 * First the newest matches in subject, names and fields are taken, from their own index, then the
 * newest anywhere, each until there are enough: a word that stands in every second ticket costs no
 * more than a rare one. Words that each stand in many tickets and never together would cost going
 * through all of them. So the index is gone through from the newest end in windows, each as wide
 * as the time that is left allows by what the last one took; what was not reached is told.
 */
#include "postdesk/search.h"

#include "postdesk/clock.h"
#include "postdesk/tickets.h"
#include "search_place.h"
#include "search_words.h"
#include "store_internal.h"
#include <stdlib.h>
#include <string.h>

#define NEWEST_HEADS 200 /* tickets */
#define NEWEST_ANYWHERE 300
#define FIRST_WINDOW 10000 /* rows of the index */
#define WIDER 8            /* times, the next window at most */
#define SCORE_NUMBER ((gint64)1 << 52)
#define SCORE_HEAD ((gint64)1 << 50)
#define SCORE_OPEN ((gint64)1 << 49)

typedef struct {
    PdStore *store;
    char **words;
    GHashTable *by_ticket; /* &hit->ticket → PdSearchHit * */
    GPtrArray *hits;
    gint64 deadline;        /* monotonic; 0: none */
    gint64 last, cut_below; /* the last row of the index; rows below were not looked at, 0: none */
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

/* Stops when there are enough tickets: a storm of mails about one thing is one. */
static PdStatus *take_all(Search *search, PdQuery *query, guint enough, gint64 base)
{
    gboolean row = TRUE;

    while (search->hits->len < enough) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        take(search, pd_column_int(query, 0), pd_column_int(query, 1), pd_column_text(query, 2),
             base);
    }
    pd_query_leave(query);
    return NULL;
}

#define MATCHES(table)                                                                             \
    "SELECT t.number, d.inbox, t.status FROM " table " s"                                          \
    " CROSS JOIN search_doc d ON d.id = s.rowid"                                                   \
    " LEFT JOIN message m ON m.inbox = d.inbox AND d.inbox <> 0"                                   \
    " CROSS JOIN ticket t ON t.number = coalesce(m.ticket, d.ticket)"                              \
    " WHERE " table " MATCH ? AND s.rowid > ? AND s.rowid <= ? ORDER BY s.rowid DESC"
static const char heads[] = MATCHES("search_head");
static const char anywhere[] = MATCHES("search");

static PdStatus *match_window(Search *search, const char *sql, const char *expression, gint64 below,
                              gint64 last, guint enough, gint64 base)
{
    PdQuery *query;

    PD_TRY(pd_db_query(search->store->db, sql, &query));
    pd_bind_text(query, expression);
    pd_bind_int(query, below);
    pd_bind_int(query, last);
    return take_all(search, query, enough, base);
}

/* As many rows as half of the time that is left is enough for; 0 if none is left. */
static gint64 next_width(const Search *search, gint64 width, gint64 took)
{
    gint64 left = search->deadline - pd_clock_monotonic();

    if (search->deadline == 0)
        return G_MAXINT32;
    if (left <= 0)
        return 0;
    return CLAMP(left * width / 2 / MAX(took, 1), 1, width * WIDER);
}

static PdStatus *match(Search *search, const char *sql, const char *expression, guint most,
                       gint64 base)
{
    guint enough = search->hits->len + most;
    gint64 last = search->last, width = FIRST_WINDOW;

    while (last > 0 && width > 0 && search->hits->len < enough) {
        gint64 below = MAX(last - width, 0), start = pd_clock_monotonic();
        PD_TRY(match_window(search, sql, expression, below, last, enough, base));
        width = next_width(search, width, pd_clock_monotonic() - start);
        last = below;
    }
    if (search->hits->len < enough && last > search->cut_below)
        search->cut_below = last;
    return NULL;
}

static PdStatus *read_last(Search *search)
{
    PdQuery *query;

    PD_TRY(pd_db_query(search->store->db, "SELECT max(id) FROM search_doc", &query));
    return pd_query_number(query, &search->last);
}

/* The ticket at the place where looking ended; 0 if everything was looked at. */
static PdStatus *read_cut(const Search *search, gint64 *ticket)
{
    PdQuery *query;

    *ticket = 0;
    if (search->cut_below == 0)
        return NULL;
    PD_TRY(pd_db_query(search->store->db,
                       "SELECT ticket FROM search_doc WHERE id > ? ORDER BY id LIMIT 1", &query));
    pd_bind_int(query, search->cut_below);
    return pd_query_number(query, ticket);
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

static PdStatus *run(Search *search)
{
    g_autofree char *in_heads = pd_search_expression(search->words, TRUE);
    g_autofree char *all = pd_search_expression(search->words, FALSE);

    if (all == NULL)
        return NULL;
    PD_TRY(read_last(search));
    PD_TRY(match_number(search));
    PD_TRY(match(search, heads, in_heads, NEWEST_HEADS, SCORE_HEAD));
    return match(search, anywhere, all, NEWEST_ANYWHERE, 0);
}

static PdStatus *keep_best(Search *search, guint most)
{
    g_ptr_array_sort(search->hits, compare_hits);
    if (search->hits->len > most)
        g_ptr_array_set_size(search->hits, (gint)most);
    for (guint i = 0; i < search->hits->len; i++)
        PD_TRY(pd_search_place(search->store, search->words, g_ptr_array_index(search->hits, i)));
    return NULL;
}

PdStatus *pd_search(PdStore *store, const char *text, guint most, gint64 patience, GPtrArray **hits,
                    gint64 *since)
{
    g_auto(GStrv) words = pd_search_words(text);
    g_autoptr(GHashTable) by_ticket = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)pd_search_hit_free);
    Search search = {.store = store,
                     .words = words,
                     .by_ticket = by_ticket,
                     .hits = found,
                     .deadline = patience != 0 ? pd_clock_monotonic() + patience : 0};

    PD_TRY(run(&search));
    PD_TRY(keep_best(&search, most));
    PD_TRY(read_cut(&search, since));
    *hits = g_steal_pointer(&found);
    return NULL;
}
