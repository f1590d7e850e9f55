/* server_check.c: which settings of a mailbox or a relay belong together.
 *
 * The record is completed here too: ports, TLS and log-in have defaults that
 * follow from their neighbours.
 */
#include "settings.h"

#include <arpa/inet.h>
#include <string.h>

/* What differs between IMAP and SMTP. */
typedef struct {
    guint implicit_port, starttls_port, plain_port;
    PdAuth auth; /* the default where a user is named */
    gboolean may_be_anonymous;
} Protocol;

static const Protocol imap = {993, 143, 143, PD_AUTH_LOGIN, FALSE};
static const Protocol smtp = {465, 587, 25, PD_AUTH_PLAIN, TRUE};

typedef struct {
    const PdReading *reading;
    const PdYamlNode *map;
    const Protocol *protocol;
    PdServer *server;
} Check;

static gboolean is_given(const Check *check, const char *key)
{
    return pd_yaml_get(check->map, key) != NULL;
}

/* At the setting, or at its map where it is not there. */
static void tell(const Check *check, const char *key, PdSeverity severity, const char *text)
{
    const PdYamlNode *node = pd_yaml_get(check->map, key);

    pd_yaml_complain(check->reading->yaml, node != NULL ? node : check->map, severity,
                     check->reading->list, "%s", text);
}

static void refuse(const Check *check, const char *key, const char *why)
{
    if (!is_given(check, key))
        return;
    g_autofree char *text = g_strdup_printf("%s %s; remove it", key, why);
    tell(check, key, PD_ERROR, text);
}

static void require(const Check *check, const char *key, const char *why)
{
    if (is_given(check, key))
        return;
    g_autofree char *text = g_strdup_printf("%s is missing; %s", key, why);
    tell(check, key, PD_ERROR, text);
}

static gboolean is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;

    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, host, &six) == 1)
        return IN6_IS_ADDR_LOOPBACK(&six);
    return g_ascii_strcasecmp(host, "localhost") == 0;
}

/* A choice that was refused when read has been told of, and left at its first value. */
static gboolean was_refused(const Check *check, const char *key, guint value, const char *first)
{
    const PdYamlNode *node = pd_yaml_get(check->map, key);

    return node != NULL && value == 0 && g_strcmp0(pd_yaml_text(node), first) != 0;
}

static void complete_tls(const Check *check)
{
    static const guint starttls_ports[] = {143, 587, 25};
    PdServer *server = check->server;

    for (gsize i = 0; !is_given(check, "tls") && i < G_N_ELEMENTS(starttls_ports); i++) {
        if (server->port == starttls_ports[i])
            server->tls = PD_TLS_STARTTLS;
    }
    if (is_given(check, "port"))
        return;
    server->port = server->tls == PD_TLS_IMPLICIT   ? check->protocol->implicit_port
                   : server->tls == PD_TLS_STARTTLS ? check->protocol->starttls_port
                                                    : check->protocol->plain_port;
}

static void check_tls(const Check *check)
{
    const PdServer *server = check->server;

    if (was_refused(check, "tls", server->tls, "implicit"))
        return;
    if (server->tls == PD_TLS_NONE && server->host != NULL && !is_loopback(server->host))
        tell(check, "tls", PD_ERROR,
             "tls: none is allowed to loopback addresses only; use implicit or starttls");
    if (server->tls == PD_TLS_NONE && is_given(check, "ca"))
        tell(check, "ca", PD_WARNING, "ca has no effect with tls: none");
    if (server->tls == PD_TLS_NONE && is_given(check, "tls_name"))
        tell(check, "tls_name", PD_WARNING, "tls_name has no effect with tls: none");
    if (server->tls != PD_TLS_IMPLICIT &&
        (server->port == imap.implicit_port || server->port == smtp.implicit_port))
        tell(check, "port", PD_WARNING, "this port usually goes with tls: implicit");
    if (server->tls == PD_TLS_IMPLICIT &&
        (server->port == imap.starttls_port || server->port == smtp.starttls_port ||
         server->port == smtp.plain_port))
        tell(check, "port", PD_WARNING, "this port usually goes with tls: starttls");
}

static void complete_auth(const Check *check)
{
    if (is_given(check, "auth"))
        return;
    gboolean named = is_given(check, "user") || is_given(check, "password");
    if (is_given(check, "token") || is_given(check, "token_command"))
        check->server->auth = PD_AUTH_XOAUTH2;
    else if (named || !check->protocol->may_be_anonymous)
        check->server->auth = check->protocol->auth;
    else
        check->server->auth = PD_AUTH_NONE;
}

static void check_token(const Check *check)
{
    char **command = check->server->token_command;

    if (!is_given(check, "token") && !is_given(check, "token_command"))
        tell(check, "auth", PD_ERROR, "auth: xoauth2 needs a token; give token or token_command");
    if (is_given(check, "token") && is_given(check, "token_command"))
        tell(check, "token_command", PD_ERROR,
             "token and token_command exclude each other; keep one");
    if (command != NULL && command[0] != NULL && !g_path_is_absolute(command[0]))
        tell(check, "token_command", PD_ERROR,
             "token_command must begin with the absolute path of a program; no shell is used");
}

static void check_auth(const Check *check)
{
    if (was_refused(check, "auth", check->server->auth, "none"))
        return;
    switch (check->server->auth) {
    case PD_AUTH_NONE:
        if (!check->protocol->may_be_anonymous)
            tell(check, "auth", PD_ERROR,
                 "auth: none is for relays only; use login, plain or xoauth2");
        refuse(check, "user", "has no meaning with auth: none");
        refuse(check, "password", "has no meaning with auth: none");
        break;
    case PD_AUTH_LOGIN:
    case PD_AUTH_PLAIN:
        require(check, "user", "the name to log in with");
        require(check, "password", "write file:PATH, env:NAME or credential:NAME");
        break;
    case PD_AUTH_XOAUTH2:
        require(check, "user", "the name to log in with");
        refuse(check, "password", "has no meaning with auth: xoauth2");
        check_token(check);
        return;
    }
    refuse(check, "token", "belongs to auth: xoauth2");
    refuse(check, "token_command", "belongs to auth: xoauth2");
}

static void check_maildir(const Check *check)
{
    static const char *const keys[] = {"host", "port", "tls",      "ca",    "tls_name",
                                       "auth", "user", "password", "token", "token_command"};

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        refuse(check, keys[i], "has no meaning beside maildir");
    check->server->auth = PD_AUTH_NONE;
}

static void check_server(const Check *check)
{
    if (is_given(check, "maildir")) {
        check_maildir(check);
        return;
    }
    require(check, "host", "name the server, or a maildir");
    complete_tls(check);
    check_tls(check);
    complete_auth(check);
    check_auth(check);
}

void pd_settings_check_mailbox(const PdReading *reading, const PdYamlNode *map, PdMailbox *mailbox)
{
    Check check = {reading, map, &imap, &mailbox->server};

    check_server(&check);
    if (mailbox->after == PD_AFTER_MOVE)
        require(&check, "move_to", "after: move needs the folder to move to");
    else if (is_given(&check, "move_to"))
        tell(&check, "move_to", PD_WARNING, "move_to has no effect without after: move");
}

void pd_settings_check_relay(const PdReading *reading, const PdYamlNode *map, PdRelayConfig *relay)
{
    Check check = {reading, map, &smtp, &relay->server};

    check_server(&check);
}
