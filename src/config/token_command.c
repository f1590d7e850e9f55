/* token_command.c: one bounded run of an admin's program; see token_command.h.
 *
 * The program leads a process group of its own, so that what it started goes
 * with it. It is reaped last: until then its id cannot be another's.
 */
#include "token_command.h"

#include "postdesk/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define REAP_INTERVAL_MS 5

static PdStatus *fail(PdSpoils spoils, PdRetry retry, const char *program, const char *why)
{
    return pd_status_new(spoils, retry, "run the token command by hand, as the service's user",
                         "token command %s %s", program, why);
}

static PdStatus *fail_to_start(const char *program, int error)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, error == EAGAIN ? PD_TRY_AGAIN : PD_FINAL,
                         "check the path of token_command and that it may be executed",
                         "cannot start token command %s: %s", program, g_strerror(error));
}

/* No signal blocked or ignored is handed down; standard error stays for the log. */
static int spawn(char *const *argv, int output, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int error = posix_spawn(pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int milliseconds_until(gint64 deadline)
{
    gint64 left = deadline - pd_clock_monotonic();

    return left > 0 ? (int)MIN((left + 999) / 1000, G_MAXINT) : 0;
}

static PdStatus *overrun(const char *program)
{
    return fail(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, program, "took too long and was stopped");
}

static PdStatus *collect_output(const char *program, int fd, gint64 deadline, char *output,
                                gsize *length)
{
    *length = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int count = poll(&ready, 1, milliseconds_until(deadline));
        if (count == 0)
            return overrun(program);
        if (count < 0 && errno != EINTR)
            return fail(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, program, "cannot be waited for");
        if (count < 0)
            continue;
        if (*length == PD_SECRET_MOST)
            return fail(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, program, "prints more than 64 KiB");
        ssize_t got = read(fd, output + *length, PD_SECRET_MOST - *length);
        if (got == 0)
            return NULL;
        if (got < 0 && errno != EINTR)
            return fail(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, program, "cannot be read from");
        *length += got > 0 ? (gsize)got : 0;
    }
}

/* After its last output: the exit status, if it ends in time. */
static PdStatus *await_end(const char *program, pid_t pid, gint64 deadline, gboolean *reaped)
{
    int result = 0;
    pid_t ended;

    while ((ended = waitpid(pid, &result, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        if (milliseconds_until(deadline) == 0)
            return overrun(program);
        poll(NULL, 0, REAP_INTERVAL_MS);
    }
    *reaped = TRUE;
    if (ended < 0)
        return fail(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, program, "ended unseen");
    if (WIFSIGNALED(result))
        return fail(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, program, "was ended by a signal");
    if (WEXITSTATUS(result) != 0)
        return pd_status_new(
            PD_SPOILS_MAILBOX, PD_TRY_AGAIN, "run the token command by hand, as the service's user",
            "token command %s failed with exit code %d", program, WEXITSTATUS(result));
    return NULL;
}

static void stop(pid_t pid)
{
    kill(-pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

PdStatus *pd_token_command_run(char *const *argv, gint64 most_time, char *output, gsize *length)
{
    gint64 deadline = pd_clock_monotonic() + most_time;
    gboolean reaped = FALSE;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, argv[0], "gets no pipe");
    int error = spawn(argv, ends[1], &pid);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return fail_to_start(argv[0], error);
    }
    PdStatus *status = collect_output(argv[0], ends[0], deadline, output, length);
    if (status == NULL)
        status = await_end(argv[0], pid, deadline, &reaped);
    if (!reaped)
        stop(pid);
    close(ends[0]);
    return status;
}
