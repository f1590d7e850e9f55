/* uses.c: each pattern on the text of its slot, and how it is known beforehand that it need not be
 * tried: by the slot's scanner where that knows it, else by its literals. The literals tell in both
 * cases where a match may begin.
 *
 * The slot's prefilter tells of a pattern when it finds one literal of one of its sets; whether
 * the other sets are there is looked up then (scratch.c). So that rules with a common word beside a
 * rare one cost nothing, the set is taken whose literals are those of the fewest patterns.
 */
#include "rules/literal_set.h"
#include "rules/model.h"

#include <string.h>

guint pd_use_new(PdRuleSet *set, const PdPattern *pattern, guint slot)
{
    PdSlotUse use = {pattern, slot, FALSE};

    g_array_append_val(set->uses, use);
    return set->uses->len - 1;
}

static guint32 clamp(gsize bytes)
{
    return (guint32)MIN(bytes, PD_UNBOUNDED);
}

static PdPrefilter *filter_of(const PdRuleSet *set, const PdSlotUse *use)
{
    return g_ptr_array_index(set->prefilters, pd_slot_of_literals(use->slot));
}

static void add_anchors(PdRuleSet *set, PdPrefilter *filter, const GPtrArray *literals,
                        guint number)
{
    guint end = set->anchors->len + literals->len;

    for (guint i = 0; i < literals->len; i++) {
        const PdLiteral *literal = g_ptr_array_index(literals, i);
        PdEdges edges = pd_literal_edges(literal);
        PdAnchor anchor = {.set = number,
                           .end = end,
                           .length = (guint)strlen(literal->text),
                           .edges = edges,
                           .least = clamp(literal->least),
                           .most = clamp(literal->most)};
        guint kept = pd_prefilter_add(filter, literal->text, edges);
        g_array_append_val(set->anchors, anchor);
        g_array_append_val(set->anchored, kept);
    }
}

/* All of its sets; where the scanner knows the pattern, those that tell where it begins. */
static void anchor_use(PdRuleSet *set, const PdSlotUse *use)
{
    const GPtrArray *sets = pd_pattern_literals(use->pattern);

    for (guint i = 0; i < sets->len; i++) {
        const GPtrArray *literals = g_ptr_array_index(sets, i);
        if (!use->scanned || clamp(pd_literal_set_reach(literals)) != PD_UNBOUNDED)
            add_anchors(set, filter_of(set, use), literals, i);
    }
}

static void anchor_all(PdRuleSet *set)
{
    for (guint i = 0; i < set->uses->len; i++) {
        const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, i);
        g_array_append_val(set->first_anchors, set->anchors->len);
        if (use->slot != PD_NO_SLOT)
            anchor_use(set, use);
    }
    g_array_append_val(set->first_anchors, set->anchors->len);
}

/* By slot of literals and literal: how many patterns have it. */
static GPtrArray *count_owners(const PdRuleSet *set)
{
    GPtrArray *counts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < set->prefilters->len; i++)
        g_ptr_array_add(
            counts,
            g_new0(guint, pd_prefilter_literals(g_ptr_array_index(set->prefilters, i)) + 1));
    for (guint i = 0; i < set->uses->len; i++) {
        const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, i);
        const guint *first = &g_array_index(set->first_anchors, guint, i);
        for (guint j = first[0]; j < first[1]; j++)
            ((guint *)g_ptr_array_index(
                counts, pd_slot_of_literals(use->slot)))[g_array_index(set->anchored, guint, j)]++;
    }
    return counts;
}

/* The index of the first anchor of the use's set with the fewest owners; of equal ones the first,
 * the best. */
static guint rarest_set(const PdRuleSet *set, guint id, const guint *counts)
{
    const guint *first = &g_array_index(set->first_anchors, guint, id);
    guint64 least = G_MAXUINT64;
    guint rarest = first[0];

    for (guint at = first[0]; at < first[1];) {
        guint begin = at, end = g_array_index(set->anchors, PdAnchor, at).end;
        guint64 sum = 0;
        for (; at < end; at++)
            sum += counts[g_array_index(set->anchored, guint, at)];
        if (sum < least) {
            least = sum;
            rarest = begin;
        }
    }
    return rarest;
}

static void filter_use(PdRuleSet *set, guint id, const guint *counts)
{
    const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, id);
    const GPtrArray *sets = pd_pattern_literals(use->pattern);
    PdPrefilter *filter = filter_of(set, use);

    if (sets->len == 0) {
        g_array_index(set->always, guint8, id) = TRUE;
        return;
    }
    guint rarest = rarest_set(set, id, counts);
    guint number = g_array_index(set->anchors, PdAnchor, rarest).set;
    const GPtrArray *literals = g_ptr_array_index(sets, number);
    for (guint i = 0; i < literals->len; i++) {
        const PdLiteral *literal = g_ptr_array_index(literals, i);
        pd_prefilter_own(filter, g_array_index(set->anchored, guint, rarest + i), literal->tail,
                         id);
    }
}

static void filter_all(PdRuleSet *set)
{
    g_autoptr(GPtrArray) counts = count_owners(set);

    for (guint i = 0; i < set->uses->len; i++) {
        const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, i);
        if (use->slot == PD_NO_SLOT)
            g_array_index(set->always, guint8, i) = TRUE;
        else if (!use->scanned)
            filter_use(set, i, g_ptr_array_index(counts, pd_slot_of_literals(use->slot)));
    }
}

void pd_uses_finish(PdRuleSet *set)
{
    g_array_set_size(set->always, set->uses->len);
    while (set->prefilters->len < pd_rule_set_slots(set))
        g_ptr_array_add(set->prefilters, pd_prefilter_new());
    anchor_all(set);
    filter_all(set);
    for (guint i = 0; i < set->prefilters->len; i++)
        pd_prefilter_finish(g_ptr_array_index(set->prefilters, i));
}
