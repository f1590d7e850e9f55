/* decision.c: what was concluded.
 *
 * Invariant: a field that is set is never set again. Rules come in order, then the votes (for
 * the category), what the category brings, the defaults, and at last the matrix.
 */
#include "rules/evaluate.h"
#include "rules/expand.h"

#include "postdesk/text.h"
#include <string.h>

#define ROOM_FOR_CONTEXTS 4096 /* bytes: of a mail's hits, mostly */
#define LONGEST_VALUE 200      /* bytes of a value made from captures */

static void hit_clear(gpointer data)
{
    PdHit *hit = data;
    const char *const *names = pd_pattern_names(hit->pattern);

    for (guint i = 0; hit->groups != NULL && names[i] != NULL; i++)
        g_free(hit->groups[i]);
    g_free(hit->groups);
}

static void custom_clear(gpointer data)
{
    g_free(((PdCustomValue *)data)->value);
}

PdDecision *pd_decision_new(PdRuleSet *set)
{
    PdDecision *decision = g_new0(PdDecision, 1);

    decision->set = set;
    decision->outcomes = g_new0(guint8, set->rules->len + 1);
    decision->answers = g_new0(guint8, set->conditions->len + 1);
    decision->hits = g_array_new(FALSE, FALSE, sizeof(PdHit));
    decision->contexts = g_string_chunk_new(ROOM_FOR_CONTEXTS);
    g_array_set_clear_func(decision->hits, hit_clear);
    decision->custom = g_array_new(FALSE, FALSE, sizeof(PdCustomValue));
    g_array_set_clear_func(decision->custom, custom_clear);
    decision->votes = g_array_new(FALSE, FALSE, sizeof(PdTally));
    decision->counts = g_array_new(FALSE, FALSE, sizeof(PdPointsCount));
    g_array_set_clear_func(decision->counts, (GDestroyNotify)pd_points_count_clear);
    decision->tags = g_ptr_array_new();
    decision->watchers = g_ptr_array_new();
    decision->failed = g_ptr_array_new();
    decision->near = g_ptr_array_new();
    decision->stopped_by = -1;
    return decision;
}

void pd_decision_note_facts(PdDecision *decision, const PdTicketFacts *facts)
{
    decision->facts = *facts;
    decision->facts.status = g_strdup(facts->status);
    decision->facts.category = g_strdup(facts->category);
    decision->facts.department = g_strdup(facts->department);
    decision->inside = g_strdupv((char **)facts->inside);
    decision->facts.inside = (const char *const *)decision->inside;
}

void pd_decision_free(PdDecision *decision)
{
    if (decision == NULL)
        return;
    g_free((char *)decision->facts.status);
    g_free((char *)decision->facts.category);
    g_free((char *)decision->facts.department);
    g_strfreev(decision->inside);
    g_array_unref(decision->hits);
    g_string_chunk_free(decision->contexts);
    g_array_unref(decision->custom);
    g_array_unref(decision->votes);
    g_array_unref(decision->counts);
    g_ptr_array_unref(decision->tags);
    g_ptr_array_unref(decision->watchers);
    g_ptr_array_unref(decision->failed);
    g_ptr_array_unref(decision->near);
    g_free(decision->merge_key);
    g_free(decision->outcomes);
    g_free(decision->answers);
    pd_rule_set_free(decision->set);
    g_free(decision);
}

/* The hits of the rule that is applied. */
typedef struct {
    const GArray *hits;
    guint first;
} RuleHits;

static const char *capture(const char *name, gconstpointer data)
{
    const RuleHits *own = data;

    for (guint i = own->first; i < own->hits->len; i++) {
        const PdHit *hit = &g_array_index(own->hits, PdHit, i);
        const char *const *names = pd_pattern_names(hit->pattern);
        for (guint j = 0; hit->groups != NULL && names[j] != NULL; j++) {
            if (hit->groups[j] != NULL && strcmp(names[j], name) == 0)
                return hit->groups[j];
        }
    }
    return NULL;
}

/* Captures are foreign: one line, bounded. NULL if one of them took no part. */
static char *expand(const PdDecision *decision, guint first_hit, const char *template)
{
    RuleHits own = {decision->hits, first_hit};
    g_autofree char *text = pd_expand(template, capture, &own);

    if (text == NULL)
        return NULL;
    g_autofree char *folded = pd_text_fold_space(text);
    return *folded != '\0' ? pd_text_shorten(folded, LONGEST_VALUE) : NULL;
}

static void set_field(PdField *field, const char *value, const char *by)
{
    if (field->value == NULL && value != NULL)
        *field = (PdField){value, by};
}

/* Most differ in the first letter. */
static gboolean is_same(const char *one, const char *other)
{
    return one == other || (*one == *other && strcmp(one, other) == 0);
}

void pd_decision_vote(PdDecision *decision, const PdRule *rule, const GArray *votes)
{
    for (guint i = 0; votes != NULL && i < votes->len; i++) {
        const PdVote *vote = &g_array_index(votes, PdVote, i);
        PdTally *tally = NULL;
        for (guint j = 0; j < decision->votes->len && tally == NULL; j++) {
            PdTally *one = &g_array_index(decision->votes, PdTally, j);
            tally = is_same(one->category, vote->category) ? one : NULL;
        }
        if (tally != NULL) {
            tally->points += vote->points;
            continue;
        }
        PdTally first = {vote->category, vote->points, rule->index};
        g_array_append_val(decision->votes, first);
    }
}

static void apply_fields(PdDecision *decision, const PdRule *rule, guint first_hit)
{
    for (guint i = 0; rule->then.fields != NULL && i < rule->then.fields->len; i++) {
        const PdCustomField *field = &g_array_index(rule->then.fields, PdCustomField, i);
        gboolean known = FALSE;
        for (guint j = 0; j < decision->custom->len; j++)
            known |=
                strcmp(g_array_index(decision->custom, PdCustomValue, j).name, field->name) == 0;
        char *value = known ? NULL : expand(decision, first_hit, field->text);
        if (value == NULL)
            continue;
        PdCustomValue custom = {field->name, value, rule->id};
        g_array_append_val(decision->custom, custom);
    }
}

static void add_words(GPtrArray *all, char **words)
{
    for (; words != NULL && *words != NULL; words++) {
        if (!g_ptr_array_find_with_equal_func(all, *words, g_str_equal, NULL))
            g_ptr_array_add(all, *words);
    }
}

void pd_decision_apply(PdDecision *decision, const PdRule *rule, guint first_hit)
{
    const PdAction *then = &rule->then;

    for (guint field = 0; field < PD_SET_MERGE_PERSONS; field++)
        set_field(&decision->fields[field], then->set[field], rule->id);
    if (then->set[PD_SET_MERGE_KEY] != NULL && decision->merge_key == NULL) {
        decision->merge_key = expand(decision, first_hit, then->set[PD_SET_MERGE_KEY]);
        set_field(&decision->fields[PD_SET_MERGE_KEY], decision->merge_key, rule->id);
        if (decision->merge_key != NULL)
            set_field(&decision->fields[PD_SET_MERGE_PERSONS], then->set[PD_SET_MERGE_PERSONS],
                      rule->id);
    }
    set_field(&decision->drop, then->drop, rule->id);
    set_field(&decision->quarantine, then->quarantine, rule->id);
    add_words(decision->tags, then->tags);
    add_words(decision->watchers, then->watchers);
    pd_decision_vote(decision, rule, then->votes);
    apply_fields(decision, rule, first_hit);
    if (then->stop)
        decision->stopped_by = (gint)rule->index;
}

/* Most points, more than none; of equal ones the first that got any. */
static const char *elected(const PdDecision *decision)
{
    const PdTally *best = NULL;

    for (guint i = 0; i < decision->votes->len; i++) {
        const PdTally *one = &g_array_index(decision->votes, PdTally, i);
        if (one->points > (best != NULL ? best->points : 0))
            best = one;
    }
    return best != NULL ? best->category : NULL;
}

static void set_fields(PdDecision *decision, char *const set[PD_SET_COUNT], const char *by)
{
    for (guint field = 0; field < PD_SET_COUNT; field++)
        set_field(&decision->fields[field], set[field], by);
}

void pd_decision_settle(PdDecision *decision)
{
    const PdRuleSet *set = decision->set;
    PdField *fields = decision->fields;

    set_field(&fields[PD_SET_CATEGORY], elected(decision), "votes");
    set_field(&fields[PD_SET_CATEGORY], set->defaults[PD_SET_CATEGORY], "default");
    const PdCategory *category = fields[PD_SET_CATEGORY].value != NULL
                                     ? pd_rule_set_category(set, fields[PD_SET_CATEGORY].value)
                                     : NULL;
    if (category != NULL)
        set_fields(decision, category->set, "category");
    set_fields(decision, set->defaults, "default");
    set_field(&fields[PD_FIELD_PRIORITY],
              pd_rule_set_priority(set, fields[PD_SET_IMPACT].value, fields[PD_SET_URGENCY].value),
              "matrix");
}

static const PdField *find_field(const PdDecision *decision, const char *name)
{
    if (strcmp(name, "priority") == 0)
        return &decision->fields[PD_FIELD_PRIORITY];
    for (guint i = 0; i < PD_SET_COUNT; i++) {
        if (strcmp(pd_set_names[i], name) == 0)
            return &decision->fields[i];
    }
    return NULL;
}

static const PdCustomValue *find_custom(const PdDecision *decision, const char *name)
{
    if (!g_str_has_prefix(name, "fields."))
        return NULL;
    for (guint i = 0; i < decision->custom->len; i++) {
        const PdCustomValue *custom = &g_array_index(decision->custom, PdCustomValue, i);
        if (strcmp(custom->name, name + strlen("fields.")) == 0)
            return custom;
    }
    return NULL;
}

const char *pd_decision_field(const PdDecision *decision, const char *field)
{
    const PdField *found = find_field(decision, field);
    const PdCustomValue *custom = find_custom(decision, field);

    return found != NULL ? found->value : custom != NULL ? custom->value : NULL;
}

const char *pd_decision_field_by(const PdDecision *decision, const char *field)
{
    const PdField *found = find_field(decision, field);
    const PdCustomValue *custom = find_custom(decision, field);

    return found != NULL ? found->by : custom != NULL ? custom->by : NULL;
}

const char *pd_decision_settled_in(const PdDecision *decision, const char *field)
{
    const char *by = pd_decision_field_by(decision, field);

    for (guint i = 0; i < decision->set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(decision->set->rules, i);
        if (g_strcmp0(rule->id, by) == 0 || decision->stopped_by == (gint)i)
            return rule->place.file;
    }
    return NULL;
}

GPtrArray *pd_decision_tags(const PdDecision *decision)
{
    return decision->tags;
}

GPtrArray *pd_decision_watchers(const PdDecision *decision)
{
    return decision->watchers;
}

const char *pd_decision_drop(const PdDecision *decision)
{
    return decision->drop.value;
}

const char *pd_decision_quarantine(const PdDecision *decision)
{
    return decision->quarantine.value;
}

GPtrArray *pd_decision_failed(const PdDecision *decision)
{
    return decision->failed;
}
