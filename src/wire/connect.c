/* connect.c: see connect.h. */
#include "wire/connect.h"

#include "postdesk/text.h"

#include <string.h>

#define ADVICE_PASSWORD "check the user name and the password"
#define ADVICE_TOKEN "check the user name, and that the token is fresh and meant for this server"

static const char *certificate_name(const PdServer *server)
{
    return server->tls_name != NULL ? server->tls_name : server->host;
}

static PdStatus *secure(const PdServer *server, PdStream *stream)
{
    if (server->tls == PD_TLS_IMPLICIT)
        return pd_connect_upgrade(server, stream);
    if (server->tls == PD_TLS_NONE && !pd_stream_is_loopback(stream))
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                             "set tls to implicit or starttls; none is for servers on this machine",
                             "%s is another machine: plain text is refused", server->host);
    return NULL;
}

PdStatus *pd_connect(const PdServer *server, PdStream **stream)
{
    g_autoptr(PdStream) made = NULL;

    PD_TRY(pd_stream_open(server->host, server->port, server->timeout, &made));
    PD_TRY(secure(server, made));
    *stream = g_steal_pointer(&made);
    return NULL;
}

PdStatus *pd_connect_upgrade(const PdServer *server, PdStream *stream)
{
    return pd_stream_start_tls(stream, certificate_name(server), server->ca);
}

PdStatus *pd_connect_greeted(PdStatus *status)
{
    if (status == NULL || pd_status_advice(status) != NULL)
        return status;
    return pd_status_advise(status, "check that port and tls belong together");
}

PdStatus *pd_connect_no_starttls(const PdServer *server)
{
    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                         "set tls to implicit and its port, if the server has one; if it offered "
                         "STARTTLS before, somebody may be between",
                         "%s does not offer STARTTLS", server->host);
}

PdStatus *pd_connect_starttls_refused(const PdServer *server, const char *reply)
{
    g_autofree char *shown = pd_text_printable(reply);

    return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN,
                         "set tls to implicit and its port, if the server has one",
                         "%s refused STARTTLS: %s", server->host, shown);
}

void pd_connect_wipe(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

/* Encodes, and wipes what was encoded. */
static char *encode_and_wipe(GString *plain)
{
    char *encoded = g_base64_encode((const guchar *)plain->str, plain->len);

    explicit_bzero(plain->str, plain->len);
    g_string_free(plain, TRUE);
    return encoded;
}

char *pd_connect_plain(const PdServer *server, const PdSecret *secret)
{
    GString *plain = g_string_sized_new(1024); /* never moved, so that no copy is left */

    g_string_append_c(plain, '\0');
    g_string_append(plain, server->user);
    g_string_append_c(plain, '\0');
    g_string_append(plain, pd_secret_text(secret));
    return encode_and_wipe(plain);
}

char *pd_connect_xoauth2(const PdServer *server, const PdSecret *secret)
{
    GString *plain = g_string_sized_new(8192);

    g_string_append_printf(plain, "user=%s\001auth=Bearer ", server->user);
    g_string_append(plain, pd_secret_text(secret));
    g_string_append(plain, "\001\001");
    return encode_and_wipe(plain);
}

char *pd_connect_base64(const char *text)
{
    return g_base64_encode((const guchar *)text, strlen(text));
}

PdStatus *pd_connect_check_secret(const PdServer *server, const PdSecret *secret)
{
    const char *text = secret != NULL ? pd_secret_text(secret) : NULL;

    if (server->user == NULL || text == NULL || *text == '\0')
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "set user, and password or token",
                             "user name or secret for %s is missing", server->host);
    if (!pd_text_is_one_line(server->user) || strpbrk(text, "\r\n\001") != NULL)
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "set them as one line of text",
                             "user name or secret for %s holds line ends or control characters",
                             server->host);
    return NULL;
}

PdStatus *pd_connect_login_refused(const PdServer *server, const char *reply)
{
    g_autofree char *shown = pd_text_printable(reply);

    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                         server->auth == PD_AUTH_XOAUTH2 ? ADVICE_TOKEN : ADVICE_PASSWORD,
                         "%s refused the log-in of %s: %s", server->host, server->user, shown);
}

/* Only a refused log-in gives this advice with this spoilt. */
gboolean pd_connect_was_refused(const PdStatus *status)
{
    const char *advice = status != NULL ? pd_status_advice(status) : NULL;

    return advice != NULL &&
           (strcmp(advice, ADVICE_PASSWORD) == 0 || strcmp(advice, ADVICE_TOKEN) == 0);
}

PdStatus *pd_connect_no_mechanism(const PdServer *server, const char *wanted)
{
    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                         "set auth to a way that the server offers on this port and tls",
                         "%s does not offer %s", server->host, wanted);
}
