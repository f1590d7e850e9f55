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
            gated &=
                !g_array_index(set->always, guint8, g_array_index(condition->uses, PdUse, i).id);
        return gated;
    default:
        return FALSE;
    }
}

/* Calls for each use of the condition. */
static void for_each_use(PdRuleSet *set, guint rule, const PdCondition *condition,
                         void (*call)(PdRuleSet *set, guint rule, guint use))
{
    for (guint i = 0; condition->uses != NULL && i < condition->uses->len; i++)
        call(set, rule, g_array_index(condition->uses, PdUse, i).id);
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        for_each_use(set, rule, g_ptr_array_index(condition->children, i), call);
}

static void count_opened(PdRuleSet *set, guint rule, guint use)
{
    (void)rule;
    g_array_index(set->openers, guint, use)++;
}

/* Filled from the end, so that the number of the first one stays. */
static void add_opened(PdRuleSet *set, guint rule, guint use)
{
    g_array_index(set->opened, guint, --g_array_index(set->openers, guint, use)) = rule;
}

static void for_each_gated(PdRuleSet *set, void (*call)(PdRuleSet *set, guint rule, guint use))
{
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        if (!g_array_index(set->open, guint8, i))
            for_each_use(set, i, rule->when, call);
    }
}

static void note_slots(PdRuleSet *set, const PdCondition *condition)
{
    if (condition->kind == PD_CONDITION_TEXT) {
        g_array_index(set->gated_slots, guint8, condition->slot) = TRUE;
        g_array_index(set->gated_slots, guint8, pd_slot_of_literals(condition->slot)) = TRUE;
    }
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        note_slots(set, g_ptr_array_index(condition->children, i));
}

static void find_gated(PdRuleSet *set)
{
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        guint8 open = rule->when == NULL || !is_gated(set, rule->when);
        g_array_append_val(set->open, open);
        if (!open)
            note_slots(set, rule->when);
    }
}

void pd_gate_build(PdRuleSet *set)
{
    guint sum = 0;

    g_array_set_size(set->gated_slots, pd_rule_set_slots(set));
    find_gated(set);
    g_array_set_size(set->openers, set->always->len + 1);
    for_each_gated(set, count_opened);
    for (guint i = 0; i < set->openers->len; i++) {
        sum += g_array_index(set->openers, guint, i);
        g_array_index(set->openers, guint, i) = sum;
    }
    g_array_set_size(set->opened, sum);
    for_each_gated(set, add_opened);
}

static void open_for(PdScratch *scratch, const PdRuleSet *set, guint slot)
{
    const GArray *ids = scratch->hits[slot]->ids;
    const guint *openers = (const guint *)(gconstpointer)set->openers->data;

    for (guint i = 0; i < ids->len; i++) {
        guint use = g_array_index(ids, guint, i);
        for (guint j = openers[use]; j < openers[use + 1]; j++)
            scratch->open[g_array_index(set->opened, guint, j)] = TRUE;
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
