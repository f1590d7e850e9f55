/* vault.c: see vault.h. */
#include "vault.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define LONGEST_ANSWER (64 * 1024 + 1)
#define PATIENCE_MS 60000 /* a token command may take 30 s, and others may be before us */

static PdStatus *no_answer(const char *why)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "the supervisor gave no secret: %s",
                         why);
}

/* The answer ends with a NUL that was not sent: where no advice came, it is empty. */
static PdStatus *read_answer(char *answer, gsize length, PdSecret **secret)
{
    if (length == 0)
        return no_answer("it closed the channel");
    if (answer[0] == 'K') {
        *secret = pd_secret_new(answer + 1, length - 1);
        return NULL;
    }
    const char *text = answer + 1;
    const char *advice = memchr(text, '\0', length - 1);
    return pd_status_new(PD_SPOILS_CONFIGURATION, answer[0] == 'T' ? PD_TRY_AGAIN : PD_FINAL,
                         advice != NULL ? advice + 1 : NULL, "%s", text);
}

static PdStatus *ask_supervisor(int channel, char request, PdSecret **secret)
{
    g_autofree char *answer = g_malloc0(LONGEST_ANSWER + 1);
    struct pollfd wanted = {.fd = channel, .events = POLLIN};

    if (send(channel, &request, 1, MSG_NOSIGNAL) != 1)
        return no_answer(g_strerror(errno));
    if (poll(&wanted, 1, PATIENCE_MS) <= 0)
        return no_answer("it did not answer in time");
    ssize_t got = recv(channel, answer, LONGEST_ANSWER, 0);
    if (got < 0)
        return no_answer(g_strerror(errno));
    PdStatus *status = read_answer(answer, (gsize)got, secret);
    explicit_bzero(answer, LONGEST_ANSWER);
    return status;
}

PdStatus *pd_vault_ask(const PdRoleContext *context, const PdServer *server, gboolean renewed,
                       PdSecret **secret)
{
    *secret = NULL;
    if (server->auth == PD_AUTH_NONE)
        return NULL;
    if (context->supervisor < 0)
        return pd_secret_of_server(server, secret);
    return ask_supervisor(context->supervisor, renewed ? 'R' : 'S', secret);
}

static void send_answer(int channel, char kind, const char *bytes, gsize length)
{
    char *answer = g_malloc(length + 1);

    answer[0] = kind;
    memcpy(answer + 1, bytes, length);
    /* A role that died meanwhile needs no answer. */
    send(channel, answer, MIN(length + 1, LONGEST_ANSWER), MSG_NOSIGNAL | MSG_DONTWAIT);
    explicit_bzero(answer, length + 1);
    g_free(answer);
}

static void send_reason(int channel, const PdStatus *status)
{
    const char *advice = pd_status_advice(status);
    g_autoptr(GString) reason = g_string_new(pd_status_text(status));

    if (advice != NULL) {
        g_string_append_c(reason, '\0');
        g_string_append(reason, advice);
    }
    send_answer(channel, pd_status_may_retry(status) ? 'T' : 'E', reason->str, reason->len);
}

gboolean pd_vault_answer(int channel, const PdServer *server)
{
    char request;
    g_autoptr(PdSecret) secret = NULL;

    if (recv(channel, &request, 1, MSG_DONTWAIT) <= 0)
        return FALSE;
    g_autoptr(PdStatus) status = pd_secret_of_server(server, &secret);
    const char *text = secret != NULL ? pd_secret_text(secret) : "";
    if (status != NULL)
        send_reason(channel, status);
    else
        send_answer(channel, 'K', text, strlen(text));
    return TRUE;
}
