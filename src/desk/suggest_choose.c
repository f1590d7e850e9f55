/* suggest_choose.c: which words tell the wanted documents from the unwanted ones.
 *
 * One word, or two that must both be there. A clause is as good as it is trustworthy and as it
 * covers what is not covered yet: the lower end of what its precision may really be (Wilson's
 * interval), times the root of the share covered. A second word must be worth it.
 */
#include "desk/suggest_private.h"

#include <math.h>
#include <string.h>

#define PAIRED 60      /* best words that are tried together with each other */
#define SECOND 1.1     /* so much better must be a clause of two words than one of one */
#define BADLY_CUT 1.25 /* and one with a piece of Chinese that is cut inside a word */
#define SLACK 20       /* percent below the precision asked for: told as what falls short */

typedef struct {
    PdClause clause;
    guint wanted, unwanted;
    double score;
} Scored;

typedef struct {
    const PdContrast *contrast;
    guint64 *open; /* wanted documents that nothing covers yet */
    guint all;     /* wanted documents */
    guint64 *both; /* to work in */
} Choosing;

static const PdFeature *feature_at(const Choosing *c, guint number)
{
    return g_ptr_array_index(c->contrast->features->all, number);
}

/* The lower end of what the share is with good reason believed to be. */
static double surely(guint good, guint all)
{
    double n = all, p = good / n, z = 1.28;

    return (p + z * z / (2 * n) - z * sqrt((p * (1 - p) + z * z / (4 * n)) / n)) / (1 + z * z / n);
}

static double score_of(const Choosing *c, guint wanted, guint unwanted)
{
    const PdContrast *contrast = c->contrast;

    guint least = contrast->least_precision > SLACK ? contrast->least_precision - SLACK : 0;

    if (wanted < contrast->least_support || 100 * wanted < least * (wanted + unwanted))
        return 0;
    return surely(wanted, wanted + unwanted) * sqrt((double)wanted / c->all);
}

static Scored scored(const Choosing *c, PdClause clause, const guint64 *documents)
{
    guint blocks = c->contrast->features->blocks;
    Scored one = {clause, pd_bits_count(documents, c->open, blocks),
                  pd_bits_count(documents, c->contrast->unwanted, blocks), 0};

    one.score = score_of(c, one.wanted, one.unwanted);
    return one;
}

/* What rather to ask for, where the figures are the same. */
static guint rank_of(const PdFeature *feature)
{
    static const char order[] = {PD_WORD_TEXT,       PD_WORD_SUBJECT, PD_WORD_PREFIX,
                                 PD_WORD_DEPARTMENT, PD_WORD_DOMAIN,  PD_WORD_TO,
                                 PD_WORD_FILE,       PD_WORD_FROM,    PD_WORD_MAILER};

    return (guint)((const char *)memchr(order, feature->word[0], sizeof order) - order);
}

/* Longer words say more, as long as they are words and not half a sentence. */
static gsize says(const PdFeature *feature)
{
    gsize chars = (gsize)g_utf8_strlen(feature->word, -1) - 1;

    return (guchar)feature->word[1] < 0x80 || chars <= 4 ? chars : 1;
}

/* "text a" before "subject a", "text printer" before "text print". */
static gint compare_clauses(const Choosing *c, const PdClause *one, const PdClause *other)
{
    guint rank[2] = {0}, chars[2] = {0};

    for (guint i = 0; i < PD_CLAUSE_WORDS; i++) {
        rank[0] += i < one->count ? rank_of(feature_at(c, one->features[i])) : 0;
        rank[1] += i < other->count ? rank_of(feature_at(c, other->features[i])) : 0;
        chars[0] += i < one->count ? (guint)says(feature_at(c, one->features[i])) : 0;
        chars[1] += i < other->count ? (guint)says(feature_at(c, other->features[i])) : 0;
    }
    if (rank[0] != rank[1])
        return rank[0] < rank[1] ? -1 : 1;
    if (chars[0] != chars[1])
        return chars[0] > chars[1] ? -1 : 1;
    return strcmp(feature_at(c, one->features[0])->word, feature_at(c, other->features[0])->word);
}

static gboolean is_better(const Choosing *c, const Scored *one, const Scored *best)
{
    if (fabs(one->score - best->score) > 1e-9)
        return one->score > best->score;
    return one->score > 0 && compare_clauses(c, &one->clause, &best->clause) < 0;
}

static double cut_of(const PdFeature *feature)
{
    gboolean is_han = (guchar)feature->word[1] >= 0x80;

    return is_han && !(feature->begins && feature->ends) ? BADLY_CUT : 1;
}

static gint compare_scored(gconstpointer one, gconstpointer other)
{
    const Scored *first = one, *second = other;

    return (first->score < second->score) - (first->score > second->score);
}

/* The words by what they are worth in a pair: how much more common they are among the wanted. */
static GArray *singles_of(Choosing *c)
{
    const PdContrast *contrast = c->contrast;
    GArray *singles = g_array_new(FALSE, FALSE, sizeof(Scored));

    for (guint i = 0; i < contrast->words->len; i++) {
        guint number = g_array_index(contrast->words, guint, i);
        Scored one = scored(c, (PdClause){{number, 0}, 1}, feature_at(c, number)->documents);
        if (one.wanted < contrast->least_support)
            continue;
        one.score =
            surely(one.wanted, one.wanted + one.unwanted) * sqrt((double)one.wanted / c->all);
        g_array_append_val(singles, one);
    }
    g_array_sort(singles, compare_scored);
    return singles;
}

static void try_single(const Choosing *c, const Scored *single, Scored *best)
{
    Scored one = *single;

    one.score =
        score_of(c, one.wanted, one.unwanted) / cut_of(feature_at(c, one.clause.features[0]));
    if (is_better(c, &one, best))
        *best = one;
}

/* Not words of which one holds the other, nor two that say the same of a mail's sender. */
static gboolean may_pair(const PdFeature *one, const PdFeature *other)
{
    gboolean one_sender = strchr("fdp", one->word[0]) != NULL;
    gboolean other_sender = strchr("fdp", other->word[0]) != NULL;

    return !(one_sender && other_sender) && strstr(one->word + 1, other->word + 1) == NULL &&
           strstr(other->word + 1, one->word + 1) == NULL;
}

static void try_pair(Choosing *c, guint first, guint second, Scored *best)
{
    const PdFeature *one = feature_at(c, first), *other = feature_at(c, second);

    if (!may_pair(one, other))
        return;
    for (guint i = 0; i < c->contrast->features->blocks; i++)
        c->both[i] = one->documents[i] & other->documents[i];
    Scored pair = scored(c, (PdClause){{first, second}, 2}, c->both);
    pair.score /= SECOND * cut_of(one) * cut_of(other);
    if (is_better(c, &pair, best))
        *best = pair;
}

static Scored best_of(Choosing *c)
{
    g_autoptr(GArray) singles = singles_of(c);
    Scored best = {0};

    for (guint i = 0; i < singles->len; i++)
        try_single(c, &g_array_index(singles, Scored, i), &best);
    for (guint i = 0; i < singles->len && i < PAIRED; i++) {
        for (guint j = i + 1; j < singles->len && j < 2 * PAIRED; j++)
            try_pair(c, g_array_index(singles, Scored, i).clause.features[0],
                     g_array_index(singles, Scored, j).clause.features[0], &best);
    }
    return best;
}

static void cover(Choosing *c, const PdClause *clause)
{
    const guint64 *one = feature_at(c, clause->features[0])->documents;
    const guint64 *other = feature_at(c, clause->features[clause->count - 1])->documents;

    for (guint i = 0; i < c->contrast->features->blocks; i++)
        c->open[i] &= ~(one[i] & other[i]);
}

GArray *pd_choose(const PdContrast *contrast, guint most)
{
    guint blocks = contrast->features->blocks;
    g_autofree guint64 *open = g_memdup2(contrast->wanted, blocks * sizeof *open);
    g_autofree guint64 *both = g_new0(guint64, blocks);
    Choosing choosing = {contrast, open, pd_bits_count(contrast->wanted, contrast->wanted, blocks),
                         both};
    GArray *clauses = g_array_new(FALSE, FALSE, sizeof(PdClause));

    while (clauses->len < most) {
        Scored best = best_of(&choosing);
        if (best.score <= 0)
            break;
        g_array_append_val(clauses, best.clause);
        cover(&choosing, &best.clause);
    }
    return clauses;
}
