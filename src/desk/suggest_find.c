/* suggest_find.c: proposals for each value that people set, from the words that are shared. */
#include "desk/suggest_private.h"

#include <string.h>

PdSuggestion *pd_suggestion_new(void)
{
    PdSuggestion *suggestion = g_new0(PdSuggestion, 1);

    suggestion->words = g_ptr_array_new_with_free_func(g_free);
    suggestion->mended = g_array_new(FALSE, FALSE, sizeof(gint64));
    suggestion->spoiled = g_array_new(FALSE, FALSE, sizeof(gint64));
    suggestion->tests = g_ptr_array_new_with_free_func(g_free);
    return suggestion;
}

void pd_suggestion_free(PdSuggestion *suggestion)
{
    if (suggestion == NULL)
        return;
    g_free(suggestion->id);
    g_ptr_array_unref(suggestion->words);
    g_array_unref(suggestion->mended);
    g_array_unref(suggestion->spoiled);
    g_ptr_array_unref(suggestion->tests);
    g_free(suggestion->refused);
    g_free(suggestion);
}

/* All corrections of one field to one value. */
typedef struct {
    guint field;
    const char *value;
    GArray *members; /* of guint: documents */
    GArray *words;   /* of guint: features */
} Group;

static void group_free(gpointer data)
{
    Group *group = data;

    g_array_unref(group->members);
    g_clear_pointer(&group->words, g_array_unref);
    g_free(group);
}

static Group *group_of(GPtrArray *groups, guint field, const char *value)
{
    for (guint i = 0; i < groups->len; i++) {
        Group *group = g_ptr_array_index(groups, i);
        if (group->field == field && strcmp(group->value, value) == 0)
            return group;
    }
    Group *group = g_new0(Group, 1);
    *group = (Group){field, value, g_array_new(FALSE, FALSE, sizeof(guint)), NULL};
    g_ptr_array_add(groups, group);
    return group;
}

static gint compare_groups(gconstpointer one, gconstpointer other)
{
    const Group *first = *(Group *const *)one, *second = *(Group *const *)other;

    if (first->members->len != second->members->len)
        return first->members->len < second->members->len ? 1 : -1;
    return first->field != second->field
               ? (first->field > second->field) - (first->field < second->field)
               : strcmp(first->value, second->value);
}

/* Those with most corrections first, and only as many as there is time for. */
static GPtrArray *groups_of(const PdSuggesting *s)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);

    for (guint document = 0; document < s->terms->len; document++) {
        const PdPast *ticket = pd_suggest_ticket(s, document);
        for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
            if ((ticket->corrected >> field) & 1)
                g_array_append_val(group_of(groups, field, ticket->left[field])->members, document);
        }
    }
    g_ptr_array_sort(groups, compare_groups);
    for (guint i = groups->len; i > 0; i--) {
        const Group *group = g_ptr_array_index(groups, i - 1);
        if (i > PD_SUGGEST_MOST_GROUPS || group->members->len < s->options->least_support)
            g_ptr_array_remove_index(groups, i - 1);
    }
    return groups;
}

static void share(const PdSuggesting *s, PdFeatures *features, Group *group)
{
    g_autoptr(GPtrArray) mails = g_ptr_array_new();

    for (guint i = 0; i < group->members->len && i < PD_SUGGEST_MOST_MEMBERS; i++)
        g_ptr_array_add(mails,
                        g_ptr_array_index(s->terms, g_array_index(group->members, guint, i)));
    group->words = pd_features_share(features, mails, s->options->least_support);
}

static PdStatus *note_documents(PdSuggesting *s, PdFeatures *features)
{
    for (guint document = 0; document < s->documents->len; document++) {
        if (document < s->terms->len) {
            pd_features_note(features, document, g_ptr_array_index(s->terms, document));
            continue;
        }
        g_auto(PdAsked) asked = {0};
        PD_TRY(pd_suggest_ask(s, pd_suggest_ticket(s, document)->inbox, &asked));
        if (asked.mail == NULL)
            continue;
        g_autoptr(PdTerms) terms = pd_terms_new(asked.mail, asked.facts.department);
        pd_features_note(features, document, terms);
    }
    return NULL;
}

/* The proposal with just these words, whichever field it came up for first. */
static PdSuggestion *suggestion_of(PdSuggesting *s, const PdFeatures *features,
                                   const PdClause *clause)
{
    g_autoptr(PdSuggestion) made = pd_suggestion_new();

    for (guint i = 0; i < clause->count; i++)
        g_ptr_array_add(
            made->words,
            g_strdup(
                ((const PdFeature *)g_ptr_array_index(features->all, clause->features[i]))->word));
    for (guint i = 0; i < s->suggestions->len; i++) {
        PdSuggestion *known = g_ptr_array_index(s->suggestions, i);
        gboolean same = known->words->len == made->words->len;
        for (guint j = 0; same && j < made->words->len; j++)
            same = g_ptr_array_find_with_equal_func(known->words, g_ptr_array_index(made->words, j),
                                                    g_str_equal, NULL);
        if (same)
            return known;
    }
    g_ptr_array_add(s->suggestions, made);
    return g_steal_pointer(&made);
}

static void choose(PdSuggesting *s, const PdFeatures *features, const Group *group)
{
    g_autofree guint64 *wanted = g_new0(guint64, features->blocks);
    g_autofree guint64 *unwanted = g_new0(guint64, features->blocks);
    const PdContrast contrast = {features,
                                 group->words,
                                 wanted,
                                 unwanted,
                                 s->options->least_support,
                                 s->options->least_precision};

    for (guint document = 0; document < s->documents->len; document++) {
        const PdPast *ticket = pd_suggest_ticket(s, document);
        gboolean is_left = g_strcmp0(ticket->left[group->field], group->value) == 0;
        if (!is_left)
            pd_bits_set(unwanted, document);
        else if ((ticket->corrected >> group->field) & 1)
            pd_bits_set(wanted, document);
    }
    g_autoptr(GArray) clauses = pd_choose(&contrast, PD_SUGGEST_MOST_RULES);
    for (guint i = 0; i < clauses->len; i++) {
        PdSuggestion *suggestion = suggestion_of(s, features, &g_array_index(clauses, PdClause, i));
        if (suggestion->worth[group->field].value == NULL)
            suggestion->worth[group->field].value = group->value;
    }
}

PdStatus *pd_suggest_find(PdSuggesting *s)
{
    g_autoptr(GPtrArray) groups = groups_of(s);
    g_autoptr(PdFeatures) features = pd_features_new(s->documents->len);

    for (guint i = 0; i < groups->len; i++)
        share(s, features, g_ptr_array_index(groups, i));
    if (groups->len > 0)
        PD_TRY(note_documents(s, features));
    for (guint i = 0; i < groups->len; i++)
        choose(s, features, g_ptr_array_index(groups, i));
    return NULL;
}
