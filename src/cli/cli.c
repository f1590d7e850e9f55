/* cli.c: see cli.h. */
#include "cli.h"

#include "postdesk/files.h"
#include "postdesk/log.h"
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

PdStatus *pd_cli_usage(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    /* "postdesk list" once the command is known, see pd_cli_options(). */
    g_autofree char *advice = g_get_prgname() != NULL && strchr(g_get_prgname(), ' ') != NULL
                                  ? g_strconcat(g_get_prgname(), " --help shows how", NULL)
                                  : g_strdup("postdesk help shows all commands");
    return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, advice, "%s", text);
}

static gboolean set_verbose(const gchar *name, const gchar *value, gpointer data, GError **error)
{
    (void)name;
    (void)value;
    (void)data;
    (void)error;
    pd_log_set_level(PD_LOG_DEBUG);
    return TRUE;
}

PdStatus *pd_cli_options(PdCli *cli, const GOptionEntry *entries)
{
    const GOptionEntry common[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &cli->config_path, "This postdesk.yaml", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &cli->print.json, "One JSON document instead of text",
         NULL},
        {"verbose", 'v', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer)set_verbose,
         "Log more", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autofree char *name = g_strconcat("postdesk ", cli->command->name, NULL);
    g_autofree char *what = g_strconcat(cli->command->help, ".", NULL);
    g_autoptr(GOptionContext) context = g_option_context_new(cli->command->synopsis);
    g_autoptr(GError) error = NULL;

    what[0] = g_ascii_toupper(what[0]);
    g_set_prgname(name);
    g_option_context_set_summary(context, what);

    if (entries != NULL)
        g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, common, NULL);
    if (!g_option_context_parse_strv(context, &cli->arguments, &error))
        return pd_cli_usage("%s", error->message);
    /* The first one is the command's name. */
    char *first = cli->arguments[0];
    cli->count = (int)g_strv_length(cli->arguments) - 1;
    memmove(cli->arguments, cli->arguments + 1, sizeof(char *) * ((gsize)cli->count + 1));
    g_free(first);
    if (cli->count > 0 && strcmp(cli->arguments[0], "--") == 0) {
        g_free(cli->arguments[0]);
        memmove(cli->arguments, cli->arguments + 1, sizeof(char *) * (gsize)cli->count);
        cli->count--;
    }
    return cli->command->most != PD_ANY ? pd_cli_take_no_more(cli, cli->command->most) : NULL;
}

PdStatus *pd_cli_take_no_more(const PdCli *cli, int most)
{
    return cli->count > most ? pd_cli_usage("%s: '%s' is one argument too many", cli->command->name,
                                            cli->arguments[most])
                             : NULL;
}

PdStatus *pd_cli_check_most(int most)
{
    return most < 1 ? pd_cli_usage("--most %d would show nothing; it takes 1 or more", most) : NULL;
}

PdStatus *pd_cli_number(const PdCli *cli, int index, const char *what, gint64 *number)
{
    if (index >= cli->count)
        return pd_cli_usage("which %s? A number is missing", what);
    const char *text = cli->arguments[index];
    if (*text == '#')
        text++;
    char *end;
    *number = g_ascii_strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || *number <= 0)
        return pd_cli_usage("'%s' is no number of a %s", cli->arguments[index], what);
    return NULL;
}

PdStatus *pd_cli_config(PdCli *cli)
{
    if (cli->config != NULL)
        return NULL;
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *path = pd_config_find(cli->config_path);
    cli->config = pd_config_load(path, list);
    if (cli->config != NULL)
        return NULL;
    PdStatus *status = pd_diagnostics_status(list);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return status;
    return pd_status_advise(
        status, "-c FILE names another one; postdesk init DIR writes one to begin with");
}

PdStatus *pd_cli_store(PdCli *cli, PdStoreMode mode)
{
    PD_TRY(pd_cli_config(cli));
    if (cli->store != NULL)
        return NULL;
    return pd_store_open(cli->config->state, mode, &cli->store);
}

PdStatus *pd_cli_desk(PdCli *cli)
{
    PD_TRY(pd_cli_config(cli));
    if (cli->desk != NULL)
        return NULL;
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    cli->desk = pd_desk_new(cli->config, cli->store, list);
    if (cli->desk != NULL)
        return NULL;
    return pd_diagnostics_status(list);
}

PdStatus *pd_cli_read_message(const char *path, char **bytes, gsize *length)
{
    if (path == NULL || strcmp(path, "-") == 0)
        return pd_file_read_fd(STDIN_FILENO, PD_CLI_MOST_MESSAGE_BYTES, bytes, length);
    PdStatus *status = pd_file_read(path, PD_CLI_MOST_MESSAGE_BYTES, bytes, length);
    if (status == NULL || pd_status_spoils(status) == PD_SPOILS_MESSAGE)
        return status;
    PdStatus *named = pd_cli_usage("%s", pd_status_text(status));
    pd_status_free(status);
    return named;
}

const char *pd_cli_actor(void)
{
    const char *sudo = g_getenv("SUDO_USER");

    return sudo != NULL && *sudo != '\0' ? sudo : g_get_user_name();
}
