/* prefilter.h: which patterns need not be tried on a text.
 *
 * Holds the literals of many patterns and finds in one pass over a text whose literals are
 * there, and where. A pattern without a hit cannot match; one with a hit may, near it.
 */
#ifndef RULES_PREFILTER_H
#define RULES_PREFILTER_H

#include "rules/owners.h"

#include <glib.h>

typedef struct pd_prefilter PdPrefilter;

PdPrefilter *pd_prefilter_new(void);
void pd_prefilter_free(PdPrefilter *filter);

/* literal: lower-case, of at least 2 bytes. Its number, the same for the same literal and edges. */
guint pd_prefilter_add(PdPrefilter *filter, const char *literal, PdEdges edges);
guint pd_prefilter_literals(const PdPrefilter *filter); /* how many there are */
/* The pattern of that id may match where the literal stands, with the tail (or NULL) behind it. */
void pd_prefilter_own(PdPrefilter *filter, guint literal, const PdTail *tail, guint id);
/* After the last literal, before the first scan. */
void pd_prefilter_finish(PdPrefilter *filter);

#define PD_NO_HIT G_MAXUINT

/* Where one literal was found: a list, the first place first. */
typedef struct {
    guint32 at; /* byte at which it begins */
    guint literal;
    guint next; /* index of the literal's next hit, or PD_NO_HIT */
} PdLiteralHit;

/* The hits of one literal: the first and the last. */
typedef struct {
    guint first, last;
} PdHitList;

/* What was found in one text. */
typedef struct {
    PdLiteralHit *hits; /* in the order of the text */
    guint count, room;  /* of hits; room grows */
    GArray *ids; /* of guint: patterns with a literal found that has its tail, some perhaps twice */
    PdOwnersScan *scan;
    PdHitList *of;    /* by literal; only of those that are there */
    guint64 *present; /* a bit for each literal: small enough to stay at hand */
} PdLiteralHits;

static inline gboolean pd_literal_hits_has(const PdLiteralHits *hits, guint literal)
{
    return (hits->present[literal / 64] >> literal % 64 & 1) != 0;
}

PdLiteralHits *pd_literal_hits_new(const PdPrefilter *filter);
void pd_literal_hits_free(PdLiteralHits *hits);

/* Makes found[id] TRUE for each literal that occurs with its tail, and fills hits anew. */
void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found,
                       PdLiteralHits *hits);

#endif
