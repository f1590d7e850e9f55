/* cmd_inject.c: inject: raw mail from files or from an MTA's pipe. Exit 75 when it cannot be
 * stored, so that the MTA keeps it. */
#include "cli.h"

#include "postdesk/files.h"
#include "postdesk/log.h"
#include "postdesk/roles.h"

/* An MTA must never bounce because of us: whatever spoils the store may be tried again. */
static PdStatus *keep_for_later(PdStatus *status)
{
    if (status == NULL || pd_status_may_retry(status))
        return status;
    PdStatus *later = pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN, pd_status_advice(status), "%s",
                                    pd_status_text(status));
    pd_status_free(status);
    return later;
}

static PdStatus *inject_one(PdCli *cli, const char *path, PdJson *rows)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    gint64 id = 0;

    PD_TRY(pd_cli_read_message(path, &bytes, &length));
    PD_TRY(keep_for_later(pd_role_inject(cli->config, bytes, length, &id)));
    PdJson *row = pd_json_object();
    pd_json_set_int(row, "message", id);
    pd_json_set_int(row, "size", (gint64)length);
    pd_json_add(rows, row);
    pd_print_line(&cli->print, "message #%" G_GINT64_FORMAT " taken in (%zu bytes)", id, length);
    return NULL;
}

PdStatus *pd_cmd_inject(PdCli *cli)
{
    g_autoptr(PdJson) document = pd_json_object();
    PdJson *rows = pd_json_array();

    pd_json_set(document, "messages", rows);
    pd_log_set_role("inject");
    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(keep_for_later(pd_cli_config(cli)));
    if (cli->count == 0)
        PD_TRY(inject_one(cli, NULL, rows));
    for (int i = 0; i < cli->count; i++)
        PD_TRY(inject_one(cli, cli->arguments[i], rows));
    if (cli->print.json)
        pd_print_json(document);
    return NULL;
}
