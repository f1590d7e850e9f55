/* child.c: see child.h. */
#include "child.h"

#include "postdesk/clock.h"
#include "postdesk/log.h"
#include "postdesk/program.h"
#include "signals.h"
#include "vault.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_PAUSE (PD_SECOND / 4)
#define LONGEST_PAUSE PD_MINUTE
#define LIVED_WELL (30 * PD_SECOND) /* a death after this is the first again */
#define CHANNEL_FD 3
#define NOT_STARTED 127 /* as a shell says it */

PdChild *pd_child_new(const char *name, PdServer *server, int worker, char **argv,
                      char **environment)
{
    PdChild *child = g_new0(PdChild, 1);

    child->name = g_strdup(name);
    child->server = server;
    child->worker = worker;
    child->forked = PD_NOT_FORKED;
    child->channel = -1;
    child->argv = argv;
    child->environment = environment;
    return child;
}

/* The other end sees it though a process of ours that answers another role has inherited it. */
static void close_channel(PdChild *child)
{
    if (child->channel >= 0) {
        shutdown(child->channel, SHUT_RDWR);
        close(child->channel);
    }
    child->channel = -1;
}

void pd_child_free(PdChild *child)
{
    if (child == NULL)
        return;
    close_channel(child);
    g_free(child->name);
    g_strfreev(child->argv);
    g_strfreev(child->environment);
    g_free(child);
}

/* After fork, signals blocked: only calls that are safe there. What comes until now would have been
 * noted by our supervisor's handlers, in a memory that is gone with the exec. */
static void become_role(char **argv, char **environment, int channel, pid_t parent)
{
    sigset_t none;

    pd_signals_end_with(parent, SIGTERM);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group; the supervisor tells us */
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (channel == CHANNEL_FD)
        fcntl(channel, F_SETFD, 0);
    else
        dup2(channel, CHANNEL_FD);
    execve(argv[0], argv, environment);
    _exit(NOT_STARTED);
}

PdStatus *pd_child_start(PdChild *child)
{
    int ends[2];
    pid_t parent = getpid();
    sigset_t all, before;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot make a channel: %s",
                             g_strerror(errno));
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        become_role(child->argv, child->environment, ends[1], parent);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot fork: %s",
                             g_strerror(errno));
    }
    child->pid = pid;
    child->channel = ends[0];
    child->started = pd_clock_monotonic();
    return NULL;
}

void pd_child_adopt(PdChild *child, pid_t pid)
{
    child->pid = pid;
    child->awaited = FALSE;
    child->started = pd_clock_monotonic();
}

static gboolean is_fault(int number)
{
    return number == SIGSEGV || number == SIGABRT || number == SIGBUS || number == SIGSYS ||
           number == SIGILL || number == SIGFPE || number == SIGXCPU || number == SIGXFSZ ||
           number == SIGTRAP; /* GLib's end where memory is refused */
}

void pd_child_ended(PdChild *child, int wait_status, gboolean *fault)
{
    gint64 now = pd_clock_monotonic();

    *fault = WIFSIGNALED(wait_status) && is_fault(WTERMSIG(wait_status));
    if (WIFSIGNALED(wait_status))
        pd_log(PD_LOG_ERROR, "role-ended", NULL, "%s was ended by signal %d (%s)", child->name,
               WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
    else if (WEXITSTATUS(wait_status) == NOT_STARTED)
        pd_log(PD_LOG_ERROR, "role-ended", NULL,
               "%s could not be started: is %s still there, and may it be run?", child->name,
               child->argv[0]);
    else if (WEXITSTATUS(wait_status) != 0)
        pd_log(PD_LOG_ERROR, "role-ended", NULL, "%s ended with exit code %d", child->name,
               WEXITSTATUS(wait_status));
    child->deaths = now - child->started > LIVED_WELL ? 1 : child->deaths + 1;
    child->start_at = now + pd_clock_backoff(child->deaths, FIRST_PAUSE, LONGEST_PAUSE);
    child->pid = 0;
    close_channel(child);
}

/* Ends with us, and with what it has started. */
static void be_answerer(const PdChild *child, pid_t parent)
{
    pd_signals_end_with(parent, SIGTERM);
    pd_program_give_up_when(pd_signals_stop_asked);
    _exit(pd_vault_answer(child->channel, child->server) ? 0 : 1);
}

void pd_child_answer(PdChild *child)
{
    pid_t parent = getpid();

    if (child->server == NULL) {
        close_channel(child);
        return;
    }
    if (child->server->token_command == NULL) {
        if (!pd_vault_answer(child->channel, child->server))
            close_channel(child);
        return;
    }
    pid_t pid = fork();
    if (pid == 0)
        be_answerer(child, parent);
    if (pid > 0)
        child->answering = pid;
    else
        close_channel(child); /* the role is told, and asks again in its next life */
}

void pd_child_reap_answer(PdChild *child)
{
    int wait_status = 0;

    if (child->answering == 0 || waitpid(child->answering, &wait_status, WNOHANG) == 0)
        return;
    child->answering = 0;
    if (wait_status != 0)
        close_channel(child);
}

gboolean pd_child_is_gone(const PdChild *child)
{
    return child->pid == 0 && child->answering == 0;
}
