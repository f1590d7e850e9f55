/* cmd_upkeep.c: backup, restore, verify, reconcile. */
#include "cli.h"

#include "postdesk/log.h"
#include "postdesk/roles.h"
#include "postdesk/upkeep.h"
#include <stdio.h>

PdStatus *pd_cmd_backup(PdCli *cli)
{
    PD_TRY(pd_cli_options(cli, NULL));
    if (cli->count != 1)
        return pd_cli_usage("backup needs the file to write");
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    PdStatus *status =
        pd_store_backup(cli->store, cli->arguments[0], pd_print_progress, (gpointer) "backup");
    pd_print_progress_end();
    PD_TRY(status);
    pd_print_line(&cli->print, "%s written; postdesk restore %s --verify reads it back",
                  cli->arguments[0], cli->arguments[0]);
    return NULL;
}

PdStatus *pd_cmd_restore(PdCli *cli)
{
    gboolean verify = FALSE;
    const GOptionEntry entries[] = {
        {"verify", 0, 0, G_OPTION_ARG_NONE, &verify, "Read and compare only", NULL},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count != 1)
        return pd_cli_usage("restore needs the backup file");
    PD_TRY(pd_cli_config(cli));
    PdStatus *status = pd_store_restore(cli->arguments[0], cli->config->state, verify,
                                        pd_print_progress, (gpointer) "restore");
    pd_print_progress_end();
    PD_TRY(status);
    if (verify)
        pd_print_line(&cli->print, "%s is complete and unharmed", cli->arguments[0]);
    else
        pd_print_line(&cli->print,
                      "restored to %s; the outbox is held until postdesk reconcile has run",
                      cli->config->state);
    return NULL;
}

PdStatus *pd_cmd_verify(PdCli *cli)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdVerified counts = {0};

    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    PdStatus *status =
        pd_store_verify(cli->store, list, &counts, pd_print_progress, (gpointer) "verify");
    pd_print_progress_end();
    PD_TRY(status);
    if (pd_diagnostics_errors(list) > 0)
        cli->answer = PD_EXIT_NO;
    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_bool(document, "ok", cli->answer == PD_EXIT_OK);
        pd_json_set_int(document, "tickets", counts.tickets);
        pd_json_set_int(document, "events", counts.events);
        pd_json_set_int(document, "messages", counts.messages);
        pd_json_set_int(document, "bytes", counts.bytes);
        pd_json_set_int(document, "shared_bytes", counts.shared);
        pd_json_set(document, "diagnostics", pd_print_diagnostics_json(list));
        pd_print_json(document);
        return NULL;
    }
    pd_print_diagnostics(list);
    pd_print_line(
        &cli->print,
        "%" G_GINT64_FORMAT " tickets rebuilt from %" G_GINT64_FORMAT " events, %" G_GINT64_FORMAT
        " messages (%" G_GINT64_FORMAT " bytes) hashed: %u differences",
        counts.tickets, counts.events, counts.messages, counts.bytes, pd_diagnostics_errors(list));
    if (counts.shared > 0)
        pd_print_line(&cli->print,
                      "%" G_GINT64_FORMAT " of these bytes are in several messages and lie once",
                      counts.shared);
    return NULL;
}

static PdJson *reconciled_row(const PdReconciled *result)
{
    PdJson *row = pd_json_object();
    PdJson *uids = pd_json_array();

    for (guint i = 0; i < result->unaccounted->len; i++) {
        g_autofree char *uid =
            g_strdup_printf("%u", g_array_index(result->unaccounted, guint32, i));
        pd_json_add_text(uids, uid);
    }
    pd_json_set_text(row, "mailbox", result->mailbox);
    pd_json_set_int(row, "on_server", (gint64)result->on_server);
    pd_json_set_int(row, "in_ledger", (gint64)result->in_ledger);
    pd_json_set_int(row, "left_out", (gint64)result->left_out);
    pd_json_set_int(row, "unaccounted", result->unaccounted->len);
    pd_json_set_text(row, "failure",
                     result->failed != NULL ? pd_status_text(result->failed) : NULL);
    return pd_json_set(row, "uids", uids);
}

/* A folder that could not be compared is told with what to do about it. */
static void tell_reconciled(PdCli *cli, const PdReconciled *result, PdJson *rows)
{
    if (result->failed == NULL || cli->print.json)
        pd_json_add(rows, reconciled_row(result));
    if (result->failed != NULL)
        pd_print_status(result->failed);
    if (result->failed != NULL)
        cli->answer = pd_status_exit_code(result->failed);
    else if (result->unaccounted->len > 0 && cli->answer == PD_EXIT_OK)
        cli->answer = PD_EXIT_NO;
}

PdStatus *pd_cmd_reconcile(PdCli *cli)
{
    static const PdColumn columns[] = {
        {"mailbox", "Mailbox", 7, 40},
        {"on_server", "On server", 9, 12},
        {"in_ledger", "In ledger", 9, 12},
        {"left_out", "Left out", 8, 12},
        {"unaccounted", "Unaccounted", 11, 12},
        {"uids", "UIDs", 4, 200},
        {NULL, NULL, 0, 0},
    };
    g_autoptr(GPtrArray) results = NULL;
    PdOutboxHold hold = PD_HOLD_NONE;

    pd_log_set_role("reconcile");
    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_config(cli));
    PD_TRY(pd_role_reconcile(cli->config, &results, &hold));
    PdJson *rows = pd_json_array();
    for (guint i = 0; i < results->len; i++)
        tell_reconciled(cli, g_ptr_array_index(results, i), rows);
    pd_print_table(&cli->print, "mailboxes", rows, columns, "no mailbox is configured");
    if (hold == PD_HOLD_STAYS)
        pd_print_line(&cli->print, "The outbox stays held until every folder could be compared.");
    if (hold == PD_HOLD_RELEASED)
        pd_print_line(&cli->print,
                      "The outbox is released. Mails that may have gone out before are unknown: "
                      "postdesk outbox --state unknown");
    return NULL;
}
