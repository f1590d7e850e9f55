/* signals.c: see signals.h. */
#include "signals.h"

#include "postdesk/roles.h"
#include "postdesk/wake.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Signal handlers can reach nothing but static objects. */
static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t reload_asked;
static int own_fd = -1;
static struct sockaddr_un own_address;
static socklen_t own_length;

static void on_signal(int number)
{
    int error = errno;

    if (number == SIGHUP)
        reload_asked = 1;
    else if (number != SIGCHLD)
        stop_asked = 1;
    if (own_fd >= 0)
        sendto(own_fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&own_address,
               own_length);
    errno = error;
}

void pd_signals_install(int wake_fd)
{
    struct sigaction action = {.sa_handler = on_signal};

    own_length = sizeof own_address;
    if (wake_fd >= 0 && getsockname(wake_fd, (struct sockaddr *)&own_address, &own_length) == 0)
        own_fd = wake_fd;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void pd_role_note_signals(void)
{
    pd_signals_install(-1);
}

void pd_signals_watch_children(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NOCLDSTOP};

    sigemptyset(&action.sa_mask);
    sigaction(SIGCHLD, &action, NULL);
}

gboolean pd_signals_stop_asked(void)
{
    return stop_asked != 0;
}

void pd_signals_end_with(pid_t parent, int number)
{
    prctl(PR_SET_PDEATHSIG, number);
    if (getppid() != parent)
        _exit(0);
}

gboolean pd_signals_take_reload(void)
{
    gboolean asked = reload_asked != 0;

    reload_asked = 0;
    return asked;
}

gboolean pd_signals_wait(int wake_fd, gint64 microseconds)
{
    struct pollfd wanted = {.fd = wake_fd, .events = POLLIN};
    int milliseconds = -1;

    if (microseconds >= 0)
        milliseconds = (int)MIN((microseconds + 999) / 1000, G_MAXINT);
    if (stop_asked || reload_asked)
        return TRUE;
    if (poll(&wanted, wake_fd >= 0 ? 1 : 0, milliseconds) <= 0)
        return FALSE;
    pd_wake_drain(wake_fd);
    return TRUE;
}
