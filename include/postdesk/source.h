/* source.h: where mail comes from: an IMAP folder, or a Maildir.
 *
 * One connection and one selected folder. After a status that spoils the connection the
 * source must be freed. Everything a server says is hostile: every command has a deadline
 * and a byte budget, every UID is checked against what was asked for.
 *
 * Statuses: PD_SPOILS_CONNECTION (try again) for network, TLS hand-shake, time-outs and
 * protocol errors; PD_SPOILS_MAILBOX, final, for refused log-ins, unverifiable
 * certificates and missing folders, each with advice in plain words.
 */
#ifndef POSTDESK_SOURCE_H
#define POSTDESK_SOURCE_H

#include "postdesk/config.h"
#include "postdesk/secrets.h"
#include "postdesk/status.h"

typedef struct pd_source PdSource;

/* Connects, makes TLS, logs in, selects the folder (UTF-8 name; ENCODED for IMAP here). */
PdStatus *pd_source_open(const PdMailbox *mailbox, const char *folder, const PdSecret *secret,
                         PdSource **source);
/* From now on in this process a server is waited for no longer than a second after this says TRUE:
 * what is asked of it fails then. */
void pd_source_give_up_when(gboolean (*asked)(void));
/* Says good-bye if that takes no time, and closes. */
void pd_source_close(PdSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSource, pd_source_close)
/* TRUE if the status says that the secret was refused (a token may be renewed); holds for the
 * statuses of pd_relay_open as well. */
gboolean pd_source_was_refused(const PdStatus *status);

typedef struct {
    guint32 uidvalidity;
    guint32 uidnext; /* 0 if the server does not say */
    guint32 exists;
    gboolean read_only; /* nothing in it can be marked or moved */
} PdSourceFolder;
const PdSourceFolder *pd_source_folder(const PdSource *source); /* as of now */

typedef struct {
    guint32 uid;
    guint64 size;      /* as the server says */
    gint64 arrived_at; /* internal date */
    gboolean seen;
} PdSourceEntry;
/* Entries with uid >= first, ascending, at most 10,000: ask again behind the last one until
 * none come. Array of PdSourceEntry. */
PdStatus *pd_source_list(PdSource *source, guint32 first, GArray **entries);

/* Where fetched bytes go. begin is told before the first byte of a message, end after
 * its last; a status returned by a callback ends the fetch and is passed on. The UID is
 * known (and was asked for) at end. */
typedef struct {
    PdStatus *(*begin)(gpointer user);
    PdStatus *(*bytes)(const char *bytes, gsize length, gpointer user);
    PdStatus *(*end)(guint32 uid, gpointer user);
    void (*abandon)(gpointer user); /* what was begun is incomplete or not wanted */
    gpointer user;
} PdFetchSink;

/* The whole messages (BODY.PEEK[]), in whatever order the server sends them. Messages that
 * vanished meanwhile are left out. entries: those asked for, as listed. PD_SPOILS_MESSAGE: the
 * server does not hand out one of them (final: it is not as it was announced); those that ended are
 * good in any case: go on with a new connection. After a callback's status the source must be
 * freed. */
PdStatus *pd_source_fetch(PdSource *source, const PdSourceEntry *entries, guint count,
                          const PdFetchSink *sink);
/* The header block only (BODY.PEEK[HEADER]), at most PD_LIMIT_HEADER_BYTES. */
PdStatus *pd_source_fetch_headers(PdSource *source, const PdSourceEntry *entry,
                                  const PdFetchSink *sink);

/* On the server, by UID. Messages that are gone are no failure. PD_SPOILS_MAILBOX (try again): the
 * server refuses, and the connection is as good as before. PD_SPOILS_MESSAGE: they were copied but
 * could not be removed here; another move would copy them again. */
PdStatus *pd_source_mark_seen(PdSource *source, const guint32 *uids, guint count);
PdStatus *pd_source_move(PdSource *source, const guint32 *uids, guint count, const char *folder);

/* Waits until the folder may have changed (IDLE where offered, else after the poll interval
 * with NOOP), until wake_fd (or -1) is readable, or a signal came. *woken: by wake_fd or signal.
 * IDLE is renewed in time. */
PdStatus *pd_source_wait(PdSource *source, int wake_fd, gboolean *woken);

/* Does the server's clock differ? Not known from IMAP; the Date of our own
 * machine is compared with INTERNALDATE by doctor through this: the newest entry, 0 if none. */
PdStatus *pd_source_newest(PdSource *source, gint64 *arrived_at);

#endif
