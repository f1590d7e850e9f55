/* cmd_check.c: check: configuration, rules with their tests, templates, calendars: every error at
 * once. */
#include "cli.h"

#include "postdesk/clock.h"
#include <stdio.h>

/* Own templates, which the next version of the shipped ones will not reach. */
static void check_templates(PdCli *cli, const PdDesk *desk, PdDiagnostics *list, PdJson **own)
{
    g_autoptr(PdJson) rows = pd_desk_templates(desk);

    *own = pd_json_array();
    for (gsize i = 0; i < pd_json_length(rows); i++) {
        PdJson *row = pd_json_at(rows, i);
        const char *file = pd_json_get_text(row, "file");
        const char *shipped = pd_json_get_text(row, "overrides");
        if (pd_json_get_bool(row, "own", FALSE))
            pd_json_add(*own, pd_json_ref(row));
        if (shipped != NULL)
            pd_print_line(&cli->print, "%s overrides the shipped one", file);
        else if (pd_json_get_bool(row, "unused", FALSE))
            pd_print_line(&cli->print, "%s is not used: your text of it has no HTML beside it",
                          file);
        if (pd_json_get_bool(row, "same", FALSE))
            pd_diagnostics_add(list, PD_WARNING, file, 0, 0,
                               "the same as the shipped one; without it, you would have what "
                               "later versions better");
    }
}

static void check_desk(PdCli *cli, PdDiagnostics *list, PdJson **own)
{
    g_autoptr(PdDesk) desk = pd_desk_load(cli->config, list); /* run need not load it again */

    if (desk == NULL)
        return;
    PdRuleSet *rules = pd_desk_rules(desk);
    pd_rule_set_lint(rules, list);
    pd_people_check_rules(pd_desk_people(desk), rules, list);
    pd_calendars_check(pd_desk_calendars(desk), pd_clock_now(), list);
    pd_roster_check(pd_desk_roster(desk), pd_clock_now(), list);
    check_templates(cli, desk, list, own);
    pd_print_line(&cli->print, "%u rules (%.12s)", pd_rule_set_count(rules),
                  pd_rule_set_hash(rules));
}

static void print_json(PdDiagnostics *list, PdJson *own)
{
    g_autoptr(PdJson) document = pd_json_object();

    pd_json_set_bool(document, "ok", pd_diagnostics_errors(list) == 0);
    pd_json_set(document, "diagnostics", pd_print_diagnostics_json(list));
    pd_json_set(document, "own_templates", own != NULL ? pd_json_ref(own) : pd_json_array());
    pd_print_json(document);
}

/* What can be checked of rules and templates is checked even where postdesk.yaml is wrong? No:
 * it says where they lie. */
PdStatus *pd_cmd_check(PdCli *cli)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdJson) own = NULL;

    PD_TRY(pd_cli_options(cli, NULL));
    g_autofree char *path = pd_config_find(cli->config_path);
    cli->config = pd_config_load(path, list);
    if (cli->config != NULL)
        check_desk(cli, list, &own);
    g_autofree char *severities = pd_print_severities(list);
    if (cli->print.json)
        print_json(list, own);
    else
        pd_print_diagnostics(list);
    if (pd_diagnostics_errors(list) > 0) {
        fprintf(cli->print.json ? stderr : stdout, "%s\n", severities);
        cli->answer = PD_EXIT_CONFIG;
        return NULL;
    }
    pd_print_line(&cli->print, "%s and what it names: %s", path, severities);
    return NULL;
}
