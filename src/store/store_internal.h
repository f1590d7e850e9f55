/* store_internal.h: what the files of this room share. */
#ifndef PD_STORE_INTERNAL_H
#define PD_STORE_INTERNAL_H

#include "db.h"
#include "postdesk/hash.h"
#include "postdesk/store.h"
#include "postdesk/tickets.h"

typedef struct pd_phrase_book PdPhraseBook;

struct pd_store {
    char *folder;
    PdDb *db;
    int writer_lock;       /* descriptor of STATE/lock/writer, -1 when only reading */
    gboolean writing;      /* a write transaction runs */
    gboolean reading;      /* a read snapshot is held */
    gboolean settling;     /* nobody was told yet whether the disk has the last transaction */
    guint queued;          /* mails, since somebody asked (outbox.c) */
    guint checkpointed;    /* pages of the log at the last checkpoint */
    PdTicket *last_ticket; /* as the write transaction has it; NULL: none (ticket.c) */
    GHashTable *mailboxes; /* name → id, what this process has interned */
    PdPhraseBook *phrases; /* the same of phrases (phrase.h) */
    struct pd_shard_writer *shard_writer; /* search_shard.c; NULL: none yet */
    gint64 shard_rows;                    /* of the index of words, in each of its shards */
    gint64 open_segment;                  /* the segment that open_segment_fd reads, 0: none */
    int open_segment_fd;
    gboolean leased;  /* it holds a lock on the bytes that are read */
    int put_together; /* a message of which ranges are shared; -1: none */
    PdDb *afresh;     /* shows what is committed now, whatever snapshot db holds; NULL until used */
};

/* A failure unless a write transaction runs. */
PdStatus *pd_store_need_transaction(const PdStore *store);
/* Keeps the ticket, if a write transaction runs, so that who asks next need not read it; NULL: what
 * was kept is no longer so. Copied. */
void pd_ticket_keep(PdStore *store, const PdTicket *ticket);
/* A path in the state folder; caller frees. */
char *pd_store_path(const PdStore *store, const char *name);

/* After a commit, before and after the writers' lock is left. */
void pd_store_checkpoint_locked(PdStore *store);
void pd_store_checkpoint(PdStore *store);

/* The first 64 bits of a hash: finds a text by a short index. */
gint64 pd_key_of_digest(const guint8 digest[PD_HASH_SIZE]);
gint64 pd_key_of_text(const char *text);
/* Of an address, letter case ignored. */
gint64 pd_key_of_address(const char *address);

/* Makes the files of a message known (attachments.h); in its transaction. */
PdStatus *pd_attachments_index(PdStore *store, const PdStoredMessage *message);

/* Notes that a message may hold what others do: a file that came before (attachment, or 0), or all
 * of the message that it is a copy of (or 0). Transaction. */
PdStatus *pd_sharing_note(PdStore *store, gint64 inbox, gint64 attachment, gint64 copy_of);
/* Who gives bytes of segments back holds this alone (F_WRLCK), those who copy segments together
 * (F_RDLCK). got as in pd_segment_lock(); closing fd, if it was had, leaves it. */
PdStatus *pd_sharing_lock(const PdStore *store, short kind, gboolean *got, int *fd);

/* The number of a mailbox name; *id 0 if it is unknown and make is FALSE (making needs a
 * transaction). */
PdStatus *pd_mailbox_intern(PdStore *store, const char *name, gboolean make, gint64 *id);

/* Tickets that are not over, and those that are, word for word as their indexes have it (schema.c):
 * released migrations hold these, so they never change. */
#define PD_SQL_OPEN "status <> 'closed' AND status <> 'merged' AND status <> 'spam'"
#define PD_SQL_OVER "(status = 'closed' OR status = 'merged' OR status = 'spam')"

/* The fact that holds the outbox (I8). */
#define PD_FACT_HELD "outbox_held"
/* When the folder was restored, and the least number that a new ticket gets since. */
#define PD_FACT_RESTORED "restored_at"
#define PD_FACT_NUMBERS "numbers_from"

/* Rows of a shard of the index of words (search_shard.h). */
#define PD_SHARD_ROWS 131072

/* Raw segments: STATE/raw/N.seg, each with one owner and a row that says where the last
 * committed message ends. */
#define PD_RAW_FOLDER "raw"
#define PD_SEGMENT_FULL (256u << 20) /* an owner goes on in a new segment from here */
typedef struct {
    gint64 id; /* 0: none */
    guint64 committed;
} PdSegment;
char *pd_segment_path(const char *folder, gint64 segment);
/* For reading. Only its messages are spoilt where it is lost and others are there, and only this
 * message where some of its bytes cannot be read: else the store is. */
PdStatus *pd_segment_open(const char *folder, gint64 segment, int *fd);
PdStatus *pd_segment_read(int fd, gint64 segment, guint64 offset, char *bytes, gsize length);
/* A lock on bytes of a segment, which every descriptor has for itself (fcntl: F_RDLCK, F_WRLCK,
 * F_UNLCK; length 0: to the end). With got, which says whether it was had, nobody is waited for. */
PdStatus *pd_segment_lock(int fd, short kind, guint64 offset, guint64 length, gboolean *got);
/* The owner's last one. */
PdStatus *pd_segment_last(PdStore *store, const char *owner, PdSegment *segment);
/* A new one, durable with its file, in a transaction of its own; *fd writes it. */
PdStatus *pd_segment_make(PdStore *store, const char *owner, PdSegment *segment, int *fd);
/* A row that is about to be committed needs the segment up to this end. Transaction. */
PdStatus *pd_segment_commit(PdStore *store, gint64 segment, guint64 end);

#endif
