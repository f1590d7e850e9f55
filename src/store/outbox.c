/* outbox.c: the states of mails to send.
 *
 * I4 a row comes in with its ticket's transaction, and is claimed by another one.
 * I5 only a row that is "sending" takes a result, and only queued or retry rows are claimed,
 *    in a durable transaction before the first byte goes out.
 * I8 a held outbox gives nothing to claim; that is looked at within the claiming transaction.
 */
#include "postdesk/outbox.h"

#include "postdesk/clock.h"
#include "store_internal.h"

PdOutboxRow *pd_outbox_row_new(void)
{
    return g_new0(PdOutboxRow, 1);
}

void pd_outbox_row_free(PdOutboxRow *row)
{
    if (row == NULL)
        return;
    g_free(row->purpose);
    g_free(row->recipient);
    g_free(row->message_id);
    g_free(row->envelope_from);
    g_free(row->last_reply);
    if (row->mail != NULL)
        g_bytes_unref(row->mail);
    g_free(row);
}

static PdStatus *insert_row(PdStore *store, const PdOutboxRow *row)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO outbox (ticket, purpose, recipient, recipient_key, message_id,"
                       " id_key, envelope_from, state, attempts, created_at, hour, next_at,"
                       " changed_at, last_reply)"
                       " VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       &query));
    pd_bind_int(query, row->ticket);
    pd_bind_text(query, row->purpose);
    pd_bind_text(query, row->recipient);
    pd_bind_int(query, pd_key_of_address(row->recipient));
    pd_bind_text(query, row->message_id);
    pd_bind_int(query, pd_key_of_text(row->message_id));
    pd_bind_text(query, row->envelope_from);
    pd_bind_int(query, row->state);
    pd_bind_int(query, row->attempts);
    pd_bind_int(query, row->created_at);
    pd_bind_int(query, row->created_at / PD_HOUR);
    pd_bind_int(query, row->next_at);
    pd_bind_int(query, row->changed_at);
    pd_bind_text(query, row->last_reply);
    return pd_query_run(query);
}

static PdStatus *insert_mail(PdStore *store, gint64 id, GBytes *mail)
{
    gsize length;
    const void *bytes = g_bytes_get_data(mail, &length);
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "INSERT INTO outbox_mail (id, mail) VALUES (?, ?)", &query));
    pd_bind_int(query, id);
    pd_bind_blob(query, bytes, length);
    return pd_query_run(query);
}

static PdStatus *check_row(const PdOutboxRow *row)
{
    if (row->purpose != NULL && row->recipient != NULL && row->message_id != NULL &&
        row->envelope_from != NULL && row->mail != NULL && g_bytes_get_size(row->mail) > 0)
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                         "a mail needs a purpose, a recipient, a Message-ID, a sender and bytes");
}

PdStatus *pd_outbox_add(PdStore *store, PdOutboxRow *row)
{
    gint64 now = pd_clock_now();

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(check_row(row));
    if (row->state != PD_MAIL_UNKNOWN)
        row->state = PD_MAIL_QUEUED;
    row->attempts = 0;
    row->created_at = row->changed_at = now;
    if (row->next_at == 0)
        row->next_at = now;
    PD_TRY(insert_row(store, row));
    row->id = pd_db_last_id(store->db);
    store->queued += row->state == PD_MAIL_QUEUED;
    return insert_mail(store, row->id, row->mail);
}

guint pd_outbox_take_queued(PdStore *store)
{
    guint queued = store->queued;

    store->queued = 0;
    return queued;
}

PdStatus *pd_outbox_is_held(PdStore *store, gboolean *held)
{
    g_autofree char *value = NULL;

    PD_TRY(pd_store_get_fact(store, PD_FACT_HELD, &value));
    *held = value != NULL;
    return NULL;
}

PdStatus *pd_outbox_set_held(PdStore *store, gboolean held)
{
    return pd_store_set_fact(store, PD_FACT_HELD, held ? "1" : NULL);
}

/* The first due time of one state; leaves *at if there is none. */
static PdStatus *first_due(PdStore *store, PdMailState state, gint64 *at)
{
    gint64 found = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT min(next_at) FROM outbox WHERE state = ? AND state <> 2",
                       &query));
    pd_bind_int(query, state);
    PD_TRY(pd_query_number(query, &found));
    if (found != 0 && (*at == 0 || found < *at))
        *at = found;
    return NULL;
}

PdStatus *pd_outbox_next_due(PdStore *store, gint64 *at)
{
    gboolean held;

    *at = 0;
    PD_TRY(pd_outbox_is_held(store, &held));
    if (held)
        return NULL;
    PD_TRY(first_due(store, PD_MAIL_QUEUED, at));
    return first_due(store, PD_MAIL_RETRY, at);
}

PdStatus *pd_outbox_clock_set_back(PdStore *store)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET next_at = ?1, changed_at = ?1"
                       " WHERE state IN (0, 3) AND state <> 2 AND changed_at > ?1",
                       &query));
    pd_bind_int(query, pd_clock_now());
    return pd_query_run(query);
}

static gpointer read_claimed(PdQuery *query)
{
    PdOutboxRow *row = pd_outbox_row_new();
    gsize length;

    row->id = pd_column_int(query, 0);
    row->ticket = pd_column_int(query, 1);
    row->purpose = pd_column_dup(query, 2);
    row->recipient = pd_column_dup(query, 3);
    row->message_id = pd_column_dup(query, 4);
    row->envelope_from = pd_column_dup(query, 5);
    row->attempts = (guint)pd_column_int(query, 6) + 1;
    row->created_at = pd_column_int(query, 7);
    row->tried_since = pd_column_int(query, 8);
    row->next_at = pd_column_int(query, 9);
    row->last_reply = pd_column_dup(query, 10);
    const void *mail = pd_column_blob(query, 11, &length);
    row->mail = g_bytes_new(mail, length);
    row->state = PD_MAIL_SENDING;
    return row;
}

#define DUE(state)                                                                                 \
    "SELECT o.id, coalesce(o.ticket, 0), o.purpose, o.recipient, o.message_id,"                    \
    " o.envelope_from, o.attempts, o.created_at, max(o.created_at, o.retried_at), o.next_at, "     \
    "o.last_reply, m.mail"                                                                         \
    " FROM outbox o JOIN outbox_mail m ON m.id = o.id"                                             \
    " WHERE o.state = " state " AND o.state <> 2 AND o.next_at <= ?1 "

static PdStatus *select_due(PdStore *store, gint64 now, guint most, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, DUE("0") "UNION ALL " DUE("3") "ORDER BY 10 LIMIT ?2", &query));
    pd_bind_int(query, now);
    pd_bind_int(query, most);
    return pd_query_all(query, read_claimed, (GDestroyNotify)pd_outbox_row_free, rows);
}

static PdStatus *mark_claimed(PdStore *store, PdOutboxRow *row, gint64 now)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = 1, attempts = ?, changed_at = ? WHERE id = ?",
                       &query));
    pd_bind_int(query, row->attempts);
    pd_bind_int(query, now);
    pd_bind_int(query, row->id);
    row->changed_at = now;
    return pd_query_run(query);
}

static PdStatus *claim_in_transaction(PdStore *store, gint64 now, guint most, GPtrArray **rows)
{
    g_autoptr(GPtrArray) due = NULL;
    gboolean held;

    PD_TRY(pd_outbox_is_held(store, &held));
    PD_TRY(select_due(store, now, held ? 0 : most, &due));
    for (guint i = 0; i < due->len; i++)
        PD_TRY(mark_claimed(store, g_ptr_array_index(due, i), now));
    *rows = g_steal_pointer(&due);
    return NULL;
}

static PdStatus *claim_and_commit(PdStore *store, gint64 now, guint most, GPtrArray **rows)
{
    g_autoptr(GPtrArray) claimed = NULL;

    PD_TRY(pd_store_begin(store));
    PD_TRY(claim_in_transaction(store, now, most, &claimed));
    PD_TRY(pd_store_commit(store));
    *rows = g_steal_pointer(&claimed);
    return NULL;
}

/* Nobody waits for the writers' lock in vain: whether something is due is looked at before. */
PdStatus *pd_outbox_claim(PdStore *store, gint64 now, guint most, GPtrArray **rows)
{
    gint64 at;

    if (pd_store_in_transaction(store))
        return claim_in_transaction(store, now, most, rows);
    PD_TRY(pd_outbox_next_due(store, &at));
    if (at == 0 || at > now) {
        *rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_outbox_row_free);
        return NULL;
    }
    PdStatus *status = claim_and_commit(store, now, most, rows);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

static PdStatus *check_changed(PdStore *store, gint64 id, const char *otherwise)
{
    if (pd_db_changes(store->db) > 0)
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "mail %" G_GINT64_FORMAT " %s", id,
                         otherwise);
}

/* As if it had not been claimed: due as before, one attempt less. */
static PdStatus *give_back(PdStore *store, gint64 id)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = iif(attempts > 1, 3, 0),"
                       " attempts = max(attempts - 1, 0), changed_at = ?"
                       " WHERE id = ? AND state = 1",
                       &query));
    pd_bind_int(query, pd_clock_now());
    pd_bind_int(query, id);
    return pd_query_run(query);
}

static PdStatus *settle(PdStore *store, gint64 id, PdMailState state, const char *reply,
                        gint64 next_at)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = ?1, last_reply = coalesce(?2, last_reply),"
                       " next_at = iif(?1 = 3, ?3, next_at), changed_at = ?4"
                       " WHERE id = ?5 AND state = 1",
                       &query));
    pd_bind_int(query, state);
    pd_bind_text(query, reply);
    pd_bind_int(query, next_at);
    pd_bind_int(query, pd_clock_now());
    pd_bind_int(query, id);
    return pd_query_run(query);
}

PdStatus *pd_outbox_result(PdStore *store, gint64 id, PdMailState state, const char *reply,
                           gint64 next_at)
{
    PD_TRY(pd_store_need_transaction(store));
    if (state == PD_MAIL_SENDING)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "sending is no result");
    if (state == PD_MAIL_QUEUED)
        PD_TRY(give_back(store, id));
    else
        PD_TRY(settle(store, id, state, reply, next_at));
    return check_changed(store, id, "is not being sent");
}

PdStatus *pd_outbox_retry(PdStore *store, gint64 id)
{
    gint64 now = pd_clock_now();
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = 0, attempts = 0, next_at = ?1, changed_at = ?1,"
                       " retried_at = ?1 WHERE id = ?2 AND state IN (3, 4, 5, 6)",
                       &query));
    pd_bind_int(query, now);
    pd_bind_int(query, id);
    PD_TRY(pd_query_run(query));
    return check_changed(store, id,
                         "is neither failed, unknown, dropped nor waiting for another attempt");
}

PdStatus *pd_outbox_drop(PdStore *store, gint64 id, const char *reason)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE outbox SET state = 6, last_reply = ?, changed_at = ?"
                       " WHERE id = ? AND state IN (0, 3, 4, 5)",
                       &query));
    pd_bind_text(query, reason);
    pd_bind_int(query, pd_clock_now());
    pd_bind_int(query, id);
    PD_TRY(pd_query_run(query));
    return check_changed(store, id, "is being sent or was sent");
}
