/* cmd_form.c: form: a form filled from a ticket, as HTML or as PDF. */
#include "cli.h"

#include "postdesk/files.h"
#include "postdesk/printing.h"
#include <string.h>

static void list_forms(PdCli *cli)
{
    g_auto(GStrv) forms = pd_desk_forms(cli->desk);

    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        PdJson *names = pd_json_set(document, "forms", pd_json_array());
        for (char **form = forms; *form != NULL; form++)
            pd_json_add_text(names, *form);
        pd_print_json(document);
        return;
    }
    for (char **form = forms; *form != NULL; form++)
        pd_print_line(&cli->print, "%s", *form);
}

static PdStatus *write_pdf(const char *html, const char *path)
{
    g_autoptr(GBytes) pdf = NULL;
    gsize length;

    PD_TRY(pd_pdf_make(html, &pdf));
    const char *bytes = g_bytes_get_data(pdf, &length);
    return pd_file_replace(path, bytes, length, 0600);
}

static void print_form(const PdPrint *print, const char *html)
{
    g_autoptr(PdJson) document = pd_json_set_text(pd_json_object(), "html", html);

    if (print->json)
        pd_print_json(document);
    else
        pd_print_file(print, html);
}

static PdStatus *write_form(const PdPrint *print, const char *html, const char *output)
{
    if (output == NULL || strcmp(output, "-") == 0) {
        print_form(print, html);
        return NULL;
    }
    if (g_str_has_suffix(output, ".pdf"))
        return write_pdf(html, output);
    return pd_file_replace(output, html, strlen(html), 0600);
}

PdStatus *pd_cmd_form(PdCli *cli)
{
    g_autofree char *output = NULL, *language = NULL, *html = NULL;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         "write there; PDF if it ends in .pdf, else HTML (default: HTML to standard output)",
         "FILE"},
        {"language", 'l', 0, G_OPTION_ARG_STRING, &language, "instead of the ticket's", "LANGUAGE"},
        {0},
    };
    gint64 number = 0;

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count == 1)
        return pd_cli_usage("form needs the name of a form and the number of a ticket");
    if (cli->count > 1)
        PD_TRY(pd_cli_number(cli, 1, "ticket", &number));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    PD_TRY(pd_cli_desk(cli));
    if (cli->count == 0) {
        list_forms(cli);
        return NULL;
    }
    PD_TRY(pd_desk_fill_form(cli->desk, cli->arguments[0], number, language, &html));
    return write_form(&cli->print, html, output);
}
