/* sharing_rows.c: see sharing_rows.h. */
#include "sharing_rows.h"

#include "postdesk/sharing.h"

#define MOST_HOMES 8 /* messages that one is compared with */

PdStatus *pd_sharing_note(PdStore *store, gint64 inbox, gint64 attachment, gint64 copy_of)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db,
                       "INSERT OR IGNORE INTO sharing_pending (inbox, attachment, copy_of)"
                       " SELECT id, ?, ? FROM inbox WHERE id = ? AND length >= ?",
                       &query));
    pd_bind_int(query, attachment);
    pd_bind_int(query, copy_of);
    pd_bind_int(query, inbox);
    pd_bind_int(query, PD_SHARING_LEAST);
    return pd_query_run(query);
}

PdStatus *pd_sharing_note_copy(PdStore *store, gint64 inbox, gint64 copy_of)
{
    return pd_sharing_note(store, inbox, 0, copy_of);
}

PdStatus *pd_sharing_saved(PdStore *store, gint64 *bytes)
{
    PdQuery *query;

    *bytes = 0;
    PD_TRY(pd_db_query(store->db, "SELECT sum(length) FROM raw_shared", &query));
    return pd_query_number(query, bytes);
}

PdStatus *pd_sharing_next(PdStore *store, gint64 after, gint64 *inbox)
{
    PdQuery *query;

    *inbox = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT inbox FROM sharing_pending WHERE inbox > ? ORDER BY inbox LIMIT 1",
                       &query));
    pd_bind_int(query, after);
    return pd_query_number(query, inbox);
}

static PdStatus *collect_numbers(PdQuery *query, guint most, GArray *numbers)
{
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        gint64 number = pd_column_int(query, 0);
        if (numbers->len < most)
            g_array_append_val(numbers, number);
    }
}

PdStatus *pd_sharing_read_notes(PdSharingWork *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db,
                       "SELECT attachment FROM sharing_pending WHERE inbox = ? AND attachment <> 0",
                       &query));
    pd_bind_int(query, work->inbox);
    PD_TRY(collect_numbers(query, G_MAXUINT, work->attachments));
    PD_TRY(pd_db_query(work->store->db,
                       "SELECT copy_of FROM sharing_pending WHERE inbox = ?1 AND copy_of <> 0"
                       " UNION SELECT a.first_inbox FROM sharing_pending p"
                       " JOIN attachment a ON a.id = p.attachment WHERE p.inbox = ?1"
                       " UNION SELECT h.inbox FROM sharing_pending p"
                       " JOIN attachment_home h ON h.attachment = p.attachment WHERE p.inbox = ?1",
                       &query));
    pd_bind_int(query, work->inbox);
    return collect_numbers(query, MOST_HOMES, work->homes);
}

static void bind_lines(PdQuery *query, const PdLines *lines)
{
    pd_bind_int(query, (gint64)lines->width);
    pd_bind_int(query, (gint64)lines->end);
    pd_bind_int(query, (gint64)lines->column);
}

PdStatus *pd_sharing_add_ranges(const PdSharingWork *work)
{
    for (guint i = 0; i < work->plan->ranges->len; i++) {
        const PdSharedRange *range = &g_array_index(work->plan->ranges, PdSharedRange, i);
        PdQuery *query;
        PD_TRY(pd_db_query(work->store->db,
                           "INSERT INTO raw_shared (segment, offset, length, line_width,"
                           " line_end, line_column, home_segment, home_offset, home_length,"
                           " home_line_width, home_line_end, home_line_column)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           &query));
        pd_bind_int(query, work->plan->place.segment);
        pd_bind_int(query, (gint64)range->offset);
        pd_bind_int(query, (gint64)range->length);
        bind_lines(query, &range->lines);
        pd_bind_int(query, range->home_segment);
        pd_bind_int(query, (gint64)range->home_offset);
        pd_bind_int(query, (gint64)pd_shared_home_length(range));
        bind_lines(query, &range->home_lines);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

PdStatus *pd_sharing_forget_ranges(const PdSharingWork *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db,
                       "DELETE FROM raw_shared WHERE segment = ? AND offset >= ? AND offset < ?",
                       &query));
    pd_bind_int(query, work->plan->place.segment);
    pd_bind_int(query, (gint64)work->plan->place.offset);
    pd_bind_int(query, (gint64)(work->plan->place.offset + work->plan->place.length));
    return pd_query_run(query);
}

PdStatus *pd_sharing_become_home(const PdSharingWork *work)
{
    for (guint i = 0; i < work->attachments->len; i++) {
        PdQuery *query;
        PD_TRY(pd_db_query(work->store->db,
                           "INSERT OR IGNORE INTO attachment_home (attachment, inbox)"
                           " SELECT ?1, ?2 WHERE"
                           " (SELECT count(*) FROM attachment_home WHERE attachment = ?1) < 3",
                           &query));
        pd_bind_int(query, g_array_index(work->attachments, gint64, i));
        pd_bind_int(query, work->inbox);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

PdStatus *pd_sharing_forget_notes(const PdSharingWork *work)
{
    PdQuery *query;

    PD_TRY(pd_db_query(work->store->db, "DELETE FROM sharing_pending WHERE inbox = ?", &query));
    pd_bind_int(query, work->inbox);
    return pd_query_run(query);
}
