/* literal_sequence.h: what is known of the items of a pattern that stand one behind the other.
 *
 * Characters that are surely there make a run, in all its forms; a run that ends becomes a set of
 * literals. Beside it are counted the bytes that may stand before each, and tails (tail.h) go on
 * from the end of each run until something comes of which nothing is known.
 */
#ifndef RULES_LITERAL_SEQUENCE_H
#define RULES_LITERAL_SEQUENCE_H

#include "rules/literal_reader.h"
#include "rules/literal_set.h"

#define PD_MOST_FORMS 24 /* of one run: "(?:ord|inv)-" has two */

/* Forms are GPtrArray of GString *. */
typedef struct {
    GPtrArray *run;       /* what is being read, in all its forms; empty: nothing */
    gboolean exact;       /* the sequence is no more than the run */
    gboolean more;        /* something else than runs, plain groups and word boundaries is here */
    guint parts;          /* runs and groups that have ended */
    gboolean bounded;     /* a word boundary stands here */
    gboolean run_bounded; /* it stands before the run */
    PdExtent before;      /* of what stands before the run */
    PdExtent extent;      /* of all that was read */
    PdExtent item;        /* of what was read last */
    GPtrArray *sets;      /* as pd_pattern_required() */
    PdTail *head;         /* among the tails, until it is complete */
    GPtrArray *tails;     /* of PdTail *: those that go on here */
} PdSequence;

GPtrArray *pd_literal_forms_new(void);

/* head: fills with what the sequence begins with; the sequence refs it. */
void pd_sequence_init(PdSequence *s, PdTail *head);
/* When it is finished: whether it is one of the literals of its set and no more, where word
 * boundaries stand as these tell. */
gboolean pd_sequence_is_plain(const PdSequence *s);
/* Ends the run. Returns the sets, which the caller unrefs, as it does the tails that go on behind.
 */
GPtrArray *pd_sequence_finish(PdSequence *s, GPtrArray **tails);

void pd_sequence_end_run(PdSequence *s);
/* A word boundary. */
void pd_sequence_bound(PdSequence *s);
/* One character that stands here; it may be such that nothing is known of it. */
void pd_sequence_add_char(PdSequence *s, gunichar c, gsize size);
/* The character added last stands as often. */
void pd_sequence_repeat_char(PdSequence *s, PdRepeat repeat);
/* Each form goes on with each of the others. FALSE, and nothing done: they would be too many. */
gboolean pd_sequence_multiply(PdSequence *s, const GPtrArray *forms, PdExtent extent);
/* An item of that extent, which stood as often; the run has ended before it. plain: a group that
 * is one of its literals and no more. */
void pd_sequence_advance(PdSequence *s, PdExtent item, PdRepeat repeat, gboolean plain);
/* One character out of a set, as often; NULL: one of which nothing is known. */
void pd_sequence_pass_char(PdSequence *s, const PdByteSet *set, PdRepeat repeat);
/* Something else; what takes no room leaves the tails as they are. */
void pd_sequence_pass(PdSequence *s, PdExtent item, PdRepeat repeat);

#endif
