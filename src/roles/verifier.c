/* verifier.c: see verifier.h.
 *
 * Question: a number, the folder of keys, and the message as a descriptor. Answer: the number, one
 * letter (K what the helper printed, E what went wrong), and text. An answer with another number is
 * of a question that was given up. */
#include "verifier.h"

#include "beside.h"
#include "helper.h"
#include "postdesk/clock.h"
#include "postdesk/log.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE (25 * PD_SECOND) /* for one answer: a helper takes 20 at most */
#define PERIOD (10 * PD_MINUTE)   /* in which no more than MOST_SPENT is spent on waiting */
#define MOST_SPENT PD_MINUTE
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
    PdBeside beside;
    guint64 number;
    gint64 period_began, spent;
};

/* ---- in the process beside the role ---- */

/* FALSE at the end of the role. */
static gboolean receive(int channel, Question *question, int *message)
{
    gssize got = pd_beside_receive(channel, question, sizeof *question, message);

    question->keys[MOST_PATH - 1] = '\0';
    if (got == (gssize)sizeof *question)
        return *message >= 0;
    if (*message >= 0)
        close(*message);
    return FALSE;
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
    pd_beside_send(channel, &made, offsetof(Answer, text) + length, -1, TRUE);
}

static void serve(int channel, gconstpointer program)
{
    static Question question;
    int message;

    while (receive(channel, &question, &message)) {
        answer(channel, program, &question, message);
        close(message);
    }
}

/* ---- in the role ---- */

PdStatus *pd_verifier_start(const char *program, PdVerifier **verifier)
{
    PdBeside beside;

    PD_TRY(pd_beside_start(serve, program, &beside));
    *verifier = g_new0(PdVerifier, 1);
    (*verifier)->beside = beside;
    return NULL;
}

void pd_verifier_free(PdVerifier *verifier)
{
    if (verifier == NULL)
        return;
    pd_beside_end(&verifier->beside);
    g_free(verifier);
}

static PdStatus *fail(const char *why)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "it was not verified: %s", why);
}

static PdStatus *ask(PdVerifier *verifier, const char *keys, int message)
{
    Question question = {.number = ++verifier->number};

    if (g_strlcpy(question.keys, keys, sizeof question.keys) >= sizeof question.keys)
        return fail("the path of the keys is too long");
    /* It may still be at what was asked before. */
    if (!pd_beside_send(verifier->beside.channel, &question, sizeof question, message, FALSE))
        return fail(g_strerror(errno));
    return NULL;
}

static PdStatus *read_one(PdVerifier *verifier, gboolean *is_mine, PdMailSigned **made)
{
    static Answer got;
    int fd;
    gssize length = pd_beside_receive(verifier->beside.channel, &got, sizeof got, &fd);

    if (fd >= 0) /* nothing sends one */
        close(fd);
    if (length < (gssize)offsetof(Answer, text))
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
        if (!pd_beside_wait(&verifier->beside, until))
            return fail(errno == ETIMEDOUT ? "no answer came in time" : g_strerror(errno));
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
    PD_TRY(pd_beside_hand_over(bytes, length, &message));
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
