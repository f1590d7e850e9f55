/* points.h: words with points for categories, and which of them are in a text.
 *
 * Built once, word by word, and then only asked. Asking notes in it which words it saw: one thread
 * uses it.
 */
#ifndef RULES_POINTS_H
#define RULES_POINTS_H

#include <glib.h>

#define PD_MOST_POINTS 100
#define PD_LONGEST_POINTS_WORD 64 /* bytes */

typedef struct pd_points PdPoints;

PdPoints *pd_points_new(const char *shown); /* the name that people are told */
void pd_points_free(PdPoints *points);
const char *pd_points_shown(const PdPoints *points);

/* A category whose words add up to less does not vote; 1 unless it is said. */
void pd_points_set_least(PdPoints *points, gint64 least);
gint64 pd_points_least(const PdPoints *points);

/* Begins a category. FALSE: there was one of this name before. */
gboolean pd_points_begin(PdPoints *points, const char *name);
guint pd_points_category_count(const PdPoints *points);
const char *pd_points_category_name(const PdPoints *points, guint category);

/* A word of the category that was begun last, in the form of texts: UTF-8, NFKC. FALSE if it has
 * points for it already. */
gboolean pd_points_add(PdPoints *points, const char *word, gsize length, gint number);
guint pd_points_count(const PdPoints *points); /* of pairs of a word and a category */

/* A word that is in a text. */
typedef struct {
    guint word;
    gsize start, end; /* bytes: where it stands first */
} PdPointsHit;

/* Each word that is in the text, once, as it stands first; until the next text. */
const PdPointsHit *pd_points_find(PdPoints *points, const char *text, gsize length, guint *count);
/* Adds a word's points to the sums, by category. */
void pd_points_sum(const PdPoints *points, guint word, gint64 *sums);
/* A word's points for one category; 0: none. */
gint pd_points_of(const PdPoints *points, guint word, guint category);

#endif
