/* cmd_rules.c: rules check, test, lint; what else rules does has files of its own. */
#include "cmd_rules.h"

#include "postdesk/files.h"
#include "postdesk/people.h"
#include <stdio.h>
#include <string.h>

static PdStatus *rules_folder(PdCli *cli, char **folder)
{
    if (cli->count > 1) {
        *folder = g_strdup(cli->arguments[1]);
        return NULL;
    }
    PD_TRY(pd_cli_config(cli));
    *folder = g_strdup(cli->config->rules);
    return NULL;
}

static void finish(PdCli *cli, PdDiagnostics *list, const char *what, guint count)
{
    gboolean is_right = pd_diagnostics_errors(list) == 0;
    g_autofree char *severities = pd_print_severities(list);

    if (!is_right)
        cli->answer = PD_EXIT_NO;
    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_bool(document, "ok", is_right);
        pd_json_set_int(document, what, count);
        pd_json_set(document, "diagnostics", pd_print_diagnostics_json(list));
        pd_print_json(document);
        return;
    }
    pd_print_diagnostics(list);
    pd_print_line(&cli->print, "%u %s, %s", count, what, severities);
}

static gboolean all_pass(const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        const PdRuleTestResult *result = g_ptr_array_index(results, i);
        if (pd_diagnostics_count(result->failures) > 0)
            return FALSE;
    }
    return TRUE;
}

/* For another program: TAP to standard output, JUnit's XML into a file, or both. */
static PdStatus *report_tests(PdCli *cli, const PdRuleSet *set, gboolean tap, const char *junit)
{
    g_autoptr(GPtrArray) results = pd_rule_set_test_each(set);

    if (!all_pass(results))
        cli->answer = PD_EXIT_NO;
    if (junit != NULL) {
        g_autofree char *xml = pd_rule_tests_junit(results);
        PD_TRY(pd_file_replace(junit, xml, strlen(xml), 0644));
    }
    g_autofree char *text = pd_rule_tests_tap(results);
    if (tap)
        fputs(text, stdout);
    else
        pd_print_line(&cli->print, "%u tests, told in %s", results->len, junit);
    return NULL;
}

static void lint(const PdRuleSet *set, const char *folder, PdDiagnostics *list)
{
    g_autoptr(PdPeople) people = pd_people_load(folder, NULL, list);

    pd_rule_set_lint(set, list);
    if (people != NULL)
        pd_people_check_rules(people, set, list);
}

static PdStatus *run_verb(PdCli *cli, const char *verb, const char *folder, const PdRuleSet *set,
                          PdDiagnostics *list)
{
    guint tests = 0;

    if (strcmp(verb, "test") == 0) {
        pd_rule_set_test(set, list, &tests);
        finish(cli, list, "tests", tests);
        return NULL;
    }
    if (strcmp(verb, "lint") == 0)
        lint(set, folder, list);
    finish(cli, list, "rules", pd_rule_set_count(set));
    return NULL;
}

static void refuse(PdCli *cli, PdDiagnostics *list, gboolean tap)
{
    if (!tap) {
        finish(cli, list, "rules", 0);
        return;
    }
    pd_print_diagnostics(list);
    puts("TAP version 13\nBail out! the rule files have mistakes");
}

/* With files of their own. */
static const struct {
    const char *verb;
    PdCommandFunction function;
} on_history[] = {
    {"replay", pd_cmd_rules_replay},
    {"stats", pd_cmd_rules_stats},
    {"suggest", pd_cmd_rules_suggest},
};

PdStatus *pd_cmd_rules(PdCli *cli)
{
    gboolean tap = FALSE;
    g_autofree char *junit = NULL, *folder = NULL;
    const GOptionEntry options[] = {
        {"tap", 0, 0, G_OPTION_ARG_NONE, &tap, "tell of each test as TAP", NULL},
        {"junit", 0, 0, G_OPTION_ARG_FILENAME, &junit, "write JUnit's XML", "FILE"},
        {0}};
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    for (guint i = 0; g_strv_length(cli->arguments) > 1 && i < G_N_ELEMENTS(on_history); i++) {
        if (strcmp(cli->arguments[1], on_history[i].verb) == 0)
            return on_history[i].function(cli);
    }
    PD_TRY(pd_cli_options(cli, options));
    const char *verb = cli->count > 0 ? cli->arguments[0] : "";
    if (strcmp(verb, "check") != 0 && strcmp(verb, "test") != 0 && strcmp(verb, "lint") != 0)
        return pd_cli_usage("rules knows check, test, lint, replay, stats and suggest, not '%s'",
                            verb);
    if ((tap || junit != NULL) && strcmp(verb, "test") != 0)
        return pd_cli_usage("--tap and --junit belong to rules test");
    PD_TRY(rules_folder(cli, &folder));
    g_autoptr(PdRuleSet) set = pd_rule_set_load(folder, list);
    if (set == NULL) {
        refuse(cli, list, tap);
        cli->answer = PD_EXIT_CONFIG;
        return NULL;
    }
    if (tap || junit != NULL)
        return report_tests(cli, set, tap, junit);
    return run_verb(cli, verb, folder, set, list);
}
