/* cmd_target.c: target explain: what counted for a ticket's targets, interval by interval. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* "7h 30m"; caller frees. */
static char *working(gint64 seconds)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "h %02" G_GINT64_FORMAT "m", seconds / 3600,
                           seconds / 60 % 60);
}

static void print_target(const PdPrint *print, const PdJson *target)
{
    gint64 allowed = pd_json_get_int(target, "allowed_seconds", 0);
    g_autofree char *whole = working(allowed);
    g_autofree char *used = working(pd_json_get_int(target, "used_seconds", 0));
    const char *due = pd_json_get_text(target, "due_local");
    const char *met = pd_json_get_text(target, "met_at_local");
    const char *other = pd_json_get_text(target, "due_by_present_files_local");

    gboolean is_agreed = pd_json_get_bool(target, "agreed", FALSE);

    if (allowed == 0 && !is_agreed)
        return;
    pd_print_line(
        print, "%-8s %s%s, %s used: %s%s%s%s%s%s%s", pd_json_get_text(target, "target"),
        is_agreed ? "by a date that was agreed" : whole, is_agreed ? "" : " of working time", used,
        pd_json_get_text(target, "state"), due != NULL ? "; due " : "", due != NULL ? due : "",
        met != NULL ? "; " : "", met != NULL ? met : "",
        other != NULL ? "; by the files of today it would be " : "", other != NULL ? other : "");
}

static void print_interval(const PdPrint *print, const PdJson *interval)
{
    g_autofree char *worked = working(pd_json_get_int(interval, "seconds", 0));
    const PdJson *spans = pd_json_get(interval, "spans");

    pd_print_line(print, "%s to %s  %-8s  %s", pd_json_get_text(interval, "from_local"),
                  pd_json_get_text(interval, "to_local"), pd_json_get_text(interval, "status"),
                  pd_json_get_bool(interval, "counts", FALSE) ? worked : "does not count");
    for (gsize i = 0; i < pd_json_length(spans); i++) {
        const PdJson *span = pd_json_at(spans, i);
        g_autofree char *length = working(pd_json_get_int(span, "seconds", 0));
        pd_print_line(print, "  %s to %s  %s", pd_json_get_text(span, "from_local"),
                      pd_json_get_text(span, "to_local"), length);
    }
}

static void print_document(const PdPrint *print, const PdJson *document)
{
    const PdJson *targets = pd_json_get(document, "targets");
    const PdJson *intervals = pd_json_get(document, "intervals");
    const char *priority = pd_json_get_text(document, "priority");
    const char *queue = pd_json_get_text(document, "queue");

    pd_print_heading(print, "#%" G_GINT64_FORMAT "  %s, queue %s, by %s; calendar %s (%s)",
                     pd_json_get_int(document, "number", 0),
                     priority != NULL ? priority : "no priority", queue != NULL ? queue : "none",
                     pd_json_get_text(document, "by"), pd_json_get_text(document, "calendar"),
                     pd_json_get_text(document, "time_zone"));
    for (gsize i = 0; i < pd_json_length(targets); i++)
        print_target(print, pd_json_at(targets, i));
    for (gsize i = 0; i < pd_json_length(intervals); i++)
        print_interval(print, pd_json_at(intervals, i));
}

PdStatus *pd_cmd_target(PdCli *cli)
{
    g_autoptr(PdJson) document = NULL;
    gint64 number = 0;

    PD_TRY(pd_cli_options(cli, NULL));
    if (cli->count < 1 || strcmp(cli->arguments[0], "explain") != 0)
        return pd_cli_usage("target knows: explain NUMBER");
    PD_TRY(pd_cli_number(cli, 1, "ticket", &number));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(pd_desk_explain_targets(cli->desk, number, &document));
    if (cli->print.json)
        pd_print_json(document);
    else
        print_document(&cli->print, document);
    return NULL;
}
