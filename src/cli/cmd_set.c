/* cmd_set.c: set: fields of a ticket, by a person on this machine. */
#include "cli.h"

#include "postdesk/wake.h"

PdStatus *pd_cmd_set(PdCli *cli)
{
    gint64 number = 0;

    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
    if (cli->count < 2)
        return pd_cli_usage(
            "set needs what to change, such as status=open or category=network/vpn");
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(
        pd_desk_change(cli->desk, number, (const char *const *)cli->arguments + 1, pd_cli_actor()));
    pd_wake_knock(cli->config->state, "deliver");
    pd_wake_knock(cli->config->state, "clock");
    pd_print_line(&cli->print, "ticket #%" G_GINT64_FORMAT " changed", number);
    return NULL;
}
