/* search_similar.c: solved tickets that are like a new one; see postdesk/search.h.
 *
 * The words of the text are looked up one by one, the newest matches of each; how near together
 * these lie says how common the word is. A ticket's score is the sum of what its words weigh, the
 * rare ones most. What is looked at is bounded: so many words, so many matches of each, whatever
 * is stored.
 */
#include "postdesk/search.h"

#include "search_words.h"
#include "store_internal.h"
#include <math.h>
#include <string.h>

#define MOST_TERMS 32
#define MOST_SUBJECT_TERMS 16 /* of these, so that a long subject leaves room for the text */
#define MOST_TEXT 2048        /* bytes of the text that words are taken from */
#define DEEPEST 64            /* newest matches of one word */
#define LEAST_TERM 3          /* letters; of digits and letters mixed, or ideographs, 2 do */
#define MOST_ROWS 60          /* whose tickets are looked at */
#define RARE 8                /* so few are never common, however little is stored */
#define COMMON 0.04           /* what stands in more of all texts than this says nothing */
#define LEAST_SHARE 0.35      /* of the weight of all words that must be found again */
#define SAME_CATEGORY 0.15    /* that the same category counts for, of that weight */

/* A row of the index: a message, or the fields of a ticket. */
typedef struct {
    gint64 row;
    double score;
    guint terms;
} Candidate;

typedef struct {
    PdStore *store;
    const PdLikeness *like;
    GHashTable *terms;      /* a set of char * */
    GPtrArray *order;       /* of the same, as they came */
    GHashTable *candidates; /* &candidate->row → Candidate * */
    gint64 total;           /* rows of the index */
    double weight;          /* of all words */
} Likeness;

/* The end of the word that begins here, and what it is made of. */
static const char *word_end(const char *word, guint *letters, gboolean *has_digit,
                            gboolean *is_wide)
{
    const char *c = word;

    *letters = 0;
    *has_digit = *is_wide = FALSE;
    for (; *c != '\0' && g_unichar_isalnum(g_utf8_get_char(c)); c = g_utf8_next_char(c)) {
        ++*letters;
        *has_digit = *has_digit || g_ascii_isdigit(*c);
        *is_wide = *is_wide || g_utf8_get_char(c) >= 0x2e80;
    }
    return c;
}

static void add_term(Likeness *likeness, const char *word, gsize length)
{
    g_autofree char *term = g_strndup(word, length);
    char *small = g_utf8_strdown(term, -1);

    if (g_hash_table_add(likeness->terms, small))
        g_ptr_array_add(likeness->order, small);
}

/* The words of a text, as the index holds them, until there are so many in all. */
static void add_terms(Likeness *likeness, const char *text, guint most)
{
    g_autofree char *terms = pd_search_terms(text, MOST_TEXT);

    for (const char *c = terms; *c != '\0' && likeness->order->len < most;) {
        guint letters;
        gboolean has_digit, is_wide;
        const char *end = word_end(c, &letters, &has_digit, &is_wide);
        if (letters >= (has_digit || is_wide ? 2 : LEAST_TERM))
            add_term(likeness, c, (gsize)(end - c));
        c = letters > 0 ? end : g_utf8_next_char(c);
    }
}

/* The newest rows that hold the word. */
static PdStatus *read_rows(Likeness *likeness, const char *expression, gint64 rows[DEEPEST],
                           guint *count)
{
    PdQuery *query;
    gboolean row;

    *count = 0;
    PD_TRY(pd_db_query(likeness->store->db,
                       "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
                       &query));
    pd_bind_text(query, expression);
    pd_bind_int(query, DEEPEST);
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        if (*count < DEEPEST)
            rows[(*count)++] = pd_column_int(query, 0);
    }
}

/* How rare it is: by how many rows hold it, or by how far back the newest of them reach. */
static double weigh(const Likeness *likeness, const gint64 *rows, guint count)
{
    if (count == 0)
        return 0;
    gint64 span = count < DEEPEST ? likeness->total : likeness->total - rows[count - 1] + 1;
    double share = (double)count / (double)MAX(span, count);
    return share > COMMON && count > RARE ? 0 : -log(share);
}

static PdStatus *look_up(Likeness *likeness, guint term)
{
    g_autofree char *expression =
        g_strdup_printf("\"%s\"", (char *)g_ptr_array_index(likeness->order, term));
    gint64 rows[DEEPEST];
    guint count;

    PD_TRY(read_rows(likeness, expression, rows, &count));
    double weight = weigh(likeness, rows, count);
    likeness->weight += weight;
    for (guint i = 0; weight > 0 && i < count; i++) {
        Candidate *candidate = g_hash_table_lookup(likeness->candidates, &rows[i]);
        if (candidate == NULL) {
            candidate = g_new0(Candidate, 1);
            candidate->row = rows[i];
            g_hash_table_insert(likeness->candidates, &candidate->row, candidate);
        }
        candidate->terms++;
        candidate->score += weight;
    }
    return NULL;
}

static gint compare_candidates(gconstpointer one, gconstpointer other)
{
    const Candidate *a = *(Candidate *const *)one, *b = *(Candidate *const *)other;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->row > b->row ? -1 : 1; /* the newer first */
}

/* Those that share enough, and not one word alone; the best first. Of Candidate *, borrowed. */
static GPtrArray *best_rows(const Likeness *likeness)
{
    GPtrArray *best = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, likeness->candidates);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Candidate *candidate = value;
        if (candidate->terms > 1 &&
            candidate->score >= (LEAST_SHARE - SAME_CATEGORY) * likeness->weight)
            g_ptr_array_add(best, value);
    }
    g_ptr_array_sort(best, compare_candidates);
    if (best->len > MOST_ROWS)
        g_ptr_array_set_size(best, MOST_ROWS);
    return best;
}

static gint compare(gconstpointer one, gconstpointer other)
{
    const PdSimilar *a = one, *b = other;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    return a->ticket > b->ticket ? -1 : a->ticket < b->ticket ? 1 : 0;
}

/* A ticket is there once, by the best of its rows. */
static void add_found(GArray *found, gint64 ticket, double likeness)
{
    const PdSimilar similar = {ticket, likeness};

    for (guint i = 0; i < found->len; i++) {
        PdSimilar *known = &g_array_index(found, PdSimilar, i);
        if (known->ticket != ticket)
            continue;
        known->likeness = MAX(known->likeness, likeness);
        return;
    }
    g_array_append_val(found, similar);
}

/* The ticket of a row, if it is solved. */
static PdStatus *take_row(const Likeness *likeness, const Candidate *candidate, GArray *found)
{
    const char *wanted = likeness->like->category;
    gboolean row;
    PdQuery *query;

    PD_TRY(pd_db_query(likeness->store->db,
                       "SELECT t.number, t.category FROM search_doc d"
                       " LEFT JOIN message m ON m.inbox = d.inbox AND d.inbox <> 0"
                       " JOIN ticket t ON t.number = coalesce(m.ticket, d.ticket)"
                       " WHERE d.id = ? AND t.status IN ('resolved', 'closed')",
                       &query));
    pd_bind_int(query, candidate->row);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    gint64 ticket = pd_column_int(query, 0);
    gboolean is_same = wanted[0] != '\0' && strcmp(pd_column_text(query, 1), wanted) == 0;
    pd_query_leave(query);
    double share = candidate->score / likeness->weight + (is_same ? SAME_CATEGORY : 0);
    if (ticket != likeness->like->except && share >= LEAST_SHARE)
        add_found(found, ticket, share);
    return NULL;
}

static PdStatus *likest(const Likeness *likeness, guint most, GArray *found)
{
    g_autoptr(GPtrArray) best = best_rows(likeness);

    for (guint i = 0; i < best->len; i++)
        PD_TRY(take_row(likeness, g_ptr_array_index(best, i), found));
    g_array_sort(found, compare);
    if (found->len > most)
        g_array_set_size(found, most);
    return NULL;
}

static PdStatus *run(Likeness *likeness)
{
    PdQuery *query;

    PD_TRY(pd_db_query(likeness->store->db, "SELECT max(id) FROM search_doc", &query));
    PD_TRY(pd_query_number(query, &likeness->total));
    if (likeness->total == 0)
        return NULL;
    add_terms(likeness, likeness->like->subject, MOST_SUBJECT_TERMS);
    add_terms(likeness, likeness->like->text, MOST_TERMS);
    for (guint i = 0; i < likeness->order->len; i++)
        PD_TRY(look_up(likeness, i));
    return NULL;
}

PdStatus *pd_search_similar(PdStore *store, const PdLikeness *like, guint most, GArray **found)
{
    g_autoptr(GHashTable) terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    g_autoptr(GHashTable) candidates =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    Likeness likeness = {
        .store = store, .like = like, .terms = terms, .order = order, .candidates = candidates};

    g_autoptr(GArray) likes = g_array_new(FALSE, FALSE, sizeof(PdSimilar));

    PD_TRY(run(&likeness));
    PD_TRY(likest(&likeness, most, likes));
    *found = g_steal_pointer(&likes);
    return NULL;
}
