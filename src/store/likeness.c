/* likeness.c: solved tickets that are like a new one; see postdesk/search.h.
 *
 * The table likeness holds, for each word, the newest solved tickets that have it, in one row: one
 * small look-up for each word of a new mail, which is on the way of a mail and must not grow with
 * what is stored. The index of words (search_index.c) holds more, and costs many times as much to
 * ask.
 *
 * How near together the tickets of a word lie says how common it is. A word that is common is noted
 * with no further ticket until it is less so, which saves most of the writing.
 * A new ticket's likeness to a solved one is the sum of what its words weigh that both have, the
 * rare ones most.
 */
#include "likeness.h"

#include "likeness_words.h"
#include "postdesk/search.h"
#include "postdesk/tickets.h"
#include "store_internal.h"
#include <math.h>
#include <string.h>

#define MOST 16 /* tickets of one word; so many show whether it is common */
#define PLACES (2 * PD_LIKENESS_WORDS * MOST)
#define RARE 8             /* so few are never common, however little is stored */
#define COMMON 0.05        /* what stands in more of all tickets than this says nothing */
#define FULL 0.08          /* and is noted no more from here on */
#define MOST_LOOKED_AT 24  /* tickets that are read */
#define LEAST_SHARE 0.35   /* of the weight of all words that must be found again */
#define SAME_CATEGORY 0.15 /* that the same category counts for, of that weight */

typedef struct {
    gint64 tickets[MOST]; /* the oldest first */
    guint count;
} Holders;

static PdStatus *read_holders(PdStore *store, gint32 word, Holders *holders)
{
    PdQuery *query;
    gboolean row;
    gsize length;

    holders->count = 0;
    PD_TRY(pd_db_query(store->db, "SELECT tickets FROM likeness WHERE word = ?", &query));
    pd_bind_int(query, word);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    const void *bytes = pd_column_blob(query, 0, &length);
    holders->count = (guint)MIN(length / sizeof *holders->tickets, MOST);
    if (holders->count > 0)
        memcpy(holders->tickets, bytes, holders->count * sizeof *holders->tickets);
    for (guint i = 0; i < holders->count; i++)
        holders->tickets[i] = GINT64_FROM_BE(holders->tickets[i]);
    pd_query_leave(query);
    return NULL;
}

/* Of all tickets before this one, how large a share has the word. Where there are as many as are
 * kept, all that is known is how far back they reach. */
static double share_of(const Holders *holders, gint64 before)
{
    if (holders->count == 0)
        return 0;
    gint64 span = holders->count < MOST ? before : before - holders->tickets[0];
    return (double)holders->count / (double)MAX(span, holders->count);
}

/* The text is what it was opened with. */
static PdStatus *read_words(PdStore *store, gint64 number, PdLikenessWords *words)
{
    g_autoptr(PdTicket) ticket = NULL;
    PdStoredMessage *message = NULL;
    gint64 inbox = 0;

    words->count = 0;
    PD_TRY(pd_ticket_get(store, number, &ticket));
    if (ticket == NULL)
        return NULL;
    PD_TRY(pd_message_first_of_ticket(store, number, &inbox));
    if (inbox != 0)
        PD_TRY(pd_message_get(store, inbox, &message));
    pd_likeness_words(ticket->subject, message != NULL ? message->text : NULL, words);
    if (message != NULL)
        pd_stored_message_free(message);
    return NULL;
}

/* In its place; the oldest makes room. FALSE: it is there, or older than all of so many. */
static gboolean add_holder(Holders *holders, gint64 ticket)
{
    guint place = holders->count;

    while (place > 0 && holders->tickets[place - 1] > ticket)
        place--;
    if ((place > 0 && holders->tickets[place - 1] == ticket) ||
        (place == 0 && holders->count == MOST))
        return FALSE;
    if (holders->count == MOST) {
        memmove(holders->tickets, holders->tickets + 1, --place * sizeof ticket);
        holders->tickets[place] = ticket;
        return TRUE;
    }
    memmove(holders->tickets + place + 1, holders->tickets + place,
            (holders->count++ - place) * sizeof ticket);
    holders->tickets[place] = ticket;
    return TRUE;
}

static PdStatus *write_holders(PdStore *store, gint32 word, const Holders *holders)
{
    gint64 bytes[MOST];
    PdQuery *query;

    for (guint i = 0; i < holders->count; i++)
        bytes[i] = GINT64_TO_BE(holders->tickets[i]);
    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO likeness (word, tickets) VALUES (?, ?)"
                       " ON CONFLICT (word) DO UPDATE SET tickets = excluded.tickets",
                       &query));
    pd_bind_int(query, word);
    pd_bind_blob(query, bytes, holders->count * sizeof *bytes);
    return pd_query_run(query);
}

PdStatus *pd_likeness_index(PdStore *store, gint64 ticket)
{
    PdLikenessWords words;
    Holders holders;

    PD_TRY(read_words(store, ticket, &words));
    for (guint i = 0; i < words.count; i++) {
        PD_TRY(read_holders(store, words.words[i], &holders));
        gboolean is_full = holders.count == MOST && share_of(&holders, ticket) >= FULL;
        if (!is_full && add_holder(&holders, ticket))
            PD_TRY(write_holders(store, words.words[i], &holders));
    }
    return NULL;
}

typedef struct {
    gint64 ticket;
    double score;
    guint words; /* that both have */
} Candidate;

typedef struct {
    PdStore *store;
    const PdLikeness *like;
    GArray *candidates;     /* of Candidate */
    guint16 places[PLACES]; /* by ticket: the place among them, from 1 on; 0: free */
    double weight;          /* of all words */
} Looking;

static double weight_of(const Holders *holders, gint64 before)
{
    double share = share_of(holders, before);
    gboolean is_common = share > COMMON && holders->count > RARE;

    return is_common || holders->count == 0 ? 0 : -log(share);
}

/* A table of its own: half empty at its fullest, and asked some 500 times for each mail. */
static Candidate *candidate_of(Looking *looking, gint64 ticket)
{
    const Candidate fresh = {.ticket = ticket};
    guint slot = (guint)((guint64)ticket * 2654435761u >> 16) % PLACES;

    for (; looking->places[slot] != 0; slot = (slot + 1) % PLACES) {
        Candidate *known =
            &g_array_index(looking->candidates, Candidate, looking->places[slot] - 1);
        if (known->ticket == ticket)
            return known;
    }
    g_array_append_val(looking->candidates, fresh);
    looking->places[slot] = (guint16)looking->candidates->len;
    return &g_array_index(looking->candidates, Candidate, looking->candidates->len - 1);
}

static PdStatus *look_up(Looking *looking, gint32 word, gint64 before)
{
    Holders holders;

    PD_TRY(read_holders(looking->store, word, &holders));
    double weight = weight_of(&holders, before);
    looking->weight += weight;
    for (guint i = 0; weight > 0 && i < holders.count; i++) {
        Candidate *candidate = candidate_of(looking, holders.tickets[i]);
        candidate->words++;
        candidate->score += weight;
    }
    return NULL;
}

static gint compare_candidates(gconstpointer one, gconstpointer other)
{
    const Candidate *a = one, *b = other;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->ticket > b->ticket ? -1 : 1; /* the newer first */
}

static gint compare(gconstpointer one, gconstpointer other)
{
    const PdSimilar *a = one, *b = other;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    return a->ticket > b->ticket ? -1 : a->ticket < b->ticket ? 1 : 0;
}

/* Those that share enough, and not one word alone; the best first. */
static void keep_best(Looking *looking)
{
    GArray *all = looking->candidates;
    guint kept = 0;

    for (guint i = 0; i < all->len; i++) {
        const Candidate *candidate = &g_array_index(all, Candidate, i);
        if (candidate->words > 1 &&
            candidate->score >= (LEAST_SHARE - SAME_CATEGORY) * looking->weight)
            g_array_index(all, Candidate, kept++) = *candidate;
    }
    g_array_set_size(all, kept);
    g_array_sort(all, compare_candidates);
    if (kept > MOST_LOOKED_AT)
        g_array_set_size(all, MOST_LOOKED_AT);
}

/* If it is solved still. */
static PdStatus *take(const Looking *looking, const Candidate *candidate, GArray *found)
{
    const char *wanted = looking->like->category;
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(looking->store, candidate->ticket, &ticket));
    if (ticket == NULL || ticket->number == looking->like->except ||
        (strcmp(ticket->status, "resolved") != 0 && strcmp(ticket->status, "closed") != 0))
        return NULL;
    gboolean is_same = wanted[0] != '\0' && strcmp(ticket->category, wanted) == 0;
    const PdSimilar similar = {ticket->number,
                               candidate->score / looking->weight + (is_same ? SAME_CATEGORY : 0)};
    if (similar.likeness >= LEAST_SHARE)
        g_array_append_val(found, similar);
    return NULL;
}

static PdStatus *next_number(PdStore *store, gint64 *number)
{
    PdQuery *query;

    *number = 0;
    PD_TRY(pd_db_query(store->db, "SELECT max(number) + 1 FROM ticket", &query));
    return pd_query_number(query, number);
}

static PdStatus *look(Looking *looking, GArray *found)
{
    PdLikenessWords words;
    gint64 next;

    PD_TRY(next_number(looking->store, &next));
    pd_likeness_words(looking->like->subject, looking->like->text, &words);
    for (guint i = 0; i < words.count; i++)
        PD_TRY(look_up(looking, words.words[i], next));
    keep_best(looking);
    for (guint i = 0; i < looking->candidates->len; i++)
        PD_TRY(take(looking, &g_array_index(looking->candidates, Candidate, i), found));
    return NULL;
}

PdStatus *pd_search_similar(PdStore *store, const PdLikeness *like, guint most, GArray **found)
{
    g_autoptr(GArray) candidates =
        g_array_sized_new(FALSE, FALSE, sizeof(Candidate), PD_LIKENESS_WORDS * MOST);
    g_autoptr(GArray) alike = g_array_new(FALSE, FALSE, sizeof(PdSimilar));
    Looking looking = {.store = store, .like = like, .candidates = candidates};

    PD_TRY(look(&looking, alike));
    g_array_sort(alike, compare);
    if (alike->len > most)
        g_array_set_size(alike, most);
    *found = g_steal_pointer(&alike);
    return NULL;
}
