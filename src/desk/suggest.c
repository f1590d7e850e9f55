/* suggest.c: rules proposed from corrections, step by step; see postdesk/suggest.h. */
#include "desk/suggest_private.h"

#include <string.h>

#define TESTS_OF_A_RULE 3

static void clear(PdSuggesting *s)
{
    pd_replay_side_clear(&s->today);
    g_clear_pointer(&s->past, pd_past_free);
    g_clear_pointer(&s->store, pd_store_close);
    g_array_unref(s->documents);
    g_ptr_array_unref(s->terms);
    g_ptr_array_unref(s->suggestions);
    g_free(s->before);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdSuggesting, clear)

static PdSuggesting start(const PdSuggestOptions *options)
{
    return (PdSuggesting){
        .options = options,
        .past = pd_past_new(),
        .documents = g_array_new(FALSE, FALSE, sizeof(guint)),
        .terms = g_ptr_array_new_with_free_func((GDestroyNotify)pd_terms_free),
        .suggestions = g_ptr_array_new_with_free_func((GDestroyNotify)pd_suggestion_free),
    };
}

static gboolean is_taken(const PdSuggesting *s, const char *id)
{
    gboolean shadow;

    for (guint i = 0; i < pd_rule_set_count(s->today.rules); i++) {
        if (strcmp(pd_rule_set_rule(s->today.rules, i, &shadow), id) == 0)
            return TRUE;
    }
    for (guint i = 0; i < s->suggestions->len; i++) {
        if (g_strcmp0(((PdSuggestion *)g_ptr_array_index(s->suggestions, i))->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* "suggested/network-vpn", and a number where there are several. */
static char *free_id(const PdSuggesting *s, const char *value)
{
    g_autofree char *stem = g_strconcat("suggested/", value, NULL);

    for (char *at = stem + strlen("suggested/"); *at != '\0'; at++)
        *at = g_ascii_isalnum(*at) ? *at : '-';
    char *id = g_strdup(stem);
    for (guint number = 2; is_taken(s, id); number++) {
        g_free(id);
        id = g_strdup_printf("%s-%u", stem, number);
    }
    return id;
}

static void name(PdSuggesting *s, PdSuggestion *suggestion)
{
    for (guint field = 0; suggestion->id == NULL && field < PD_SUGGEST_FIELDS; field++) {
        if (suggestion->worth[field].value != NULL)
            suggestion->id = free_id(s, suggestion->worth[field].value);
    }
}

static PdStatus *add_test(PdSuggesting *s, PdSuggestion *suggestion, gint64 inbox)
{
    const PdPast *ticket = pd_past_find(s->past, inbox);
    g_autofree char *title = g_strdup_printf("ticket #%" G_GINT64_FORMAT, ticket->ticket);
    g_auto(PdAsked) asked = {0};

    PD_TRY(pd_suggest_ask(s, inbox, &asked));
    if (asked.mail == NULL)
        return NULL;
    PdTestDraft draft = {title, asked.mail, &asked.facts, suggestion->words, {NULL}, 8};
    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        const char *value = suggestion->worth[field].value;
        draft.expect[field] = g_strcmp0(value, ticket->left[field]) == 0 ? value : NULL;
    }
    g_ptr_array_add(suggestion->tests, pd_suggest_test(&draft));
    return NULL;
}

/* Of the newest tickets. */
static PdStatus *add_tests(PdSuggesting *s, PdSuggestion *suggestion)
{
    guint count = suggestion->mended->len;

    for (guint i = 0; i < MIN(count, TESTS_OF_A_RULE); i++)
        PD_TRY(add_test(s, suggestion, g_array_index(suggestion->mended, gint64, count - 1 - i)));
    return NULL;
}

static PdStatus *open_store(PdSuggesting *s)
{
    return pd_store_open(s->options->config->state, PD_STORE_READ, &s->store);
}

static PdStatus *read_past(PdSuggesting *s)
{
    PD_TRY(open_store(s));
    PD_TRY(pd_past_read(s->past, s->store, s->options));
    return pd_suggest_read_corrected(s);
}

static PdStatus *write_tests(PdSuggesting *s)
{
    PD_TRY(open_store(s));
    for (guint i = 0; i < s->suggestions->len; i++) {
        PdSuggestion *suggestion = g_ptr_array_index(s->suggestions, i);
        name(s, suggestion);
        if (suggestion->refused == NULL)
            PD_TRY(add_tests(s, suggestion));
    }
    g_clear_pointer(&s->store, pd_store_close);
    return NULL;
}

static PdStatus *suggest(PdSuggesting *s, const char *file)
{
    pd_suggest_add_sample(s);
    PD_TRY(pd_suggest_find(s));
    g_clear_pointer(&s->store, pd_store_close); /* measuring forks */
    PD_TRY(pd_suggest_measure(s->options, s->past, pd_rule_set_folds_chinese(s->today.rules),
                              s->suggestions));
    pd_suggest_sift(s);
    PD_TRY(write_tests(s));
    return pd_suggest_try(s->options, file, s->suggestions);
}

PdStatus *pd_suggest_rules(const PdSuggestOptions *options, PdDiagnostics *list, PdJson **suggested)
{
    g_auto(PdSuggesting) s = start(options);

    *suggested = NULL;
    if (!pd_replay_side_load(&s.today, options->config, options->config->rules, list))
        return NULL;
    PD_TRY(read_past(&s));
    g_autofree char *file = pd_suggest_file_name(options->config->rules, s.before);
    PD_TRY(suggest(&s, file));
    *suggested = pd_suggest_report(s.past, s.suggestions, file, s.before);
    return NULL;
}

/* One corrected ticket's test, of the fields that people set. */
static PdStatus *draft_test(PdSuggesting *s, const PdPast *ticket, PdJson *tests, GString *yaml)
{
    g_autofree char *title = g_strdup_printf("ticket #%" G_GINT64_FORMAT, ticket->ticket);
    g_auto(PdAsked) asked = {0};
    PdJson *fields = pd_json_object();
    PdJson *test = pd_json_set_int(pd_json_object(), "ticket", ticket->ticket);

    pd_json_set(test, "fields", fields);
    pd_json_add(tests, test);
    PD_TRY(pd_suggest_ask(s, ticket->inbox, &asked));
    PdTestDraft draft = {title, asked.mail, &asked.facts, NULL, {NULL}, 4};
    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        if (((ticket->corrected >> field) & 1) == 0)
            continue;
        draft.expect[field] = ticket->left[field];
        pd_json_set_text(fields, pd_suggest_fields[field], ticket->left[field]);
    }
    g_autofree char *text = pd_suggest_test(&draft);
    g_string_append(yaml, text);
    return NULL;
}

PdStatus *pd_suggest_tests(const PdSuggestOptions *options, PdDiagnostics *list, PdJson **suggested)
{
    g_auto(PdSuggesting) s = start(options);
    g_autoptr(PdJson) tests = pd_json_array();
    g_autoptr(GString) yaml = g_string_new(NULL);

    *suggested = NULL;
    if (!pd_replay_side_load(&s.today, options->config, options->config->rules, list))
        return NULL;
    PD_TRY(read_past(&s));
    for (guint i = 0; i < MIN(s.terms->len, options->most); i++)
        PD_TRY(draft_test(&s, pd_suggest_ticket(&s, i), tests, yaml));
    *suggested = pd_suggest_report_tests(s.past, g_steal_pointer(&tests), yaml->str);
    return NULL;
}
