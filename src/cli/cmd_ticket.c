/* cmd_ticket.c: accept, assign, note, reply, resolve, close, reopen, merge, split, link, watch,
 * unwatch, external, undo: the commands that mails may hold, by a person on this machine. */
#include "cli.h"

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
    PD_TRY(strcmp(cli->command->name, "reply") == 0 ? reply(cli, number) : command(cli, number));
    pd_wake_knock(cli->config->state, "deliver");
    pd_wake_knock(cli->config->state, "clock");
    pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT ": done", number);
    return NULL;
}
