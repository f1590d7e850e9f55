/* suggest_try.c: the proposals among the desk's rules: all tests that passed must still pass. */
#include "desk/suggest_private.h"

#include <string.h>

/* The tests of the rules with the file among them. The set belongs to the results: free it last. */
static PdStatus *run_tests(const PdSuggestOptions *options, const char *file, const char *text,
                           PdRuleSet **set, GPtrArray **results)
{
    g_auto(PdTrialFolder) folder = {NULL};
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    PD_TRY(pd_trial_folder_make(&folder, options->config->rules, TRUE));
    if (text != NULL)
        PD_TRY(pd_trial_folder_write(&folder, file, text));
    *set = pd_rule_set_load(folder.path, list);
    if (*set == NULL)
        return pd_diagnostics_status(list);
    *results = pd_rule_set_test_each(*set);
    return NULL;
}

static PdSuggestion *find_suggestion(const GPtrArray *suggestions, const char *id)
{
    for (guint i = 0; id != NULL && i < suggestions->len; i++) {
        PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        if (strcmp(suggestion->id, id) == 0 && suggestion->refused == NULL)
            return suggestion;
    }
    return NULL;
}

/* "34-hardware.yaml:12": the same in whatever folder. */
static char *test_key(const PdRuleTestResult *result)
{
    g_autofree char *name = g_path_get_basename(result->file);

    return g_strdup_printf("%s:%u", name, result->line);
}

static GHashTable *failing(const GPtrArray *results, const GPtrArray *suggestions)
{
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < results->len; i++) {
        const PdRuleTestResult *result = g_ptr_array_index(results, i);
        if (pd_diagnostics_count(result->failures) > 0 &&
            find_suggestion(suggestions, result->rule) == NULL)
            g_hash_table_add(keys, test_key(result));
    }
    return keys;
}

/* A test that fails now and did not before; NULL if there is none. Caller frees. */
static char *broken(GHashTable *before, GHashTable *after)
{
    GHashTableIter each;
    gpointer key;

    g_hash_table_iter_init(&each, after);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        if (!g_hash_table_contains(before, key))
            return g_strdup(key);
    }
    return NULL;
}

/* The tests of a rule come in the order in which they were written. */
static gboolean drop_failing_tests(const GPtrArray *results, GPtrArray *suggestions)
{
    gboolean dropped = FALSE;

    for (guint i = results->len; i > 0; i--) {
        const PdRuleTestResult *result = g_ptr_array_index(results, i - 1);
        PdSuggestion *suggestion = find_suggestion(suggestions, result->rule);
        guint number = 0;
        if (suggestion == NULL || pd_diagnostics_count(result->failures) == 0)
            continue;
        for (guint j = 0; j < i - 1; j++)
            number += g_strcmp0(((PdRuleTestResult *)g_ptr_array_index(results, j))->rule,
                                suggestion->id) == 0;
        if (number < suggestion->tests->len)
            g_ptr_array_remove_index(suggestion->tests, number);
        dropped = TRUE;
    }
    return dropped;
}

static void refuse_untested(GPtrArray *suggestions)
{
    for (guint i = 0; i < suggestions->len; i++) {
        PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        if (suggestion->refused == NULL && suggestion->tests->len == 0)
            suggestion->refused = g_strdup("no test of it passes: other rules decide before it");
    }
}

/* One that alone makes another test fail. */
static PdStatus *refuse_breaking(const PdSuggestOptions *options, const char *file,
                                 PdSuggestion *suggestion, GHashTable *before)
{
    g_autoptr(GPtrArray) alone = g_ptr_array_new(), results = NULL;
    g_autoptr(PdRuleSet) set = NULL;

    g_ptr_array_add(alone, suggestion);
    g_autofree char *text = pd_suggest_rule_file(alone, file, NULL);
    PD_TRY(run_tests(options, file, text, &set, &results));
    g_autoptr(GHashTable) after = failing(results, alone);
    g_autofree char *test = broken(before, after);
    if (test != NULL)
        suggestion->refused = g_strdup_printf("the test at %s would fail", test);
    return NULL;
}

static PdStatus *refuse_all_breaking(const PdSuggestOptions *options, const char *file,
                                     GPtrArray *suggestions, GHashTable *before)
{
    PdSuggestion *last = NULL;
    gboolean any = FALSE;

    for (guint i = 0; i < suggestions->len; i++) {
        PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        if (suggestion->refused != NULL)
            continue;
        PD_TRY(refuse_breaking(options, file, suggestion, before));
        any |= suggestion->refused != NULL;
        last = suggestion;
    }
    if (!any && last != NULL) /* some do it together */
        last->refused = g_strdup("with the others a test would fail");
    return NULL;
}

/* *again: something was taken out, so what is left must be tried again. */
static PdStatus *try_once(const PdSuggestOptions *options, const char *file, GPtrArray *suggestions,
                          GHashTable *before, gboolean *again)
{
    g_autofree char *text = pd_suggest_rule_file(suggestions, file, NULL);
    g_autoptr(PdRuleSet) set = NULL;
    g_autoptr(GPtrArray) results = NULL;

    PD_TRY(run_tests(options, file, text, &set, &results));
    g_autoptr(GHashTable) after = failing(results, suggestions);
    g_autofree char *test = broken(before, after);
    *again = drop_failing_tests(results, suggestions) || test != NULL;
    refuse_untested(suggestions);
    return test != NULL ? refuse_all_breaking(options, file, suggestions, before) : NULL;
}

PdStatus *pd_suggest_try(const PdSuggestOptions *options, const char *file, GPtrArray *suggestions)
{
    g_autoptr(PdRuleSet) set = NULL;
    g_autoptr(GPtrArray) results = NULL;
    gboolean again = TRUE;

    PD_TRY(run_tests(options, file, NULL, &set, &results));
    g_autoptr(GHashTable) before = failing(results, suggestions);
    while (again) /* each time there is less */
        PD_TRY(try_once(options, file, suggestions, before, &again));
    return NULL;
}
