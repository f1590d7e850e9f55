/* uses.c: each pattern on the text of its slot, and how it is known beforehand that it need not be
 * tried: by the slot's scanner where that knows it, else by its literals. The literals tell in both
 * cases where a match may begin.
 *
 * A use is tried on a text when all bits of its byte are set; each set of literals is one.
 */
#include "rules/literal_set.h"
#include "rules/model.h"

guint pd_use_new(PdRuleSet *set, const PdPattern *pattern, guint slot)
{
    PdSlotUse use = {pattern, slot, FALSE};

    g_array_append_val(set->uses, use);
    return set->uses->len - 1;
}

/* The set's literals, of which those that tell where a match begins are anchors. */
static void add_literals(PdPrefilter *filter, const GPtrArray *literals, guint id, guint number,
                         gboolean scanned, GArray *anchors)
{
    gboolean bounded = pd_literal_set_reach(literals) != PD_ANYWHERE;
    guint8 mask = scanned ? 0 : (guint8)(1u << number);

    for (guint i = 0; (bounded || !scanned) && i < literals->len; i++) {
        const PdLiteral *literal = g_ptr_array_index(literals, i);
        guint found = pd_prefilter_add(filter, literal->text, id, mask);
        PdAnchor anchor = {number, found, literal->least, literal->most};
        if (bounded)
            g_array_append_val(anchors, anchor);
    }
}

static void filter_use(PdRuleSet *set, guint id, const PdSlotUse *use)
{
    const GPtrArray *sets = pd_pattern_literals(use->pattern);
    PdPrefilter *filter = g_ptr_array_index(set->prefilters, use->slot);
    g_autoptr(GArray) anchors = g_array_new(FALSE, FALSE, sizeof(PdAnchor));

    for (guint i = 0; i < sets->len; i++)
        add_literals(filter, g_ptr_array_index(sets, i), id, i, use->scanned, anchors);
    if (anchors->len > 0)
        g_ptr_array_index(set->anchors, id) = g_steal_pointer(&anchors);
    if (!use->scanned)
        g_array_index(set->always, guint8, id) = (guint8)(PD_USE_FOUND << sets->len & PD_USE_FOUND);
}

void pd_uses_finish(PdRuleSet *set)
{
    g_array_set_size(set->always, set->uses->len);
    g_ptr_array_set_size(set->anchors, (gint)set->uses->len);
    while (set->prefilters->len < pd_rule_set_slots(set))
        g_ptr_array_add(set->prefilters, pd_prefilter_new());
    for (guint i = 0; i < set->uses->len; i++) {
        const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, i);
        if (use->slot == PD_NO_SLOT)
            g_array_index(set->always, guint8, i) = PD_USE_FOUND;
        else
            filter_use(set, i, use);
    }
    for (guint i = 0; i < set->prefilters->len; i++)
        pd_prefilter_finish(g_ptr_array_index(set->prefilters, i));
}
