/* model.c: see model.h. */
#include "rules/model.h"

const char *const pd_set_names[PD_SET_COUNT + 1] = {
    "category", "impact",  "urgency",       "queue",     "assign", "language",
    "template", "resolve", "merge_persons", "merge_key", NULL,
};

const char *const pd_levels[PD_MATRIX_LEVELS + 1] = {"high", "medium", "low", NULL};

guint pd_rule_set_slots(const PdRuleSet *set)
{
    return PD_SLOT_HEADERS + set->headers->len;
}

const char *const *pd_rule_set_calendars(const PdRuleSet *set)
{
    return (const char *const *)set->calendars->pdata;
}

gboolean pd_rule_set_reads_attachments(const PdRuleSet *set)
{
    return set->reads_attachments;
}

gboolean pd_rule_set_has_category(const PdRuleSet *set, const char *category)
{
    return set->categories->len == 0 || pd_rule_set_category(set, category) != NULL;
}

const char **pd_rule_set_category_names(const PdRuleSet *set)
{
    const char **names = g_new0(const char *, set->categories->len + 1);

    for (guint i = 0; i < set->categories->len; i++)
        names[i] = ((const PdCategory *)g_ptr_array_index(set->categories, i))->name;
    return names;
}

const PdCategory *pd_rule_set_category(const PdRuleSet *set, const char *name)
{
    return g_hash_table_lookup(set->by_category, name);
}

void pd_condition_free(PdCondition *condition)
{
    if (condition == NULL)
        return;
    g_clear_pointer(&condition->uses, g_array_unref);
    g_clear_pointer(&condition->types, g_array_unref);
    g_clear_pointer(&condition->texts, g_array_unref);
    g_clear_pointer(&condition->children, g_ptr_array_unref);
    g_strfreev(condition->words);
    g_free(condition->name);
    g_free(condition);
}

void pd_vote_clear(PdVote *vote)
{
    g_free(vote->category);
}

void pd_custom_field_clear(PdCustomField *field)
{
    g_free(field->name);
    g_free(field->text);
}

void pd_expected_clear(PdExpected *expected)
{
    g_free(expected->field);
    g_free(expected->text);
}

static void action_clear(PdAction *action)
{
    for (guint i = 0; i < PD_SET_COUNT; i++)
        g_free(action->set[i]);
    g_free(action->drop);
    g_free(action->quarantine);
    g_strfreev(action->tags);
    g_strfreev(action->watchers);
    g_clear_pointer(&action->votes, g_array_unref);
    g_clear_pointer(&action->fields, g_array_unref);
}

void pd_rule_free(PdRule *rule)
{
    if (rule == NULL)
        return;
    pd_condition_free(rule->when);
    action_clear(&rule->then);
    for (guint i = 0; i < G_N_ELEMENTS(rule->told); i++)
        pd_phrase_free(rule->told[i]);
    g_free(rule->id);
    g_free(rule);
}

void pd_rule_test_free(PdRuleTest *test)
{
    if (test == NULL)
        return;
    pd_mail_free(test->mail);
    g_free((char *)test->facts.status);
    g_free((char *)test->facts.category);
    g_free((char *)test->facts.department);
    g_strfreev(test->inside);
    g_clear_pointer(&test->expected, g_array_unref);
    g_strfreev(test->tags);
    g_strfreev(test->watchers);
    g_strfreev(test->applied);
    g_strfreev(test->not_applied);
    g_free(test->file);
    g_free(test->name);
    g_free(test);
}

void pd_category_free(PdCategory *category)
{
    if (category == NULL)
        return;
    for (guint i = 0; i < PD_SET_COUNT; i++)
        g_free(category->set[i]);
    g_free(category->name);
    g_free(category);
}
