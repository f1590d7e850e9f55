/* cmd_rules_stats.c: rules stats: how each rule has fared. */
#include "cmd_rules.h"
#include "documents.h"

#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/rulestats.h"

static const PdColumn columns[] = {
    {"id", "Rule", 10, 40},          {"hits", "Hits", 4, 9},
    {"last", "Last hit", 8, 20},     {"shadow", "Shadow hits", 6, 9},
    {"differed", "Differed", 4, 9},  {"failed", "Failed", 4, 9},
    {"near", "Near", 4, 9},          {"changed", "Changed", 4, 9},
    {"commonest", "Mostly", 6, 200}, {NULL, NULL, 0, 0},
};

/* The shadow's columns are empty for others. */
static void copy_count(PdJson *line, const char *to, const PdJson *row, const char *from,
                       gboolean shown)
{
    if (shown)
        pd_json_set_int(line, to, pd_json_get_int(row, from, 0));
    else
        pd_json_set_text(line, to, "");
}

static PdJson *line_of(const PdJson *row)
{
    const PdJson *commonest = pd_json_get(row, "commonest");
    gint64 last = pd_json_get_int(row, "last_hit", 0);
    gboolean shadow =
        pd_json_get_bool(row, "shadow", FALSE) || pd_json_get_int(row, "shadow_hits", 0) > 0;
    g_autofree char *at = last != 0 ? pd_clock_format_local(last) : g_strdup("never");
    g_autofree char *mostly =
        pd_json_is_object(commonest)
            ? g_strdup_printf("%s %" G_GINT64_FORMAT "x", pd_json_get_text(commonest, "change"),
                              pd_json_get_int(commonest, "times", 0))
            : g_strdup("");
    PdJson *line = pd_json_set_text(pd_json_object(), "id", pd_json_get_text(row, "id"));

    pd_json_set_int(line, "hits", pd_json_get_int(row, "hits", 0));
    pd_json_set_text(line, "last", at);
    copy_count(line, "shadow", row, "shadow_hits", shadow);
    copy_count(line, "differed", row, "differed", shadow);
    pd_json_set_int(line, "failed", pd_json_get_int(row, "failed", 0));
    pd_json_set_int(line, "near", pd_json_get_int(row, "near", 0));
    pd_json_set_int(line, "changed", pd_json_get_int(row, "changed", 0));
    return pd_json_set_text(line, "commonest", mostly);
}

static void write_times(const PdJson *rows)
{
    for (gsize i = 0; i < pd_json_length(rows); i++) {
        PdJson *row = pd_json_at(rows, i);
        gint64 last = pd_json_get_int(row, "last_hit", 0);
        pd_json_set(row, "last_hit", pd_document_time(last, TRUE));
    }
}

static PdJson *lines_of(const PdJson *rows)
{
    PdJson *lines = pd_json_array();

    for (gsize i = 0; i < pd_json_length(rows); i++)
        pd_json_add(lines, line_of(pd_json_at(rows, i)));
    return lines;
}

static void print(PdCli *cli, const PdJson *stats)
{
    const PdJson *gone = pd_json_get(stats, "gone");

    pd_print_table(&cli->print, "rules", lines_of(pd_json_get(stats, "rules")), columns,
                   "there are no rules");
    pd_print_line(&cli->print, "\n%" G_GINT64_FORMAT " messages were decided",
                  pd_json_get_int(stats, "messages", 0));
    if (pd_json_length(gone) == 0)
        return;
    pd_print_heading(&cli->print, "\nRules that are there no more");
    pd_print_table(&cli->print, "gone", lines_of(gone), columns, "");
}

PdStatus *pd_cmd_rules_stats(PdCli *cli)
{
    g_autofree char *since = NULL;
    const GOptionEntry entries[] = {
        {"since", 0, 0, G_OPTION_ARG_STRING, &since, "Mail of so long only (90d)", "SPAN"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdJson) stats = NULL;
    gint64 from = 0;

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count != 1)
        return pd_cli_usage("rules stats takes no names, only --since");
    PD_TRY(pd_rules_since(since, &from));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    g_autoptr(PdRuleSet) set = pd_rule_set_load(cli->config->rules, list);
    if (set == NULL) {
        pd_print_diagnostics(list);
        cli->answer = PD_EXIT_CONFIG;
        return NULL;
    }
    PD_TRY(pd_rule_stats(cli->store, set, from, &stats));
    if (!cli->print.json) {
        print(cli, stats);
        return NULL;
    }
    write_times(pd_json_get(stats, "rules"));
    write_times(pd_json_get(stats, "gone"));
    pd_print_json(stats);
    return NULL;
}
