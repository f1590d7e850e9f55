/* prefilter.h: which patterns need not be tried on a text.
 *
 * Holds the literals of many patterns and finds in one pass over a text whose literals are
 * there. A pattern without a hit cannot match; one with a hit may.
 */
#ifndef RULES_PREFILTER_H
#define RULES_PREFILTER_H

#include <glib.h>

typedef struct pd_prefilter PdPrefilter;

PdPrefilter *pd_prefilter_new(void);
void pd_prefilter_free(PdPrefilter *filter);

/* literal: lower-case, of at least 2 bytes. id: of the pattern. mask: the bits that it sets;
 * a pattern with several sets of literals, of each of which one must occur, has a bit for each. */
void pd_prefilter_add(PdPrefilter *filter, const char *literal, guint id, guint8 mask);
/* After the last literal, before the first scan. */
void pd_prefilter_finish(PdPrefilter *filter);

/* Sets the bits in found[id] of each literal that occurs. */
void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found);

#endif
