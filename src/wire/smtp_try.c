/* smtp_try.c: whether a relay would take our mail, without sending any; see smtp.h. */
#include "wire/smtp.h"

#include "postdesk/limits.h"

static PdStatus *refused(const PdSmtp *smtp, const PdRelayMail *mail, const char *advice)
{
    g_autofree char *words = pd_smtp_words(smtp);

    return pd_status_new(PD_SPOILS_MAILBOX, smtp->code < 500 ? PD_TRY_AGAIN : PD_FINAL, advice,
                         "the relay does not take mail from <%s> to <%s>: %s", mail->envelope_from,
                         mail->recipient, words);
}

/* A reply to what say puts on the line: a refusal becomes a status. */
static PdStatus *ask(PdSmtp *smtp, const PdRelayMail *mail,
                     PdStatus *(*say)(PdSmtp *smtp, const PdRelayMail *mail), const char *advice)
{
    pd_stream_allow(smtp->stream, smtp->timeout, PD_LIMIT_REPLY_BYTES);
    PD_TRY(say(smtp, mail));
    PD_TRY(pd_smtp_flush(smtp));
    PD_TRY(pd_smtp_hear(smtp));
    return smtp->code >= 200 && smtp->code < 300 ? NULL : refused(smtp, mail, advice);
}

PdStatus *pd_smtp_try(gpointer self, const char *envelope_from, const char *recipient)
{
    PdSmtp *smtp = self;
    const PdRelayMail mail = {
        .envelope_from = envelope_from, .recipient = recipient, .bytes = "", .length = 1};

    PD_TRY(ask(smtp, &mail, pd_smtp_say_mail,
               "let answers.bounce_address be an address that the relay lets this account use"));
    PdStatus *status =
        ask(smtp, &mail, pd_smtp_say_rcpt,
            "check that the account may send from this address, and to others than its own");
    pd_status_free(pd_smtp_ask(smtp, "RSET"));
    return status;
}
