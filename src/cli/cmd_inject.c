/* cmd_inject.c: inject: raw mail from files or from an MTA's pipe. Exit 75 when it cannot be
 * stored, so that the MTA keeps it. */
#include "cli.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/log.h"
#include "postdesk/roles.h"
#include "postdesk/text.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE "5m" /* some MTAs return a mail whose pipe takes much longer */

/* Safe at any moment, as a kill is: what was not stored is not, and what was is known as a copy
 * when it comes again. */
static void give_up(int number)
{
    static const char words[] = "postdesk: the message was not stored in time; try again\n";
    ssize_t written = write(STDERR_FILENO, words, strlen(words));

    (void)number;
    (void)written;
    _exit(PD_EXIT_TRY_AGAIN);
}

/* An MTA must never bounce because of us: whatever spoils the store or is mistyped in the MTA's
 * configuration may be tried again when it is mended. A message that is too large stays so. */
static PdStatus *keep_for_later(PdStatus *status)
{
    if (status == NULL || pd_status_may_retry(status) ||
        pd_status_spoils(status) == PD_SPOILS_MESSAGE)
        return status;
    PdStatus *later = pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, pd_status_advice(status), "%s",
                                    pd_status_text(status));
    pd_status_free(status);
    return later;
}

/* A file that cannot be read was named wrongly; a pipe was not. */
static PdStatus *read_message(const char *path, char **bytes, gsize *length)
{
    PdStatus *status = pd_cli_read_message(path, bytes, length);

    return path != NULL ? status : keep_for_later(status);
}

static PdStatus *store_in_time(PdCli *cli, const char *bytes, gsize length, gint64 wait, gint64 *id)
{
    signal(SIGALRM, give_up);
    alarm((unsigned int)(wait / PD_SECOND));
    PdStatus *status = keep_for_later(pd_role_inject(cli->config, bytes, length, id));
    alarm(0);
    return status;
}

static PdStatus *inject_one(PdCli *cli, const char *path, gint64 wait, PdJson *rows)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    gint64 id = 0;

    PD_TRY(read_message(path, &bytes, &length));
    PD_TRY(store_in_time(cli, bytes, length, wait, &id));
    PdJson *row = pd_json_object();
    pd_json_set_int(row, "message", id);
    pd_json_set_int(row, "size", (gint64)length);
    pd_json_add(rows, row);
    pd_print_line(&cli->print, "message #%" G_GINT64_FORMAT " taken in (%zu bytes)", id, length);
    return NULL;
}

static PdStatus *take_wait(const char *text, gint64 *wait)
{
    if (!pd_text_parse_duration(text, wait) || *wait < PD_SECOND || *wait > PD_HOUR)
        return pd_cli_usage("--wait takes a duration such as 90s, an hour at most");
    return NULL;
}

/* What is stored is stored, whether it could be told or not. */
PdStatus *pd_cmd_inject(PdCli *cli)
{
    g_autoptr(PdJson) document = pd_json_object();
    PdJson *rows = pd_json_array();
    g_autofree char *span = NULL;
    gint64 wait = 0;
    const GOptionEntry entries[] = {
        {"wait", 0, 0, G_OPTION_ARG_STRING, &span,
         "So long for a message to be stored (" PATIENCE ")", "SPAN"},
        G_OPTION_ENTRY_NULL,
    };

    pd_json_set(document, "messages", rows);
    pd_log_set_role("inject");
    cli->output_may_be_lost = TRUE;
    PD_TRY(keep_for_later(pd_cli_options(cli, entries)));
    PD_TRY(keep_for_later(take_wait(span != NULL ? span : PATIENCE, &wait)));
    PD_TRY(keep_for_later(pd_cli_config(cli)));
    if (cli->count == 0)
        PD_TRY(inject_one(cli, NULL, wait, rows));
    for (int i = 0; i < cli->count; i++)
        PD_TRY(inject_one(cli, cli->arguments[i], wait, rows));
    if (cli->print.json)
        pd_print_json(document);
    return NULL;
}
