/* backend.h: what stands behind a PdSource and a PdRelay: a server or a Maildir. */
#ifndef POSTDESK_WIRE_BACKEND_H
#define POSTDESK_WIRE_BACKEND_H

#include "postdesk/relay.h"
#include "postdesk/source.h"

typedef struct {
    void (*close)(gpointer self);
    const PdSourceFolder *(*folder)(gconstpointer self);
    PdStatus *(*list)(gpointer self, guint32 first, GArray **entries);
    PdStatus *(*fetch)(gpointer self, const PdSourceEntry *entries, guint count,
                       const PdFetchSink *sink);
    PdStatus *(*fetch_headers)(gpointer self, const PdSourceEntry *entry, const PdFetchSink *sink);
    PdStatus *(*mark_seen)(gpointer self, const guint32 *uids, guint count);
    PdStatus *(*move)(gpointer self, const guint32 *uids, guint count, const char *folder);
    PdStatus *(*wait)(gpointer self, int wake_fd, gboolean *woken);
    PdStatus *(*newest)(gpointer self, gint64 *arrived_at);
} PdSourceDriver;

struct pd_source {
    const PdSourceDriver *driver;
    gpointer self;
};

PdStatus *pd_imap_open(const PdMailbox *mailbox, const char *folder, const PdSecret *secret,
                       PdSource *source);
PdStatus *pd_maildir_source_open(const PdMailbox *mailbox, const char *folder, PdSource *source);

/* A list gives at most so many entries; the next begins behind the last of them. */
#define PD_SOURCE_LIST_MOST 10000

typedef struct {
    void (*close)(gpointer self);
    PdStatus *(*send)(gpointer self, const PdRelayMail *mails, guint count,
                      const PdRelaySink *sink);
    /* NULL where there is nobody to refuse. */
    PdStatus *(*try_envelope)(gpointer self, const char *envelope_from, const char *recipient);
    PdStatus *(*check)(gpointer self);
} PdRelayDriver;

struct pd_relay {
    const PdRelayDriver *driver;
    gpointer self;
};

PdStatus *pd_smtp_open(const PdRelayConfig *config, const PdSecret *secret, PdRelay *relay);
PdStatus *pd_maildir_relay_open(const PdRelayConfig *config, PdRelay *relay);

#endif
