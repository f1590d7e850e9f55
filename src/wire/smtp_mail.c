/* smtp_mail.c: one mail in SMTP's terms; see smtp.h. */
#include "wire/smtp.h"

#include "postdesk/text.h"

#include <string.h>

static gboolean is_eight_bit(const PdRelayMail *mail)
{
    for (gsize i = 0; i < mail->length; i++)
        if ((guchar)mail->bytes[i] >= 0x80)
            return TRUE;
    return FALSE;
}

static gboolean needs_utf8(const PdRelayMail *mail)
{
    return !g_str_is_ascii(mail->recipient) || !g_str_is_ascii(mail->envelope_from);
}

const char *pd_smtp_obstacle(const PdSmtp *smtp, const PdRelayMail *mail)
{
    if (!pd_text_is_address(mail->recipient))
        return "postdesk: the recipient is not an address that can be mailed to";
    if (*mail->envelope_from != '\0' && !pd_text_is_address(mail->envelope_from))
        return "postdesk: the envelope sender is not an address";
    if (needs_utf8(mail) && !smtp->utf8)
        return "postdesk: the relay does not take addresses with characters beyond ASCII";
    return NULL;
}

PdStatus *pd_smtp_say_mail(PdSmtp *smtp, const PdRelayMail *mail)
{
    char size[40] = "";

    if (smtp->size)
        g_snprintf(size, sizeof size, " SIZE=%" G_GSIZE_FORMAT, mail->length);
    return pd_smtp_say(smtp, "MAIL FROM:<%s>%s%s%s", mail->envelope_from, size,
                       smtp->eight_bit && is_eight_bit(mail) ? " BODY=8BITMIME" : "",
                       needs_utf8(mail) ? " SMTPUTF8" : "");
}

PdStatus *pd_smtp_say_rcpt(PdSmtp *smtp, const PdRelayMail *mail)
{
    return pd_smtp_say(smtp, "RCPT TO:<%s>", mail->recipient);
}

/* Up to the next line end of whatever kind; *rest moves behind it. */
static PdStatus *write_line(PdSmtp *smtp, const char **rest, const char *end)
{
    const char *line = *rest;
    const char *stop = line;

    while (stop < end && *stop != '\r' && *stop != '\n')
        stop++;
    *rest = stop < end ? stop + 1 : end;
    if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n')
        *rest = stop + 2;
    if (line < stop && *line == '.')
        PD_TRY(pd_stream_write(smtp->stream, ".", 1));
    PD_TRY(pd_stream_write(smtp->stream, line, (gsize)(stop - line)));
    return pd_stream_write(smtp->stream, "\r\n", 2);
}

/* Every line end leaves as CRLF: a bare CR or LF in front of a dot could otherwise end the
 * message for some servers and smuggle commands behind it. */
PdStatus *pd_smtp_write_content(PdSmtp *smtp, const PdRelayMail *mail)
{
    const char *rest = mail->bytes;
    const char *end = mail->bytes + mail->length;

    pd_stream_allow(smtp->stream, smtp->timeout, 0);
    pd_stream_allow_more(smtp->stream, mail->length);
    while (rest < end)
        PD_TRY(write_line(smtp, &rest, end));
    return NULL;
}
