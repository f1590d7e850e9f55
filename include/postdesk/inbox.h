/* inbox.h: messages taken in, and the ledger of what became of each.
 *
 * I1 a message on the server is untouched until its row here is committed;
 * I2 every row ends in exactly one outcome; I3 a row is processed once.
 * A row's identity is (mailbox, UIDVALIDITY, UID); for injected mail mailbox is "inject"
 * and for a call that was taken down at the desk "call", UIDVALIDITY 0 and UID 0 (each is a row of
 * its own).
 */
#ifndef POSTDESK_INBOX_H
#define POSTDESK_INBOX_H

#include "postdesk/raw.h"
#include "postdesk/store.h"

#define PD_MAILBOX_INJECT "inject"
#define PD_MAILBOX_CALL "call"
#define PD_REASON_REFUSED "refused: " /* begins the reason of a refused message */

typedef enum {
    PD_OUTCOME_INBOX, /* not processed yet */
    PD_OUTCOME_CREATED,
    PD_OUTCOME_APPENDED,
    PD_OUTCOME_IGNORED,
    PD_OUTCOME_QUARANTINED,
} PdOutcome;
const char *pd_outcome_name(PdOutcome outcome);

typedef struct {
    gint64 id;
    char *mailbox; /* "support/INBOX": mailbox name, slash, folder */
    guint32 uidvalidity, uid;
    gint64 arrived_at; /* the server's internal date */
    gint64 taken_at;   /* when the row was committed */
    PdRawPlace raw;
    guint8 sha256[PD_HASH_SIZE]; /* of the raw bytes */
    gboolean truncated;          /* raw holds the headers only */
    guint64 full_size;           /* as the server said */
    gboolean quiet; /* old mail of a changed or restored mailbox: its answers are held */
    PdOutcome outcome;
    char *reason;         /* of ignored and quarantined, or NULL */
    gint64 ticket;        /* 0: none */
    guint faults;         /* how often processing it killed its role */
    gboolean server_done; /* flagged or moved on the server, or nothing to do there */
} PdInboxRow;

PdInboxRow *pd_inbox_row_new(void); /* zeroed */
void pd_inbox_row_free(PdInboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdInboxRow, pd_inbox_row_free)

/* Adds a row in the running transaction; *is_new is FALSE (and nothing changes) if its
 * identity is known. Sets row->id and row->taken_at. */
PdStatus *pd_inbox_add(PdStore *store, PdInboxRow *row, gboolean *is_new);

PdStatus *pd_inbox_get(PdStore *store, gint64 id, PdInboxRow **row); /* NULL if unknown */
/* Ids of unprocessed rows that are greater than `after`, ascending, at most so many. */
PdStatus *pd_inbox_waiting(PdStore *store, gint64 after, guint most, GArray **ids); /* of gint64 */
/* The unprocessed rows with these ids and between them, oldest first, at most so many. */
PdStatus *pd_inbox_between(PdStore *store, gint64 first, gint64 last, guint most,
                           GPtrArray **rows); /* of PdInboxRow * */
/* Is there an unprocessed row older than this one? (A reply waits for what it may
 * belong to.) */
PdStatus *pd_inbox_older_waiting(PdStore *store, gint64 id, gboolean *waiting);
/* Sets the outcome; fails with PD_SPOILS_MESSAGE if the row already has one. Transaction. */
PdStatus *pd_inbox_finish(PdStore *store, gint64 id, PdOutcome outcome, const char *reason,
                          gint64 ticket);
PdStatus *pd_inbox_add_fault(PdStore *store, gint64 id, guint *faults); /* transaction */
/* Back from quarantine, or from having been refused, to unprocessed. Transaction. */
PdStatus *pd_inbox_requeue(PdStore *store, gint64 id);
/* Quarantined for good: becomes ignored with this reason. Transaction. */
PdStatus *pd_inbox_drop(PdStore *store, gint64 id, const char *reason);
/* All rows, or those of one outcome (-1: all), older than one (before; 0: all), newest first. */
PdStatus *pd_inbox_list(PdStore *store, int outcome, gint64 before, guint most, GPtrArray **rows);
/* oldest: of those that wait to be processed, else 0. */
PdStatus *pd_inbox_count(PdStore *store, PdOutcome outcome, gint64 *count, gint64 *oldest_taken_at);

/* What is known of a mailbox folder. */
typedef struct {
    guint32 uidvalidity; /* 0: never seen */
    guint32 next_uid;    /* everything below is in the ledger or was left out */
    guint32 quiet_below; /* UIDs below: take in, hold the answers */
    guint32 dated_below; /* UIDs below: left out if they arrived before started_at */
    gint64 started_at;   /* by the server's clock; 0: nothing is left out */
    gint64 last_contact;
    gint64 left_out; /* how many messages were there at first contact and left out */
} PdFolderState;
PdStatus *pd_folder_state_get(PdStore *store, const char *mailbox, PdFolderState *state);
PdStatus *pd_folder_state_put(PdStore *store, const char *mailbox, const PdFolderState *state);

/* UIDs whose row is committed while the server was not told yet (after a kill, or a
 * failed STORE). Array of guint32, ascending. */
PdStatus *pd_inbox_untold(PdStore *store, const char *mailbox, guint32 uidvalidity, GArray **uids);
PdStatus *pd_inbox_told(PdStore *store, const char *mailbox, guint32 uidvalidity,
                        const guint32 *uids, guint count); /* transaction */
/* The UIDs of the ledger for a folder from first on, ascending. */
PdStatus *pd_inbox_uids(PdStore *store, const char *mailbox, guint32 uidvalidity, guint32 first,
                        GArray **uids);
/* When the message arrived that the ledger has under this UID, as the server told it; -1 where it
 * has none. */
PdStatus *pd_inbox_arrival(PdStore *store, const char *mailbox, guint32 uidvalidity, guint32 uid,
                           gint64 *arrived_at);
/* The server has given the numbers of this folder to other messages: no row has one any more.
 * Transaction. */
PdStatus *pd_inbox_forget_uids(PdStore *store, const char *mailbox, guint32 uidvalidity);

#endif
