/* search.h: tickets by words: subject, text, names of attachments, fields, notes.
 *
 * The index follows the tickets a little behind: what changes is noted in the transaction of the
 * change, and indexed in batches by the clock role, so that no mail waits for it. Chinese is found
 * by every two characters of it, English by the stem, numbers and host names as they are.
 * It lies in shards of so many rows each, the newest of which is asked first.
 */
#ifndef POSTDESK_SEARCH_H
#define POSTDESK_SEARCH_H

#include "postdesk/store.h"

/* Indexes what changed, at most so many messages and tickets, in a transaction of its own. *more:
 * something is left. */
PdStatus *pd_search_index(PdStore *store, guint most, gboolean *more);

/* For who is about to search: the same, but where others write for so many microseconds it fails,
 * to be tried again. */
PdStatus *pd_search_catch_up(PdStore *store, guint most, gint64 wait);

/* Brings the parts of what is indexed together, so that it is found quicker: a little, in a
 * transaction of its own. *more: something may be left. */
PdStatus *pd_search_merge(PdStore *store, gboolean *more);

/* For tests: so many rows in each shard of the index that is begun from now on by this store. */
void pd_search_set_shard_rows(PdStore *store, gint64 rows);

typedef struct {
    gint64 ticket, inbox;         /* inbox 0: the ticket's own fields, or a note */
    gint64 note;                  /* sequence of the event that holds it; 0: none */
    char *place;                  /* "subject", "text", "attachments", "fields", "note" */
    char *before, *match, *after; /* the place; match "" where only other forms of the word stand */
    guint messages;               /* of the ticket that hold all words */
    gint64 score;                 /* in what order they stand; greater is better */
} PdSearchHit;
void pd_search_hit_free(PdSearchHit *hit);

/* Tickets that hold all words, all in one message or note or in the fields; the best first: those
 * with the words in subject, names or fields, those that are open, the newest. A phrase in "quotes"
 * is one word. A single character of Chinese is found wherever it stands in those, and where a word
 * of the text begins or ends with it. Of PdSearchHit *; caller frees.
 *
 * The newest are looked at first, for about so many microseconds (patience; 0: without end).
 * *since: the ticket that was reached when that time was over, older ones were not looked at; 0:
 * all were. */
PdStatus *pd_search(PdStore *store, const char *text, guint most, gint64 patience, GPtrArray **hits,
                    gint64 *since);

/* What solved tickets are to be like. */
typedef struct {
    const char *subject, *text, *category;
    gint64 except; /* the ticket itself */
} PdLikeness;

typedef struct {
    gint64 ticket;
    double likeness; /* in what order they stand; greater is more alike */
} PdSimilar;

/* Tickets that are resolved or closed and share the rare words of subject and text, the most alike
 * first; those of the same category before others. Of PdSimilar; caller frees. A bounded number of
 * look-ups, whatever is stored. */
PdStatus *pd_search_similar(PdStore *store, const PdLikeness *like, guint most, GArray **found);

#endif
