/* smtp.c: an SMTP server as a relay; see smtp.h. */
#include "wire/smtp.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "wire/connect.h"

#include <string.h>

#define GOOD_BYE_TIME (PD_SECOND / 2) /* mails are done by then: a bad server costs no more */

static void smtp_free(PdSmtp *smtp)
{
    pd_stream_close(smtp->stream);
    g_string_free(smtp->line, TRUE);
    g_string_free(smtp->reply, TRUE);
    g_free(smtp->mechanisms);
    g_free(smtp);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSmtp, smtp_free)

/* The answer is waited for (RFC 5321, section 4.1.1.10), whatever it is: a connection that is
 * closed before may be reset while the server still writes, and its log then tells of a fault. */
static void smtp_close(gpointer self)
{
    PdSmtp *smtp = self;

    smtp->timeout = GOOD_BYE_TIME;
    pd_status_free(pd_smtp_ask(smtp, "QUIT"));
    smtp_free(smtp);
}

static PdStatus *refused(const PdSmtp *smtp, const char *what)
{
    g_autofree char *words = pd_smtp_words(smtp);

    return pd_stream_broken("the server refused %s: %s", what, words);
}

/* Our name for EHLO: the machine's if it looks like one. */
static const char *own_name(void)
{
    const char *name = g_get_host_name();
    gsize good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

    return *name != '\0' && name[good] == '\0' && good < 250 ? name : "[127.0.0.1]";
}

static void note_extension(PdSmtp *smtp, const char *line)
{
    g_autofree char *upper = g_ascii_strup(line, -1);

    g_strdelimit(upper, "=", ' '); /* "AUTH=LOGIN", as old servers write it */
    gsize length = strcspn(upper, " ");
    char *rest = upper + length;
    if (g_str_has_prefix(upper, "AUTH ")) {
        g_free(smtp->mechanisms);
        smtp->mechanisms = g_strdup_printf("%s ", rest);
    }
    *rest = '\0';
    smtp->pipelining |= strcmp(upper, "PIPELINING") == 0;
    smtp->starttls |= strcmp(upper, "STARTTLS") == 0;
    smtp->size |= strcmp(upper, "SIZE") == 0;
    smtp->eight_bit |= strcmp(upper, "8BITMIME") == 0;
    smtp->utf8 |= strcmp(upper, "SMTPUTF8") == 0;
}

static void forget_extensions(PdSmtp *smtp)
{
    smtp->pipelining = smtp->starttls = smtp->size = smtp->eight_bit = smtp->utf8 = FALSE;
    g_clear_pointer(&smtp->mechanisms, g_free);
}

static PdStatus *say_hello(PdSmtp *smtp)
{
    forget_extensions(smtp);
    PD_TRY(pd_smtp_ask(smtp, "EHLO %s", own_name()));
    if (smtp->code == 250) {
        g_auto(GStrv) lines = g_strsplit(smtp->reply->str, "\n", -1);
        for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
            note_extension(smtp, lines[i]);
        return NULL;
    }
    if (smtp->code < 500)
        return refused(smtp, "EHLO");
    PD_TRY(pd_smtp_ask(smtp, "HELO %s", own_name()));
    return smtp->code == 250 ? NULL : refused(smtp, "HELO");
}

static PdStatus *start_tls(PdSmtp *smtp, const PdServer *server)
{
    if (!smtp->starttls)
        return pd_connect_no_starttls(server);
    PD_TRY(pd_smtp_ask(smtp, "STARTTLS"));
    if (smtp->code != 220) {
        g_autofree char *words = pd_smtp_words(smtp);
        return pd_connect_starttls_refused(server, words);
    }
    PD_TRY(pd_connect_upgrade(server, smtp->stream));
    return say_hello(smtp); /* what was offered in clear does not hold */
}

static gboolean offers(const PdSmtp *smtp, const char *mechanism)
{
    g_autofree char *word = g_strdup_printf(" %s ", mechanism);

    return smtp->mechanisms != NULL && strstr(smtp->mechanisms, word) != NULL;
}

static PdStatus *ask_and_wipe(PdSmtp *smtp, const char *before, char *secret)
{
    PdStatus *status = pd_smtp_ask(smtp, "%s%s", before, secret);

    pd_connect_wipe(secret);
    return status;
}

static PdStatus *by_login(PdSmtp *smtp, const PdServer *server, const PdSecret *secret)
{
    PD_TRY(pd_smtp_ask(smtp, "AUTH LOGIN"));
    if (smtp->code == 334)
        PD_TRY(ask_and_wipe(smtp, "", pd_connect_base64(server->user)));
    if (smtp->code == 334)
        PD_TRY(ask_and_wipe(smtp, "", pd_connect_base64(pd_secret_text(secret))));
    return NULL;
}

static PdStatus *prove(PdSmtp *smtp, const PdServer *server, const PdSecret *secret)
{
    if (server->auth == PD_AUTH_XOAUTH2) {
        if (!offers(smtp, "XOAUTH2"))
            return pd_connect_no_mechanism(server, "XOAUTH2");
        return ask_and_wipe(smtp, "AUTH XOAUTH2 ", pd_connect_xoauth2(server, secret));
    }
    gboolean login = offers(smtp, "LOGIN");
    gboolean plain = offers(smtp, "PLAIN");
    if (plain && (server->auth == PD_AUTH_PLAIN || !login))
        return ask_and_wipe(smtp, "AUTH PLAIN ", pd_connect_plain(server, secret));
    if (login)
        return by_login(smtp, server, secret);
    return pd_connect_no_mechanism(server, "a log-in with a password");
}

static PdStatus *log_in(PdSmtp *smtp, const PdServer *server, const PdSecret *secret)
{
    PD_TRY(pd_connect_check_secret(server, secret));
    PD_TRY(prove(smtp, server, secret));
    if (smtp->code == 334) /* why it is refused; an empty line ends it */
        PD_TRY(pd_smtp_ask(smtp, "%s", ""));
    if (smtp->code == 235)
        return NULL;
    g_autofree char *words = pd_smtp_words(smtp);
    if (smtp->code < 500)
        return pd_stream_broken("%s cannot log %s in now: %s", server->host, server->user, words);
    return pd_connect_login_refused(server, words);
}

static PdStatus *begin_session(PdSmtp *smtp, const PdServer *server, const PdSecret *secret)
{
    PD_TRY(pd_connect_greeted(pd_smtp_hear(smtp)));
    if (smtp->code != 220)
        return refused(smtp, "the connection");
    PD_TRY(say_hello(smtp));
    if (server->tls == PD_TLS_STARTTLS)
        PD_TRY(start_tls(smtp, server));
    return server->auth == PD_AUTH_NONE ? NULL : log_in(smtp, server, secret);
}

static PdStatus *smtp_check(gpointer self)
{
    PdSmtp *smtp = self;

    PD_TRY(pd_smtp_ask(smtp, "NOOP"));
    return smtp->code >= 200 && smtp->code < 300 ? NULL : refused(smtp, "NOOP");
}

static const PdRelayDriver driver = {
    .close = smtp_close,
    .send = pd_smtp_send,
    .try_envelope = pd_smtp_try,
    .check = smtp_check,
};

PdStatus *pd_smtp_open(const PdRelayConfig *config, const PdSecret *secret, PdRelay *relay)
{
    g_autoptr(PdSmtp) smtp = g_new0(PdSmtp, 1);

    smtp->timeout = config->server.timeout;
    smtp->line = g_string_new(NULL);
    smtp->reply = g_string_new(NULL);
    PD_TRY(pd_connect(&config->server, &smtp->stream));
    PD_TRY(begin_session(smtp, &config->server, secret));
    relay->driver = &driver;
    relay->self = g_steal_pointer(&smtp);
    return NULL;
}
