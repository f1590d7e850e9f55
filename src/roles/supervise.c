/* supervise.c: `postdesk run`: a process for each role, watched.
 *
 * The supervisor touches no mail: it starts roles, answers their questions for secrets, starts
 * again what died (with growing pauses), and stops all when told to. One lock on
 * the state folder: a second supervisor refuses with 75.
 */
#include "children.h"
#include "files.h"
#include "postdesk/clock.h"
#include "postdesk/wake.h"
#include "prefork.h"
#include "role.h"
#include "sandbox.h"
#include "signals.h"
#include "trouble.h"
#include "watch.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define STOP_PATIENCE (10 * PD_SECOND)
#define DEATHS_TO_ALARM 4

typedef struct {
    PdRole role;
    const PdRoleContext *context;
    PdConfig *own_config;   /* after a reload; else NULL */
    GPtrArray *old_configs; /* children still running may borrow from them */
    const PdConfig *config;
    GPtrArray *children; /* of PdChild * */
} Supervisor;

/* The cell tells the next process of this worker which message was in work; after any other end
 * than a fault it must not. */
static void forget_message_in_work(const Supervisor *supervisor, int worker)
{
    g_autoptr(PdWatch) watch = NULL;
    g_autoptr(PdStatus) status = pd_watch_open(supervisor->config->state, (guint)worker, &watch);

    if (status == NULL)
        pd_watch_set(watch, 0);
}

/* Whatever ended a worker of an earlier run, it was not seen: it may have been a kill of the whole
 * desk, or the machine's power, and that is not the message's fault. */
static PdStatus *start_child(const Supervisor *supervisor, PdChild *child)
{
    if (child->worker >= 0 && child->started == 0)
        forget_message_in_work(supervisor, child->worker);
    return pd_child_start(child);
}

static void await_forks(const Supervisor *supervisor)
{
    for (guint i = 0; i < supervisor->children->len; i++) {
        PdChild *child = g_ptr_array_index(supervisor->children, i);
        child->awaited = child->forked != PD_NOT_FORKED;
        if (child->worker >= 0)
            forget_message_in_work(supervisor, child->worker);
    }
}

/* Those that it makes wait for it; where it cannot be started they do not. */
static void start_loader(Supervisor *supervisor)
{
    PdChild *loader = pd_children_loader(supervisor->config, supervisor->context->program);

    if (loader == NULL)
        return;
    g_autoptr(PdStatus) status = pd_child_start(loader);
    if (status != NULL) {
        pd_log_status(PD_LOG_WARNING, "role-not-started", NULL, status);
        pd_child_free(loader);
        return;
    }
    await_forks(supervisor);
    loader->retired = TRUE;
    g_ptr_array_insert(supervisor->children, 0, loader); /* its end before those of its forks */
}

static PdChild *awaited_fork(const Supervisor *supervisor, guint number)
{
    for (guint i = 0; i < supervisor->children->len; i++) {
        PdChild *child = g_ptr_array_index(supervisor->children, i);
        if (child->awaited && child->forked == (int)number)
            return child;
    }
    return NULL;
}

/* What was asked of all roles while it was made is told to it now. */
static void take_fork(guint number, pid_t pid, gpointer user)
{
    const Supervisor *supervisor = user;
    PdChild *child = awaited_fork(supervisor, number);

    if (child == NULL || child->retired) {
        kill(pid, SIGKILL); /* it has done nothing yet */
        return;
    }
    pd_child_adopt(child, pid);
    if (pd_signals_stop_asked())
        kill(pid, SIGTERM);
    else if (supervisor->own_config != NULL)
        kill(pid, SIGHUP);
}

/* What it did not make is started alone. */
static void take_forks(Supervisor *supervisor, const PdChild *loader)
{
    pd_prefork_collect(loader->channel, take_fork, supervisor);
    for (guint i = 0; i < supervisor->children->len; i++)
        ((PdChild *)g_ptr_array_index(supervisor->children, i))->awaited = FALSE;
}

/* Starts what is due; returns when the next one is (monotonic), or -1. */
static gint64 start_due(Supervisor *supervisor)
{
    gint64 now = pd_clock_monotonic();
    gint64 next = -1;

    for (guint i = 0; i < supervisor->children->len; i++) {
        PdChild *child = g_ptr_array_index(supervisor->children, i);
        if (child->pid != 0 || child->retired || child->awaited)
            continue;
        if (child->start_at <= now) {
            g_autoptr(PdStatus) status = start_child(supervisor, child);
            if (status == NULL)
                continue;
            pd_log_status(PD_LOG_ERROR, "role-not-started", NULL, status);
            child->start_at = now + PD_SECOND;
        }
        if (next < 0 || child->start_at < next)
            next = child->start_at;
    }
    return next;
}

/* It is started again and again, so this is told once and not at every end; but again where the
 * store, whose trouble it may be, could not take the alarm. */
static void tell_deaths(Supervisor *supervisor, PdChild *child)
{
    if (child->deaths < DEATHS_TO_ALARM) {
        child->told = FALSE;
        return;
    }
    if (child->told || child->retired)
        return;
    g_autofree char *text = g_strdup_printf(
        "The role '%s' has ended %u times in a row and does not stay up. Mail waits meanwhile. The "
        "log says why; where it is the files, postdesk check lists what is wrong with them.",
        child->name, child->deaths);
    PdJson *facts = pd_json_set_text(pd_json_object(), "role", child->name);
    child->told = pd_role_alarm(&supervisor->role, "role", child->name, text,
                                pd_json_set_int(facts, "deaths", child->deaths));
}

static void reap_child(Supervisor *supervisor, PdChild *child)
{
    int wait_status;
    gboolean fault = FALSE;

    if (child->pid == 0 || waitpid(child->pid, &wait_status, WNOHANG) != child->pid)
        return;
    if (child->worker == PD_LOADER)
        take_forks(supervisor, child);
    pd_child_ended(child, wait_status, &fault);
    if (child->worker >= 0 && !fault)
        forget_message_in_work(supervisor, child->worker);
    tell_deaths(supervisor, child);
}

static gboolean is_ours(const Supervisor *supervisor, pid_t pid)
{
    for (guint i = 0; i < supervisor->children->len; i++) {
        const PdChild *child = g_ptr_array_index(supervisor->children, i);
        if (child->pid == pid || child->answering == pid)
            return TRUE;
    }
    return FALSE;
}

/* What roles leave behind becomes a child of their subreaper (or of process 1 of a container). */
static void reap_strays(const Supervisor *supervisor)
{
    siginfo_t ended = {.si_pid = 0};

    while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0 &&
           !is_ours(supervisor, ended.si_pid)) {
        waitpid(ended.si_pid, NULL, WNOHANG);
        ended.si_pid = 0;
    }
}

static void reap(Supervisor *supervisor)
{
    for (guint i = 0; i < supervisor->children->len;) {
        PdChild *child = g_ptr_array_index(supervisor->children, i);
        pd_child_reap_answer(child);
        reap_child(supervisor, child);
        if (child->retired && pd_child_is_gone(child))
            g_ptr_array_remove_index(supervisor->children, i);
        else
            i++;
    }
    reap_strays(supervisor);
}

static void tell_children(const Supervisor *supervisor, int number)
{
    for (guint i = 0; i < supervisor->children->len; i++) {
        const PdChild *child = g_ptr_array_index(supervisor->children, i);
        if (child->pid > 0)
            kill(child->pid, number);
        if (child->answering > 0)
            kill(child->answering, number);
    }
}

static guint running(const Supervisor *supervisor)
{
    guint count = 0;

    for (guint i = 0; i < supervisor->children->len; i++)
        count += !pd_child_is_gone(g_ptr_array_index(supervisor->children, i));
    return count;
}

static void stop_children(Supervisor *supervisor)
{
    gint64 until = pd_clock_monotonic() + STOP_PATIENCE;

    tell_children(supervisor, SIGTERM);
    while (running(supervisor) > 0 && pd_clock_monotonic() < until) {
        poll(NULL, 0, 20); /* SIGCHLD ends it early */
        reap(supervisor);
    }
    tell_children(supervisor, SIGKILL); /* safe at any moment: that is tested */
    while (running(supervisor) > 0) {
        poll(NULL, 0, 20);
        reap(supervisor);
    }
}

static gboolean same_arguments(const PdChild *one, const PdChild *other)
{
    return g_strv_equal((const char *const *)one->argv, (const char *const *)other->argv);
}

static gboolean is_still_wanted(PdChild *child, GPtrArray *wanted)
{
    for (guint i = 0; i < wanted->len; i++) {
        PdChild *other = g_ptr_array_index(wanted, i);
        if (same_arguments(child, other)) {
            child->server = other->server;
            child->start_at = 0; /* what kept it from starting may be mended */
            g_ptr_array_remove_index(wanted, i);
            return TRUE;
        }
    }
    return FALSE;
}

/* Workers and the clock read the new files themselves; roles with a connection are
 * started anew; roles that are not wanted any more end. */
static void apply(Supervisor *supervisor)
{
    GPtrArray *before = supervisor->children;
    GPtrArray *wanted = pd_children_of(supervisor->config, supervisor->context->program);

    for (guint i = 0; i < before->len; i++) {
        PdChild *child = g_ptr_array_index(before, i);
        child->retired = !is_still_wanted(child, wanted);
        child->deaths = 0;
        if (child->pid > 0)
            kill(child->pid, child->worker >= 0 && !child->retired ? SIGHUP : SIGTERM);
    }
    while (wanted->len > 0)
        g_ptr_array_add(before, g_ptr_array_steal_index(wanted, wanted->len - 1));
    g_ptr_array_unref(wanted);
}

/* Takes the configuration. */
static void go_over_to(Supervisor *supervisor, PdConfig *config)
{
    pd_files_keep(config);
    if (supervisor->own_config != NULL)
        g_ptr_array_add(supervisor->old_configs, supervisor->own_config);
    supervisor->own_config = config;
    supervisor->config = config;
    apply(supervisor);
    pd_log(PD_LOG_INFO, "reloaded", NULL, "%u roles", supervisor->children->len);
}

/* For "status", as long as it lasts. */
static void note_refused(const Supervisor *supervisor, gboolean refused)
{
    g_autoptr(PdStatus) lost =
        refused
            ? pd_trouble_note(&supervisor->role, "the last reload was refused (the log says why), "
                                                 "and the files from before it are in force")
            : pd_trouble_take_back(&supervisor->role);

    if (lost != NULL)
        pd_log_status(PD_LOG_ERROR, "trouble-lost", NULL, lost);
}

static void reload(Supervisor *supervisor)
{
    PdConfig *config = NULL;

    sd_notify(0, "RELOADING=1");
    g_autoptr(PdStatus) mistakes = pd_files_check(supervisor->config, &config);
    if (mistakes != NULL)
        pd_files_tell_mistakes(&supervisor->role, supervisor->config->path, mistakes);
    else
        go_over_to(supervisor, config);
    note_refused(supervisor, mistakes != NULL);
    sd_notify(0, "READY=1");
}

static void answer_children(const struct pollfd *wanted, PdChild *const *asking, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (wanted[i].revents != 0 && asking[i]->channel == wanted[i].fd)
            pd_child_answer(asking[i]);
    }
}

/* Sleeps until a child asks or ends, a signal or knock comes, or one is to be started. */
static void wait_for_work(Supervisor *supervisor, gint64 next)
{
    guint count = 0;
    g_autofree struct pollfd *wanted = g_new0(struct pollfd, supervisor->children->len + 1);
    g_autofree PdChild **asking = g_new0(PdChild *, supervisor->children->len + 1);
    int milliseconds = -1;

    for (guint i = 0; i < supervisor->children->len; i++) {
        PdChild *child = g_ptr_array_index(supervisor->children, i);
        if (child->channel < 0 || child->answering != 0 || child->worker == PD_LOADER)
            continue;
        asking[count] = child;
        wanted[count++] = (struct pollfd){.fd = child->channel, .events = POLLIN};
    }
    wanted[count] = (struct pollfd){.fd = supervisor->role.wake, .events = POLLIN};
    if (next >= 0)
        milliseconds = (int)CLAMP((next - pd_clock_monotonic()) / 1000 + 1, 0, 60000);
    if (poll(wanted, count + 1, milliseconds) <= 0)
        return;
    if (wanted[count].revents != 0)
        pd_wake_drain(supervisor->role.wake);
    answer_children(wanted, asking, count);
}

static PdStatus *run(Supervisor *supervisor)
{
    PD_TRY(pd_role_begin(&supervisor->role, supervisor->context, "supervise"));
    pd_sandbox_hide_memory();
    pd_signals_watch_children();
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* of forks whose loader has ended */
    supervisor->children = pd_children_of(supervisor->config, supervisor->context->program);
    pd_log(PD_LOG_INFO, "started", NULL, "%u roles, state folder %s", supervisor->children->len,
           supervisor->config->state);
    sd_notify(0, "READY=1");
    start_loader(supervisor);
    start_due(supervisor);
    note_refused(supervisor, FALSE);   /* it starts with right files only */
    pd_files_keep(supervisor->config); /* while they start: they ask for secrets behind it */
    while (!pd_signals_stop_asked()) {
        if (pd_signals_take_reload())
            reload(supervisor);
        gint64 next = start_due(supervisor);
        wait_for_work(supervisor, next);
        reap(supervisor);
    }
    sd_notify(0, "STOPPING=1");
    stop_children(supervisor);
    pd_log(PD_LOG_INFO, "stopped", NULL, "all roles have ended");
    return NULL;
}

PdStatus *pd_role_supervise(const PdRoleContext *context)
{
    Supervisor supervisor = {.context = context, .config = context->config};

    supervisor.old_configs = g_ptr_array_new_with_free_func((GDestroyNotify)pd_config_free);
    PdStatus *status = run(&supervisor);
    g_clear_pointer(&supervisor.children, g_ptr_array_unref);
    pd_role_end(&supervisor.role);
    g_ptr_array_unref(supervisor.old_configs);
    pd_config_free(supervisor.own_config);
    return status;
}
