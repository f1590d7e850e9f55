/* outbox_list.c: looking at mails to send, and counting them. */
#include "postdesk/outbox.h"

#include "postdesk/clock.h"
#include "store_internal.h"

#define COLUMNS                                                                                    \
    "o.id, coalesce(o.ticket, 0), o.purpose, o.recipient, o.message_id, o.envelope_from, o.state," \
    " o.attempts, o.created_at, max(o.created_at, o.retried_at), o.next_at, o.changed_at, "        \
    "o.last_reply"
#define MAIL_COLUMN 13
#define MOST_HOURS 48 /* that are looked at one by one */

const char *pd_mail_state_name(PdMailState state)
{
    static const char *const names[] = {
        [PD_MAIL_QUEUED] = "queued",   [PD_MAIL_SENDING] = "sending", [PD_MAIL_SENT] = "sent",
        [PD_MAIL_RETRY] = "retry",     [PD_MAIL_FAILED] = "failed",   [PD_MAIL_UNKNOWN] = "unknown",
        [PD_MAIL_DROPPED] = "dropped",
    };

    return names[state];
}

static gpointer read_row(PdQuery *query)
{
    PdOutboxRow *row = pd_outbox_row_new();

    row->id = pd_column_int(query, 0);
    row->ticket = pd_column_int(query, 1);
    row->purpose = pd_column_dup(query, 2);
    row->recipient = pd_column_dup(query, 3);
    row->message_id = pd_column_dup(query, 4);
    row->envelope_from = pd_column_dup(query, 5);
    row->state = (PdMailState)pd_column_int(query, 6);
    row->attempts = (guint)pd_column_int(query, 7);
    row->created_at = pd_column_int(query, 8);
    row->tried_since = pd_column_int(query, 9);
    row->next_at = pd_column_int(query, 10);
    row->changed_at = pd_column_int(query, 11);
    row->last_reply = pd_column_dup(query, 12);
    return row;
}

static gpointer read_with_mail(PdQuery *query)
{
    PdOutboxRow *row = read_row(query);
    gsize length;
    const void *mail = pd_column_blob(query, MAIL_COLUMN, &length);

    row->mail = g_bytes_new(mail, length);
    return row;
}

static PdStatus *all_rows(PdQuery *query, GPtrArray **rows)
{
    return pd_query_all(query, read_row, (GDestroyNotify)pd_outbox_row_free, rows);
}

PdStatus *pd_outbox_left_sending(PdStore *store, GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS
                       " FROM outbox o WHERE o.state = 1 AND o.state <> 2 ORDER BY o.id",
                       &query));
    return all_rows(query, rows);
}

static PdStatus *list_of_ticket(PdStore *store, int state, gint64 ticket, guint most,
                                GPtrArray **rows)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS " FROM outbox o WHERE o.ticket = ?1"
                       " AND (?2 < 0 OR o.state = ?2) ORDER BY o.id DESC LIMIT ?3",
                       &query));
    pd_bind_int(query, ticket);
    pd_bind_int(query, state);
    pd_bind_int(query, most);
    return all_rows(query, rows);
}

/* Most mails are sent, so that these are found from the newest without an index. */
PdStatus *pd_outbox_list_before(PdStore *store, int state, gint64 before, guint most,
                                GPtrArray **rows)
{
    const char *newest = "SELECT " COLUMNS " FROM outbox o WHERE (?1 < 0 OR +o.state = ?1)"
                         " AND o.id < ?3 ORDER BY o.id DESC LIMIT ?2";
    const char *by_state = "SELECT " COLUMNS " FROM outbox o WHERE o.state = ?1 AND o.state <> 2"
                           " AND o.id < ?3 ORDER BY o.id DESC LIMIT ?2";
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, state < 0 || state == PD_MAIL_SENT ? newest : by_state, &query));
    pd_bind_int(query, state);
    pd_bind_int(query, most);
    pd_bind_int(query, before != 0 ? before : G_MAXINT64);
    return all_rows(query, rows);
}

PdStatus *pd_outbox_list(PdStore *store, int state, gint64 ticket, guint most, GPtrArray **rows)
{
    if (ticket != 0)
        return list_of_ticket(store, state, ticket, most, rows);
    return pd_outbox_list_before(store, state, 0, most, rows);
}

PdStatus *pd_outbox_get(PdStore *store, gint64 id, PdOutboxRow **row)
{
    gpointer found;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT " COLUMNS ", m.mail FROM outbox o"
                       " JOIN outbox_mail m ON m.id = o.id WHERE o.id = ?",
                       &query));
    pd_bind_int(query, id);
    PD_TRY(pd_query_one(query, read_with_mail, &found));
    *row = found;
    return NULL;
}

static PdStatus *count_few(PdStore *store, PdMailState state, gint64 *count)
{
    PdQuery *query;

    *count = 0;
    PD_TRY(pd_db_query(store->db, "SELECT count(*) FROM outbox WHERE state = ? AND state <> 2",
                       &query));
    pd_bind_int(query, state);
    return pd_query_number(query, count);
}

/* Rows are never deleted, so that their ids have no gaps: what is in no other state was sent. */
static PdStatus *count_sent(PdStore *store, gint64 *count)
{
    gint64 others;
    PdQuery *query;

    *count = 0;
    PD_TRY(pd_db_query(store->db, "SELECT max(id) FROM outbox", &query));
    PD_TRY(pd_query_number(query, count));
    for (int state = PD_MAIL_QUEUED; state <= PD_MAIL_UNKNOWN; state++) {
        if (state == PD_MAIL_SENT)
            continue;
        PD_TRY(count_few(store, (PdMailState)state, &others));
        *count -= others;
    }
    return NULL;
}

PdStatus *pd_outbox_count(PdStore *store, PdMailState state, gint64 *count, gint64 *oldest)
{
    PdQuery *query;

    *oldest = 0;
    if (state == PD_MAIL_SENT)
        return count_sent(store, count);
    PD_TRY(count_few(store, state, count));
    PD_TRY(pd_db_query(
        store->db, "SELECT min(created_at) FROM outbox WHERE state = ? AND state <> 2", &query));
    pd_bind_int(query, state);
    return pd_query_number(query, oldest);
}

PdStatus *pd_outbox_waits_since(PdStore *store, gint64 *since)
{
    PdQuery *query;

    *since = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT min(max(created_at, retried_at)) FROM outbox"
                       " WHERE state IN (0, 3) AND state <> 2",
                       &query));
    return pd_query_number(query, since);
}

/* Ids have no gaps: the mails since then are the distance of two ids, less the alarms. Its cost
 * does not grow with the traffic. */
static PdStatus *count_to_anybody(PdStore *store, gint64 since, gint64 *count)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT coalesce((SELECT max(id) FROM outbox), 0)"
                       " - coalesce((SELECT id FROM outbox WHERE created_at < ?1"
                       "             ORDER BY created_at DESC, id DESC LIMIT 1), 0)"
                       " - (SELECT count(*) FROM outbox WHERE ticket IS NULL"
                       "    AND created_at >= ?1)",
                       &query));
    pd_bind_int(query, since);
    return pd_query_number(query, count);
}

/* For a window of a few hours: one small look-up for each. */
static PdStatus *count_in_hour(PdStore *store, gint64 recipient_key, gint64 hour, gint64 since,
                               gint64 *count)
{
    gint64 found = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT count(*) FROM outbox WHERE hour = ? AND recipient_key = ?"
                       " AND created_at >= ? AND ticket IS NOT NULL",
                       &query));
    pd_bind_int(query, hour);
    pd_bind_int(query, recipient_key);
    pd_bind_int(query, since);
    PD_TRY(pd_query_number(query, &found));
    *count += found;
    return NULL;
}

static PdStatus *count_by_hours(PdStore *store, gint64 recipient_key, gint64 since, gint64 last,
                                gint64 *count)
{
    for (gint64 hour = since / PD_HOUR; hour <= last; hour++)
        PD_TRY(count_in_hour(store, recipient_key, hour, since, count));
    return NULL;
}

static PdStatus *count_in_long_time(PdStore *store, gint64 recipient_key, gint64 since, gint64 last,
                                    gint64 *count)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT count(*) FROM outbox WHERE hour BETWEEN ? AND ?"
                       " AND recipient_key = ? AND created_at >= ? AND ticket IS NOT NULL",
                       &query));
    pd_bind_int(query, since / PD_HOUR);
    pd_bind_int(query, last);
    pd_bind_int(query, recipient_key);
    pd_bind_int(query, since);
    return pd_query_number(query, count);
}

/* Mails of the future count for nobody: the clock was set back. */
static PdStatus *last_hour(PdStore *store, gint64 *hour)
{
    gint64 last = 0;
    PdQuery *query;

    *hour = 0;
    PD_TRY(pd_db_query(store->db, "SELECT max(hour) FROM outbox WHERE ticket IS NOT NULL", &query));
    PD_TRY(pd_query_number(query, &last));
    *hour = MIN(last, pd_clock_now() / PD_HOUR);
    return NULL;
}

PdStatus *pd_outbox_count_since(PdStore *store, const char *recipient, gint64 since, gint64 *count)
{
    gint64 last = pd_clock_now() / PD_HOUR;

    *count = 0;
    if (recipient == NULL)
        return count_to_anybody(store, since, count);
    gint64 key = pd_key_of_address(recipient);
    if (last - since / PD_HOUR < MOST_HOURS)
        return count_by_hours(store, key, since, last, count);
    PD_TRY(last_hour(store, &last));
    return count_in_long_time(store, key, since, last, count);
}

PdStatus *pd_outbox_count_but(PdStore *store, const char *purposes, const char *recipient,
                              gint64 since, gint64 *count)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT count(*) FROM outbox WHERE hour BETWEEN ? AND ?"
                       " AND recipient_key = ? AND created_at >= ? AND ticket IS NOT NULL"
                       " AND instr(?, ' ' || purpose || ' ') = 0",
                       &query));
    pd_bind_int(query, since / PD_HOUR);
    pd_bind_int(query, pd_clock_now() / PD_HOUR);
    pd_bind_int(query, pd_key_of_address(recipient));
    pd_bind_int(query, since);
    pd_bind_text(query, purposes);
    return pd_query_number(query, count);
}

PdStatus *pd_outbox_count_apart(PdStore *store, const char *purpose, const char *recipient,
                                gint64 since, gint64 *count)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT count(*) FROM outbox WHERE ticket IS NULL AND created_at >= ?1"
                       " AND purpose = ?2 AND (?3 = 0 OR recipient_key = ?3)",
                       &query));
    pd_bind_int(query, since);
    pd_bind_text(query, purpose);
    pd_bind_int(query, recipient != NULL ? pd_key_of_address(recipient) : 0);
    return pd_query_number(query, count);
}
