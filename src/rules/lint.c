/* lint.c: what is valid and yet hardly meant. */
#include "rules/always.h"
#include "rules/contradiction.h"
#include "rules/dear.h"
#include "rules/implied.h"

#include <string.h>

typedef struct {
    const PdRuleSet *set;
    PdDiagnostics *list;
    PdMatcher *matcher;
    guint reached; /* rules up to the first that always stops */
} Lint;

static void warn(Lint *lint, const PdPlace *place, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void warn(Lint *lint, const PdPlace *place, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_diagnostics_add(lint->list, PD_WARNING, place->file, place->line, place->column, "%s", text);
}

static const PdRule *rule_at(const Lint *lint, guint index)
{
    return g_ptr_array_index(lint->set->rules, index);
}

/* Nothing is reached behind a rule that always stops. */
static void lint_reach(Lint *lint)
{
    const PdRule *stop = NULL;

    for (guint i = 0; i < lint->set->rules->len; i++) {
        const PdRule *rule = rule_at(lint, i);
        if (stop != NULL)
            warn(lint, &rule->place, "the rule '%s' is never reached: '%s' always stops before it",
                 rule->id, stop->id);
        else if (rule->then.stop && !rule->shadow && pd_always_holds(lint->matcher, rule->when))
            stop = rule;
        lint->reached += stop == NULL || stop == rule;
    }
}

static void lint_contradictions(Lint *lint)
{
    const PdCondition *one, *other;

    for (guint i = 0; i < lint->set->rules->len; i++) {
        const PdRule *rule = rule_at(lint, i);
        if (!pd_contradiction(rule->when, &one, &other))
            continue;
        if (one == other)
            warn(lint, &rule->place, "the rule '%s' can never apply: nothing is within its '%s'",
                 rule->id, one->name);
        else
            warn(lint, &rule->place,
                 "the rule '%s' can never apply: its '%s' in line %u and '%s' in line %u exclude "
                 "each other",
                 rule->id, one->name, one->line, other->name, other->line);
    }
}

/* The rule sets nothing that the earlier one, which holds whenever it holds, did not set. */
static gboolean is_covered(const PdRule *rule, const PdRule *by)
{
    const PdAction *one = &rule->then, *other = &by->then;

    for (guint i = 0; i < PD_SET_COUNT; i++) {
        if (one->set[i] != NULL && other->set[i] == NULL)
            return FALSE;
    }
    return one->votes == NULL && one->points == NULL && one->tags == NULL &&
           one->watchers == NULL && one->fields == NULL && one->drop == NULL &&
           one->quarantine == NULL && !one->stop;
}

static gboolean warn_of_pair(Lint *lint, const PdRule *rule, const PdRule *earlier, gboolean same)
{
    const char *how = same ? "has the same conditions" : "holds whenever it holds";

    if (earlier->then.stop)
        warn(lint, &rule->place, "the rule '%s' can never apply: '%s' %s and stops", rule->id,
             earlier->id, how);
    else if (is_covered(rule, earlier))
        warn(lint, &rule->place,
             "the rule '%s' can never change anything: '%s' %s and sets the same fields first",
             rule->id, earlier->id, how);
    else if (same && rule->when != NULL)
        warn(lint, &rule->place, "the rules '%s' and '%s' have the same conditions; make them one",
             earlier->id, rule->id);
    else
        return FALSE;
    return TRUE;
}

/* Against each earlier rule that holds whenever this one does: one warning is enough. */
static void lint_shadowed(Lint *lint)
{
    PdImplied *implied = pd_implied_new();

    for (guint i = 0; i < lint->reached; i++) {
        const PdRule *rule = rule_at(lint, i);
        g_autoptr(GPtrArray) earlier =
            rule->shadow ? g_ptr_array_new() : pd_implied_by(implied, rule);
        for (guint j = 0; j < earlier->len; j++) {
            const PdRule *other = g_ptr_array_index(earlier, j);
            if (warn_of_pair(lint, rule, other, pd_implies(other, rule)))
                break;
        }
        if (!rule->shadow)
            pd_implied_add(implied, rule);
    }
    pd_implied_free(implied);
}

static void lint_category(Lint *lint, const PdPlace *place, const char *name, GHashTable *used)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();

    if (name == NULL)
        return;
    g_hash_table_add(used, (gpointer)name);
    if (lint->set->categories->len == 0 || pd_rule_set_category(lint->set, name) != NULL)
        return;
    for (guint i = 0; i < lint->set->categories->len; i++)
        g_ptr_array_add(known, ((PdCategory *)g_ptr_array_index(lint->set->categories, i))->name);
    g_ptr_array_add(known, NULL);
    const char *nearest = pd_nearest_word(name, (const char *const *)known->pdata);
    if (nearest != NULL)
        warn(lint, place, "the category '%s' is not declared; did you mean '%s'?", name, nearest);
    else
        warn(lint, place, "the category '%s' is not declared under 'categories'", name);
}

static guint count_of(const PdPoints *points)
{
    return points != NULL ? pd_points_category_count(points) : 0;
}

static void lint_categories(Lint *lint)
{
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < lint->set->rules->len; i++) {
        const PdRule *rule = rule_at(lint, i);
        const GArray *votes = rule->then.votes;
        lint_category(lint, &rule->place, rule->then.set[PD_SET_CATEGORY], used);
        for (guint j = 0; votes != NULL && j < votes->len; j++)
            lint_category(lint, &rule->place, g_array_index(votes, PdVote, j).category, used);
        for (guint j = 0; j < count_of(rule->then.points); j++)
            lint_category(lint, &rule->place, pd_points_category_name(rule->then.points, j), used);
    }
    lint_category(lint, &lint->set->defaults_place, lint->set->defaults[PD_SET_CATEGORY], used);
    for (guint i = 0; i < lint->set->categories->len; i++) {
        const PdCategory *category = g_ptr_array_index(lint->set->categories, i);
        if (!g_hash_table_contains(used, category->name))
            warn(lint, &category->place, "no rule gives the category '%s'", category->name);
    }
}

static void lint_defaults(Lint *lint)
{
    static const guint needed[] = {PD_SET_CATEGORY, PD_SET_IMPACT, PD_SET_URGENCY, PD_SET_QUEUE};
    const PdRuleSet *set = lint->set;
    PdPlace folder = {set->folder, 0, 0};

    if (set->defaults_place.file == NULL) {
        warn(lint, &folder,
             "there are no 'defaults': a mail that no rule knows gets no category, "
             "no priority and no queue");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        if (set->defaults[needed[i]] == NULL)
            warn(lint, &set->defaults_place, "the defaults give no %s", pd_set_names[needed[i]]);
    }
}

static void lint_uses(Lint *lint, const PdRule *rule, const GArray *uses, guint line)
{
    PdPlace place = {rule->place.file, line, 0};

    for (guint i = 0; uses != NULL && i < uses->len; i++) {
        const PdPattern *pattern = g_array_index(uses, PdUse, i).pattern;
        g_autofree char *dear = NULL;
        if (pd_matches_everything(lint->matcher, pattern))
            warn(lint, &place, "the pattern '%s' matches every text", pd_pattern_shown(pattern));
        else if ((dear = pd_dear_text(lint->matcher, pattern)) != NULL)
            warn(lint, &place,
                 "the pattern '%s' needs more than %u steps on a text such as '%s'; avoid "
                 "repetitions inside repetitions",
                 pd_pattern_shown(pattern), PD_DEAR_STEPS, dear);
    }
}

static void lint_condition(Lint *lint, const PdRule *rule, const PdCondition *condition)
{
    if (condition == NULL)
        return;
    lint_uses(lint, rule, condition->uses, condition->line);
    lint_uses(lint, rule, condition->types, condition->line);
    lint_uses(lint, rule, condition->texts, condition->line);
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        lint_condition(lint, rule, g_ptr_array_index(condition->children, i));
}

static void lint_patterns(Lint *lint)
{
    for (guint i = 0; i < lint->set->rules->len; i++)
        lint_condition(lint, rule_at(lint, i), rule_at(lint, i)->when);
}

/* Hours of a calendar that is not there hold nothing. */
static void lint_calendars(Lint *lint)
{
    const char *const *names = pd_rule_set_calendars(lint->set);
    PdPlace folder = {lint->set->folder, 0, 0};

    for (; *names != NULL; names++) {
        g_autofree char *file = g_strconcat(*names, ".yaml", NULL);
        g_autofree char *path = g_build_filename(lint->set->folder, "calendars", file, NULL);
        if (strcmp(*names, "always") != 0 && !g_file_test(path, G_FILE_TEST_EXISTS))
            warn(lint, &folder, "rules ask for the calendar '%s', but there is no calendars/%s",
                 *names, file);
    }
}

void pd_rule_set_lint(const PdRuleSet *set, PdDiagnostics *list)
{
    Lint lint = {.set = set, .list = list, .matcher = pd_matcher_new()};

    pd_matcher_set_effort(lint.matcher, PD_DEAR_STEPS);
    lint_reach(&lint);
    lint_contradictions(&lint);
    lint_shadowed(&lint);
    lint_categories(&lint);
    lint_defaults(&lint);
    lint_calendars(&lint);
    lint_patterns(&lint);
    pd_matcher_free(lint.matcher);
}
