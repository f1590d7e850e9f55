/* search.h: tickets by words: subject, text, names of attachments, fields.
 *
 * The index follows the tickets a little behind: what changes is noted in the transaction of the
 * change, and indexed in batches by the clock role, so that no mail waits for it. Chinese is found
 * by every two characters of it, English by the stem, numbers and host names as they are.
 */
#ifndef POSTDESK_SEARCH_H
#define POSTDESK_SEARCH_H

#include "postdesk/store.h"

/* Indexes what changed, at most so many messages and tickets, in a transaction of its own. *more:
 * something is left. */
PdStatus *pd_search_index(PdStore *store, guint most, gboolean *more);

typedef struct {
    gint64 ticket, inbox;         /* inbox 0: the ticket's own fields */
    char *place;                  /* "subject", "text", "attachments", "fields" */
    char *before, *match, *after; /* the place; match "" where only other forms of the word stand */
    guint messages;               /* of the ticket that hold all words */
    gint64 score;                 /* in what order they stand; greater is better */
} PdSearchHit;
void pd_search_hit_free(PdSearchHit *hit);

/* Tickets that hold all words, all in one message or in the fields; the best first: those with
 * the words in subject, names or fields, those that are open, the newest. A phrase in "quotes" is
 * one word. A single character of Chinese is found wherever it stands in those, and where a word of
 * the text begins or ends with it. Of PdSearchHit *; caller frees.
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
