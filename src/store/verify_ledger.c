/* verify_ledger.c: every message taken in: are its bytes there, is its outcome whole (I2)? */
#include "verify.h"

#include "postdesk/inbox.h"
#include "store_internal.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256u << 10)
#define ROWS_A_LOOK 256 /* so that no snapshot is held while bytes are read */

typedef struct {
    gint64 id;
    PdRawPlace raw;
    guint8 sha256[PD_HASH_SIZE];
    PdOutcome outcome;
    gboolean has_reason;
    gint64 ticket;
    guint64 committed;
} LedgerRow;

static gpointer read_row(PdQuery *query)
{
    LedgerRow *row = g_new0(LedgerRow, 1);
    gsize length;

    row->id = pd_column_int(query, 0);
    row->raw.segment = pd_column_int(query, 1);
    row->raw.offset = (guint64)pd_column_int(query, 2);
    row->raw.length = (guint64)pd_column_int(query, 3);
    const void *sha256 = pd_column_blob(query, 4, &length);
    if (length == PD_HASH_SIZE)
        memcpy(row->sha256, sha256, PD_HASH_SIZE);
    row->outcome = (PdOutcome)pd_column_int(query, 5);
    row->has_reason = pd_column_int(query, 6) != 0;
    row->ticket = pd_column_int(query, 7);
    row->committed = (guint64)pd_column_int(query, 8);
    return row;
}

/* FALSE if the bytes cannot be read in full. */
static gboolean hash_bytes(int fd, const PdRawPlace *place, char *piece, PdHash *hash)
{
    guint64 done = 0;

    while (done < place->length) {
        ssize_t got = pread(fd, piece, (size_t)MIN(place->length - done, PIECE),
                            (off_t)(place->offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        pd_hash_add(hash, piece, (gsize)got);
        done += (guint64)got;
    }
    return TRUE;
}

static void check_raw(PdVerify *verify, const LedgerRow *row, char *piece, PdHash *hash)
{
    guint8 digest[PD_HASH_SIZE];
    int fd;
    g_autoptr(PdStatus) missing = pd_raw_open(verify->store, &row->raw, &fd);

    if (row->raw.offset + row->raw.length > row->committed)
        pd_verify_differs(verify, "message", row->id, "its bytes lie behind the committed end");
    if (missing != NULL) {
        pd_verify_differs(verify, "message", row->id, "%s", pd_status_text(missing));
        return;
    }
    gboolean whole = hash_bytes(fd, &row->raw, piece, hash);
    pd_raw_close(verify->store);
    pd_hash_finish(hash, digest);
    if (!whole)
        pd_verify_differs(verify, "message", row->id, "its raw bytes cannot be read in full");
    else if (memcmp(digest, row->sha256, PD_HASH_SIZE) != 0)
        pd_verify_differs(verify, "message", row->id, "its raw bytes are not those of its hash");
}

static void await_event(PdVerify *verify, gint64 id, gint64 ticket)
{
    if (verify->awaited->len <= (guint64)id)
        g_array_set_size(verify->awaited, (guint)id + 1);
    g_array_index(verify->awaited, gint64, id) = ticket;
}

static void check_outcome(PdVerify *verify, const LedgerRow *row)
{
    const char *wrong = NULL;

    switch (row->outcome) {
    case PD_OUTCOME_INBOX:
        wrong = row->ticket != 0 ? "it is not processed and names a ticket" : NULL;
        break;
    case PD_OUTCOME_CREATED:
    case PD_OUTCOME_APPENDED:
        if (row->ticket == 0)
            wrong = "it went to a ticket that it does not name";
        else
            await_event(verify, row->id, row->ticket);
        break;
    case PD_OUTCOME_IGNORED:
    case PD_OUTCOME_QUARANTINED:
        wrong = row->has_reason ? NULL : "it is in no ticket and has no reason";
        break;
    default:
        wrong = "its outcome is not known";
    }
    if (wrong != NULL)
        pd_verify_differs(verify, "message", row->id, "%s", wrong);
}

static PdStatus *next_rows(PdVerify *verify, gint64 after, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(verify->store->db,
                       "SELECT i.id, i.segment, i.offset, i.length, i.sha256, i.outcome,"
                       " coalesce(i.reason, '') <> '', coalesce(i.ticket, 0),"
                       " coalesce(s.committed, 0)"
                       " FROM inbox i LEFT JOIN segment s ON s.id = i.segment"
                       " WHERE i.id > ? ORDER BY i.id LIMIT ?",
                       &query));
    pd_bind_int(query, after);
    pd_bind_int(query, ROWS_A_LOOK);
    return pd_query_all(query, read_row, g_free, rows);
}

static void check_rows(PdVerify *verify, const GPtrArray *rows, char *piece, PdHash *hash)
{
    for (guint i = 0; i < rows->len; i++) {
        const LedgerRow *row = g_ptr_array_index(rows, i);
        check_raw(verify, row, piece, hash);
        check_outcome(verify, row);
        verify->counts->messages++;
        verify->counts->bytes += (gint64)row->raw.length;
        pd_meter_advance(verify->meter, row->raw.length);
    }
}

PdStatus *pd_verify_ledger(PdVerify *verify)
{
    g_autofree char *piece = g_malloc(PIECE);
    g_autoptr(PdHash) hash = pd_hash_new();
    gint64 after = 0;

    for (;;) {
        g_autoptr(GPtrArray) rows = NULL;
        PD_TRY(next_rows(verify, after, &rows));
        if (rows->len == 0)
            return NULL;
        check_rows(verify, rows, piece, hash);
        after = ((const LedgerRow *)g_ptr_array_index(rows, rows->len - 1))->id;
    }
}
