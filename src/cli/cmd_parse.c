/* cmd_parse.c: parse: what the mail floor sees in a message. */
#include "cli.h"

#include "postdesk/mail.h"
#include "postdesk/text.h"
#include "signed.h"
#include <stdio.h>
#include <string.h>

static char *format_address(const PdAddress *address)
{
    if (address == NULL)
        return NULL;
    if (address->name == NULL || *address->name == '\0')
        return g_strdup(address->address);
    return g_strdup_printf("%s <%s>", address->name, address->address);
}

static void print_addresses(const PdCli *cli, const char *label, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        g_autofree char *text = format_address(g_ptr_array_index(addresses, i));
        pd_print_field(&cli->print, i == 0 ? label : "", text);
    }
}

static void print_attachments(const PdCli *cli, const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = g_ptr_array_index(mail->attachments, i);
        g_autofree char *size = g_format_size(attachment->size);
        g_autofree char *text =
            g_strdup_printf("%s (%s, %s%s%s%s)", *attachment->name != '\0' ? attachment->name : "-",
                            attachment->type, size, attachment->is_inline ? ", inline" : "",
                            attachment->differs ? ", but is " : "",
                            attachment->differs ? attachment->found_type : "");
        pd_print_field(&cli->print, i == 0 ? "Attached" : "", text);
    }
}

static void print_strings(const PdCli *cli, const char *label, const GPtrArray *strings)
{
    for (guint i = 0; i < strings->len; i++)
        pd_print_field(&cli->print, i == 0 ? label : "", g_ptr_array_index(strings, i));
}

static void print_block(const PdCli *cli, const char *title, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    pd_print_heading(&cli->print, "\n%s", title);
    pd_print_text(text, "  ");
}

static void print_mail(const PdCli *cli, const PdMail *mail)
{
    g_autofree char *from = format_address(mail->from);
    g_autofree char *origin =
        g_strdup_printf("%s, %s", pd_origin_name(mail->origin), pd_via_name(mail->via));

    g_autofree char *signature = pd_signed_text(mail->signed_by);
    pd_print_field(&cli->print, "From", from);
    print_addresses(cli, "Reply-To", mail->reply_to);
    print_addresses(cli, "To", mail->to);
    print_addresses(cli, "Cc", mail->cc);
    pd_print_field(&cli->print, "Subject", mail->subject);
    pd_print_field(&cli->print, "Message-ID", mail->message_id);
    pd_print_field(&cli->print, "Language", mail->language);
    pd_print_field(&cli->print, "Origin", origin);
    print_strings(cli, "Evidence", mail->evidence);
    pd_print_field(&cli->print, "Signed", signature);
    print_attachments(cli, mail);
    print_strings(cli, "Defects", mail->defects);
    print_strings(cli, "Left out", mail->removed);
    print_block(cli, "New text", mail->text);
    print_block(cli, "Quoted", mail->quoted);
    print_block(cli, "Signature", mail->signature);
}

PdStatus *pd_cmd_parse(PdCli *cli)
{
    PdMailOptions options = {.with_html = TRUE};
    g_autofree char *bytes = NULL;
    g_autoptr(PdMail) mail = NULL;
    gsize length = 0;

    PD_TRY(pd_cli_options(cli, NULL));
    if (cli->count > 1)
        return pd_cli_usage("parse takes one file, or a message on standard input");
    PD_TRY(pd_cli_read_message(cli->count > 0 ? cli->arguments[0] : NULL, &bytes, &length));
    /* Without a configuration a message can be parsed all the same. */
    g_autoptr(PdStatus) absent = pd_cli_config(cli);
    if (absent == NULL)
        pd_desk_mail_options(cli->config, NULL, &options);
    options.with_html = TRUE;
    PdStatus *status = pd_mail_read_bytes(bytes, length, &options, &mail);
    if (absent == NULL)
        pd_desk_mail_options_clear(&options);
    PD_TRY(status);
    if (absent == NULL)
        pd_signed_verify(cli, bytes, length, mail);
    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_mail_to_json(mail);
        pd_print_json(document);
    } else {
        print_mail(cli, mail);
    }
    return NULL;
}
