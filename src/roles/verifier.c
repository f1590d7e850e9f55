/* verifier.c: see verifier.h.
 *
 * Question: a number, the folder of keys, and the message as a descriptor. Answer: the number, one
 * letter (K what the helper printed, E what went wrong), and text. An answer with another number is
 * of a question that was given up. */
#include "verifier.h"

#include "helper.h"
#include "postdesk/clock.h"
#include "postdesk/log.h"
#include "sandbox.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (25 * PD_SECOND) /* for one answer: a helper takes 20 at most */
#define PERIOD (600 * PD_SECOND)  /* in which no more than MOST_SPENT is spent on waiting */
#define MOST_SPENT (60 * PD_SECOND)
#define MOST_PATH 4096

typedef struct {
    guint64 number;
    char keys[MOST_PATH];
} Question;

typedef struct {
    guint64 number;
    char kind;
    char text[PD_HELPER_MOST_ANSWER];
} Answer;

struct pd_verifier {
    pid_t pid;
    int channel;
    guint64 number;
    gint64 period_began, spent;
};

/* ---- in the process beside the role ---- */

/* FALSE at the end of the role. */
static gboolean receive(int channel, Question *question, int *message)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {question, sizeof *question};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t got;

    *message = -1;
    while ((got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        ;
    struct cmsghdr *passed = CMSG_FIRSTHDR(&header);
    if (got == (ssize_t)sizeof *question && passed != NULL && passed->cmsg_type == SCM_RIGHTS)
        memcpy(message, CMSG_DATA(passed), sizeof(int));
    question->keys[MOST_PATH - 1] = '\0';
    return *message >= 0;
}

static void answer(int channel, const char *program, const Question *question, int message)
{
    static Answer made;
    gsize length = 0;
    g_autoptr(PdStatus) status =
        pd_helper_run(program, question->keys, message, made.text, &length);

    made.number = question->number;
    made.kind = status != NULL ? 'E' : 'K';
    if (status != NULL)
        length = g_strlcpy(made.text, pd_status_text(status), sizeof made.text);
    length = MIN(length, sizeof made.text);
    send(channel, &made, offsetof(Answer, text) + length, MSG_NOSIGNAL);
}

static void serve(int channel, const char *program)
{
    static Question question;
    gboolean held = FALSE;
    int message;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group; the role's end ends this */
    signal(SIGHUP, SIG_IGN);
    if (channel != 3)
        dup2(channel, 3);
    close_range(4, ~0u, 0);
    g_autoptr(PdStatus) status = pd_sandbox_enter(PD_SANDBOX_HELPER, &held);
    while (status == NULL && receive(3, &question, &message)) {
        answer(3, program, &question, message);
        close(message);
    }
    _exit(0);
}

/* ---- in the role ---- */

PdStatus *pd_verifier_start(const char *program, PdVerifier **verifier)
{
    int ends[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot make a channel: %s",
                             g_strerror(errno));
    pid_t pid = fork();
    if (pid == 0 && getppid() == parent)
        serve(ends[1], program);
    if (pid == 0)
        _exit(0);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot fork: %s",
                             g_strerror(errno));
    }
    *verifier = g_new0(PdVerifier, 1);
    (*verifier)->pid = pid;
    (*verifier)->channel = ends[0];
    return NULL;
}

void pd_verifier_free(PdVerifier *verifier)
{
    if (verifier == NULL)
        return;
    close(verifier->channel);
    kill(verifier->pid, SIGKILL);
    while (waitpid(verifier->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    g_free(verifier);
}

static PdStatus *fail(const char *why)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "it was not verified: %s", why);
}

static PdStatus *ask(PdVerifier *verifier, const char *keys, int message)
{
    Question question = {.number = ++verifier->number};
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&question, sizeof question};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    struct cmsghdr *passed = CMSG_FIRSTHDR(&header);

    passed->cmsg_level = SOL_SOCKET;
    passed->cmsg_type = SCM_RIGHTS;
    passed->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(passed), &message, sizeof(int));
    if (g_strlcpy(question.keys, keys, sizeof question.keys) >= sizeof question.keys)
        return fail("the path of the keys is too long");
    /* It may still be at what was asked before. */
    if (sendmsg(verifier->channel, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return fail(g_strerror(errno));
    return NULL;
}

static PdStatus *read_one(PdVerifier *verifier, gboolean *is_mine, PdMailSigned **made)
{
    static Answer got;
    ssize_t length = recv(verifier->channel, &got, sizeof got, 0);

    if (length < (ssize_t)offsetof(Answer, text))
        return fail("the process that verifies has ended; start the desk anew");
    gsize text = (gsize)length - offsetof(Answer, text);
    *is_mine = got.number == verifier->number;
    if (!*is_mine)
        return NULL;
    if (got.kind == 'K')
        return pd_helper_read(got.text, text, made);
    return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%.*s", (int)text, got.text);
}

static PdStatus *await(PdVerifier *verifier, PdMailSigned **made)
{
    gint64 until = pd_clock_monotonic() + PATIENCE;
    gboolean is_mine = FALSE;

    while (!is_mine) {
        struct pollfd wanted = {.fd = verifier->channel, .events = POLLIN};
        gint64 left = until - pd_clock_monotonic();
        int count = left > 0 ? poll(&wanted, 1, (int)(left / 1000) + 1) : 0;
        if (count == 0)
            return fail("no answer came in time");
        if (count < 0 && errno != EINTR)
            return fail(g_strerror(errno));
        if (count > 0)
            PD_TRY(read_one(verifier, &is_mine, made));
    }
    return NULL;
}

/* Signed mails of strangers' making must not keep everybody else's mail waiting. */
static gboolean may_spend(PdVerifier *verifier)
{
    gint64 now = pd_clock_monotonic();

    if (now - verifier->period_began > PERIOD) {
        verifier->period_began = now;
        verifier->spent = 0;
    }
    return verifier->spent < MOST_SPENT;
}

static PdStatus *verify(PdVerifier *verifier, const char *keys, const char *bytes, gsize length,
                        PdMailSigned **made)
{
    gint64 began = pd_clock_monotonic();
    int message;

    if (!may_spend(verifier))
        return fail("signatures took too long of late; others' mail goes first");
    PD_TRY(pd_helper_open(bytes, length, &message));
    PdStatus *status = ask(verifier, keys, message);
    close(message);
    if (status == NULL)
        status = await(verifier, made);
    verifier->spent += pd_clock_monotonic() - began;
    return status;
}

void pd_verifier_verify(PdVerifier *verifier, const char *keys, const char *bytes, gsize length,
                        PdMail *mail)
{
    const PdLogFields fields = {.message = mail->message_id};
    PdMailSigned *made = NULL;
    g_autoptr(PdStatus) status = verify(verifier, keys, bytes, length, &made);

    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "signature-not-verified", &fields, status);
    pd_helper_settle(mail, made, status);
}
