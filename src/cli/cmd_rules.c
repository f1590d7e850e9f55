/* cmd_rules.c: rules check, test, lint. */
#include "cli.h"

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
    guint errors = pd_diagnostics_errors(list);
    guint warnings = pd_diagnostics_count(list) - errors;

    if (errors > 0)
        cli->answer = PD_EXIT_NO;
    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_bool(document, "ok", errors == 0);
        pd_json_set_int(document, what, count);
        pd_json_set(document, "diagnostics", pd_print_diagnostics_json(list));
        pd_print_json(document);
        return;
    }
    pd_print_diagnostics(list);
    pd_print_line(&cli->print, "%u %s, %u errors, %u warnings", count, what, errors, warnings);
}

PdStatus *pd_cmd_rules(PdCli *cli)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *folder = NULL;
    guint tests = 0;

    PD_TRY(pd_cli_options(cli, NULL));
    const char *verb = cli->count > 0 ? cli->arguments[0] : "";
    if (strcmp(verb, "check") != 0 && strcmp(verb, "test") != 0 && strcmp(verb, "lint") != 0)
        return pd_cli_usage("rules knows check, test and lint, not '%s'", verb);
    PD_TRY(rules_folder(cli, &folder));
    g_autoptr(PdRuleSet) set = pd_rule_set_load(folder, list);
    if (set == NULL) {
        finish(cli, list, "rules", 0);
        cli->answer = PD_EXIT_CONFIG;
        return NULL;
    }
    if (*verb == 't') {
        pd_rule_set_test(set, list, &tests);
        finish(cli, list, "tests", tests);
        return NULL;
    }
    if (*verb == 'l')
        pd_rule_set_lint(set, list);
    finish(cli, list, "rules", pd_rule_set_count(set));
    return NULL;
}
