/* cmd_template.c: template list, preview: which templates there are, and how one looks as a mail.
 * Nothing is sent and nothing is changed. */
#include "cli.h"

#include "postdesk/files.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    char *language, *output;
    gint64 ticket;
    gboolean html, text, headers, open;
} Wanted;

static const char *standing_of(const PdJson *row)
{
    if (pd_json_get_bool(row, "unused", FALSE))
        return "not used: yours has text only";
    if (pd_json_get_bool(row, "same", FALSE))
        return "yours, same as shipped";
    if (!pd_json_get_bool(row, "own", FALSE))
        return "shipped";
    return pd_json_get_text(row, "overrides") != NULL ? "yours, overrides" : "yours";
}

static PdStatus *list_templates(PdCli *cli)
{
    static const PdColumn columns[] = {
        {"language", "Language", 8, 10}, {"kind", "Kind", 7, 8},    {"name", "Name", 11, 20},
        {"standing", "Whose", 7, 30},    {"file", "File", 20, 200}, {NULL, NULL, 0, 0}};
    PdJson *rows;

    PD_TRY(pd_cli_desk(cli));
    rows = pd_desk_templates(cli->desk);
    for (gsize i = 0; !cli->print.json && i < pd_json_length(rows); i++)
        pd_json_set_text(pd_json_at(rows, i), "standing", standing_of(pd_json_at(rows, i)));
    pd_print_table(&cli->print, "templates", rows, columns, "there are none");
    return NULL;
}

/* The header block; caller frees. */
static char *head_of(GBytes *mail)
{
    gsize length;
    const char *bytes = g_bytes_get_data(mail, &length);
    const char *end = g_strstr_len(bytes, (gssize)length, "\r\n\r\n");
    g_autofree char *head = g_strndup(bytes, end != NULL ? (gsize)(end - bytes) : length);
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);

    return g_strjoinv("\n", lines);
}

static void print_json(const PdPreview *preview, const char *name)
{
    g_autoptr(PdJson) document = pd_json_object();
    g_autofree char *headers = preview->mail != NULL ? head_of(preview->mail) : NULL;

    pd_json_set_text(document, "name", name);
    pd_json_set_text(document, "subject", preview->subject);
    pd_json_set_text(document, "headers", headers);
    pd_json_set_text(document, "text", preview->text);
    pd_json_set_text(document, "html", preview->html);
    pd_print_json(document);
}

static PdStatus *need_html(const PdPreview *preview, const char *name)
{
    return preview->html != NULL ? NULL : pd_cli_usage("'%s' has text alone, no HTML", name);
}

/* What goes to a file is told by its name: .html, .eml (the whole mail), else text. */
static PdStatus *write_file(const Wanted *wanted, const PdPreview *preview, const char *name,
                            const char *path)
{
    gsize length;

    if (g_str_has_suffix(path, ".eml") && preview->mail != NULL) {
        const char *bytes = g_bytes_get_data(preview->mail, &length);
        return pd_file_replace(path, bytes, length, 0600);
    }
    if (wanted->html || preview->text == NULL || g_str_has_suffix(path, ".html")) {
        PD_TRY(need_html(preview, name));
        return pd_file_replace(path, preview->html, strlen(preview->html), 0600);
    }
    g_autofree char *text = g_strdup_printf("Subject: %s\n\n%s", preview->subject, preview->text);
    return pd_file_replace(path, text, strlen(text), 0600);
}

static PdStatus *print_preview(const PdPrint *print, const Wanted *wanted, const PdPreview *preview,
                               const char *name)
{
    g_autofree char *head =
        wanted->headers && preview->mail != NULL ? head_of(preview->mail) : NULL;

    if (head != NULL)
        printf("%s\n\n", head);
    if (wanted->html || preview->text == NULL) {
        PD_TRY(need_html(preview, name));
        pd_print_file(print, preview->html);
    } else if (head == NULL || wanted->text) {
        if (head == NULL)
            pd_print_line(print, "Subject: %s\n", preview->subject);
        pd_print_file(print, preview->text);
    }
    return NULL;
}

/* A file that stays, for whoever opens it. Caller frees. */
static PdStatus *make_path(const PdPreview *preview, const char *name, char **path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("postdesk-preview-XXXXXX", &error);
    g_autofree char *file = g_strconcat(name, preview->html != NULL ? ".html" : ".txt", NULL);

    if (folder == NULL)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "%s", error->message);
    *path = g_build_filename(folder, g_strdelimit(file, "/", '-'), NULL);
    return NULL;
}

/* Where there is a display, a browser shows it; in any case it is said where it lies. */
static void open_file(const PdCli *cli, const char *path)
{
    g_autofree char *opener = g_find_program_in_path("xdg-open");
    char *argv[] = {opener, (char *)path, NULL};
    gboolean has_display = g_getenv("DISPLAY") != NULL || g_getenv("WAYLAND_DISPLAY") != NULL;

    pd_print_line(&cli->print, "%s", path);
    if (opener != NULL && has_display)
        g_spawn_async(NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL);
}

static PdStatus *show(PdCli *cli, const Wanted *wanted, const PdPreview *preview, const char *name)
{
    g_autofree char *path = g_strdup(wanted->output);

    if (cli->print.json)
        print_json(preview, name);
    if (path == NULL && wanted->open)
        PD_TRY(make_path(preview, name, &path));
    if (path != NULL)
        PD_TRY(write_file(wanted, preview, name, path));
    if (wanted->open)
        open_file(cli, path);
    return path != NULL || cli->print.json ? NULL
                                           : print_preview(&cli->print, wanted, preview, name);
}

static PdStatus *preview_template(PdCli *cli, const Wanted *wanted)
{
    const char *name = cli->count > 1 ? cli->arguments[1] : NULL;
    PdPreview preview;

    if (name == NULL)
        return pd_cli_usage("template preview needs the name of a template");
    if (wanted->ticket != 0)
        PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    PD_TRY(pd_cli_desk(cli));
    PD_TRY(pd_desk_preview(cli->desk, name, wanted->ticket, wanted->language, &preview));
    PdStatus *status = show(cli, wanted, &preview, name);
    pd_preview_clear(&preview);
    return status;
}

PdStatus *pd_cmd_template(PdCli *cli)
{
    Wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"ticket", 't', 0, G_OPTION_ARG_INT64, &wanted.ticket, "with the values of this ticket",
         "NUMBER"},
        {"language", 'l', 0, G_OPTION_ARG_STRING, &wanted.language,
         "instead of the ticket's or the desk's", "LANGUAGE"},
        {"text", 0, 0, G_OPTION_ARG_NONE, &wanted.text, "show the text (what is usual)", NULL},
        {"html", 0, 0, G_OPTION_ARG_NONE, &wanted.html, "show the HTML", NULL},
        {"headers", 0, 0, G_OPTION_ARG_NONE, &wanted.headers, "show the headers", NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &wanted.output,
         "write there: .html, .eml for the whole mail, else text", "FILE"},
        {"open", 0, 0, G_OPTION_ARG_NONE, &wanted.open, "show it in a browser", NULL},
        {0},
    };

    PdStatus *status = pd_cli_options(cli, entries);
    const char *what = status == NULL && cli->count > 0 ? cli->arguments[0] : "";
    if (status == NULL && strcmp(what, "list") == 0)
        status = list_templates(cli);
    else if (status == NULL && strcmp(what, "preview") == 0)
        status = preview_template(cli, &wanted);
    else if (status == NULL)
        status = pd_cli_usage("template list, or template preview NAME");
    g_free(wanted.language);
    g_free(wanted.output);
    return status;
}
