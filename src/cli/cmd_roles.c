/* cmd_roles.c: run, and each role alone: collect, process, deliver, clock; reload. */
#include "cli.h"

#include "postdesk/files.h"
#include "postdesk/log.h"
#include "postdesk/roles.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define SUPERVISED_CHANNEL 3

typedef struct {
    gboolean once;
    char *state; /* of the supervisor; NULL: alone */
    gboolean is_copy;
    int prefork; /* so many workers; 0: this process is one */
} RoleOptions;

static void role_options_clear(RoleOptions *options)
{
    g_free(options->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RoleOptions, role_options_clear)

static PdStatus *role_options(PdCli *cli, RoleOptions *options)
{
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_NONE, &options->once, "Do what there is to do, and end", NULL},
        {"supervised", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &options->state,
         "Started by postdesk run, which works in this state folder", "FOLDER"},
        {"prefork", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options->prefork,
         "Load the files for so many workers and the clock, and fork them", "WORKERS"},
        G_OPTION_ENTRY_NULL,
    };

    pd_role_note_signals();
    PD_TRY(pd_cli_options(cli, entries));
    if (options->state == NULL)
        return pd_cli_config(cli);
    return pd_role_config(cli->config_path, options->state, &cli->config, &options->is_copy);
}

static PdRoleContext role_context(const PdCli *cli, const RoleOptions *options)
{
    return (PdRoleContext){
        .config = cli->config,
        .is_copy = options->is_copy,
        .program = cli->program,
        .once = options->once,
        .supervisor = options->state != NULL ? SUPERVISED_CHANNEL : -1,
    };
}

/* The last words of a supervised role are a line of the log like any other. Takes the status. */
static PdStatus *logged(PdCli *cli, const RoleOptions *options, PdStatus *status)
{
    if (status == NULL || options->state == NULL)
        return status;
    pd_log_status(PD_LOG_ERROR, "role-failed", NULL, status);
    cli->answer = pd_status_exit_code(status);
    pd_status_free(status);
    return NULL;
}

static PdStatus *check_files(const PdCli *cli)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    if (pd_desk_check(cli->config, list))
        return NULL;
    return pd_diagnostics_status(list);
}

/* What keeps the roles from starting is told before any of them starts. */
PdStatus *pd_cmd_run(PdCli *cli)
{
    pd_role_note_signals();
    pd_log_set_role("supervise");
    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_config(cli));
    PD_TRY(check_files(cli));
    const PdRoleContext context = {
        .config = cli->config, .program = cli->program, .supervisor = -1};
    return pd_role_supervise(&context);
}

static PdStatus *collect_all(const PdRoleContext *context)
{
    PdStatus *first = NULL;

    for (guint i = 0; i < context->config->mailboxes->len; i++) {
        const PdMailbox *mailbox = g_ptr_array_index(context->config->mailboxes, i);
        pd_log_further(&first, pd_role_collect(context, mailbox->name, NULL), "mailbox-failed");
    }
    return first;
}

PdStatus *pd_cmd_collect(PdCli *cli)
{
    g_auto(RoleOptions) options = {.once = FALSE};

    pd_log_set_role("collect");
    PD_TRY(role_options(cli, &options));
    PdRoleContext context = role_context(cli, &options);
    if (options.once)
        context.progress = pd_print_progress;
    context.progress_user = (gpointer) "collect";
    if (cli->count > 0)
        return logged(cli, &options,
                      pd_role_collect(&context, cli->arguments[0], cli->arguments[1]));
    if (!options.once)
        return pd_cli_usage(
            "collect without --once needs a mailbox: one process watches one folder");
    return collect_all(&context);
}

PdStatus *pd_cmd_process(PdCli *cli)
{
    g_auto(RoleOptions) options = {.once = FALSE};
    gint64 worker = 0, workers = 1;
    char *end = NULL;

    pd_log_set_role("process");
    PD_TRY(role_options(cli, &options));
    const PdRoleContext context = role_context(cli, &options);
    if (options.prefork > 0 && options.state != NULL)
        return logged(cli, &options, pd_role_prefork(&context, (guint)options.prefork));
    if (cli->count == 2) {
        worker = g_ascii_strtoll(cli->arguments[0], &end, 10);
        PD_TRY(pd_cli_number(cli, 1, "number of workers", &workers));
    }
    if (cli->count == 1 || (end != NULL && (end == cli->arguments[0] || *end != '\0')) ||
        worker < 0 || worker >= workers || workers > 1024)
        return pd_cli_usage("process takes WORKER WORKERS (such as 0 2), or nothing");
    return logged(cli, &options, pd_role_process(&context, (guint)worker, (guint)workers));
}

PdStatus *pd_cmd_deliver(PdCli *cli)
{
    g_auto(RoleOptions) options = {.once = FALSE};

    pd_log_set_role("deliver");
    PD_TRY(role_options(cli, &options));
    const PdRoleContext context = role_context(cli, &options);
    return logged(cli, &options,
                  pd_role_deliver(&context, cli->count > 0 ? cli->arguments[0] : NULL));
}

PdStatus *pd_cmd_clock(PdCli *cli)
{
    g_auto(RoleOptions) options = {.once = FALSE};

    pd_log_set_role("clock");
    PD_TRY(role_options(cli, &options));
    const PdRoleContext context = role_context(cli, &options);
    return logged(cli, &options, pd_role_clock(&context));
}

static PdStatus *tell_to_reload(PdCli *cli)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    gboolean there;

    g_autofree char *lock = g_build_filename(cli->config->state, "lock", "supervise", NULL);
    PD_TRY(pd_path_look(lock, &there)); /* who may not look is told so */
    if (!there || !pd_role_is_running(cli->config, "supervise"))
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "start it: postdesk run",
                             "no desk runs on the state folder %s", cli->config->state);
    PD_TRY(pd_file_read(lock, 64, &text, &length));
    int pid = atoi(text);
    if (pid <= 1 || kill(pid, SIGHUP) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL,
                             "use the account that the desk runs under, or systemctl reload",
                             "process %d cannot be told to reload", pid);
    pd_print_line(&cli->print, "told process %d to load its files anew", pid);
    fflush(stdout);
    return NULL;
}

/* The desk is told at once, for it loads aside and keeps the old files where new ones are wrong;
 * what is wrong with them is then said here and now. */
PdStatus *pd_cmd_reload(PdCli *cli)
{
    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_config(cli));
    PD_TRY(tell_to_reload(cli));
    return pd_cli_desk(cli);
}
