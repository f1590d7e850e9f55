/* outbox.h: mails to send, and what became of each.
 *
 *   queued ──claim──▶ sending ──250──▶ sent
 *     ▲                 │ ├─4xx──▶ retry ──due──▶ (claim)
 *     │                 │ ├─5xx, too old──▶ failed
 *     └─not begun───────┘ └─lost after the final dot may have gone out──▶ unknown
 *
 * I4 a row is added in the transaction of its ticket and claimed after that is durable.
 * I5 a row is accepted by the relay once. Its Message-ID is fixed when it is queued. What
 * a dead process was doing is read from the delivery journal, a file in memory shared with
 * the kernel: it survives the process at no cost, and a reboot makes every claimed row
 * unknown.
 * I8 while the outbox is held (after a restore) nothing is claimed.
 */
#ifndef POSTDESK_OUTBOX_H
#define POSTDESK_OUTBOX_H

#include "postdesk/store.h"

typedef enum {
    PD_MAIL_QUEUED,
    PD_MAIL_SENDING,
    PD_MAIL_SENT,
    PD_MAIL_RETRY,
    PD_MAIL_FAILED,
    PD_MAIL_UNKNOWN,
    PD_MAIL_DROPPED, /* by a person, or as relays.unknown says: it needs nobody any more */
} PdMailState;
#define PD_MAIL_STATES (PD_MAIL_DROPPED + 1)
const char *pd_mail_state_name(PdMailState state);

typedef struct {
    gint64 id, ticket;   /* ticket 0: an alarm */
    char *purpose;       /* template name: "acknowledge", "resolved", "alarm" */
    char *recipient;     /* one address */
    char *message_id;    /* without angle brackets; its own */
    char *envelope_from; /* "" for the null sender */
    PdMailState state;
    guint attempts;
    gint64 created_at, next_at, changed_at;
    gint64 tried_since; /* when it was made, or when a person last had it tried anew */
    char *last_reply;   /* the server's words, or why; or NULL */
    GBytes *mail;       /* complete, CRLF; NULL in lists */
} PdOutboxRow;

PdOutboxRow *pd_outbox_row_new(void);
void pd_outbox_row_free(PdOutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdOutboxRow, pd_outbox_row_free)

/* Transaction; sets id. The row begins as PD_MAIL_QUEUED, or, if row->state says so, as
 * PD_MAIL_UNKNOWN with the reason in last_reply: a mail that a person must release. */
PdStatus *pd_outbox_add(PdStore *store, PdOutboxRow *row);
/* How many were queued through this store since the last call, by transactions that were taken
 * back, too: for who knocks at the role that delivers. */
guint pd_outbox_take_queued(PdStore *store);
/* Durably claims rows that are due, oldest first, in the transaction that runs or else in one of
 * its own. attempts counts the one that begins now. */
PdStatus *pd_outbox_claim(PdStore *store, gint64 now, guint most, GPtrArray **rows);
/* Rows that were changed after now, which is before they could be, are due at once. */
PdStatus *pd_outbox_clock_set_back(PdStore *store);
/* When the next row is due: 0 none, else a time (perhaps past). Held: 0. */
PdStatus *pd_outbox_next_due(PdStore *store, gint64 *at);
/* Since when the mail is tried that waits the longest, be it due or not; 0: none waits. Costs as
 * much as there are that wait. */
PdStatus *pd_outbox_waits_since(PdStore *store, gint64 *since);
/* The result of an attempt; transaction. next_at matters for PD_MAIL_RETRY. PD_MAIL_QUEUED gives a
 * claimed row back as if it had not been claimed. */
PdStatus *pd_outbox_result(PdStore *store, gint64 id, PdMailState state, const char *reply,
                           gint64 next_at);
/* Rows that a dead process left in "sending". */
PdStatus *pd_outbox_left_sending(PdStore *store, GPtrArray **rows);

/* Lets the bytes of at most so many sent mails go that were queued before; in a transaction of its
 * own. They stay in the list, and pd_outbox_get() gives them with no bytes. *more: call again. */
PdStatus *pd_outbox_let_go(PdStore *store, gint64 before, guint most, gboolean *more);

/* By state (-1: all), newest first, without their bytes. */
PdStatus *pd_outbox_list(PdStore *store, int state, gint64 ticket, guint most, GPtrArray **rows);
/* The next page of all: those older than one. */
PdStatus *pd_outbox_list_before(PdStore *store, int state, gint64 before, guint most,
                                GPtrArray **rows);
PdStatus *pd_outbox_get(PdStore *store, gint64 id, PdOutboxRow **row); /* with bytes */
/* oldest: when the oldest was queued; 0 of sent ones. */
PdStatus *pd_outbox_count(PdStore *store, PdMailState state, gint64 *count, gint64 *oldest);
/* How many mails were queued for a recipient (NULL: for anybody) since then; alarms not counted. */
PdStatus *pd_outbox_count_since(PdStore *store, const char *recipient, gint64 since, gint64 *count);
/* The same for a recipient, but for mails of those purposes (a blank before and behind each). */
PdStatus *pd_outbox_count_but(PdStore *store, const char *purposes, const char *recipient,
                              gint64 since, gint64 *count);
/* The same of mails of one purpose that belong to no ticket. */
PdStatus *pd_outbox_count_apart(PdStore *store, const char *purpose, const char *recipient,
                                gint64 since, gint64 *count);
/* By a person: a failed, unknown, retry or dropped row is queued anew; or is dropped. Transaction.
 */
PdStatus *pd_outbox_retry(PdStore *store, gint64 id);
PdStatus *pd_outbox_drop(PdStore *store, gint64 id, const char *reason);

/* Held: after a restore, until reconcile. */
PdStatus *pd_outbox_is_held(PdStore *store, gboolean *held);
PdStatus *pd_outbox_set_held(PdStore *store, gboolean held); /* transaction */

/* The delivery journal: one file, a few slots, mapped. */
typedef struct pd_journal PdJournal;
PdStatus *pd_journal_open(PdStore *store, PdJournal **journal);
void pd_journal_free(PdJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdJournal, pd_journal_free)

typedef enum {
    PD_JOURNAL_NOT_BEGUN, /* the final dot cannot have gone out */
    PD_JOURNAL_DOT,       /* it may have gone out, no answer was seen */
    PD_JOURNAL_ANSWERED,  /* the answer is in *code and *reply */
} PdJournalState;
/* Forgets what was noted and starts a batch. Call it when all results of the batch before are
 * committed, before the first mail of the next one goes out; after opening also before the
 * first rows are claimed. */
void pd_journal_start(PdJournal *journal);
void pd_journal_before_dot(PdJournal *journal, gint64 outbox_id);
void pd_journal_answered(PdJournal *journal, gint64 outbox_id, int code, const char *reply);
/* What an earlier process noted of a row it left in "sending". After a reboot:
 * PD_JOURNAL_DOT for all. Caller frees *reply. */
PdJournalState pd_journal_look(const PdJournal *journal, gint64 outbox_id, int *code, char **reply);

#endif
