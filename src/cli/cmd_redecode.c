/* cmd_redecode.c: redecode: reads a stored message again in a charset that a person names.
 *
 * The raw bytes are kept as they came, so that a wrong guess can be mended at any time. The
 * message's text changes, and the ticket's subject and reporter where they were taken from it; an
 * event of the ticket says so. Nothing is answered and no rule is asked again.
 */
#include "cli.h"

#include "documents.h"
#include "postdesk/inbox.h"
#include "postdesk/mail.h"
#include "postdesk/tickets.h"
#include <string.h>

typedef struct {
    PdCli *cli;
    const char *charset;
    PdInboxRow *row;
    PdMail *mail;
    const PdStoredMessage *before; /* NULL: the message is on no ticket */
} Redecoding;

static PdStatus *read_again(Redecoding *work)
{
    const PdInboxRow *row = work->row;
    PdMailOptions options;
    int fd;

    PD_TRY(pd_raw_open(work->cli->store, &row->raw, &fd));
    pd_desk_mail_options(work->cli->config, row->mailbox, &options);
    options.truncated = row->truncated;
    options.charset = work->charset;
    PdStatus *status =
        pd_mail_read(fd, (off_t)row->raw.offset, (gsize)row->raw.length, &options, &work->mail);
    pd_raw_close(work->cli->store);
    pd_desk_mail_options_clear(&options);
    return status;
}

static const PdStoredMessage *stored_before(const Redecoding *work, const GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        if (message->inbox == work->row->id)
            return message;
    }
    return NULL;
}

static PdStatus *put_message(const Redecoding *work)
{
    const PdMail *mail = work->mail;
    PdStoredMessage message = *work->before;
    g_autofree char *attachments = NULL;

    if (mail->attachments->len > 0) {
        g_autoptr(PdJson) list = pd_mail_attachments_json(mail);
        attachments = pd_json_compact(list);
    }
    message.from_name = mail->from != NULL ? mail->from->name : NULL;
    message.subject = mail->subject;
    message.text = mail->text;
    message.attachments = attachments;
    return pd_message_put(work->cli->store, &message);
}

/* What the ticket took from the message as it was read before. */
static PdJson *changed_fields(const Redecoding *work, const PdTicket *ticket)
{
    PdJson *set = pd_json_object();
    const PdStoredMessage *before = work->before;
    const PdAddress *from = work->mail->from;

    if (before->subject != NULL && strcmp(ticket->subject, before->subject) == 0)
        pd_json_set_text(set, "subject", work->mail->subject);
    if (before->from_name != NULL && from != NULL && *from->name != '\0' &&
        strcmp(ticket->reporter_name, before->from_name) == 0)
        pd_json_set_text(set, "reporter_name", from->name);
    return set;
}

static PdStatus *put_event(const Redecoding *work)
{
    g_autoptr(PdEvent) event = pd_event_new("changed", pd_cli_actor(), "cli");
    g_autoptr(PdTicket) ticket = NULL;
    g_autofree char *note = g_strdup_printf("message %" G_GINT64_FORMAT " read again as %s",
                                            work->row->id, work->charset);

    PD_TRY(pd_ticket_get(work->cli->store, work->before->ticket, &ticket));
    event->ticket = ticket->number;
    event->inbox = work->row->id;
    pd_json_set(event->data, "set", changed_fields(work, ticket));
    pd_json_set_text(event->data, "note", note);
    return pd_ticket_append(work->cli->store, event, ticket->version);
}

static PdStatus *change_ticket(Redecoding *work)
{
    PdStore *store = work->cli->store;
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_message_of_ticket(store, work->row->ticket, &messages);
    if (status == NULL)
        work->before = stored_before(work, messages);
    if (status == NULL && work->before != NULL)
        status = put_message(work);
    if (status == NULL && work->before != NULL)
        status = put_event(work);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

static void print_result(const Redecoding *work, gboolean is_stored)
{
    const PdPrint *print = &work->cli->print;

    if (print->json) {
        g_autoptr(PdJson) document = pd_mail_to_json(work->mail);
        pd_json_set_bool(document, "stored", is_stored);
        pd_print_json(document);
        return;
    }
    pd_print_field(print, "From", work->mail->from != NULL ? work->mail->from->name : NULL);
    pd_print_field(print, "Subject", work->mail->subject);
    for (guint i = 0; i < work->mail->defects->len; i++)
        pd_print_field(print, i == 0 ? "Defects" : "", g_ptr_array_index(work->mail->defects, i));
    pd_print_text(work->mail->text, "  ");
    if (!is_stored)
        pd_print_line(print, "The message is on no ticket: nothing was changed");
}

static PdStatus *redecode(Redecoding *work)
{
    PD_TRY(read_again(work));
    if (work->row->ticket != 0)
        PD_TRY(change_ticket(work));
    print_result(work, work->row->ticket != 0 && work->before != NULL);
    return NULL;
}

PdStatus *pd_cmd_redecode(PdCli *cli)
{
    g_autofree char *charset = NULL;
    g_autoptr(PdInboxRow) row = NULL;
    gint64 number = 0;
    const GOptionEntry entries[] = {
        {"charset", 0, 0, G_OPTION_ARG_STRING, &charset, "How the message is written", "CHARSET"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    PD_TRY(pd_cli_number(cli, 0, "message", &number));
    if (charset == NULL || !pd_mail_knows_charset(charset))
        return pd_cli_usage("redecode needs --charset with a name such as gb18030, big5 or utf-8");
    PD_TRY(pd_cli_store(cli, PD_STORE_WRITE));
    PD_TRY(pd_inbox_get(cli->store, number, &row));
    if (row == NULL)
        return pd_cli_usage("there is no message %" G_GINT64_FORMAT
                            "; \"postdesk ledger\" shows the numbers",
                            number);
    Redecoding work = {.cli = cli, .charset = charset, .row = row};
    PdStatus *status = redecode(&work);
    pd_mail_free(work.mail);
    return status;
}
