/* decision_json.c: a decision as JSON, complete, to explain it. */
#include "rules/evaluate.h"

#include <string.h>

const char *const pd_outcome_names[] = {"no", "applied", "shadow", "failed", "skipped"};
static const char *const answer_names[] = {"no", "yes", "unknown"};

static PdJson *field_json(const PdField *field)
{
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "value", field->value);
    return pd_json_set_text(object, "by", field->by);
}

static PdJson *fields_json(const PdDecision *decision)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i <= PD_SET_COUNT; i++) {
        const PdField *field = &decision->fields[i];
        if (field->value != NULL)
            pd_json_set(object, i == PD_FIELD_PRIORITY ? "priority" : pd_set_names[i],
                        field_json(field));
    }
    return object;
}

PdJson *pd_decision_custom(const PdDecision *decision)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i < decision->custom->len; i++) {
        const PdCustomValue *custom = &g_array_index(decision->custom, PdCustomValue, i);
        pd_json_set_text(object, custom->name, custom->value);
    }
    return object;
}

static PdJson *custom_json(const PdDecision *decision)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i < decision->custom->len; i++) {
        const PdCustomValue *custom = &g_array_index(decision->custom, PdCustomValue, i);
        pd_json_set(object, custom->name, field_json(&(PdField){custom->value, custom->by}));
    }
    return object;
}

static PdJson *words_json(const GPtrArray *words)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < words->len; i++)
        pd_json_add_text(array, g_ptr_array_index(words, i));
    return array;
}

static PdJson *votes_json(const PdDecision *decision)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i < decision->votes->len; i++) {
        const PdTally *tally = &g_array_index(decision->votes, PdTally, i);
        pd_json_set_int(object, tally->category, tally->points);
    }
    return object;
}

static PdJson *hit_captures(const PdHit *hit)
{
    const char *const *names = pd_pattern_names(hit->pattern);
    PdJson *captures = pd_json_object();

    for (guint i = 0; hit->groups != NULL && names[i] != NULL; i++) {
        if (hit->groups[i] != NULL)
            pd_json_set_text(captures, names[i], hit->groups[i]);
    }
    return captures;
}

static PdJson *hit_json(const PdHit *hit)
{
    g_autofree char *before = g_strndup(hit->context, hit->before);
    g_autofree char *matched = g_strndup(hit->context + hit->before, hit->matched);
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "pattern", pd_pattern_shown(hit->pattern));
    pd_json_set_int(object, "start", (gint64)hit->start);
    pd_json_set_int(object, "end", (gint64)hit->end);
    pd_json_set_text(object, "text", matched);
    pd_json_set_text(object, "before", before);
    pd_json_set_text(object, "after", hit->context + hit->before + hit->matched);
    return pd_json_set(object, "captures", hit_captures(hit));
}

static PdJson *hits_json(const PdDecision *decision, const PdCondition *condition)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < decision->hits->len; i++) {
        const PdHit *hit = &g_array_index(decision->hits, PdHit, i);
        if (hit->condition == condition->index)
            pd_json_add(array, hit_json(hit));
    }
    return array;
}

static PdJson *patterns_json(const GArray *uses)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < uses->len; i++)
        pd_json_add_text(array, pd_pattern_shown(g_array_index(uses, PdUse, i).pattern));
    return array;
}

static PdJson *condition_json(const PdDecision *decision, const PdCondition *condition)
{
    PdJson *object = pd_json_object(), *array;

    pd_json_set_text(object, "condition", condition->name);
    pd_json_set_int(object, "line", condition->line);
    pd_json_set_text(object, "result", answer_names[decision->answers[condition->index]]);
    if (condition->uses != NULL)
        pd_json_set(object, "patterns", patterns_json(condition->uses));
    if (condition->types != NULL)
        pd_json_set(object, "types", patterns_json(condition->types));
    if (condition->texts != NULL)
        pd_json_set(object, "texts", patterns_json(condition->texts));
    if (condition->uses != NULL || condition->types != NULL || condition->texts != NULL)
        pd_json_set(object, "matched", hits_json(decision, condition));
    if (condition->kind == PD_CONDITION_PRESENT)
        pd_json_set_bool(object, "wanted", condition->wanted);
    if (condition->kind == PD_CONDITION_RANGE && condition->least > 0)
        pd_json_set_int(object, "least", condition->least);
    if (condition->kind == PD_CONDITION_RANGE && condition->most < G_MAXINT64)
        pd_json_set_int(object, "most", condition->most);
    if (condition->words != NULL) {
        array = pd_json_array();
        for (guint i = 0; condition->words[i] != NULL; i++)
            pd_json_add_text(array, condition->words[i]);
        pd_json_set(object, "one_of", array);
    }
    if (condition->children != NULL) {
        array = pd_json_array();
        for (guint i = 0; i < condition->children->len; i++)
            pd_json_add(array, condition_json(decision, g_ptr_array_index(condition->children, i)));
        pd_json_set(object, "of", array);
    }
    return object;
}

static PdJson *rule_votes_json(const PdAction *then)
{
    PdJson *votes = pd_json_object();

    for (guint i = 0; i < then->votes->len; i++) {
        const PdVote *vote = &g_array_index(then->votes, PdVote, i);
        pd_json_set_int(votes, vote->category, vote->points);
    }
    return votes;
}

/* What its words with points said. */
static void set_count(PdJson *object, const PdPointsCount *count)
{
    if (count->sure != NULL) {
        pd_json_set_text(object, "sure", count->sure);
        return;
    }
    PdJson *votes = pd_json_object(), *words = pd_json_array();
    for (guint i = 0; i < count->votes->len; i++) {
        const PdVote *vote = &g_array_index(count->votes, PdVote, i);
        pd_json_set_int(votes, vote->category, vote->points);
    }
    for (guint i = 0; i < count->words->len; i++) {
        const PdToldWord *word = &g_array_index(count->words, PdToldWord, i);
        PdJson *told = pd_json_object();
        pd_json_set_text(told, "text", word->text);
        pd_json_set_int(told, "start", (gint64)word->start);
        pd_json_set_int(told, "end", (gint64)word->end);
        pd_json_add(words, pd_json_set_int(told, "points", word->points));
    }
    pd_json_set_int(object, "found", count->found);
    pd_json_set(object, "votes", votes);
    pd_json_set(object, "words", words);
}

static void set_list(PdJson *object, const char *key, char *const *words)
{
    PdJson *array;

    if (words == NULL)
        return;
    array = pd_json_array();
    for (; *words != NULL; words++)
        pd_json_add_text(array, *words);
    pd_json_set(object, key, array);
}

static void set_fields(PdJson *object, const PdAction *then)
{
    PdJson *fields;

    if (then->fields == NULL)
        return;
    fields = pd_json_object();
    for (guint i = 0; i < then->fields->len; i++) {
        const PdCustomField *field = &g_array_index(then->fields, PdCustomField, i);
        pd_json_set_text(fields, field->name, field->text);
    }
    pd_json_set(object, "fields", fields);
}

PdJson *pd_action_json(const PdAction *then)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i < PD_SET_COUNT; i++) {
        if (then->set[i] != NULL)
            pd_json_set_text(object, pd_set_names[i], then->set[i]);
    }
    if (then->drop != NULL)
        pd_json_set_text(object, "drop", then->drop);
    if (then->quarantine != NULL)
        pd_json_set_text(object, "quarantine", then->quarantine);
    set_list(object, "tags", then->tags);
    set_list(object, "watchers", then->watchers);
    set_fields(object, then);
    if (then->votes != NULL)
        pd_json_set(object, "votes", rule_votes_json(then));
    if (then->points != NULL)
        pd_json_set_text(object, "votes", pd_points_shown(then->points));
    if (then->stop)
        pd_json_set_bool(object, "stop", TRUE);
    return object;
}

static PdJson *rule_json(const PdDecision *decision, const PdRule *rule)
{
    PdRuleOutcome outcome = (PdRuleOutcome)decision->outcomes[rule->index];
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "id", rule->id);
    pd_json_set_text(object, "outcome", pd_outcome_names[outcome]);
    pd_json_set_text(object, "file", rule->place.file);
    pd_json_set_int(object, "line", rule->place.line);
    if (outcome == PD_RULE_SKIPPED) {
        const PdRule *stop = g_ptr_array_index(decision->set->rules, (guint)decision->stopped_by);
        pd_json_set_text(object, "skipped_by", stop->id);
    } else if (rule->when != NULL) {
        pd_json_set(object, "when", condition_json(decision, rule->when));
    }
    const PdPointsCount *count = pd_decision_count_of(decision, rule);
    if (count != NULL)
        set_count(object, count);
    return pd_json_set(object, "then", pd_action_json(&rule->then));
}

/* What the rules were told besides the mail; where nothing, nothing. */
static PdJson *facts_json(const PdDecision *decision)
{
    PdJson *object = pd_json_object();

    if (decision->facts.department != NULL)
        pd_json_set_text(object, "department", decision->facts.department);
    if (decision->inside != NULL && decision->inside[0] != NULL)
        set_list(object, "inside", decision->inside);
    if (decision->facts.ticket == 0)
        return object;
    pd_json_set_int(object, "ticket", decision->facts.ticket);
    pd_json_set_text(object, "status", decision->facts.status);
    pd_json_set_text(object, "category", decision->facts.category);
    return pd_json_set_int(object, "age", decision->facts.age);
}

static PdJson *near_json(const PdDecision *decision)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < decision->near->len; i++)
        pd_json_add_text(array, ((const PdRule *)g_ptr_array_index(decision->near, i))->id);
    return array;
}

static PdJson *rules_json(const PdDecision *decision)
{
    const GPtrArray *rules = decision->set->rules;
    PdJson *array = pd_json_array();

    for (guint i = 0; i < rules->len; i++)
        pd_json_add(array, rule_json(decision, g_ptr_array_index(rules, i)));
    return array;
}

PdJson *pd_decision_to_json(const PdDecision *decision)
{
    const PdRuleSet *set = decision->set;
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "schema_version", PD_DECISION_SCHEMA);
    pd_json_set_text(object, "rule_set", set->hash);
    if (set->commit != NULL)
        pd_json_set_text(object, "commit", set->commit);
    pd_json_set(object, "facts", facts_json(decision));
    pd_json_set(object, "rules", rules_json(decision));
    if (decision->stopped_by >= 0)
        pd_json_set_text(
            object, "stopped_by",
            ((const PdRule *)g_ptr_array_index(set->rules, (guint)decision->stopped_by))->id);
    pd_json_set(object, "near", near_json(decision));
    pd_json_set(object, "votes", votes_json(decision));
    pd_json_set(object, "fields", fields_json(decision));
    pd_json_set(object, "custom", custom_json(decision));
    pd_json_set(object, "tags", words_json(decision->tags));
    pd_json_set(object, "watchers", words_json(decision->watchers));
    if (decision->drop.value != NULL)
        pd_json_set(object, "drop", field_json(&decision->drop));
    if (decision->quarantine.value != NULL)
        pd_json_set(object, "quarantine", field_json(&decision->quarantine));
    return object;
}
