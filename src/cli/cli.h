/* cli.h: what the commands of the command line share.
 *
 * A command is a row of the table in main.c and a function of its own file. It parses
 * its options, does its work through the doors of the rooms, and prints through
 * print.h. It returns a status, or sets cli->answer to PD_EXIT_NO.
 */
#ifndef PD_CLI_CLI_H
#define PD_CLI_CLI_H

#include "postdesk/config.h"
#include "postdesk/desk.h"
#include "postdesk/status.h"
#include "postdesk/store.h"
#include "print.h"
#include <glib.h>

/* A message is never larger; a collected one is by far smaller. */
#define PD_CLI_MOST_MESSAGE_BYTES ((gsize)1 << 30)

typedef struct pd_command PdCommand;

typedef struct {
    const char *program; /* absolute path of this binary */
    const PdCommand *command;
    char *config_path; /* -c, or NULL */
    PdConfig *config;  /* loaded by pd_cli_config() */
    PdStore *store;    /* opened by pd_cli_store() */
    PdDesk *desk;      /* made by pd_cli_desk() */
    PdPrint print;
    char **arguments; /* what is left after the options, NULL-terminated */
    int count;
    PdExit answer;               /* exit code of a command that succeeded */
    gboolean output_may_be_lost; /* the exit code tells of what was done, not of the output */
} PdCli;

typedef PdStatus *(*PdCommandFunction)(PdCli *cli);

#define PD_ANY (-1)

struct pd_command {
    const char *name;
    PdCommandFunction function;
    int most;             /* arguments that it takes; PD_ANY: it looks itself */
    const char *synopsis; /* "NUMBER" */
    const char *help;     /* one line */
};

/* Parses the command's options (may be NULL) besides the common ones; cli->arguments is what
 * is left, which is no more than the command takes. */
PdStatus *pd_cli_options(PdCli *cli, const GOptionEntry *entries);
/* A usage status where more than that is left, which would be passed over in silence. */
PdStatus *pd_cli_take_no_more(const PdCli *cli, int most);
/* A usage status where --most leaves nothing to be shown. */
PdStatus *pd_cli_check_most(int most);
/* A usage status: what was expected. */
PdStatus *pd_cli_usage(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* argument index as a positive number ("#7" and "7"). */
PdStatus *pd_cli_number(const PdCli *cli, int index, const char *what, gint64 *number);

/* Each loads once; what is loaded belongs to cli. */
PdStatus *pd_cli_config(PdCli *cli);
PdStatus *pd_cli_store(PdCli *cli, PdStoreMode mode);
PdStatus *pd_cli_desk(PdCli *cli); /* with the store if it is open, else a dry one */

/* Reads a message: a file, or standard input for "-" or NULL. */
PdStatus *pd_cli_read_message(const char *path, char **bytes, gsize *length);
/* What a mail may hold as well, for the ticket whose number comes first (cmd_ticket.c). */
PdStatus *pd_cli_ticket_command(PdCli *cli);
/* The name of who calls, for events. */
const char *pd_cli_actor(void);

PdStatus *pd_cmd_backup(PdCli *cli);
PdStatus *pd_cmd_calendar(PdCli *cli);
PdStatus *pd_cmd_check(PdCli *cli);
PdStatus *pd_cmd_clock(PdCli *cli);
PdStatus *pd_cmd_collect(PdCli *cli);
PdStatus *pd_cmd_deliver(PdCli *cli);
PdStatus *pd_cmd_doctor(PdCli *cli);
PdStatus *pd_cmd_explain(PdCli *cli);
PdStatus *pd_cmd_init(PdCli *cli);
PdStatus *pd_cmd_form(PdCli *cli);
PdStatus *pd_cmd_inject(PdCli *cli);
PdStatus *pd_cmd_ledger(PdCli *cli);
PdStatus *pd_cmd_list(PdCli *cli);
PdStatus *pd_cmd_new(PdCli *cli);
PdStatus *pd_cmd_outbox(PdCli *cli);
PdStatus *pd_cmd_parse(PdCli *cli);
PdStatus *pd_cmd_people(PdCli *cli);
PdStatus *pd_cmd_process(PdCli *cli);
PdStatus *pd_cmd_quarantine(PdCli *cli);
PdStatus *pd_cmd_reconcile(PdCli *cli);
PdStatus *pd_cmd_redecode(PdCli *cli);
PdStatus *pd_cmd_reload(PdCli *cli);
PdStatus *pd_cmd_restore(PdCli *cli);
PdStatus *pd_cmd_rules(PdCli *cli);
PdStatus *pd_cmd_run(PdCli *cli);
PdStatus *pd_cmd_search(PdCli *cli);
PdStatus *pd_cmd_set(PdCli *cli);
PdStatus *pd_cmd_show(PdCli *cli);
PdStatus *pd_cmd_signature(PdCli *cli);
PdStatus *pd_cmd_status(PdCli *cli);
PdStatus *pd_cmd_target(PdCli *cli);
PdStatus *pd_cmd_template(PdCli *cli);
PdStatus *pd_cmd_ticket(PdCli *cli);
PdStatus *pd_cmd_undo(PdCli *cli);
PdStatus *pd_cmd_verify(PdCli *cli);
PdStatus *pd_cmd_who(PdCli *cli);

#endif
