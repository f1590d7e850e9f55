/* cmd_ticket.c: accept, assign, note, reply, resolve, close, reopen, due, merge, split, link,
 * watch, unwatch, external, undo: the commands that mails may hold, by a person on this machine. */
#include "cli.h"

#include "postdesk/clock.h"
#include "postdesk/text.h"
#include "postdesk/wake.h"
#include <string.h>

/* "-": what comes by standard input. */
static PdStatus *read_text(char **text)
{
    g_autofree char *bytes = NULL;
    gsize length;

    PD_TRY(pd_cli_read_message("-", &bytes, &length));
    *text = pd_text_make_valid(bytes, length, NULL);
    return NULL;
}

static PdStatus *reply(PdCli *cli, gint64 number)
{
    g_autofree char *text = NULL;

    if (cli->count < 2)
        return pd_cli_usage("reply needs the text, or - for what comes by standard input");
    if (strcmp(cli->arguments[1], "-") == 0)
        PD_TRY(read_text(&text));
    else
        text = g_strjoinv(" ", cli->arguments + 1);
    if (text[strspn(text, " \t\r\n")] == '\0')
        return pd_cli_usage("the reply is empty");
    return pd_desk_reply(cli->desk, number, text, pd_cli_actor());
}

/* What stands behind the number is the argument; a last "-" brings further text. */
static PdStatus *command(PdCli *cli, gint64 number)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autofree char *text = NULL;

    g_ptr_array_add(words, (gpointer)cli->command->name);
    for (int i = 1; i < cli->count; i++) {
        if (i == cli->count - 1 && strcmp(cli->arguments[i], "-") == 0)
            PD_TRY(read_text(&text));
        else
            g_ptr_array_add(words, cli->arguments[i]);
    }
    g_ptr_array_add(words, NULL);
    return pd_desk_command(cli->desk, number, (const char *const *)words->pdata, text,
                           pd_cli_actor());
}

/* "status closed -> open"; "tag vip -> none" */
static char *what_of(const PdJson *what)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(what); i++) {
        const PdJson *pair = pd_json_at(what, i);
        const char *from = pd_json_get_text(pair, "from");
        const char *to = pd_json_get_text(pair, "to");
        g_string_append_printf(text, "%s%s %s -> %s", i > 0 ? ", " : "",
                               pd_json_get_text(pair, "field"), from != NULL ? from : "none",
                               to != NULL ? to : "none");
    }
    return g_string_free(text, FALSE);
}

static void print_row(PdCli *cli, const PdJson *row)
{
    const PdJson *kept = pd_json_get(row, "kept");
    gint64 number = pd_json_get_int(row, "ticket", 0);
    gint64 into = pd_json_get_int(row, "into", 0);
    const char *by = pd_json_get_text(row, "by");
    g_autofree char *what = what_of(pd_json_get(row, "what"));

    if (into != 0)
        pd_print_line(&cli->print,
                      "ticket #%" G_GINT64_FORMAT ": its last message went to #%" G_GINT64_FORMAT,
                      number, into);
    else if (what[0] != '\0')
        pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT ": %s (changed by %s)", number, what,
                      by != NULL ? by : "?");
    for (gsize i = 0; i < pd_json_length(kept); i++)
        pd_print_line(&cli->print,
                      "ticket #%" G_GINT64_FORMAT ": %s was changed again since, and stays", number,
                      pd_json_string(pd_json_at(kept, i)));
}

static void print_time(PdJson *row)
{
    gint64 at = pd_json_get_int(row, "at", 0);
    g_autofree char *text = at != 0 ? pd_clock_format_utc(at) : NULL;

    pd_json_set_text(row, "at", text);
}

/* What was the last change is told, for nobody can see it beforehand. */
static PdStatus *undo(PdCli *cli, gint64 number)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(PdJson) rows = NULL;

    g_ptr_array_add(words, (gpointer)cli->command->name);
    for (int i = 1; i < cli->count; i++)
        g_ptr_array_add(words, cli->arguments[i]);
    g_ptr_array_add(words, NULL);
    PD_TRY(
        pd_desk_undo(cli->desk, number, (const char *const *)words->pdata, pd_cli_actor(), &rows));
    if (cli->print.json) {
        for (gsize i = 0; i < pd_json_length(rows); i++)
            print_time(pd_json_at(rows, i));
        g_autoptr(PdJson) document = pd_json_set(pd_json_object(), "taken_back", pd_json_ref(rows));
        pd_print_json(document);
        return NULL;
    }
    for (gsize i = 0; i < pd_json_length(rows); i++)
        print_row(cli, pd_json_at(rows, i));
    return NULL;
}

static PdStatus *run(PdCli *cli, gint64 number)
{
    if (strcmp(cli->command->name, "reply") == 0)
        return reply(cli, number);
    return strcmp(cli->command->name, "undo") == 0 ? undo(cli, number) : command(cli, number);
}

PdStatus *pd_cmd_ticket(PdCli *cli)
{
    PD_TRY(pd_cli_options(cli, NULL));
    return pd_cli_ticket_command(cli);
}

PdStatus *pd_cli_ticket_command(PdCli *cli)
{
    gint64 number = 0;

    PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(run(cli, number));
    pd_wake_knock(cli->config->state, "deliver");
    pd_wake_knock(cli->config->state, "clock");
    pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT ": done", number);
    return NULL;
}
