/* printer.c: see printer.h.
 *
 * Question: a number, and the HTML as a descriptor. Answer: the number, one letter (K made, E what
 * went wrong), text, and with K the PDF as a descriptor. An answer with another number is of a
 * question that was given up. */
#include "printer.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "sandbox.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (70 * PD_SECOND)   /* for one answer: pd_pdf_make() takes 60 at most */
#define MOST_HTML (4 * 1024 * 1024) /* bytes of a form */
#define MOST_PDF (16 * 1024 * 1024)

typedef struct {
    guint64 number;
    char kind; /* of an answer */
    char text[500];
} Letter;

struct pd_printer {
    pid_t pid;
    int channel;
    guint64 number;
};

static gboolean send_letter(int channel, Letter *letter, int fd)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {letter, sizeof *letter};
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
    return sendmsg(channel, &header, MSG_NOSIGNAL) == (ssize_t)sizeof *letter;
}

/* FALSE at the end of the other side. *fd: -1 if none came. */
static gboolean receive_letter(int channel, Letter *letter, int *fd)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {letter, sizeof *letter};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t got;

    *fd = -1;
    while ((got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        ;
    struct cmsghdr *passed = CMSG_FIRSTHDR(&header);
    if (passed != NULL && passed->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(passed), sizeof(int));
    letter->text[sizeof letter->text - 1] = '\0';
    if (got == (ssize_t)sizeof *letter)
        return TRUE;
    if (*fd >= 0)
        close(*fd);
    return FALSE;
}

/* Bytes behind a descriptor without a name. */
static PdStatus *hand_over(const char *bytes, gsize length, int *fd)
{
    *fd = memfd_create("form", MFD_CLOEXEC);
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

/* ---- in the process beside the role ---- */

static PdStatus *print(int html, int *pdf)
{
    g_autofree char *text = NULL;
    g_autoptr(GBytes) made = NULL;
    gsize length;

    PD_TRY(pd_file_read_fd(html, MOST_HTML, &text, &length));
    PD_TRY(pd_pdf_make(text, &made));
    const char *bytes = g_bytes_get_data(made, &length);
    return hand_over(bytes, length, pdf);
}

static void answer(int channel, guint64 number, int html)
{
    Letter letter = {.number = number, .kind = 'K'};
    int pdf = -1;
    g_autoptr(PdStatus) status = print(html, &pdf);

    if (status != NULL) {
        letter.kind = 'E';
        g_strlcpy(letter.text, pd_status_text(status), sizeof letter.text);
    }
    send_letter(channel, &letter, pdf);
    if (pdf >= 0)
        close(pdf);
}

static void serve(int channel)
{
    gboolean held = FALSE;
    Letter question;
    int html;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group; the role's end ends this */
    signal(SIGHUP, SIG_IGN);
    if (channel != 3)
        dup2(channel, 3);
    close_range(4, ~0u, 0);
    g_autoptr(PdStatus) status = pd_sandbox_enter(PD_SANDBOX_HELPER, &held);
    while (status == NULL && receive_letter(3, &question, &html)) {
        if (html < 0)
            break;
        answer(3, question.number, html);
        close(html);
    }
    _exit(0);
}

/* ---- in the role ---- */

PdStatus *pd_printer_start(PdPrinter **printer)
{
    int ends[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot make a channel: %s",
                             g_strerror(errno));
    pid_t pid = fork();
    if (pid == 0 && getppid() == parent)
        serve(ends[1]);
    if (pid == 0)
        _exit(0);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot fork: %s",
                             g_strerror(errno));
    }
    *printer = g_new0(PdPrinter, 1);
    (*printer)->pid = pid;
    (*printer)->channel = ends[0];
    return NULL;
}

void pd_printer_free(PdPrinter *printer)
{
    if (printer == NULL)
        return;
    close(printer->channel);
    kill(printer->pid, SIGKILL);
    while (waitpid(printer->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    g_free(printer);
}

static PdStatus *fail(const char *why)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no PDF was made: %s", why);
}

static PdStatus *ask(PdPrinter *printer, const char *html)
{
    Letter question = {.number = ++printer->number};
    int fd;

    PD_TRY(hand_over(html, strlen(html), &fd));
    gboolean sent = send_letter(printer->channel, &question, fd);
    close(fd);
    return sent ? NULL : fail("the process that prints has ended");
}

static PdStatus *take(int fd, GBytes **pdf)
{
    g_autofree char *bytes = NULL;
    gsize length;

    PD_TRY(pd_file_read_fd(fd, MOST_PDF, &bytes, &length));
    *pdf = g_bytes_new_take(g_steal_pointer(&bytes), length);
    return NULL;
}

static PdStatus *read_answer(PdPrinter *printer, gboolean *is_mine, GBytes **pdf)
{
    Letter letter;
    int fd;

    if (!receive_letter(printer->channel, &letter, &fd))
        return fail("the process that prints has ended");
    *is_mine = letter.number == printer->number;
    PdStatus *status = NULL;
    if (*is_mine && letter.kind != 'K')
        status = fail(letter.text);
    else if (*is_mine)
        status = fd >= 0 ? take(fd, pdf) : fail("nothing came");
    if (fd >= 0)
        close(fd);
    return status;
}

PdStatus *pd_printer_make(const char *html, GBytes **pdf, gpointer user)
{
    PdPrinter *printer = user;
    gint64 until = pd_clock_monotonic() + PATIENCE;
    gboolean is_mine = FALSE;

    PD_TRY(ask(printer, html));
    while (!is_mine) {
        struct pollfd wanted = {.fd = printer->channel, .events = POLLIN};
        gint64 left = until - pd_clock_monotonic();
        int count = left > 0 ? poll(&wanted, 1, (int)(left / 1000) + 1) : 0;
        if (count == 0)
            return fail("it took too long");
        if (count < 0 && errno != EINTR)
            return fail(g_strerror(errno));
        if (count > 0)
            PD_TRY(read_answer(printer, &is_mine, pdf));
    }
    return NULL;
}
