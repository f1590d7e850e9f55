/* smtp_send.c: many mails over one session; see smtp.h.
 *
 * Invariants: before_dot is called before the bytes with a mail's final dot can leave, and
 * only then is its dot out. A mail whose envelope went ahead with the content of the one
 * before is not begun until that one has its result.
 *
 * With PIPELINING one mail costs one round trip: the content with its dot and the next
 * mail's MAIL, RCPT and DATA leave together (RFC 2920).
 */
#include "wire/smtp.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"

typedef struct {
    PdSmtp *smtp;
    const PdRelayMail *mails;
    guint count;
    guint next;
    const PdRelaySink *sink;
} Sending;

/* How the mail at hand stands. */
typedef struct {
    int code;    /* why it is refused, or what its dot was answered; 0 until known */
    char *reply; /* in words */
    gboolean mail_open;
    gboolean data_open;
    gboolean dot_out;
} Standing;

static void report(const Sending *sending, const PdRelayMail *mail, int code, gboolean dot_out,
                   const char *reply)
{
    PdRelayResult result = {.id = mail->id, .code = code, .dot_out = dot_out, .reply = reply};

    sending->sink->result(&result, sending->sink->user);
}

/* The next mail that this server can be given; the others have their result at once. */
static const PdRelayMail *take_next(Sending *sending)
{
    while (sending->next < sending->count) {
        const PdRelayMail *mail = &sending->mails[sending->next++];
        const char *obstacle = pd_smtp_obstacle(sending->smtp, mail);
        if (obstacle == NULL)
            return mail;
        report(sending, mail, 553, FALSE, obstacle);
    }
    return NULL;
}

static PdStatus *say_envelope(PdSmtp *smtp, const PdRelayMail *mail)
{
    PD_TRY(pd_smtp_say_mail(smtp, mail));
    PD_TRY(pd_smtp_say_rcpt(smtp, mail));
    return pd_smtp_say(smtp, "DATA");
}

/* The last reply is a refusal: kept if it is the mail's first. */
static PdStatus *refuse(const PdSmtp *smtp, Standing *standing)
{
    if (smtp->code < 400)
        return pd_stream_broken("the server's reply %d fits no command", smtp->code);
    if (standing->code == 0) {
        standing->code = smtp->code;
        standing->reply = pd_smtp_words(smtp);
    }
    return NULL;
}

static gboolean is_good(const PdSmtp *smtp)
{
    return smtp->code >= 200 && smtp->code < 300;
}

static PdStatus *hear_data(PdSmtp *smtp, Standing *standing)
{
    PD_TRY(pd_smtp_hear(smtp));
    standing->data_open = smtp->code == 354;
    return standing->data_open ? NULL : refuse(smtp, standing);
}

static PdStatus *hear_envelope(PdSmtp *smtp, Standing *standing)
{
    PD_TRY(pd_smtp_hear(smtp));
    standing->mail_open = is_good(smtp);
    if (!standing->mail_open)
        PD_TRY(refuse(smtp, standing));
    PD_TRY(pd_smtp_hear(smtp));
    if (!is_good(smtp))
        PD_TRY(refuse(smtp, standing));
    return hear_data(smtp, standing);
}

/* For servers without PIPELINING: a refusal ends it. */
static PdStatus *envelope_in_steps(PdSmtp *smtp, const PdRelayMail *mail, Standing *standing)
{
    PD_TRY(pd_smtp_say_mail(smtp, mail));
    PD_TRY(pd_smtp_flush(smtp));
    PD_TRY(pd_smtp_hear(smtp));
    standing->mail_open = is_good(smtp);
    if (!standing->mail_open)
        return refuse(smtp, standing);
    PD_TRY(pd_smtp_say_rcpt(smtp, mail));
    PD_TRY(pd_smtp_flush(smtp));
    PD_TRY(pd_smtp_hear(smtp));
    if (!is_good(smtp))
        return refuse(smtp, standing);
    PD_TRY(pd_smtp_say(smtp, "DATA"));
    PD_TRY(pd_smtp_flush(smtp));
    return hear_data(smtp, standing);
}

/* Content and dot, or what takes back a transaction that is refused. */
static PdStatus *finish_transaction(const Sending *sending, const PdRelayMail *mail,
                                    Standing *standing)
{
    PdSmtp *smtp = sending->smtp;

    if (standing->code != 0)
        return standing->data_open   ? pd_smtp_say(smtp, ".")
               : standing->mail_open ? pd_smtp_say(smtp, "RSET")
                                     : NULL;
    PD_TRY(pd_smtp_write_content(smtp, mail));
    sending->sink->before_dot(mail->id, sending->sink->user);
    standing->dot_out = TRUE;
    return pd_smtp_say(smtp, ".");
}

static PdStatus *hear_end(PdSmtp *smtp, Standing *standing)
{
    if (standing->code != 0 && !standing->mail_open && !standing->data_open)
        return NULL; /* nothing was said, or the next mail's envelope only */
    PD_TRY(pd_smtp_hear(smtp));
    if (standing->code != 0) /* of the mail that was refused before: no matter */
        return NULL;
    if (!is_good(smtp))
        return refuse(smtp, standing);
    standing->code = smtp->code;
    standing->reply = pd_smtp_words(smtp);
    return NULL;
}

/* One mail, whose envelope went ahead already where that can be; *ahead is the next one. */
static PdStatus *converse(Sending *sending, const PdRelayMail *mail, const PdRelayMail **ahead,
                          Standing *standing)
{
    PdSmtp *smtp = sending->smtp;

    if (smtp->pipelining)
        PD_TRY(hear_envelope(smtp, standing));
    else
        PD_TRY(envelope_in_steps(smtp, mail, standing));
    PD_TRY(finish_transaction(sending, mail, standing));
    *ahead = standing->code == 421 ? NULL : take_next(sending);
    if (smtp->pipelining && *ahead != NULL)
        PD_TRY(say_envelope(smtp, *ahead));
    PD_TRY(pd_smtp_flush(smtp));
    return hear_end(smtp, standing);
}

/* The server said that it closes. */
static PdStatus *closing(const Standing *standing)
{
    return pd_stream_broken("the server closes the connection: %s", standing->reply);
}

static PdStatus *deliver(Sending *sending, const PdRelayMail *mail, const PdRelayMail **ahead)
{
    Standing standing = {0};
    PdStatus *status = converse(sending, mail, ahead, &standing);

    if (standing.code == 0) {
        report(sending, mail, 0, standing.dot_out, pd_status_text(status));
        return status;
    }
    report(sending, mail, standing.code, FALSE, standing.reply);
    if (status == NULL && standing.code == 421)
        status = closing(&standing);
    g_free(standing.reply);
    return status;
}

/* What the server says before anything is asked is its good-bye: nothing was begun then. */
static PdStatus *check_silence(PdSmtp *smtp)
{
    if (pd_stream_wait(smtp->stream, -1, 0) != PD_WAITED_INPUT)
        return NULL;
    PD_TRY(pd_smtp_hear(smtp));
    g_autofree char *words = pd_smtp_words(smtp);
    pd_stream_give_up(smtp->stream);
    return pd_stream_broken("the server ends the session: %s", words);
}

static PdStatus *begin(Sending *sending, const PdRelayMail *mail)
{
    PdSmtp *smtp = sending->smtp;

    pd_stream_allow(smtp->stream, smtp->timeout, PD_LIMIT_REPLY_BYTES);
    if (!smtp->pipelining)
        return NULL;
    PD_TRY(say_envelope(smtp, mail));
    return pd_smtp_flush(smtp);
}

PdStatus *pd_smtp_send(gpointer self, const PdRelayMail *mails, guint count,
                       const PdRelaySink *sink)
{
    Sending sending = {.smtp = self, .mails = mails, .count = count, .sink = sink};

    PD_TRY(check_silence(self));
    const PdRelayMail *mail = take_next(&sending);
    if (mail != NULL)
        PD_TRY(begin(&sending, mail));
    while (mail != NULL) {
        const PdRelayMail *ahead = NULL;
        PD_TRY(deliver(&sending, mail, &ahead));
        mail = ahead;
    }
    return NULL;
}
