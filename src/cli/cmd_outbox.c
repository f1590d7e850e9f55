/* cmd_outbox.c: outbox: list, show, retry, drop. */
#include "cli.h"

#include "documents.h"
#include "postdesk/mail.h"
#include "postdesk/outbox.h"
#include "postdesk/text.h"
#include "postdesk/wake.h"
#include <stdio.h>
#include <string.h>

#define PAGE 1000
#define MOST_PENDING 100000
#define GATHERED "gathered" /* what is not in the outbox yet */

static PdStatus *state_of_name(const char *name, int *state)
{
    *state = -1;
    if (name == NULL)
        return NULL;
    for (int i = PD_MAIL_QUEUED; i < PD_MAIL_STATES; i++) {
        if (strcmp(pd_mail_state_name((PdMailState)i), name) == 0) {
            *state = i;
            return NULL;
        }
    }
    return pd_cli_usage(
        "no state '%s'; queued, sending, sent, retry, failed, unknown, dropped or " GATHERED, name);
}

/* What is put aside, and when it is told. */
static PdStatus *pending_rows(PdCli *cli, PdJson **array)
{
    g_autoptr(GPtrArray) rows = NULL;

    PD_TRY(pd_pending_list(cli->store, 0, MOST_PENDING, &rows));
    *array = pd_json_array();
    for (guint i = 0; i < rows->len; i++)
        pd_json_add(*array, pd_document_pending(g_ptr_array_index(rows, i), cli->print.json));
    return NULL;
}

/* *before: the oldest one that was printed; 0 behind the last page. */
static PdStatus *page(PdCli *cli, PdPages *pages, int state, gint64 *before)
{
    g_autoptr(GPtrArray) rows = NULL;

    PD_TRY(pd_outbox_list_before(cli->store, state, *before, PAGE, &rows));
    PdJson *entries = pd_json_array();
    for (guint i = 0; i < rows->len; i++)
        pd_json_add(entries, pd_document_mail(g_ptr_array_index(rows, i), cli->print.json));
    *before = rows->len == PAGE ? ((PdOutboxRow *)g_ptr_array_index(rows, PAGE - 1))->id : 0;
    pd_print_page(pages, entries);
    return NULL;
}

/* The mails, page by page, unless only what is put aside is asked for. */
static PdStatus *print_mails(PdCli *cli, int state, gboolean none, PdJson *pending)
{
    static const PdColumn columns[] = {
        {"id", "Id", 3, 9},
        {"ticket", "Ticket", 6, 9},
        {"state", "State", 7, 7},
        {"purpose", "What", 5, 14},
        {"recipient", "To", 8, 32},
        {"attempts", "Tries", 0, 5},
        {"changed_at", "When", 0, 20},
        {"last_reply", "Said", 8, 200},
        {NULL, NULL, 0, 0},
    };
    PdJson *further = pd_json_set(pd_json_object(), "gathered", pd_json_ref(pending));
    PdPages *pages = pd_print_pages_new(&cli->print, "mails", columns);
    PdStatus *status = NULL;
    gint64 before = 0;

    do
        status = none ? NULL : page(cli, pages, state, &before);
    while (status == NULL && before != 0);
    pd_print_pages_end(pages, further, "no mails");
    return status;
}

static void print_pending(const PdCli *cli, PdJson *pending)
{
    static const PdColumn columns[] = {
        {"ticket", "Ticket", 6, 9},   {"purpose", "Gathered", 8, 14}, {"recipient", "To", 8, 32},
        {"due_at", "Told at", 7, 20}, {"why", "Why", 8, 200},         {NULL, NULL, 0, 0},
    };

    if (!cli->print.json && pd_json_length(pending) > 0)
        pd_print_table(&cli->print, "gathered", pd_json_ref(pending), columns, "");
}

static PdStatus *list(PdCli *cli, const char *state_name)
{
    gboolean only_gathered = g_strcmp0(state_name, GATHERED) == 0;
    g_autoptr(PdJson) pending = NULL;
    gboolean held = FALSE;
    int state = -1;

    if (!only_gathered)
        PD_TRY(state_of_name(state_name, &state));
    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_outbox_is_held(cli->store, &held));
    PD_TRY(pending_rows(cli, &pending));
    if (cli->print.json || !only_gathered || pd_json_length(pending) == 0)
        PD_TRY(print_mails(cli, state, only_gathered, pending));
    if (state < 0)
        print_pending(cli, pending);
    if (held)
        pd_print_line(&cli->print, "The outbox is held since a restore: postdesk reconcile");
    return NULL;
}

static void print_readable(const PdPrint *print, const PdMail *mail)
{
    static const char *const names[] = {"Date", "From", "To", "Subject"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        pd_print_field(print, names[i], pd_mail_header(mail, names[i]));
    putchar('\n');
    pd_print_text(mail->full_text, "");
}

/* As its reader sees it, for a person; as it goes out, for a program. */
static PdStatus *print_mail(const PdPrint *print, const char *bytes, gsize length, gboolean raw)
{
    const PdMailOptions options = {0};
    g_autoptr(PdMail) mail = NULL;

    if (print->terminal && !raw) {
        PD_TRY(pd_mail_read_bytes(bytes, length, &options, &mail));
        print_readable(print, mail);
        return NULL;
    }
    g_autofree char *valid = pd_text_make_valid(bytes, length, NULL);
    g_auto(GStrv) lines = g_strsplit(valid, "\r\n", -1);
    g_autofree char *plain = g_strjoinv("\n", lines);
    pd_print_text(plain, "");
    return NULL;
}

static PdStatus *show(PdCli *cli, gint64 id, gboolean raw)
{
    PdOutboxRow *found = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_outbox_get(cli->store, id, &found));
    g_autoptr(PdOutboxRow) row = found;
    if (row == NULL)
        return pd_cli_usage("there is no mail %" G_GINT64_FORMAT, id);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(row->mail, &length);
    if (cli->print.json) {
        g_autofree char *valid = pd_text_make_valid(bytes, length, NULL);
        g_autoptr(PdJson) document = pd_document_mail(row, TRUE);
        pd_json_set_text(document, "envelope_from", row->envelope_from);
        pd_json_set_text(document, "mail", length > 0 ? valid : NULL);
        pd_print_json(document);
        return NULL;
    }
    if (length == 0)
        return pd_status_new(
            PD_SPOILS_USAGE, PD_FINAL, NULL,
            "mail %" G_GINT64_FORMAT " was sent, and its text was let go (answers.keep_sent)", id);
    return print_mail(&cli->print, bytes, length, raw);
}

static PdStatus *change_one(PdCli *cli, gboolean retry, gint64 id)
{
    if (retry)
        return pd_outbox_retry(cli->store, id);
    return pd_outbox_drop(cli->store, id, "given up by a person");
}

static PdStatus *change(PdCli *cli, gboolean retry)
{
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_store_begin(cli->store));
    for (int i = 1; i < cli->count; i++) {
        gint64 id = 0;
        PdStatus *status = pd_cli_number(cli, i, "mail", &id);
        if (status == NULL)
            status = change_one(cli, retry, id);
        if (status != NULL) {
            pd_store_rollback(cli->store);
            return status;
        }
    }
    PD_TRY(pd_store_commit(cli->store));
    pd_wake_knock(cli->config->state, "deliver");
    pd_print_line(&cli->print, "%d %s", cli->count - 1, retry ? "queued anew" : "given up");
    return NULL;
}

PdStatus *pd_cmd_outbox(PdCli *cli)
{
    g_autofree char *state = NULL;
    gboolean raw = FALSE;
    const GOptionEntry entries[] = {
        {"state", 0, 0, G_OPTION_ARG_STRING, &state, "Only of this state", "STATE"},
        {"raw", 0, 0, G_OPTION_ARG_NONE, &raw, "show: as it goes out, on a terminal too", NULL},
        G_OPTION_ENTRY_NULL,
    };
    gint64 id = 0;

    PD_TRY(pd_cli_options(cli, entries));
    const char *verb = cli->count > 0 ? cli->arguments[0] : "list";
    if (strcmp(verb, "list") == 0)
        PD_TRY(pd_cli_take_no_more(cli, 1));
    if (strcmp(verb, "list") == 0)
        return list(cli, state);
    PD_TRY(pd_cli_number(cli, 1, "mail", &id));
    if (strcmp(verb, "show") == 0)
        return show(cli, id, raw);
    if (strcmp(verb, "retry") == 0 || strcmp(verb, "drop") == 0)
        return change(cli, *verb == 'r');
    return pd_cli_usage("outbox knows list, show, retry and drop, not '%s'", verb);
}
