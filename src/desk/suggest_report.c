/* suggest_report.c: what was found, as the document that postdesk/suggest.h describes. */
#include "desk/suggest_private.h"

#include <string.h>

/* Before that file, and not over one that is there. */
char *pd_suggest_file_name(const char *rules, const char *before)
{
    static const char *const names[] = {"05-suggested.yaml",   "05-suggested-more.yaml",
                                        "00-0-suggested.yaml", "0-suggested.yaml",
                                        "+suggested.yaml",     NULL};

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(rules, names[i], NULL);
        if ((before == NULL || strcmp(names[i], before) < 0) &&
            !g_file_test(path, G_FILE_TEST_EXISTS))
            return g_strdup(names[i]);
    }
    return g_strdup("!suggested.yaml");
}

static gint64 percent(guint part, guint all)
{
    return all > 0 ? 100 * (gint64)part / all : 0;
}

static PdJson *worth_json(const char *field, const PdWorth *worth)
{
    PdJson *object = pd_json_set_text(pd_json_object(), "field", field);

    pd_json_set_text(object, "value", worth->value);
    pd_json_set_int(object, "mended", worth->mended);
    pd_json_set_int(object, "spoiled", worth->spoiled);
    pd_json_set_int(object, "agreed", worth->agreed);
    pd_json_set_int(object, "corrections", worth->corrections);
    pd_json_set_int(object, "precision", percent(worth->mended, worth->mended + worth->spoiled));
    return pd_json_set_int(object, "recall", percent(worth->mended, worth->corrections));
}

static PdJson *tickets_json(const PdSuggestion *suggestion, const PdPastTickets *past)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < suggestion->mended->len; i++) {
        const PdPast *ticket = pd_past_find(past, g_array_index(suggestion->mended, gint64, i));
        g_autoptr(PdJson) holder = pd_json_set_int(pd_json_object(), "n", ticket->ticket);
        pd_json_add(array, pd_json_ref(pd_json_get(holder, "n")));
    }
    return array;
}

static PdJson *suggestion_json(const PdSuggestion *suggestion, const PdPastTickets *past)
{
    PdJson *object = pd_json_set_text(pd_json_object(), "id", suggestion->id);
    PdJson *when = pd_json_array(), *set = pd_json_object(), *fields = pd_json_array();

    for (guint i = 0; i < suggestion->words->len; i++) {
        g_autofree char *condition = pd_suggest_condition(g_ptr_array_index(suggestion->words, i));
        pd_json_add_text(when, condition);
    }
    for (guint i = 0; i < PD_SUGGEST_FIELDS; i++) {
        const PdWorth *worth = &suggestion->worth[i];
        if (worth->value == NULL)
            continue;
        pd_json_set_text(set, pd_suggest_fields[i], worth->value);
        pd_json_add(fields, worth_json(pd_suggest_fields[i], worth));
    }
    pd_json_set(object, "when", when);
    pd_json_set(object, "set", set);
    pd_json_set(object, "fields", fields);
    pd_json_set(object, "tickets", tickets_json(suggestion, past));
    if (suggestion->refused != NULL)
        pd_json_set_text(object, "reason", suggestion->refused);
    return object;
}

static PdJson *counts_json(const PdPastTickets *past)
{
    PdJson *document = pd_json_set_int(pd_json_object(), "tickets", past->tickets->len);

    pd_json_set_int(document, "corrections", past->corrections);
    pd_json_set_int(document, "obsolete", past->obsolete);
    return pd_json_set_int(document, "unread", past->unread);
}

PdJson *pd_suggest_report(const PdPastTickets *past, const GPtrArray *suggestions, const char *file,
                          const char *before)
{
    PdJson *document = counts_json(past), *rules = pd_json_array(), *refused = pd_json_array();
    g_autofree char *yaml = pd_suggest_rule_file(suggestions, file, before);

    for (guint i = 0; i < suggestions->len; i++) {
        const PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        pd_json_add(suggestion->refused != NULL ? refused : rules,
                    suggestion_json(suggestion, past));
    }
    pd_json_set_text(document, "file", file);
    pd_json_set_text(document, "before", before);
    pd_json_set(document, "rules", rules);
    pd_json_set(document, "refused", refused);
    return pd_json_set_text(document, "yaml", yaml);
}

PdJson *pd_suggest_report_tests(const PdPastTickets *past, PdJson *tests, const char *items)
{
    PdJson *document = counts_json(past);
    g_autofree char *yaml = g_strconcat(
        "# Tests of what people corrected: a test fails as long as no rule does as they did.\n"
        "tests:",
        *items != '\0' ? "\n" : " []\n", items, NULL);

    pd_json_set(document, "tests", tests);
    return pd_json_set_text(document, "yaml", yaml);
}
