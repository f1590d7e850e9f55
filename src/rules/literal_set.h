/* literal_set.h: sets of literals, of each of which a match holds at least one.
 *
 * Sets are GPtrArray of PdLiteral *, lists of sets GPtrArray of them; the best come first.
 */
#ifndef RULES_LITERAL_SET_H
#define RULES_LITERAL_SET_H

#include "rules/pattern.h"

/* How many bytes something takes; or, how many stand before it. */
typedef struct {
    gsize least, most; /* most: up to PD_ANYWHERE, which is any number */
} PdExtent;

PdExtent pd_extent_plus(PdExtent one, PdExtent other);
PdExtent pd_extent_minus(PdExtent one, PdExtent part); /* that was added to it */
PdExtent pd_extent_times(PdExtent one, gsize least, gsize most);
PdExtent pd_extent_or(PdExtent one, PdExtent other);

/* Shares the tail. */
PdLiteral *pd_literal_new(const char *text, PdExtent before, PdTail *tail);
GPtrArray *pd_literal_set_new(void);
/* The weight of its commonest literal, in letters. */
gsize pd_literal_set_weight(const GPtrArray *set);
/* The furthest that one of them may stand behind the match's beginning. */
gsize pd_literal_set_reach(const GPtrArray *set);

GPtrArray *pd_literal_sets_new(void);
/* The number of the set with the shortest reach; 0 if there is none. */
guint pd_literal_sets_nearest(const GPtrArray *sets);
/* Takes the set; keeps it if it is of use and among the best or the nearest. */
void pd_literal_sets_offer(GPtrArray *sets, GPtrArray *set);
/* All sets of a part of a sequence, which has so much before it; bounded: and a word boundary. The
 * part's are spoilt. */
void pd_literal_sets_offer_all(GPtrArray *sets, GPtrArray *part, PdExtent before, gboolean bounded);
/* Sets of alternatives, from those of each (GPtrArray of lists of sets), which are spoilt. */
GPtrArray *pd_literal_sets_join(const GPtrArray *alternatives);

#endif
