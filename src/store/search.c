/* search.c: tickets by words; see postdesk/search.h.
 *
 * First the newest matches in subject, names and fields are taken, from their own tables, then the
 * newest anywhere, each until there are enough: a word that stands in every second ticket costs no
 * more than a rare one. Words that each stand in many tickets and never together would cost going
 * through all of them. So the shards of the index (search_shard.h) are gone through, the newest
 * first, until there are enough hits or the time is over, and what was not reached is told. What
 * looking costs beyond that time is one shard at most.
 */
#include "postdesk/search.h"

#include "postdesk/clock.h"
#include "postdesk/tickets.h"
#include "search_doc.h"
#include "search_place.h"
#include "search_shard.h"
#include "search_words.h"
#include "store_internal.h"
#include <stdlib.h>
#include <string.h>

#define NEWEST_HEADS 200 /* tickets */
#define NEWEST_ANYWHERE 300
#define ROWS_A_LOOK 500 /* that are taken between two looks at the clock */
#define SCORE_NUMBER ((gint64)1 << 52)
#define SCORE_HEAD ((gint64)1 << 50)
#define SCORE_OPEN ((gint64)1 << 49)

typedef struct {
    PdStore *store;
    char **words;
    GHashTable *by_ticket; /* &hit->ticket → PdSearchHit * */
    GPtrArray *hits;
    GArray *shards;  /* of PdSearchShard, the newest first */
    gint64 deadline; /* monotonic; 0: none */
    gint64 cut;      /* the first row that was looked at; 0: all were */
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
        hit->messages += inbox > 0 && inbox != hit->inbox ? 1 : 0;
        return;
    }
    hit = g_new0(PdSearchHit, 1);
    hit->ticket = ticket;
    hit->inbox = MAX(inbox, 0);
    hit->note = pd_doc_note(inbox);
    hit->messages = inbox > 0 ? 1 : 0;
    hit->score = base + (is_over(status) ? 0 : SCORE_OPEN) + ticket;
    g_ptr_array_add(search->hits, hit);
    g_hash_table_insert(search->by_ticket, &hit->ticket, hit);
}

typedef struct {
    const char *kind; /* of tables */
    const char *expression;
    guint enough; /* hits of all kinds */
    gint64 base;  /* of their score */
} Wanted;

static gboolean is_late(const Search *search)
{
    return search->deadline != 0 && pd_clock_monotonic() >= search->deadline;
}

/* What a row of the index is of; of nothing any more, if its ticket has got a new one. */
static PdStatus *take_row(Search *search, gint64 id, gint64 base)
{
    PdQuery *query;
    gboolean row;

    PD_TRY(pd_db_query(search->store->db,
                       "SELECT t.number, d.inbox, t.status FROM search_doc d"
                       " LEFT JOIN message m ON m.inbox = d.inbox AND d.inbox > 0"
                       " CROSS JOIN ticket t ON t.number = coalesce(m.ticket, d.ticket)"
                       " WHERE d.id = ?",
                       &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    take(search, pd_column_int(query, 0), pd_column_int(query, 1), pd_column_text(query, 2), base);
    pd_query_leave(query);
    return NULL;
}

/* Stops when there are enough tickets: a storm of mails about one thing is one. Or when it is late:
 * *cut is then the row that was reached. */
static PdStatus *take_all(Search *search, PdQuery *rows, const Wanted *wanted, gint64 *cut)
{
    gboolean row = TRUE;

    for (guint taken = 1; search->hits->len < wanted->enough && *cut == 0; taken++) {
        PD_TRY(pd_query_next(rows, &row));
        if (!row)
            return NULL;
        gint64 id = pd_column_int(rows, 0);
        PD_TRY(take_row(search, id, wanted->base));
        if (taken % ROWS_A_LOOK == 0 && is_late(search))
            *cut = id;
    }
    return NULL;
}

/* The rows of one shard, the newest first. */
static PdStatus *prepare(const Search *search, const char *kind, gint64 shard, PdQuery **query)
{
    g_autofree char *table = pd_search_shard_table(kind, shard);
    g_autofree char *sql = g_strdup_printf("SELECT rowid FROM %s(?) ORDER BY rowid DESC", table);

    return pd_db_prepare(search->store->db, sql, query);
}

static PdStatus *match_shard(Search *search, const Wanted *wanted, gint64 shard, gint64 *cut)
{
    g_autoptr(PdQuery) query = NULL;

    PD_TRY(prepare(search, wanted->kind, shard, &query));
    pd_bind_text(query, wanted->expression);
    return take_all(search, query, wanted, cut);
}

/* The newest shard is always looked at. */
static PdStatus *match(Search *search, const Wanted *wanted)
{
    const PdSearchShard *shards = (const PdSearchShard *)search->shards->data;
    guint count = search->shards->len, i = 0;
    gint64 cut = 0;

    while (i < count && search->hits->len < wanted->enough && cut == 0 &&
           (i == 0 || !is_late(search)))
        PD_TRY(match_shard(search, wanted, shards[i++].id, &cut));
    if (i > 0 && i < count && search->hits->len < wanted->enough && cut == 0)
        cut = shards[i - 1].first;
    search->cut = MAX(search->cut, cut);
    return NULL;
}

/* The ticket at the place where looking ended; 0 if everything was looked at. */
static PdStatus *read_cut(const Search *search, gint64 *ticket)
{
    PdQuery *query;

    *ticket = 0;
    if (search->cut == 0)
        return NULL;
    PD_TRY(pd_db_query(search->store->db,
                       "SELECT ticket FROM search_doc WHERE id >= ? ORDER BY id LIMIT 1", &query));
    pd_bind_int(query, search->cut);
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
    PD_TRY(match_number(search));
    const Wanted heads = {"search_head", in_heads, search->hits->len + NEWEST_HEADS, SCORE_HEAD};
    PD_TRY(match(search, &heads));
    const Wanted anywhere = {"search", all, search->hits->len + NEWEST_ANYWHERE, 0};
    return match(search, &anywhere);
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
    g_autoptr(GArray) shards = NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)pd_search_hit_free);
    Search search = {.store = store,
                     .words = words,
                     .by_ticket = by_ticket,
                     .hits = found,
                     .deadline = patience != 0 ? pd_clock_monotonic() + patience : 0};

    PD_TRY(pd_search_shards(store, &shards));
    search.shards = shards;
    PD_TRY(run(&search));
    PD_TRY(keep_best(&search, most));
    PD_TRY(read_cut(&search, since));
    *hits = g_steal_pointer(&found);
    return NULL;
}
