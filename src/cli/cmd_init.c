/* cmd_init.c: init: a configuration folder to begin with. */
#include "cli.h"

#include "postdesk/files.h"
#include <glib/gstdio.h>
#include <string.h>

#define MOST_BYTES (1u << 20)

static PdStatus *copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (g_file_test(to, G_FILE_TEST_EXISTS)) /* may have been changed */
        return NULL;
    PD_TRY(pd_file_read(from, MOST_BYTES, &bytes, &length));
    return pd_file_replace(to, bytes, length, 0644);
}

static PdStatus *copy_folder(const char *from, const char *to)
{
    g_autoptr(GDir) names = g_dir_open(from, 0, NULL);
    const char *name;

    if (names == NULL)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL,
                             "install postdesk (make install), or set POSTDESK_DATA to the folder "
                             "that holds rules/ and templates/",
                             "the shipped files are missing: %s", from);
    PD_TRY(pd_folder_make(to, 0755));
    while ((name = g_dir_read_name(names)) != NULL) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        if (g_file_test(source, G_FILE_TEST_IS_DIR))
            PD_TRY(copy_folder(source, target));
        else if (!g_str_has_suffix(name, ".mk"))
            PD_TRY(copy_file(source, target));
    }
    return NULL;
}

static PdStatus *copy_shipped(const char *name, const char *folder)
{
    g_autofree char *from = pd_config_shipped(name);
    g_autofree char *to = g_build_filename(folder, name, NULL);

    if (g_file_test(from, G_FILE_TEST_IS_DIR))
        return copy_folder(from, to);
    return copy_file(from, to);
}

static PdStatus *refuse_if_there(const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    return pd_cli_usage("%s is there already; init overwrites nothing", path);
}

PdStatus *pd_cmd_init(PdCli *cli)
{
    PD_TRY(pd_cli_options(cli, NULL));
    if (cli->count != 1)
        return pd_cli_usage("init needs the folder to write to");
    const char *folder = cli->arguments[0];
    g_autofree char *config = g_build_filename(folder, "postdesk.yaml", NULL);
    g_autofree char *secrets = g_build_filename(folder, "secrets", NULL);
    g_autofree char *templates = g_build_filename(folder, "templates", NULL);

    PD_TRY(refuse_if_there(config));
    PD_TRY(pd_folder_make(folder, 0755));
    PD_TRY(pd_folder_make(secrets, 0700));
    PD_TRY(pd_folder_make(templates, 0755));
    PD_TRY(copy_shipped("rules", folder));
    PD_TRY(copy_shipped("postdesk.yaml", folder));
    pd_print_line(
        &cli->print,
        "Written to %s:\n"
        "  postdesk.yaml   fill in the servers, the addresses and the state folder\n"
        "  secrets/        put the passwords here: one file each, chmod 600\n"
        "  rules/          the shipped rules, yours to change\n"
        "  templates/      mails of your own go here; what is absent is taken as shipped\n"
        "Then: postdesk -c %s check, and postdesk -c %s doctor",
        folder, config, config);
    return NULL;
}
