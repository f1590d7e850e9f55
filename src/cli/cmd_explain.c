/* cmd_explain.c: explain: why a stored message was handled as it was, or how a mail would be.
 *
 * For a file the plan of the same engine is told instead of carried out. For a ticket or a message
 * the stored decision is told; with the rules of then, every condition as it was asked.
 */
#include "cli.h"

#include "explain_print.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/tickets.h"
#include "signed.h"
#include <string.h>

#define MESSAGE "message:"

/* Whose servers' words on the sender count: the one that is named, else the only one there is. */
static PdStatus *choose_mailbox(const PdConfig *config, const char *wanted, const char **mailbox)
{
    const PdMailbox *only =
        config->mailboxes->len == 1 ? g_ptr_array_index(config->mailboxes, 0) : NULL;

    if (wanted != NULL && pd_config_mailbox(config, wanted) == NULL)
        return pd_cli_usage("there is no mailbox '%s'", wanted);
    *mailbox = wanted != NULL ? wanted : only != NULL ? only->name : NULL;
    return NULL;
}

/* How a file is to be looked at; each may be NULL. */
typedef struct {
    char *mailbox;
    char *at; /* instead of the time that the mail itself names */
} AsIf;

static void as_if_clear(AsIf *as_if)
{
    g_free(as_if->mailbox);
    g_free(as_if->at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AsIf, as_if_clear)

/* Rules ask for the time of arrival; a file has only its own. */
static PdStatus *set_time(PdCli *cli, const char *when, PdMail *mail)
{
    if (when == NULL || pd_clock_parse_utc(when, &mail->date) ||
        pd_roster_parse(pd_desk_roster(cli->desk), when, &mail->date))
        return NULL;
    return pd_cli_usage("'%s' is no time; write \"2026-12-01 03:00\"", when);
}

static PdStatus *explain_file(PdCli *cli, const char *path, const AsIf *as_if, PdJson **why)
{
    const char *mailbox = NULL;
    PdMailOptions options = {0};
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(PdMail) mail = NULL;

    PD_TRY(choose_mailbox(cli->config, as_if->mailbox, &mailbox));
    PD_TRY(pd_cli_read_message(path, &bytes, &length));
    /* Where nothing is stored yet, everything is new. */
    g_autoptr(PdStatus) absent = pd_cli_store(cli, PD_STORE_READ);
    PD_TRY(pd_cli_desk(cli));
    pd_desk_mail_options(cli->config, mailbox, &options);
    options.with_attachment_text = TRUE;
    PdStatus *status = pd_mail_read_bytes(bytes, length, &options, &mail);
    pd_desk_mail_options_clear(&options);
    PD_TRY(status);
    pd_signed_verify(cli, bytes, length, mail);
    PD_TRY(set_time(cli, as_if->at, mail));
    return pd_desk_explain(cli->desk, mail, why);
}

static PdStatus *explain_message(PdCli *cli, gint64 inbox, PdJson **why)
{
    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(pd_desk_explain_stored(cli->desk, inbox, pd_desk_rules(cli->desk), why));
    if (*why == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk ledger shows all messages",
                             "there is no decision on message %" G_GINT64_FORMAT, inbox);
    return NULL;
}

/* By the message that opened it. */
static PdStatus *explain_ticket(PdCli *cli, gint64 number, PdJson **why)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_cli_store(cli, PD_STORE_LOOK));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    if (messages->len == 0)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk list --all shows all tickets",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    return explain_message(cli, ((const PdStoredMessage *)g_ptr_array_index(messages, 0))->inbox,
                           why);
}

static gboolean is_number(const char *text)
{
    if (*text == '#')
        text++;
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

static PdStatus *explain(PdCli *cli, const AsIf *as_if, PdJson **why)
{
    const char *what = cli->count > 0 ? cli->arguments[0] : NULL;
    gint64 number = 0;

    if (what != NULL && is_number(what)) {
        PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
        return explain_ticket(cli, number, why);
    }
    if (what != NULL && g_str_has_prefix(what, MESSAGE) && is_number(what + strlen(MESSAGE)))
        return explain_message(cli, g_ascii_strtoll(what + strlen(MESSAGE), NULL, 10), why);
    return explain_file(cli, what, as_if, why);
}

PdStatus *pd_cmd_explain(PdCli *cli)
{
    gboolean all = FALSE;
    g_autofree char *rules = NULL;
    g_auto(AsIf) as_if = {NULL, NULL};
    const GOptionEntry entries[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "Rules that do not apply, too", NULL},
        {"rules", 0, 0, G_OPTION_ARG_FILENAME, &rules, "By other rules, such as those of then",
         "DIR"},
        {"mailbox", 0, 0, G_OPTION_ARG_STRING, &as_if.mailbox,
         "As if the file had come to this one", "NAME"},
        {"at", 0, 0, G_OPTION_ARG_STRING, &as_if.at, "As if the file had come at this time",
         "\"2026-12-01 03:00\""},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(PdJson) why = NULL;

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count > 1)
        return pd_cli_usage("explain takes one file, one ticket's number or message:NUMBER");
    PD_TRY(pd_cli_config(cli));
    if (rules != NULL) {
        g_free(cli->config->rules);
        cli->config->rules = g_canonicalize_filename(rules, NULL);
    }
    PD_TRY(explain(cli, &as_if, &why));
    if (cli->print.json)
        pd_print_json(why);
    else
        pd_explain_print(&cli->print, why, all);
    return NULL;
}
