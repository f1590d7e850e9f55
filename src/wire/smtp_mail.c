/* smtp_mail.c: one mail in SMTP's terms; see smtp.h. */
#include "wire/smtp.h"

#include "postdesk/eight.h"
#include "postdesk/text.h"

#include <string.h>

static gboolean is_eight_bit(const PdRelayMail *mail)
{
    guint64 all = 0;
    gsize i = 0;

    for (; i + sizeof all <= mail->length; i += sizeof all)
        all |= pd_eight_at(mail->bytes + i);
    for (; i < mail->length; i++)
        all |= (guchar)mail->bytes[i];
    return (all & PD_EIGHT_HIGHEST) != 0;
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

/* The next CR or LF, or the end. */
static const char *line_end(const char *at, const char *end)
{
    for (; end - at >= (ssize_t)sizeof(guint64); at += sizeof(guint64)) {
        guint64 bytes = pd_eight_at(at), low = PD_EIGHT_LOW(bytes);
        if (((pd_eight_equal(low, '\r') | pd_eight_equal(low, '\n')) & ~bytes) != 0)
            break;
    }
    while (at < end && *at != '\r' && *at != '\n')
        at++;
    return at;
}

/* Behind the whole lines that leave as they are: they begin with no dot and end in CRLF. */
static const char *skip_plain_lines(const char *line, const char *end)
{
    while (line < end && *line != '.') {
        const char *stop = line_end(line, end);
        if (end - stop < 2 || stop[0] != '\r' || stop[1] != '\n')
            break;
        line = stop + 2;
    }
    return line;
}

/* Up to the next line end of whatever kind; *rest moves behind it. */
static PdStatus *write_line(PdSmtp *smtp, const char **rest, const char *end)
{
    const char *line = *rest;
    const char *stop = line_end(line, end);

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
    while (rest < end) {
        const char *odd = skip_plain_lines(rest, end);
        if (odd > rest)
            PD_TRY(pd_stream_write(smtp->stream, rest, (gsize)(odd - rest)));
        rest = odd;
        if (rest < end)
            PD_TRY(write_line(smtp, &rest, end));
    }
    return NULL;
}
