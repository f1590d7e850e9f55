/* prefilter.h: which patterns need not be tried on a text.
 *
 * Holds the literals of many patterns and finds in one pass over a text whose literals are
 * there, and where. A pattern without a hit cannot match; one with a hit may, near it.
 */
#ifndef RULES_PREFILTER_H
#define RULES_PREFILTER_H

#include <glib.h>

typedef struct pd_prefilter PdPrefilter;

PdPrefilter *pd_prefilter_new(void);
void pd_prefilter_free(PdPrefilter *filter);

/* literal: lower-case, of at least 2 bytes. id: of the pattern. mask: the bits that it sets;
 * a pattern with several sets of literals, of each of which one must occur, has a bit for each;
 * 0: only where it stands is of interest.
 * The number of the literal, the same for the same literal. */
guint pd_prefilter_add(PdPrefilter *filter, const char *literal, guint id, guint8 mask);
/* After the last literal, before the first scan. */
void pd_prefilter_finish(PdPrefilter *filter);

#define PD_NO_HIT G_MAXUINT

/* Where one literal was found: a list, the first place first. */
typedef struct {
    guint32 at; /* byte at which it begins */
    guint literal;
    guint next; /* index of the literal's next hit, or PD_NO_HIT */
} PdLiteralHit;

/* What was found in one text. */
typedef struct {
    GArray *hits;        /* of PdLiteralHit */
    GArray *ids;         /* of guint: patterns with a literal found, some perhaps twice */
    guint *first, *last; /* hits by literal, or PD_NO_HIT */
} PdLiteralHits;

PdLiteralHits *pd_literal_hits_new(const PdPrefilter *filter);
void pd_literal_hits_free(PdLiteralHits *hits);

/* Sets the bits in found[id] of each literal that occurs, and fills hits anew. */
void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found,
                       PdLiteralHits *hits);

#endif
