/* cmd_rules_suggest.c: rules suggest: rules, or tests, proposed from what people corrected.
 *
 * The rule file goes to standard output and nothing else does, so that it can be put into a file;
 * what there is to say about it goes to standard error.
 */
#include "cmd_rules.h"

#include "postdesk/files.h"
#include "postdesk/suggest.h"
#include <stdio.h>
#include <string.h>

#define MOST_RULES 10
#define MOST_TESTS 50

typedef struct {
    char *since, *output;
    char **fields;
    gint support, precision, most;
    gboolean tests;
} Wishes;

static void wishes_clear(Wishes *wishes)
{
    g_free(wishes->since);
    g_free(wishes->output);
    g_strfreev(wishes->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wishes, wishes_clear)

static PdStatus *take_fields(const Wishes *wishes, PdSuggestOptions *options)
{
    for (char **name = wishes->fields; name != NULL && *name != NULL; name++) {
        if (!g_strv_contains(pd_suggest_fields, *name))
            return pd_cli_usage("--field knows category, queue, impact and urgency, not '%s'",
                                *name);
    }
    for (guint i = 0; wishes->fields != NULL && i < PD_SUGGEST_FIELDS; i++)
        options->without[i] =
            !g_strv_contains((const char *const *)wishes->fields, pd_suggest_fields[i]);
    return NULL;
}

static PdStatus *take_numbers(const Wishes *wishes, PdSuggestOptions *options)
{
    gint most = wishes->most != 0 ? wishes->most : wishes->tests ? MOST_TESTS : MOST_RULES;

    if (wishes->support < 1 || wishes->support > 10000)
        return pd_cli_usage("--min-support expects a number of corrections from 1 to 10000");
    if (wishes->precision < 1 || wishes->precision > 100)
        return pd_cli_usage("--min-precision expects a percentage from 1 to 100");
    if (most < 1 || most > 1000)
        return pd_cli_usage("--most expects a number from 1 to 1000");
    options->least_support = (guint)wishes->support;
    options->least_precision = (guint)wishes->precision;
    options->most = (guint)most;
    return NULL;
}

static void tell(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void tell(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static void tell_refused(const PdJson *refused)
{
    for (gsize i = 0; i < pd_json_length(refused); i++) {
        const PdJson *rule = pd_json_at(refused, i);
        const PdJson *when = pd_json_get(rule, "when");
        const char *second = pd_json_string(pd_json_at(when, 1));
        tell("not proposed: %s (%s%s%s): %s", pd_json_get_text(rule, "id"),
             pd_json_string(pd_json_at(when, 0)), second != NULL ? ", " : "",
             second != NULL ? second : "", pd_json_get_text(rule, "reason"));
    }
}

static void tell_counts(const PdJson *found)
{
    gint64 unread = pd_json_get_int(found, "unread", 0);

    tell("%" G_GINT64_FORMAT " tickets, %" G_GINT64_FORMAT
         " corrections by people, of which the rules of today do %" G_GINT64_FORMAT " themselves",
         pd_json_get_int(found, "tickets", 0), pd_json_get_int(found, "corrections", 0),
         pd_json_get_int(found, "obsolete", 0));
    if (unread > 0)
        tell("%" G_GINT64_FORMAT " corrections were left out: too many, or their mail cannot be "
             "read",
             unread);
}

static PdStatus *write_out(const Wishes *wishes, const char *yaml)
{
    if (wishes->output == NULL) {
        fputs(yaml, stdout);
        return NULL;
    }
    if (g_file_test(wishes->output, G_FILE_TEST_EXISTS))
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "choose another name, or take it away",
                             "%s is there already", wishes->output);
    PD_TRY(pd_file_replace(wishes->output, yaml, strlen(yaml), 0644));
    tell("written to %s", wishes->output);
    return NULL;
}

static PdStatus *report(PdCli *cli, const Wishes *wishes, PdJson *found)
{
    gsize count = pd_json_length(pd_json_get(found, wishes->tests ? "tests" : "rules"));

    if (cli->print.json) {
        pd_print_json(found);
        return NULL;
    }
    tell_counts(found);
    tell_refused(pd_json_get(found, "refused"));
    if (count > 0)
        return write_out(wishes, pd_json_get_text(found, "yaml"));
    tell("nothing to propose: no words are shared by enough corrections and by hardly any other "
         "mail (--min-support, --min-precision, --since)");
    return NULL;
}

static PdStatus *suggest(PdCli *cli, const Wishes *wishes, const PdSuggestOptions *options)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdJson) found = NULL;
    PdStatus *status = wishes->tests ? pd_suggest_tests(options, list, &found)
                                     : pd_suggest_rules(options, list, &found);

    pd_print_progress_end();
    if (status != NULL)
        return status;
    if (found != NULL)
        return report(cli, wishes, found);
    pd_print_diagnostics(list);
    cli->answer = PD_EXIT_CONFIG;
    return NULL;
}

PdStatus *pd_cmd_rules_suggest(PdCli *cli)
{
    g_auto(Wishes) wishes = {.support = 3, .precision = 90};
    const GOptionEntry entries[] = {
        {"since", 0, 0, G_OPTION_ARG_STRING, &wishes.since, "Mail of so long only (90d)", "SPAN"},
        {"field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wishes.fields,
         "Only category, queue, impact or urgency; may be given again", "FIELD"},
        {"min-support", 0, 0, G_OPTION_ARG_INT, &wishes.support,
         "Corrections that a rule must mend (3)", "N"},
        {"min-precision", 0, 0, G_OPTION_ARG_INT, &wishes.precision,
         "Of what a rule changes, how much must be right (90)", "PERCENT"},
        {"most", 0, 0, G_OPTION_ARG_INT, &wishes.most, "Rules (10) or tests (50)", "N"},
        {"tests", 0, 0, G_OPTION_ARG_NONE, &wishes.tests, "No rules, but a test of each correction",
         NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &wishes.output, "Into a new file", "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    PdSuggestOptions options = {.progress = pd_print_progress, .user = (gpointer) "suggest"};

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count != 1)
        return pd_cli_usage("rules suggest takes options only");
    PD_TRY(take_fields(&wishes, &options));
    PD_TRY(take_numbers(&wishes, &options));
    PD_TRY(pd_rules_since(wishes.since, &options.since));
    PD_TRY(pd_cli_config(cli));
    options.config = cli->config;
    return suggest(cli, &wishes, &options);
}
