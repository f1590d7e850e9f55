/* decision_line.c: a decision in the short form that is stored with each ticket: enough to show why
 * a rule applied when the rule files are long gone, and no more. What a rule and a pattern say is
 * most of it and the same in every line, so it is told as a phrase (postdesk/phrase.h).
 *
 * It is made for every mail, so it is written straight into its text. Of thousands of rules that
 * ask for the same words, and of many matches of one rule, some are enough.
 */
#include "rules/evaluate.h"

#include "postdesk/json_write.h"
#include <string.h>

#define MOST_NEAR 20
#define MOST_HITS 12 /* of a rule */
#define USUAL_SIZE 4096

static void put_field(GString *out, const char *key, const PdField *field)
{
    pd_json_write_open_member(out, key, '{');
    pd_json_write_member(out, "value", field->value);
    pd_json_write_member(out, "by", field->by);
    pd_json_write_close(out, '}');
}

static void put_words(GString *out, const char *key, const GPtrArray *words)
{
    if (words->len == 0)
        return;
    pd_json_write_open_member(out, key, '[');
    for (guint i = 0; i < words->len; i++)
        pd_json_write_text(out, g_ptr_array_index(words, i));
    pd_json_write_close(out, ']');
}

static void put_captures(GString *out, const PdHit *hit)
{
    const char *const *names = pd_pattern_names(hit->pattern);

    pd_json_write_open(out, '{');
    for (guint i = 0; names[i] != NULL; i++) {
        if (hit->groups[i] != NULL)
            pd_json_write_member(out, names[i], hit->groups[i]);
    }
    pd_json_write_close(out, '}');
}

/* As the next value; told beside the line, or in it where nobody collects phrases. */
static void put_phrase(GString *out, const PdPhrase *phrase, GPtrArray *phrases)
{
    static const char gap[] = {PD_PHRASE_GAP, '\0'};

    pd_json_write_raw(out, phrases != NULL ? gap : phrase->text);
    if (phrases != NULL)
        g_ptr_array_add(phrases, (gpointer)phrase);
}

/* [condition, pattern, first byte, byte behind the last, text], and captures where there are any.
 */
static void put_hit(GString *out, const PdCondition *condition, const PdHit *hit,
                    GPtrArray *phrases)
{
    pd_json_write_open(out, '[');
    pd_json_write_text(out, condition->name);
    put_phrase(out, pd_pattern_phrase(hit->pattern), phrases);
    pd_json_write_int(out, (gint64)hit->start);
    pd_json_write_int(out, (gint64)hit->end);
    pd_json_write_bytes(out, hit->context + hit->before, hit->matched);
    if (hit->groups != NULL)
        put_captures(out, hit);
    pd_json_write_close(out, ']');
}

/* The hits of one rule: a row among all of the decision. */
typedef struct {
    const PdHit *first, *end;
    guint told;
    GPtrArray *phrases;
} RuleHits;

/* The matches of a condition and of all below it. */
static void put_hits_below(GString *out, const PdCondition *condition, RuleHits *hits)
{
    for (const PdHit *hit = hits->first; hit < hits->end && hits->told < MOST_HITS; hit++) {
        if (hit->condition != condition->index)
            continue;
        if (hits->told++ == 0)
            pd_json_write_open_member(out, "hits", '[');
        put_hit(out, condition, hit, hits->phrases);
    }
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        put_hits_below(out, g_ptr_array_index(condition->children, i), hits);
}

static void put_hits(GString *out, const PdCondition *condition, RuleHits *hits)
{
    put_hits_below(out, condition, hits);
    if (hits->told > 0)
        pd_json_write_close(out, ']');
}

/* Behind *from; rules are asked in order, and so are they told. */
static RuleHits hits_of(const PdDecision *decision, const PdRule *rule, guint *from,
                        GPtrArray *phrases)
{
    const PdHit *hits = (const PdHit *)(gconstpointer)decision->hits->data;
    guint count = decision->hits->len, first;

    while (*from < count && hits[*from].rule < rule->index)
        ++*from;
    for (first = *from; *from < count && hits[*from].rule == rule->index;)
        ++*from;
    return (RuleHits){hits + first, hits + *from, 0, phrases};
}

/* Those that could not tell. */
static void add_unknown(GPtrArray *names, const PdDecision *decision, const PdCondition *condition)
{
    if (condition->children == NULL && decision->answers[condition->index] == PD_UNKNOWN)
        g_ptr_array_add(names, condition->name);
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        add_unknown(names, decision, g_ptr_array_index(condition->children, i));
}

static void put_unknown(GString *out, const PdDecision *decision, const PdCondition *condition)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    add_unknown(names, decision, condition);
    put_words(out, "unknown", names);
}

static void put_votes(GString *out, const GArray *votes)
{
    pd_json_write_open_member(out, "votes", '{');
    for (guint i = 0; i < votes->len; i++) {
        const PdVote *vote = &g_array_index(votes, PdVote, i);
        pd_json_write_member_int(out, vote->category, vote->points);
    }
    pd_json_write_close(out, '}');
}

static void put_shadowed(GString *out, const PdAction *then)
{
    g_autoptr(PdJson) action = pd_action_json(then);
    g_autofree char *text = pd_json_compact(action);

    pd_json_write_key(out, "then");
    pd_json_write_raw(out, text);
}

static char *outcome_json(const PdRule *rule, PdRuleOutcome outcome)
{
    GString *out = g_string_new(NULL);

    pd_json_write_open(out, '{');
    pd_json_write_member(out, "id", rule->id);
    pd_json_write_member(out, "outcome", pd_outcome_names[outcome]);
    if (outcome == PD_RULE_SHADOW)
        put_shadowed(out, &rule->then);
    else if (outcome == PD_RULE_APPLIED && rule->then.votes != NULL)
        put_votes(out, rule->then.votes);
    return g_string_free(out, FALSE);
}

/* What a shadow would have set, and who voted how, stands nowhere else. It is the same for every
 * mail, so it is made for the first. */
static void put_outcome_of(GString *out, const PdRule *rule, PdRuleOutcome outcome,
                           GPtrArray *phrases)
{
    PdPhrase **told = &((PdRule *)rule)->told[outcome];

    if (*told == NULL)
        *told = pd_phrase_new(outcome_json(rule, outcome));
    put_phrase(out, *told, phrases);
}

/* [word, first byte, byte behind the last, points] */
static void put_told(GString *out, const PdToldWord *word)
{
    pd_json_write_open(out, '[');
    pd_json_write_text(out, word->text);
    pd_json_write_int(out, (gint64)word->start);
    pd_json_write_int(out, (gint64)word->end);
    pd_json_write_int(out, word->points);
    pd_json_write_close(out, ']');
}

static void put_count(GString *out, const PdDecision *decision, const PdRule *rule)
{
    const PdPointsCount *count = pd_decision_count_of(decision, rule);

    if (count != NULL && count->sure != NULL)
        pd_json_write_member(out, "sure", count->sure);
    if (count == NULL || count->sure != NULL)
        return;
    pd_json_write_member_int(out, "found", count->found);
    put_votes(out, count->votes);
    pd_json_write_open_member(out, "words", '[');
    for (guint i = 0; i < count->words->len; i++)
        put_told(out, &g_array_index(count->words, PdToldWord, i));
    pd_json_write_close(out, ']');
}

static void put_rules(GString *out, const PdDecision *decision, GPtrArray *phrases)
{
    const PdRuleSet *set = decision->set;
    gboolean unsure = memchr(decision->answers, PD_UNKNOWN, set->conditions->len) != NULL;
    guint from = 0;

    pd_json_write_open_member(out, "rules", '[');
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        PdRuleOutcome outcome = (PdRuleOutcome)decision->outcomes[i];
        if (outcome != PD_RULE_APPLIED && outcome != PD_RULE_SHADOW && outcome != PD_RULE_FAILED)
            continue;
        RuleHits hits = hits_of(decision, rule, &from, phrases);
        put_outcome_of(out, rule, outcome, phrases);
        put_count(out, decision, rule);
        if (rule->when != NULL)
            put_hits(out, rule->when, &hits);
        if (rule->when != NULL && unsure)
            put_unknown(out, decision, rule->when);
        pd_json_write_close(out, '}');
    }
    pd_json_write_close(out, ']');
}

/* What the rules were told besides the mail; where nothing, nothing. */
static void put_facts(GString *out, const PdDecision *decision)
{
    const PdTicketFacts *facts = &decision->facts;

    pd_json_write_open_member(out, "facts", '{');
    if (facts->department != NULL)
        pd_json_write_member(out, "department", facts->department);
    if (decision->inside != NULL && decision->inside[0] != NULL) {
        pd_json_write_open_member(out, "inside", '[');
        for (char **calendar = decision->inside; *calendar != NULL; calendar++)
            pd_json_write_text(out, *calendar);
        pd_json_write_close(out, ']');
    }
    if (facts->ticket != 0) {
        pd_json_write_member_int(out, "ticket", facts->ticket);
        pd_json_write_member(out, "status", facts->status);
        pd_json_write_member(out, "category", facts->category);
        pd_json_write_member_int(out, "age", facts->age);
    }
    pd_json_write_close(out, '}');
}

static void put_near(GString *out, const GPtrArray *near)
{
    if (near->len == 0)
        return;
    pd_json_write_open_member(out, "near", '[');
    for (guint i = 0; i < near->len && i < MOST_NEAR; i++)
        pd_json_write_text(out, ((const PdRule *)g_ptr_array_index(near, i))->id);
    pd_json_write_close(out, ']');
}

static void put_tallies(GString *out, const GArray *tallies)
{
    if (tallies->len == 0)
        return;
    pd_json_write_open_member(out, "votes", '{');
    for (guint i = 0; i < tallies->len; i++) {
        const PdTally *tally = &g_array_index(tallies, PdTally, i);
        pd_json_write_member_int(out, tally->category, tally->points);
    }
    pd_json_write_close(out, '}');
}

static void put_fields(GString *out, const PdDecision *decision)
{
    pd_json_write_open_member(out, "fields", '{');
    for (guint i = 0; i <= PD_SET_COUNT; i++) {
        const PdField *field = &decision->fields[i];
        if (field->value != NULL)
            put_field(out, i == PD_FIELD_PRIORITY ? "priority" : pd_set_names[i], field);
    }
    pd_json_write_close(out, '}');
}

static void put_custom(GString *out, const GArray *custom)
{
    if (custom->len == 0)
        return;
    pd_json_write_open_member(out, "custom", '{');
    for (guint i = 0; i < custom->len; i++) {
        const PdCustomValue *value = &g_array_index(custom, PdCustomValue, i);
        put_field(out, value->name, &(PdField){value->value, value->by});
    }
    pd_json_write_close(out, '}');
}

static void put_outcome(GString *out, const PdDecision *decision)
{
    put_near(out, decision->near);
    put_tallies(out, decision->votes);
    put_fields(out, decision);
    put_custom(out, decision->custom);
    put_words(out, "tags", decision->tags);
    put_words(out, "watchers", decision->watchers);
    if (decision->drop.value != NULL)
        put_field(out, "drop", &decision->drop);
    if (decision->quarantine.value != NULL)
        put_field(out, "quarantine", &decision->quarantine);
}

char *pd_decision_compact(const PdDecision *decision, GPtrArray *phrases)
{
    const PdRuleSet *set = decision->set;
    GString *out = g_string_sized_new(USUAL_SIZE);

    pd_json_write_open(out, '{');
    pd_json_write_member_int(out, "schema_version", PD_DECISION_SCHEMA);
    pd_json_write_member(out, "rule_set", set->hash);
    if (set->commit != NULL)
        pd_json_write_member(out, "commit", set->commit);
    put_facts(out, decision);
    put_rules(out, decision, phrases);
    if (decision->stopped_by >= 0)
        pd_json_write_member(
            out, "stopped_by",
            ((const PdRule *)g_ptr_array_index(set->rules, (guint)decision->stopped_by))->id);
    put_outcome(out, decision);
    pd_json_write_close(out, '}');
    return g_string_free(out, FALSE);
}
