/* cmd_rules_replay.c: rules replay: stored mail through another rule set, and the difference. */
#include "cmd_rules.h"

#include "postdesk/clock.h"
#include "postdesk/replay.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_SHOWN 8 /* numbers in a row of the table */

PdStatus *pd_rules_since(const char *text, gint64 *since)
{
    gint64 span = 0;

    *since = 0;
    if (text == NULL)
        return NULL;
    if (!pd_text_parse_duration(text, &span) || span <= 0)
        return pd_cli_usage("--since expects a span of time, such as 90d, not '%s'", text);
    *since = pd_clock_now() - span;
    return NULL;
}

static PdStatus *check_guards(char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        if (g_strv_contains(pd_replay_guard_names, *names))
            continue;
        g_autofree char *known = g_strjoinv("', '", (char **)pd_replay_guard_names);
        return pd_cli_usage("--forbid knows '%s', not '%s'", known, *names);
    }
    return NULL;
}

static PdJson *guards_json(const PdReplay *replay, char *const *forbidden, gboolean *crossed)
{
    PdJson *object = pd_json_object();

    for (guint i = 0; i < PD_GUARDS; i++) {
        PdJson *guard = pd_json_set_int(pd_json_object(), "messages", (gint64)replay->guards[i]);
        gboolean is_forbidden = forbidden != NULL && g_strv_contains((const char *const *)forbidden,
                                                                     pd_replay_guard_names[i]);
        pd_json_set_bool(guard, "forbidden", is_forbidden);
        *crossed |= is_forbidden && replay->guards[i] > 0;
        pd_json_set(object, pd_replay_guard_names[i], guard);
    }
    return object;
}

static PdJson *numbers_json(const PdReplayRow *row)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < row->messages->len; i++) {
        const PdReplayed *one = &g_array_index(row->messages, PdReplayed, i);
        PdJson *number = pd_json_set_int(pd_json_object(), "message", one->message);
        if (one->ticket != 0)
            pd_json_set_int(number, "ticket", one->ticket);
        pd_json_add(array, number);
    }
    return array;
}

static void add_number(GString *text, const PdReplayed *one)
{
    const char *gap = text->len > 0 ? " " : "";

    if (one->ticket != 0)
        g_string_append_printf(text, "%s#%" G_GINT64_FORMAT, gap, one->ticket);
    else
        g_string_append_printf(text, "%smessage:%" G_GINT64_FORMAT, gap, one->message);
}

/* "#3 #17 message:22 and 40 more", each ticket once: tickets open with show and explain. */
static char *numbers_text(const PdReplayRow *row, gboolean all)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_int64_hash, g_int64_equal);
    GString *text = g_string_new(NULL);
    guint shown = 0, more = 0;

    for (guint i = 0; i < row->messages->len; i++) {
        const PdReplayed *one = &g_array_index(row->messages, PdReplayed, i);
        if (one->ticket != 0 && !g_hash_table_add(told, (gpointer)&one->ticket))
            continue;
        if (!all && shown == MOST_SHOWN) {
            more++;
            continue;
        }
        add_number(text, one);
        shown++;
    }
    if (more > 0)
        g_string_append_printf(text, " and %u more (--all)", more);
    return g_string_free(text, FALSE);
}

static PdJson *row_json(const PdReplayRow *row, gboolean all, gboolean json)
{
    PdJson *object = pd_json_object();

    pd_json_set_int(object, "messages", row->messages->len);
    pd_json_set_text(object, "field", row->field);
    pd_json_set_text(object, "from", row->from[0] != '\0' || json ? row->from : "-");
    pd_json_set_text(object, "to", row->to[0] != '\0' || json ? row->to : "-");
    if (json)
        return pd_json_set(object, "which", numbers_json(row));
    g_autofree char *which = numbers_text(row, all);
    return pd_json_set_text(object, "which", which);
}

static PdJson *rows_json(const PdReplay *replay, gboolean all, gboolean json)
{
    PdJson *rows = pd_json_array();

    for (guint i = 0; i < replay->rows->len; i++)
        pd_json_add(rows, row_json(g_ptr_array_index(replay->rows, i), all, json));
    return rows;
}

static void print_guards(PdCli *cli, const PdReplay *replay, const PdJson *guards)
{
    for (guint i = 0; i < PD_GUARDS - 1; i++) {
        const PdJson *guard = pd_json_get(guards, pd_replay_guard_names[i]);
        gboolean is_forbidden = pd_json_get_bool(guard, "forbidden", FALSE);
        gboolean is_bad = is_forbidden && replay->guards[i] > 0;
        g_autofree char *mark = pd_print_paint(&cli->print, "bad", "  forbidden");
        if (replay->guards[i] > 0 || is_forbidden || i == PD_GUARD_NEWLY_DROPPED)
            pd_print_line(&cli->print, "%8" G_GUINT64_FORMAT " %s%s", replay->guards[i],
                          pd_replay_guard_names[i], is_bad ? mark : "");
    }
}

static void print(PdCli *cli, const PdReplay *replay, PdJson *guards, gboolean all)
{
    static const PdColumn columns[] = {
        {"messages", "Mails", 5, 8}, {"field", "Field", 5, 12},      {"from", "From", 6, 28},
        {"to", "To", 6, 28},         {"which", "Tickets", 8, 10000}, {NULL, NULL, 0, 0},
    };

    pd_print_table(&cli->print, "rows", rows_json(replay, all, FALSE), columns,
                   "nothing would be decided otherwise");
    pd_print_line(&cli->print, "%s", "");
    pd_print_line(&cli->print,
                  "%" G_GUINT64_FORMAT " messages, rules asked about %" G_GUINT64_FORMAT
                  ", %" G_GUINT64_FORMAT " come out otherwise",
                  replay->messages, replay->asked, replay->guards[PD_GUARD_ANY_CHANGE]);
    print_guards(cli, replay, guards);
    if (replay->unreadable > 0)
        pd_print_line(&cli->print, "%8" G_GUINT64_FORMAT " could not be read again",
                      replay->unreadable);
}

static void report(PdCli *cli, const PdReplay *replay, char *const *forbidden, gboolean all)
{
    gboolean crossed = FALSE;
    g_autoptr(PdJson) guards = guards_json(replay, forbidden, &crossed);

    if (crossed)
        cli->answer = PD_EXIT_NO;
    if (!cli->print.json) {
        print(cli, replay, guards, all);
        return;
    }
    g_autoptr(PdJson) document = pd_json_object();
    pd_json_set_bool(document, "ok", !crossed);
    pd_json_set_int(document, "messages", (gint64)replay->messages);
    pd_json_set_int(document, "asked", (gint64)replay->asked);
    pd_json_set_int(document, "unreadable", (gint64)replay->unreadable);
    pd_json_set(document, "guards", pd_json_ref(guards));
    pd_json_set(document, "rows", rows_json(replay, TRUE, TRUE));
    pd_print_json(document);
}

PdStatus *pd_cmd_rules_replay(PdCli *cli)
{
    g_autofree char *folder = NULL, *since = NULL;
    g_auto(GStrv) forbidden = NULL;
    gint workers = 0;
    gboolean all = FALSE, anew = FALSE;
    const GOptionEntry entries[] = {
        {"rules", 0, 0, G_OPTION_ARG_FILENAME, &folder, "The rule set to try", "DIR"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &since, "Mail of so long only (90d)", "SPAN"},
        {"forbid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &forbidden,
         "Answer no if a mail does this; may be given again", "GUARD"},
        {"workers", 0, 0, G_OPTION_ARG_INT, &workers, "Processes (one for each processor)", "N"},
        {"anew", 0, 0, G_OPTION_ARG_NONE, &anew, "Ask every rule of both sets again", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "Name all tickets of each row", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdReplay) replay = NULL;
    PdReplayOptions options = {.progress = pd_print_progress, .user = (gpointer) "replay"};

    PD_TRY(pd_cli_options(cli, entries));
    if (folder == NULL || cli->count != 1)
        return pd_cli_usage("rules replay expects --rules DIR, the rule set to try");
    PD_TRY(check_guards(forbidden));
    PD_TRY(pd_rules_since(since, &options.since));
    PD_TRY(pd_cli_config(cli));
    options.config = cli->config;
    options.rules = folder;
    options.anew = anew;
    options.workers = (guint)CLAMP(workers, 0, 64);
    PdStatus *status = pd_replay_run(&options, list, &replay);
    pd_print_progress_end();
    if (status != NULL)
        return status;
    pd_print_diagnostics(list);
    if (replay == NULL)
        cli->answer = PD_EXIT_CONFIG;
    else
        report(cli, replay, forbidden, all);
    return NULL;
}
