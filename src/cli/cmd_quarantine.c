/* cmd_quarantine.c: quarantine: list, show, requeue, drop; and the ledger. */
#include "cli.h"

#include "documents.h"
#include "postdesk/inbox.h"
#include "postdesk/text.h"
#include "postdesk/wake.h"
#include <stdio.h>
#include <string.h>

#define PAGE 1000

/* *before: the oldest one that was printed; 0 behind the last page. */
static PdStatus *page(PdCli *cli, PdPages *pages, int outcome, gint64 *before)
{
    g_autoptr(GPtrArray) rows = NULL;

    PD_TRY(pd_inbox_list(cli->store, outcome, *before, PAGE, &rows));
    PdJson *entries = pd_json_array();
    for (guint i = 0; i < rows->len; i++)
        pd_json_add(entries, pd_document_ledger(g_ptr_array_index(rows, i), cli->print.json));
    *before = rows->len == PAGE ? ((PdInboxRow *)g_ptr_array_index(rows, PAGE - 1))->id : 0;
    pd_print_page(pages, entries);
    return NULL;
}

static PdStatus *list(PdCli *cli, int outcome, const char *key, const char *empty)
{
    static const PdColumn columns[] = {
        {"message", "Message", 3, 9},     {"mailbox", "Mailbox", 7, 24}, {"uid", "UID", 0, 10},
        {"outcome", "Outcome", 7, 11},    {"ticket", "Ticket", 6, 9},    {"size", "Bytes", 0, 11},
        {"taken_at", "Taken in", 16, 20}, {"reason", "Reason", 6, 200},  {NULL, NULL, 0, 0},
    };
    PdStatus *status = NULL;
    gint64 before = 0;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PdPages *pages = pd_print_pages_new(&cli->print, key, columns);
    do
        status = page(cli, pages, outcome, &before);
    while (status == NULL && before != 0);
    pd_print_pages_end(pages, NULL, empty);
    return status;
}

PdStatus *pd_cmd_ledger(PdCli *cli)
{
    PD_TRY(pd_cli_options(cli, NULL));
    return list(cli, -1, "ledger", "no message was taken in yet");
}

/* The message as it came, byte for byte, for a file; else as text. */
static void print_message(const PdPrint *print, const PdInboxRow *row, const char *bytes,
                          gsize length)
{
    g_autofree char *valid = pd_text_make_valid(bytes, length, NULL);

    if (print->json) {
        g_autoptr(PdJson) document = pd_document_ledger(row, TRUE);
        pd_json_set_text(document, "mail", valid);
        pd_print_json(document);
    } else if (print->terminal) {
        g_auto(GStrv) lines = g_strsplit(valid, "\r\n", -1);
        g_autofree char *plain = g_strjoinv("\n", lines);
        pd_print_text(plain, "");
    } else {
        fwrite(bytes, 1, length, stdout);
    }
}

static PdStatus *show(PdCli *cli, gint64 id)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    PdInboxRow *found = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_inbox_get(cli->store, id, &found));
    g_autoptr(PdInboxRow) row = found;
    if (row == NULL)
        return pd_cli_usage("there is no message %" G_GINT64_FORMAT, id);
    PD_TRY(pd_raw_read(cli->store, &row->raw, PD_CLI_MOST_MESSAGE_BYTES, &bytes, &length));
    print_message(&cli->print, row, bytes, length);
    return NULL;
}

static PdStatus *change(PdCli *cli, gboolean requeue)
{
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_store_begin(cli->store));
    for (int i = 1; i < cli->count; i++) {
        gint64 id = 0;
        PdStatus *status = pd_cli_number(cli, i, "message", &id);
        if (status == NULL)
            status = requeue ? pd_inbox_requeue(cli->store, id)
                             : pd_inbox_drop(cli->store, id, "dropped by a person");
        if (status != NULL) {
            pd_store_rollback(cli->store);
            return status;
        }
    }
    PD_TRY(pd_store_commit(cli->store));
    pd_wake_knock(cli->config->state, "process");
    pd_print_line(&cli->print, "%d %s", cli->count - 1, requeue ? "back in the inbox" : "dropped");
    return NULL;
}

PdStatus *pd_cmd_quarantine(PdCli *cli)
{
    gint64 id = 0;

    PD_TRY(pd_cli_options(cli, NULL));
    const char *verb = cli->count > 0 ? cli->arguments[0] : "list";
    if (strcmp(verb, "list") == 0)
        PD_TRY(pd_cli_take_no_more(cli, 1));
    if (strcmp(verb, "list") == 0)
        return list(cli, PD_OUTCOME_QUARANTINED, "quarantine", "nothing is in quarantine");
    PD_TRY(pd_cli_number(cli, 1, "message", &id));
    if (strcmp(verb, "show") == 0)
        return show(cli, id);
    if (strcmp(verb, "requeue") == 0 || strcmp(verb, "drop") == 0)
        return change(cli, *verb == 'r');
    return pd_cli_usage("quarantine knows list, show, requeue and drop, not '%s'", verb);
}
