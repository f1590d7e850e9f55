/* program.c: one bounded run of another program; see postdesk/program.h.
 *
 * The program leads a process group of its own, so that what it started goes
 * with it. It is reaped last: until then its id cannot be another's.
 */
#include "postdesk/program.h"

#include "postdesk/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define GIVE_UP_INTERVAL_MS 100
#define REAP_INTERVAL_MS 5

static PdStatus *fail(const PdProgram *program, PdSpoils spoils, const char *why)
{
    return pd_status_new(spoils, PD_TRY_AGAIN, program->advice, "%s %s %s", program->what,
                         program->argv[0], why);
}

static PdStatus *fail_to_start(const PdProgram *program, int error)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, error == EAGAIN ? PD_TRY_AGAIN : PD_FINAL,
                         program->start_advice, "cannot start %s %s: %s", program->what,
                         program->argv[0], g_strerror(error));
}

static void set_input(posix_spawn_file_actions_t *actions, int input)
{
    if (input >= 0)
        posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
}

/* No signal blocked or ignored is handed down; standard error stays for the log. */
static int spawn(const PdProgram *program, int output, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    set_input(&actions, program->input);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int error = posix_spawn(pid, program->argv[0], &actions, &attributes, program->argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static gboolean (*give_up_asked)(void);

void pd_program_give_up_when(gboolean (*asked)(void))
{
    give_up_asked = asked;
}

static int milliseconds_until(gint64 deadline)
{
    gint64 left = deadline - pd_clock_monotonic();

    return left > 0 ? (int)MIN((left + 999) / 1000, G_MAXINT) : 0;
}

/* How long to wait before looking whether to give up; 0: it is time. */
static int milliseconds_to_wait(gint64 deadline)
{
    if (give_up_asked == NULL)
        return milliseconds_until(deadline);
    return give_up_asked() ? 0 : MIN(milliseconds_until(deadline), GIVE_UP_INTERVAL_MS);
}

static PdStatus *overrun(const PdProgram *program)
{
    return fail(program, program->spoils, "took too long and was stopped");
}

static PdStatus *collect_output(const PdProgram *program, int fd, gint64 deadline, char *output,
                                gsize *length)
{
    *length = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int count = poll(&ready, 1, milliseconds_to_wait(deadline));
        if (count == 0 && milliseconds_to_wait(deadline) == 0)
            return overrun(program);
        if (count < 0 && errno != EINTR)
            return fail(program, PD_SPOILS_SYSTEM, "cannot be waited for");
        if (count <= 0)
            continue;
        if (*length == program->most_output)
            return pd_status_new(program->spoils, PD_TRY_AGAIN, program->advice,
                                 "%s %s prints more than %zu KiB", program->what, program->argv[0],
                                 program->most_output / 1024);
        ssize_t got = read(fd, output + *length, program->most_output - *length);
        if (got == 0)
            return NULL;
        if (got < 0 && errno != EINTR)
            return fail(program, PD_SPOILS_SYSTEM, "cannot be read from");
        *length += got > 0 ? (gsize)got : 0;
    }
}

/* After its last output: the exit status, if it ends in time. */
static PdStatus *await_end(const PdProgram *program, pid_t pid, gint64 deadline, gboolean *reaped)
{
    int result = 0;
    pid_t ended;

    while ((ended = waitpid(pid, &result, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        if (milliseconds_to_wait(deadline) == 0)
            return overrun(program);
        poll(NULL, 0, REAP_INTERVAL_MS);
    }
    *reaped = TRUE;
    if (ended < 0)
        return fail(program, PD_SPOILS_SYSTEM, "ended unseen");
    if (WIFSIGNALED(result))
        return fail(program, program->spoils, "was ended by a signal");
    if (WEXITSTATUS(result) != 0)
        return pd_status_new(program->spoils, PD_TRY_AGAIN, program->advice,
                             "%s %s failed with exit code %d", program->what, program->argv[0],
                             WEXITSTATUS(result));
    return NULL;
}

static void stop(pid_t pid)
{
    kill(-pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

PdStatus *pd_program_run(const PdProgram *program, char *output, gsize *length)
{
    gint64 deadline = pd_clock_monotonic() + program->most_time;
    gboolean reaped = FALSE;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(program, PD_SPOILS_SYSTEM, "gets no pipe");
    int error = spawn(program, ends[1], &pid);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return fail_to_start(program, error);
    }
    PdStatus *status = collect_output(program, ends[0], deadline, output, length);
    if (status == NULL)
        status = await_end(program, pid, deadline, &reaped);
    if (!reaped)
        stop(pid);
    close(ends[0]);
    return status;
}
