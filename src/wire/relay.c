/* relay.c: see postdesk/relay.h. Hands each call to what stands behind. */
#include "wire/backend.h"
#include "wire/socket.h"

void pd_relay_give_up_when(gboolean (*asked)(void))
{
    pd_socket_give_up_when(asked);
}

PdStatus *pd_relay_open(const PdRelayConfig *config, const PdSecret *secret, PdRelay **relay)
{
    g_autoptr(PdRelay) made = g_new0(PdRelay, 1);

    if (config->maildir != NULL)
        PD_TRY(pd_maildir_relay_open(config, made));
    else
        PD_TRY(pd_smtp_open(config, secret, made));
    *relay = g_steal_pointer(&made);
    return NULL;
}

void pd_relay_close(PdRelay *relay)
{
    if (relay != NULL && relay->driver != NULL)
        relay->driver->close(relay->self);
    g_free(relay);
}

PdStatus *pd_relay_send(PdRelay *relay, const PdRelayMail *mails, guint count,
                        const PdRelaySink *sink)
{
    return relay->driver->send(relay->self, mails, count, sink);
}

PdStatus *pd_relay_try(PdRelay *relay, const char *envelope_from, const char *recipient)
{
    if (relay->driver->try_envelope == NULL)
        return NULL;
    return relay->driver->try_envelope(relay->self, envelope_from, recipient);
}

PdStatus *pd_relay_check(PdRelay *relay)
{
    return relay->driver->check(relay->self);
}
