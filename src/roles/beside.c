/* beside.c: see beside.h. */
#include "beside.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "sandbox.h"
#include "signals.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHANNEL 3 /* in the process beside: the first descriptor behind the standard ones */

static void run(pid_t parent, int channel, PdBesideServe serve, gconstpointer what)
{
    pd_signals_end_with(parent, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group; the role's end ends this */
    signal(SIGHUP, SIG_IGN);
    if (channel != CHANNEL)
        dup2(channel, CHANNEL);
    close_range(CHANNEL + 1, ~0u, 0);
    g_autoptr(PdStatus) status = pd_sandbox_enter(PD_SANDBOX_HELPER);
    if (status == NULL)
        serve(CHANNEL, what);
    _exit(0);
}

PdStatus *pd_beside_start(PdBesideServe serve, gconstpointer what, PdBeside *beside)
{
    int ends[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot make a channel: %s",
                             g_strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        run(parent, ends[1], serve, what);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot fork: %s",
                             g_strerror(errno));
    }
    *beside = (PdBeside){pid, ends[0]};
    return NULL;
}

void pd_beside_end(PdBeside *beside)
{
    close(beside->channel);
    kill(beside->pid, SIGKILL);
    while (waitpid(beside->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

gboolean pd_beside_send(int channel, const void *letter, gsize length, int fd, gboolean wait)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {(void *)letter, length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

    if (fd >= 0) {
        header.msg_control = control;
        header.msg_controllen = sizeof control;
        struct cmsghdr *passed = CMSG_FIRSTHDR(&header);
        passed->cmsg_level = SOL_SOCKET;
        passed->cmsg_type = SCM_RIGHTS;
        passed->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(passed), &fd, sizeof(int));
    }
    return sendmsg(channel, &header, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)) == (ssize_t)length;
}

gssize pd_beside_receive(int channel, void *letter, gsize most, int *fd)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {letter, most};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t got;

    *fd = -1;
    while ((got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        ;
    struct cmsghdr *passed = got > 0 ? CMSG_FIRSTHDR(&header) : NULL;
    if (passed != NULL && passed->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(passed), sizeof(int));
    return got > 0 ? got : -1;
}

gboolean pd_beside_wait(const PdBeside *beside, gint64 until)
{
    for (;;) {
        struct pollfd wanted = {.fd = beside->channel, .events = POLLIN};
        gint64 left = until - pd_clock_monotonic();
        int count = left > 0 ? poll(&wanted, 1, (int)(left / 1000) + 1) : 0;
        if (count > 0)
            return TRUE;
        if (count == 0)
            errno = ETIMEDOUT;
        if (errno != EINTR)
            return FALSE;
    }
}

PdStatus *pd_beside_hand_over(const char *bytes, gsize length, int *fd)
{
    *fd = memfd_create("letter", MFD_CLOEXEC);
    if (*fd < 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no memory file: %s",
                             g_strerror(errno));
    PdStatus *status = pd_file_write_all(*fd, bytes, length);
    if (status == NULL && lseek(*fd, 0, SEEK_SET) != 0)
        status = pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot rewind");
    if (status != NULL)
        close(*fd);
    return status;
}
