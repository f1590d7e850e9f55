/* relay.h: where mail goes: an SMTP server, or a Maildir.
 *
 * One connection for many mails, pipelined where the server offers it. One recipient for
 * each mail. Statuses as in source.h. The results are by mail.
 */
#ifndef POSTDESK_RELAY_H
#define POSTDESK_RELAY_H

#include "postdesk/config.h"
#include "postdesk/secrets.h"
#include "postdesk/status.h"

typedef struct pd_relay PdRelay;

PdStatus *pd_relay_open(const PdRelayConfig *config, const PdSecret *secret, PdRelay **relay);
void pd_relay_close(PdRelay *relay); /* QUIT if that takes no time */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRelay, pd_relay_close)

typedef struct {
    gint64 id;                 /* outbox id, passed back */
    const char *envelope_from; /* "" for the null sender */
    const char *recipient;
    const char *bytes; /* complete message, CRLF, not dot-stuffed */
    gsize length;
} PdRelayMail;

/* What the server said of one mail. */
typedef struct {
    gint64 id;
    int code;          /* 250, 4xx, 5xx; 0: connection lost, see dot_out */
    gboolean dot_out;  /* with code 0: the final dot may have gone out */
    const char *reply; /* one line, escaped; borrowed during the call */
} PdRelayResult;

typedef struct {
    /* Just before the final dot of this mail may go out. */
    void (*before_dot)(gint64 id, gpointer user);
    void (*result)(const PdRelayResult *result, gpointer user);
    gpointer user;
} PdRelaySink;

/* From now on in this process a server is waited for no longer than a second while this says TRUE:
 * what is asked of it fails then. */
void pd_relay_give_up_when(gboolean (*asked)(void));
/* Sends the mails in order. Every mail that was begun gets a result; after a status
 * (the connection is spoilt) the mails without a result were not begun. */
PdStatus *pd_relay_send(PdRelay *relay, const PdRelayMail *mails, guint count,
                        const PdRelaySink *sink);
/* Would the relay take a mail from this envelope sender to this recipient? Asked, and taken back:
 * nothing is sent. PD_SPOILS_MAILBOX: no, and whether for now. */
PdStatus *pd_relay_try(PdRelay *relay, const char *envelope_from, const char *recipient);
/* Still usable? (NOOP; for a connection kept open.) */
PdStatus *pd_relay_check(PdRelay *relay);

#endif
