/* cmd_signature.c: signature: who signed a message, S/MIME or PGP. It is also the helper that
 * verifies it (postdesk/signature.h). */
#include "cli.h"

#include "postdesk/signature.h"
#include "signed.h"

char *pd_signed_text(const PdMailSigned *made)
{
    if (made == NULL)
        return NULL;
    return g_strdup_printf("%s, %s%s%s%s%s", made->form, pd_signed_result_name(made->result),
                           made->signer != NULL ? " by " : "",
                           made->signer != NULL ? made->signer : "",
                           made->result == PD_SIGNED_GOOD && !made->aligned ? ", not by From" : "",
                           made->why != NULL ? made->why : "");
}

void pd_signed_verify(const PdCli *cli, const char *bytes, gsize length, PdMail *mail)
{
    if (cli->config != NULL && cli->config->signature_keys != NULL)
        pd_signature_verify(cli->program, cli->config->signature_keys, bytes, length, mail);
}

static void print_signature(PdCli *cli, const PdMail *mail)
{
    g_autofree char *text = pd_signed_text(mail->signed_by);

    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_mail_signed_json(mail->signed_by);
        pd_print_json(document);
        return;
    }
    pd_print_line(&cli->print, "%s", text != NULL ? text : "not signed");
    if (mail->signed_by != NULL)
        pd_print_field(&cli->print, "Key", mail->signed_by->fingerprint);
}

PdStatus *pd_cmd_signature(PdCli *cli)
{
    g_autofree char *home = NULL, *bytes = NULL;
    g_autoptr(PdMail) mail = NULL;
    gsize length = 0;
    const GOptionEntry entries[] = {
        {"home", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &home, NULL, "DIR"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (home != NULL)
        return pd_signature_help(home);
    if (cli->count > 1)
        return pd_cli_usage("signature takes one file, or a message on standard input");
    PD_TRY(pd_cli_config(cli));
    if (cli->config->signature_keys == NULL)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL,
                             "name a GnuPG folder as signature_keys in postdesk.yaml",
                             "there are no keys to verify a signature with");
    PD_TRY(pd_cli_read_message(cli->count > 0 ? cli->arguments[0] : NULL, &bytes, &length));
    PD_TRY(pd_mail_read_bytes(bytes, length, NULL, &mail));
    pd_signed_verify(cli, bytes, length, mail);
    print_signature(cli, mail);
    if (mail->signed_by == NULL || mail->signed_by->result != PD_SIGNED_GOOD)
        cli->answer = PD_EXIT_NO;
    return NULL;
}
