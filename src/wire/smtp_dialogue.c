/* smtp_dialogue.c: commands out, replies in; see smtp.h. */
#include "wire/smtp.h"

#include "postdesk/limits.h"
#include "postdesk/text.h"

#include <string.h>

#define KEPT_BYTES 4096 /* of a reply; the greeting's extensions fit many times */
#define WORDS_BYTES 300

PdStatus *pd_smtp_say(PdSmtp *smtp, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *command = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    PD_TRY(pd_stream_write(smtp->stream, command, strlen(command)));
    return pd_stream_write(smtp->stream, "\r\n", 2);
}

PdStatus *pd_smtp_flush(PdSmtp *smtp)
{
    return pd_stream_flush(smtp->stream);
}

static int code_of(const GString *line)
{
    if (line->len < 3 || line->str[0] < '2' || line->str[0] > '5' ||
        !g_ascii_isdigit(line->str[1]) || !g_ascii_isdigit(line->str[2]) ||
        (line->len > 3 && strchr(" -", line->str[3]) == NULL))
        return 0;
    return (line->str[0] - '0') * 100 + (line->str[1] - '0') * 10 + (line->str[2] - '0');
}

static PdStatus *not_understood(const PdSmtp *smtp)
{
    g_autofree char *valid = pd_text_make_valid(smtp->line->str, smtp->line->len, NULL);
    g_autofree char *cut = pd_text_shorten(valid, 80);
    g_autofree char *shown = pd_text_printable(cut);

    return pd_status_advise(pd_stream_broken("the server's reply is not understood: %s", shown),
                            "check that the port is an SMTP server's and fits tls");
}

PdStatus *pd_smtp_hear(PdSmtp *smtp)
{
    gboolean more = TRUE;

    smtp->code = 0;
    g_string_truncate(smtp->reply, 0);
    pd_stream_allow(smtp->stream, smtp->timeout, PD_LIMIT_REPLY_BYTES);
    while (more) {
        PD_TRY(pd_stream_read_line(smtp->stream, smtp->line));
        int code = code_of(smtp->line);
        if (code == 0 || (smtp->code != 0 && code != smtp->code)) {
            pd_stream_give_up(smtp->stream);
            return not_understood(smtp);
        }
        smtp->code = code;
        more = smtp->line->len > 3 && smtp->line->str[3] == '-';
        if (smtp->line->len > 4 && smtp->reply->len + smtp->line->len < KEPT_BYTES)
            g_string_append_printf(smtp->reply, "%s%s", smtp->reply->len > 0 ? "\n" : "",
                                   smtp->line->str + 4);
    }
    return NULL;
}

PdStatus *pd_smtp_ask(PdSmtp *smtp, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *command = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_stream_allow(smtp->stream, smtp->timeout, PD_LIMIT_REPLY_BYTES);
    PdStatus *status = pd_smtp_say(smtp, "%s", command);
    explicit_bzero(command, strlen(command)); /* may hold a secret */
    PD_TRY(status);
    PD_TRY(pd_smtp_flush(smtp));
    return pd_smtp_hear(smtp);
}

char *pd_smtp_words(const PdSmtp *smtp)
{
    g_autofree char *valid = pd_text_make_valid(smtp->reply->str, smtp->reply->len, NULL);
    g_autofree char *folded = pd_text_fold_space(valid);
    g_autofree char *cut = pd_text_shorten(folded, WORDS_BYTES);
    g_autofree char *shown = pd_text_printable(cut);

    return g_strdup_printf("%d %s", smtp->code, shown);
}
