/* gate.c: which rules need not be asked about a mail.
 *
 * A rule is gated if its conditions are patterns only, each with literals of its own: as long as
 * none of these occurs, the answer of every condition is no, which is what a decision holds
 * from the start. So the cost of a mail grows with the rules whose words are in it and not
 * with the number of rules. All others are asked every time.
 */
#include "rules/evaluate.h"

#include <string.h>

static gboolean is_gated(const PdRuleSet *set, const PdCondition *condition)
{
    gboolean gated = TRUE;

    switch (condition->kind) {
    case PD_CONDITION_ALL:
    case PD_CONDITION_ANY:
        for (guint i = 0; i < condition->children->len; i++)
            gated &= is_gated(set, g_ptr_array_index(condition->children, i));
        return gated;
    case PD_CONDITION_TEXT:
        for (guint i = 0; i < condition->uses->len; i++)
            gated &= g_array_index(set->always, guint8,
                                   g_array_index(condition->uses, PdUse, i).id) != PD_USE_FOUND;
        return gated;
    default:
        return FALSE;
    }
}

static void add_opener(PdRuleSet *set, const PdRule *rule, guint use)
{
    GArray **opened = (GArray **)&g_ptr_array_index(set->opens, use);

    if (*opened == NULL)
        *opened = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(*opened, rule->index);
}

static void add_openers(PdRuleSet *set, const PdRule *rule, const PdCondition *condition)
{
    for (guint i = 0; condition->uses != NULL && i < condition->uses->len; i++)
        add_opener(set, rule, g_array_index(condition->uses, PdUse, i).id);
    if (condition->kind == PD_CONDITION_TEXT)
        g_array_index(set->gated_slots, guint8, condition->slot) = TRUE;
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        add_openers(set, rule, g_ptr_array_index(condition->children, i));
}

void pd_gate_build(PdRuleSet *set)
{
    g_ptr_array_set_size(set->opens, (gint)set->always->len);
    g_array_set_size(set->gated_slots, pd_rule_set_slots(set));
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        guint8 gated = rule->when != NULL && is_gated(set, rule->when);
        guint8 open = !gated;
        g_array_append_val(set->open, open);
        if (gated)
            add_openers(set, rule, rule->when);
    }
}

static void open_for(PdScratch *scratch, const PdRuleSet *set, guint slot)
{
    const GArray *ids = scratch->hits[slot]->ids;

    for (guint i = 0; i < ids->len; i++) {
        guint use = g_array_index(ids, guint, i);
        const GArray *opened = g_ptr_array_index(set->opens, use);
        if (opened == NULL || scratch->found[use] != PD_USE_FOUND)
            continue;
        for (guint j = 0; j < opened->len; j++)
            scratch->open[g_array_index(opened, guint, j)] = TRUE;
    }
}

void pd_gate_open(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail)
{
    if (scratch->try_all) {
        memset(scratch->open, TRUE, set->rules->len);
        return;
    }
    if (set->rules->len > 0)
        memcpy(scratch->open, set->open->data, set->rules->len);
    for (guint slot = 0; slot < scratch->slots; slot++) {
        if (!g_array_index(set->gated_slots, guint8, slot))
            continue;
        pd_scratch_text(scratch, set, mail, slot);
        open_for(scratch, set, slot);
    }
}
