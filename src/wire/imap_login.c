/* imap_login.c: proving oneself to an IMAP server.
 *
 * Capabilities are read anew after each change of state: what was said in clear, or to
 * somebody unknown, does not hold any more.
 */
#include "wire/connect.h"
#include "wire/imap.h"

#include "postdesk/limits.h"
#include "postdesk/text.h"

PdStatus *pd_imap_read_capabilities(PdImap *imap)
{
    PdImapAnswer answer;

    g_clear_pointer(&imap->capabilities, g_free);
    PD_TRY(pd_imap_ask(imap, &answer, "CAPABILITY"));
    if (answer != PD_IMAP_OK || imap->capabilities == NULL)
        return pd_stream_broken("the server does not tell its capabilities");
    return NULL;
}

/* Refusals that concern the moment and not the account (RFC 5530). */
static gboolean is_passing(const char *code)
{
    static const char *const codes[] = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", NULL};
    g_autofree char *upper = g_ascii_strup(code, -1);

    return g_strv_contains(codes, upper);
}

static PdStatus *judge(const PdImap *imap, const PdServer *server, PdImapAnswer answer)
{
    if (answer == PD_IMAP_OK)
        return NULL;
    g_autofree char *words = pd_imap_words(imap);
    if (is_passing(imap->code))
        return pd_stream_broken("%s cannot log %s in now: %s", server->host, server->user, words);
    return pd_connect_login_refused(server, words);
}

/* The response goes with the command where the server allows it, else when asked for. */
static PdStatus *authenticate(PdImap *imap, const char *mechanism, const char *response,
                              PdImapAnswer *answer)
{
    gboolean at_once = pd_imap_can(imap, "SASL-IR");
    char *command =
        g_strconcat("AUTHENTICATE ", mechanism, at_once ? " " : "", at_once ? response : "", NULL);
    PdStatus *status = pd_imap_send(imap, PD_LIMIT_REPLY_BYTES, command);

    pd_connect_wipe(command);
    PD_TRY(status);
    PD_TRY(pd_imap_receive(imap, answer));
    if (!at_once && *answer == PD_IMAP_CONTINUE) {
        PD_TRY(pd_imap_send_more(imap, response));
        PD_TRY(pd_imap_receive(imap, answer));
    }
    if (*answer == PD_IMAP_CONTINUE) { /* why it was refused; an empty line ends it */
        PD_TRY(pd_imap_send_more(imap, ""));
        PD_TRY(pd_imap_receive(imap, answer));
    }
    return *answer == PD_IMAP_CONTINUE ? pd_imap_not_understood(imap) : NULL;
}

static PdStatus *by_mechanism(PdImap *imap, const PdServer *server, const char *mechanism,
                              char *response)
{
    PdImapAnswer answer = PD_IMAP_BAD;
    PdStatus *status = authenticate(imap, mechanism, response, &answer);

    pd_connect_wipe(response);
    PD_TRY(status);
    return judge(imap, server, answer);
}

static void append_quoted(GString *command, const char *text)
{
    g_string_append(command, " \"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(command, '\\');
        g_string_append_c(command, *text);
    }
    g_string_append_c(command, '"');
}

static PdStatus *by_login(PdImap *imap, const PdServer *server, const PdSecret *secret)
{
    PdImapAnswer answer = PD_IMAP_BAD;
    GString *command = g_string_sized_new(4096); /* not moved: no copy of the secret is left */

    g_string_append(command, "LOGIN");
    append_quoted(command, server->user);
    append_quoted(command, pd_secret_text(secret));
    PdStatus *status = pd_imap_send(imap, PD_LIMIT_REPLY_BYTES, command->str);
    pd_connect_wipe(g_string_free(command, FALSE));
    PD_TRY(status);
    PD_TRY(pd_imap_receive(imap, &answer));
    return answer == PD_IMAP_CONTINUE ? pd_imap_not_understood(imap) : judge(imap, server, answer);
}

/* LOGIN carries ASCII; whatever else a password holds is for AUTHENTICATE. */
static gboolean login_will_do(const PdImap *imap, const PdServer *server, const PdSecret *secret)
{
    if (pd_imap_can(imap, "LOGINDISABLED"))
        return FALSE;
    if (!pd_imap_can(imap, "AUTH=PLAIN"))
        return TRUE;
    return server->auth == PD_AUTH_LOGIN && g_str_is_ascii(server->user) &&
           g_str_is_ascii(pd_secret_text(secret));
}

static PdStatus *prove(PdImap *imap, const PdServer *server, const PdSecret *secret)
{
    if (server->auth == PD_AUTH_XOAUTH2) {
        if (!pd_imap_can(imap, "AUTH=XOAUTH2"))
            return pd_connect_no_mechanism(server, "XOAUTH2");
        return by_mechanism(imap, server, "XOAUTH2", pd_connect_xoauth2(server, secret));
    }
    if (login_will_do(imap, server, secret))
        return by_login(imap, server, secret);
    if (!pd_imap_can(imap, "AUTH=PLAIN"))
        return pd_connect_no_mechanism(server, "a log-in with a password");
    return by_mechanism(imap, server, "PLAIN", pd_connect_plain(server, secret));
}

PdStatus *pd_imap_log_in(PdImap *imap, const PdServer *server, const PdSecret *secret)
{
    if (server->auth == PD_AUTH_NONE)
        return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "set auth, user and a secret",
                             "%s wants a log-in", server->host);
    PD_TRY(pd_connect_check_secret(server, secret));
    if (imap->capabilities == NULL)
        PD_TRY(pd_imap_read_capabilities(imap));
    imap->capabilities_told = FALSE;
    PD_TRY(prove(imap, server, secret));
    return imap->capabilities_told ? NULL : pd_imap_read_capabilities(imap);
}
