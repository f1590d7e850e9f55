/* known.c: a decision on a mail that was decided on before, by the same rules or by others.
 *
 * Evaluating is pure, so a rule whose conditions are the same holds again if it held then. Such a
 * rule is not asked, only carried out; nor are texts looked at that no other rule asks for.
 *
 * Invariant: where the facts are the same, the fields, votes, tags, watchers and failures of the
 * decision are those that pd_rule_set_evaluate() gives. Its hits and near misses are not.
 */
#include "rules/known.h"

#include "rules/same.h"
#include <string.h>

gint pd_rule_kin_find(const PdRuleKin *kin, const char *id)
{
    return id != NULL ? GPOINTER_TO_INT(g_hash_table_lookup(kin->by_id, id)) - 1 : PD_NO_RULE;
}

/* A rule that has another id than before is asked anew. */
static gint find_like(const PdRuleKin *kin, const PdRule *rule)
{
    gint index = pd_rule_kin_find(kin, rule->id);

    if (index == PD_NO_RULE)
        return PD_NO_RULE;
    const PdRule *other = g_ptr_array_index(kin->from->rules, (guint)index);
    gboolean same = pd_condition_is_same(kin->to, rule->when, kin->from, other->when);
    return same ? index : PD_NO_RULE;
}

PdRuleKin *pd_rule_kin_new(PdRuleSet *from, PdRuleSet *to)
{
    PdRuleKin *kin = g_new0(PdRuleKin, 1);
    gboolean comparable = pd_rule_sets_read_alike(from, to);

    kin->from = pd_rule_set_ref(from);
    kin->to = pd_rule_set_ref(to);
    kin->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    kin->like = g_array_new(FALSE, FALSE, sizeof(gint));
    for (guint i = 0; i < from->rules->len; i++)
        g_hash_table_insert(kin->by_id, ((PdRule *)g_ptr_array_index(from->rules, i))->id,
                            GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < to->rules->len; i++) {
        gint like = comparable ? find_like(kin, g_ptr_array_index(to->rules, i)) : PD_NO_RULE;
        g_array_append_val(kin->like, like);
    }
    return kin;
}

void pd_rule_kin_free(PdRuleKin *kin)
{
    if (kin == NULL)
        return;
    g_array_unref(kin->like);
    g_hash_table_unref(kin->by_id);
    pd_rule_set_free(kin->from);
    pd_rule_set_free(kin->to);
    g_free(kin);
}

/* What it sets may depend on what its patterns matched, which is not known. */
static gboolean sets_captures(const PdAction *then)
{
    return then->set[PD_SET_MERGE_KEY] != NULL || then->fields != NULL;
}

static gboolean is_known(const PdRuleKin *kin, const PdRuleAnswers *answers, const PdRule *rule,
                         PdRuleOutcome *outcome)
{
    gint like = g_array_index(kin->like, gint, rule->index);
    PdRuleOutcome then =
        like != PD_NO_RULE ? (PdRuleOutcome)answers->outcomes->data[like] : PD_RULE_SKIPPED;

    *outcome = then;
    if (then == PD_RULE_APPLIED || then == PD_RULE_SHADOW)
        *outcome = rule->shadow ? PD_RULE_SHADOW : PD_RULE_APPLIED;
    return then != PD_RULE_SKIPPED && !(*outcome == PD_RULE_APPLIED && sets_captures(&rule->then));
}

static PdRuleOutcome ask(PdEvaluation *e, const PdRule *rule)
{
    e->rule = rule->index;
    PdAnswer answer = rule->when != NULL ? pd_condition_answer(e, rule->when) : PD_YES;

    if (answer == PD_YES)
        return rule->shadow ? PD_RULE_SHADOW : PD_RULE_APPLIED;
    return answer == PD_UNKNOWN ? PD_RULE_FAILED : PD_RULE_NO;
}

static void carry_out(PdEvaluation *e, const PdRule *rule, PdRuleOutcome outcome, guint first_hit)
{
    PdDecision *decision = e->decision;

    decision->outcomes[rule->index] = (guint8)outcome;
    if (outcome == PD_RULE_FAILED)
        g_ptr_array_add(decision->failed, rule->id);
    else if (outcome == PD_RULE_APPLIED)
        pd_rule_carry_out(e, rule, first_hit);
}

static void run_rules(PdEvaluation *e, const PdRuleKin *kin, const PdRuleAnswers *answers)
{
    guint count = e->set->rules->len;

    for (guint i = 0; i < count && e->decision->stopped_by < 0; i++) {
        const PdRule *rule = g_ptr_array_index(e->set->rules, i);
        guint first_hit = e->decision->hits->len;
        PdRuleOutcome outcome;
        if (!is_known(kin, answers, rule, &outcome))
            outcome = ask(e, rule);
        carry_out(e, rule, outcome, first_hit);
    }
    if (e->decision->stopped_by >= 0) {
        guint next = (guint)e->decision->stopped_by + 1;
        memset(e->decision->outcomes + next, PD_RULE_SKIPPED, count - next);
    }
}

PdStatus *pd_rule_kin_evaluate(const PdRuleKin *kin, const PdRuleAnswers *answers,
                               const PdMail *mail, const PdTicketFacts *facts,
                               PdDecision **decision)
{
    PdEvaluation e = {kin->to, mail, facts, kin->to->scratch, NULL, 0};

    *decision = e.decision = pd_decision_new(pd_rule_set_ref(kin->to));
    pd_decision_note_facts(e.decision, e.facts);
    pd_scratch_begin(e.scratch, kin->to);
    run_rules(&e, kin, answers);
    pd_decision_settle(e.decision);
    return NULL;
}
