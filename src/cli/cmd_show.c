/* cmd_show.c: show: one ticket; or its attachments as files. */
#include "postdesk/inbox.h"
#include "postdesk/mail.h"
#include "save.h"
#include "show.h"

/* Reads a message again from its raw bytes, its attachments going to the folder. */
static PdStatus *save_message(PdCli *cli, gint64 inbox, PdSave *save)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;
    PdMailOptions options;
    int fd;

    PD_TRY(pd_inbox_get(cli->store, inbox, &row));
    if (row == NULL)
        return NULL;
    PD_TRY(pd_raw_open(cli->store, &row->raw, &fd));
    pd_desk_mail_options(cli->config, row->mailbox, &options);
    options.truncated = row->truncated;
    options.attachment_sink = pd_save_attachment;
    options.sink_user = save;
    PdStatus *status =
        pd_mail_read(fd, (off_t)row->raw.offset, (gsize)row->raw.length, &options, &mail);
    pd_raw_close(cli->store);
    pd_desk_mail_options_clear(&options);
    return status != NULL ? status : pd_save_failure(save);
}

static void print_saved(const PdCli *cli, PdSave *save, const char *folder)
{
    PdJson *files = pd_save_files(save);

    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_text(document, "folder", folder);
        pd_json_set(document, "files", pd_json_ref(files));
        pd_print_json(document);
        return;
    }
    for (gsize i = 0; i < pd_json_length(files); i++) {
        const PdJson *file = pd_json_at(files, i);
        pd_print_line(&cli->print, "%s/%s%s", folder, pd_json_get_text(file, "file"),
                      pd_json_get_bool(file, "new", TRUE) ? "" : "  (was there)");
    }
    if (pd_json_length(files) == 0)
        pd_print_line(&cli->print, "no attachments");
}

static PdStatus *save_attachments(PdCli *cli, gint64 number, const char *folder)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdSave) save = NULL;

    PD_TRY(pd_show_find(cli, number, &ticket));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    PD_TRY(pd_save_open(folder, &save));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        PD_TRY(save_message(cli, message->inbox, save));
    }
    print_saved(cli, save, folder);
    return NULL;
}

PdStatus *pd_cmd_show(PdCli *cli)
{
    g_autoptr(PdJson) document = NULL;
    g_autofree char *folder = NULL;
    gint64 number = 0;
    const GOptionEntry entries[] = {
        {"attachments", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Write its files there", "DIR"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    if (folder != NULL)
        return save_attachments(cli, number, folder);
    PD_TRY(pd_show_document(cli, number, &document));
    if (cli->print.json) {
        pd_print_json(document);
        return NULL;
    }
    pd_show_print(&cli->print, document);
    return NULL;
}
