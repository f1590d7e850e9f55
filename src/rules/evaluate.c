/* evaluate.c: all rules on one mail. Pure: the same mail and facts give the same decision. */
#include "rules/evaluate.h"

#include <string.h>

static PdRuleOutcome outcome_of(const PdRule *rule, PdAnswer answer)
{
    if (answer == PD_UNKNOWN)
        return PD_RULE_FAILED;
    if (answer == PD_NO)
        return PD_RULE_NO;
    return rule->shadow ? PD_RULE_SHADOW : PD_RULE_APPLIED;
}

/* All but one of its conditions hold, and words of the mail are why: a rule that was nearly meant.
 * That it is a person's mail, or no test, holds for most and says nothing. What is not asked for
 * lack of its words cannot be one. */
static gboolean is_near_miss(const PdDecision *decision, const PdRule *rule, guint first_hit)
{
    guint missing = 0;

    if (decision->hits->len == first_hit || rule->when->kind != PD_CONDITION_ALL)
        return FALSE;
    for (guint i = 0; i < rule->when->children->len; i++) {
        const PdCondition *child = g_ptr_array_index(rule->when->children, i);
        missing += decision->answers[child->index] != PD_YES;
    }
    return missing == 1 && rule->when->children->len > 1;
}

static void run_rule(PdEvaluation *e, const PdRule *rule)
{
    PdDecision *decision = e->decision;
    guint first_hit = decision->hits->len;
    e->rule = rule->index;
    PdAnswer answer = rule->when != NULL ? pd_condition_answer(e, rule->when) : PD_YES;
    PdRuleOutcome outcome = outcome_of(rule, answer);

    decision->outcomes[rule->index] = (guint8)outcome;
    if (outcome == PD_RULE_FAILED)
        g_ptr_array_add(decision->failed, rule->id);
    else if (outcome == PD_RULE_APPLIED)
        pd_rule_carry_out(e, rule, first_hit);
    else if (outcome == PD_RULE_NO && is_near_miss(decision, rule, first_hit))
        g_ptr_array_add(decision->near, (gpointer)rule);
}

/* The first open rule from that one on; the number of rules: there is none. */
static guint next_open(const PdEvaluation *e, guint from)
{
    guint count = e->set->rules->len;
    const guint8 *open = e->scratch->open;
    const guint8 *next = memchr(open + from, TRUE, count - from);

    return next != NULL ? (guint)(next - open) : count;
}

static void run_rules(PdEvaluation *e)
{
    guint count = e->set->rules->len;

    /* Of those that are not open all is answered no. */
    for (guint i = next_open(e, 0); i < count; i = next_open(e, i + 1)) {
        run_rule(e, g_ptr_array_index(e->set->rules, i));
        if (e->decision->stopped_by < 0)
            continue;
        memset(e->decision->outcomes + i + 1, PD_RULE_SKIPPED, count - i - 1);
        break;
    }
}

PdStatus *pd_rule_set_evaluate(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts,
                               PdDecision **decision)
{
    static const PdTicketFacts none = {0};
    PdEvaluation e = {set, mail, facts != NULL ? facts : &none, set->scratch, NULL, 0};

    /* A decision outlives the reload that replaces its set, so it holds a reference. */
    *decision = e.decision = pd_decision_new(pd_rule_set_ref((PdRuleSet *)set));
    pd_decision_note_facts(e.decision, e.facts);
    pd_scratch_begin(e.scratch, set);
    pd_gate_open(e.scratch, set, mail);
    run_rules(&e);
    pd_decision_settle(e.decision);
    return NULL;
}
