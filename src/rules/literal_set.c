/* literal_set.c: see literal_set.h. */
#include "rules/literal_set.h"

#include <string.h>

#define MOST_LITERALS 400 /* of one pattern; more are of no help */
#define LIGHTEST 2        /* letters, as weigh() counts them */

static gsize add(gsize one, gsize other)
{
    return one >= PD_ANYWHERE - MIN(other, PD_ANYWHERE) ? PD_ANYWHERE : one + other;
}

static gsize times(gsize one, gsize number)
{
    if (one == 0 || number == 0)
        return 0;
    return one >= PD_ANYWHERE / number ? PD_ANYWHERE : one * number;
}

PdExtent pd_extent_plus(PdExtent one, PdExtent other)
{
    return (PdExtent){add(one.least, other.least), add(one.most, other.most)};
}

PdExtent pd_extent_minus(PdExtent one, PdExtent part)
{
    return (PdExtent){one.least - part.least,
                      one.most == PD_ANYWHERE ? PD_ANYWHERE : one.most - part.most};
}

PdExtent pd_extent_times(PdExtent one, gsize least, gsize most)
{
    return (PdExtent){times(one.least, least), times(one.most, most)};
}

PdExtent pd_extent_or(PdExtent one, PdExtent other)
{
    return (PdExtent){MIN(one.least, other.least), MAX(one.most, other.most)};
}

PdLiteral *pd_literal_new(const char *text, PdExtent before, PdTail *tail)
{
    PdLiteral *literal = g_new0(PdLiteral, 1);

    literal->text = g_strdup(text);
    literal->least = before.least;
    literal->most = before.most;
    literal->tail = pd_tail_ref(tail);
    return literal;
}

static void literal_free(gpointer data)
{
    PdLiteral *literal = data;

    g_free(literal->text);
    pd_tail_unref(literal->tail);
    g_free(literal);
}

GPtrArray *pd_literal_set_new(void)
{
    return g_ptr_array_new_with_free_func(literal_free);
}

/* How rare a text is, counted in letters: a character of three bytes is as rare as four. */
static gsize weigh(const char *text)
{
    gsize weight = 0;

    for (; *text != '\0'; text++)
        weight += (guchar)*text >= 0xe0 ? 2 : 1;
    return weight;
}

gsize pd_literal_set_weight(const GPtrArray *set)
{
    gsize least = G_MAXSIZE;

    for (guint i = 0; i < set->len; i++)
        least = MIN(least, weigh(((const PdLiteral *)g_ptr_array_index(set, i))->text));
    return least;
}

gsize pd_literal_set_reach(const GPtrArray *set)
{
    gsize most = 0;

    for (guint i = 0; i < set->len; i++)
        most = MAX(most, ((const PdLiteral *)g_ptr_array_index(set, i))->most);
    return most;
}

/* Longer literals are rarer; of equal ones the smaller set is. */
static gboolean is_better(const GPtrArray *set, const GPtrArray *than)
{
    gsize one = MIN(pd_literal_set_weight(set), 8);
    gsize other = MIN(pd_literal_set_weight(than), 8);

    return one > other || (one == other && set->len < than->len);
}

GPtrArray *pd_literal_sets_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
}

guint pd_literal_sets_nearest(const GPtrArray *sets)
{
    guint best = 0;

    for (guint i = 1; i < sets->len; i++) {
        if (pd_literal_set_reach(g_ptr_array_index(sets, i)) <
            pd_literal_set_reach(g_ptr_array_index(sets, best)))
            best = i;
    }
    return best;
}

void pd_literal_sets_offer(GPtrArray *sets, GPtrArray *set)
{
    guint place = 0;

    if (pd_literal_set_weight(set) < LIGHTEST || set->len > MOST_LITERALS) {
        g_ptr_array_unref(set);
        return;
    }
    while (place < sets->len && !is_better(set, g_ptr_array_index(sets, place)))
        place++;
    g_ptr_array_insert(sets, (gint)place, set);
    if (sets->len > PD_LITERAL_SETS)
        g_ptr_array_remove_index(sets,
                                 sets->len - 1 - (pd_literal_sets_nearest(sets) == sets->len - 1));
}

void pd_literal_sets_offer_all(GPtrArray *sets, GPtrArray *part, PdExtent before, gboolean bounded)
{
    for (guint i = 0; i < part->len; i++) {
        GPtrArray *set = g_ptr_array_index(part, i);
        for (guint j = 0; j < set->len; j++) {
            PdLiteral *literal = g_ptr_array_index(set, j);
            literal->starts_word |= bounded && literal->most == 0;
            literal->least = add(literal->least, before.least);
            literal->most = add(literal->most, before.most);
        }
        pd_literal_sets_offer(sets, g_ptr_array_ref(set));
    }
}

#define NEAREST G_MAXUINT

/* The n-th set, or the last where there are fewer. */
static const GPtrArray *nth_set(const GPtrArray *sets, guint n)
{
    guint place = n == NEAREST ? pd_literal_sets_nearest(sets) : MIN(n, sets->len - 1);

    return g_ptr_array_index(sets, place);
}

static void offer_joined(GPtrArray *sets, const GPtrArray *alternatives, guint n)
{
    GPtrArray *joined = pd_literal_set_new();

    for (guint i = 0; i < alternatives->len; i++) {
        const GPtrArray *set = nth_set(g_ptr_array_index(alternatives, i), n);
        for (guint j = 0; j < set->len; j++) {
            const PdLiteral *literal = g_ptr_array_index(set, j);
            PdLiteral *copy = pd_literal_new(
                literal->text, (PdExtent){literal->least, literal->most}, literal->tail);
            copy->starts_word = literal->starts_word;
            g_ptr_array_add(joined, copy);
        }
    }
    pd_literal_sets_offer(sets, joined);
}

/* Where each alternative has one set, nothing needs copying. */
static void offer_moved(GPtrArray *sets, const GPtrArray *alternatives)
{
    GPtrArray *joined = pd_literal_set_new();

    for (guint i = 0; i < alternatives->len; i++) {
        GPtrArray *set = g_ptr_array_index((GPtrArray *)g_ptr_array_index(alternatives, i), 0);
        gsize count;
        g_autofree gpointer *literals = g_ptr_array_steal(set, &count);
        for (gsize j = 0; j < count; j++)
            g_ptr_array_add(joined, literals[j]);
    }
    pd_literal_sets_offer(sets, joined);
}

GPtrArray *pd_literal_sets_join(const GPtrArray *alternatives)
{
    GPtrArray *sets;
    guint most = 0, least = G_MAXUINT;

    if (alternatives->len == 1)
        return g_ptr_array_ref(g_ptr_array_index(alternatives, 0));
    sets = pd_literal_sets_new();
    for (guint i = 0; i < alternatives->len; i++) {
        guint count = ((const GPtrArray *)g_ptr_array_index(alternatives, i))->len;
        most = MAX(most, count);
        least = MIN(least, count);
    }
    if (least == 0) /* nothing is known of that alternative */
        return sets;
    if (most == 1) {
        offer_moved(sets, alternatives);
        return sets;
    }
    for (guint n = 0; n < most; n++)
        offer_joined(sets, alternatives, n);
    offer_joined(sets, alternatives, NEAREST);
    return sets;
}
