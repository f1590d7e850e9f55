/* prefork.c: see prefork.h.
 *
 * A fork that the supervisor is told of is one that was able to tell before the supervisor
 * shut the channel for reading; of the others each ends by itself, for it could not tell.
 */
#include "prefork.h"

#include "signals.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    guint number;
    pid_t pid;
} Letter;

/* Without waiting for room: the supervisor reads when the loader has ended, which waits for us. */
static gboolean tell(int channel, guint number)
{
    const Letter letter = {number, getpid()};
    gssize sent;

    do
        sent = send(channel, &letter, sizeof letter, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent == (gssize)sizeof letter;
}

/* Whatever comes meanwhile is looked at afterwards. */
static void read_to_end(int fd)
{
    char nothing;
    gssize got;

    do
        got = read(fd, &nothing, sizeof nothing);
    while (got > 0 || (got < 0 && errno == EINTR));
    close(fd);
}

/* Whoever is not the supervisor's ends here: as if it had never been. */
static void become_child_of(pid_t supervisor, int channel)
{
    read_to_end(channel);
    pd_signals_end_with(supervisor, SIGTERM);
}

static PdStatus *fail(const char *what)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot %s: %s", what,
                         g_strerror(errno));
}

/* The loader holds out until each fork has told, or died: then nobody holds the other end. */
PdStatus *pd_prefork(int channel, guint count, guint *number)
{
    pid_t supervisor = getppid();
    int told[2];

    if (pipe2(told, O_CLOEXEC) != 0)
        return fail("make a pipe");
    for (*number = 0; *number < count; ++*number) {
        pid_t pid = fork();
        if (pid < 0)
            return fail("fork");
        if (pid > 0)
            continue;
        close(told[0]);
        if (!tell(channel, *number))
            _exit(0);
        close(told[1]);
        become_child_of(supervisor, channel);
        return NULL;
    }
    close(told[1]);
    read_to_end(told[0]);
    _exit(0); /* what it has loaded is theirs */
}

void pd_prefork_collect(int channel, PdPreforked preforked, gpointer user)
{
    Letter letter;
    gssize got;

    shutdown(channel, SHUT_RD);
    while ((got = recv(channel, &letter, sizeof letter, MSG_DONTWAIT)) > 0 ||
           (got < 0 && errno == EINTR)) {
        if (got == (gssize)sizeof letter)
            preforked(letter.number, letter.pid, user);
    }
}
