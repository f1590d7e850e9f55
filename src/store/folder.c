/* folder.c: what is known of mailbox folders, and their short numbers. */
#include "postdesk/inbox.h"

#include "store_internal.h"

static PdStatus *find_mailbox(PdStore *store, const char *name, gint64 *id)
{
    PdQuery *query;

    *id = 0;
    PD_TRY(pd_db_query(store->db, "SELECT id FROM mailbox WHERE name = ?", &query));
    pd_bind_text(query, name);
    return pd_query_number(query, id);
}

static PdStatus *add_mailbox(PdStore *store, const char *name, gint64 *id)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db, "INSERT INTO mailbox (name) VALUES (?)", &query));
    pd_bind_text(query, name);
    PD_TRY(pd_query_run(query));
    *id = pd_db_last_id(store->db);
    return NULL;
}

PdStatus *pd_mailbox_intern(PdStore *store, const char *name, gboolean make, gint64 *id)
{
    const gint64 *known = g_hash_table_lookup(store->mailboxes, name);

    if (known != NULL) {
        *id = *known;
        return NULL;
    }
    PD_TRY(find_mailbox(store, name, id));
    if (*id == 0 && make)
        PD_TRY(add_mailbox(store, name, id));
    if (*id != 0)
        g_hash_table_insert(store->mailboxes, g_strdup(name), g_memdup2(id, sizeof *id));
    return NULL;
}

static void read_state(PdQuery *query, PdFolderState *state)
{
    state->uidvalidity = (guint32)pd_column_int(query, 0);
    state->next_uid = (guint32)pd_column_int(query, 1);
    state->quiet_below = (guint32)pd_column_int(query, 2);
    state->dated_below = (guint32)pd_column_int(query, 3);
    state->started_at = pd_column_int(query, 4);
    state->last_contact = pd_column_int(query, 5);
    state->left_out = pd_column_int(query, 6);
}

PdStatus *pd_folder_state_get(PdStore *store, const char *mailbox, PdFolderState *state)
{
    gboolean row;
    PdQuery *query;

    *state = (PdFolderState){0};
    PD_TRY(pd_db_query(store->db,
                       "SELECT uidvalidity, next_uid, quiet_below, dated_below, started_at,"
                       " last_contact, left_out FROM mailbox WHERE name = ?",
                       &query));
    pd_bind_text(query, mailbox);
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return NULL;
    read_state(query, state);
    pd_query_leave(query);
    return NULL;
}

PdStatus *pd_folder_state_put(PdStore *store, const char *mailbox, const PdFolderState *state)
{
    gint64 id;
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_mailbox_intern(store, mailbox, TRUE, &id));
    PD_TRY(pd_db_query(
        store->db,
        "UPDATE mailbox SET uidvalidity = ?, next_uid = ?, quiet_below = ?, dated_below = ?,"
        " started_at = ?, last_contact = ?, left_out = ? WHERE id = ?",
        &query));
    pd_bind_int(query, state->uidvalidity);
    pd_bind_int(query, state->next_uid);
    pd_bind_int(query, state->quiet_below);
    pd_bind_int(query, state->dated_below);
    pd_bind_int(query, state->started_at);
    pd_bind_int(query, state->last_contact);
    pd_bind_int(query, state->left_out);
    pd_bind_int(query, id);
    return pd_query_run(query);
}

static PdStatus *collect_uids(PdQuery *query, GArray **uids)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        guint32 uid = (guint32)pd_column_int(query, 0);
        g_array_append_val(all, uid);
    }
    *uids = g_steal_pointer(&all);
    return NULL;
}

static PdStatus *uids_by(PdStore *store, const char *sql, const char *mailbox, guint32 uidvalidity,
                         guint32 first, GArray **uids)
{
    gint64 id;
    PdQuery *query;

    PD_TRY(pd_mailbox_intern(store, mailbox, FALSE, &id));
    PD_TRY(pd_db_query(store->db, sql, &query));
    pd_bind_int(query, id);
    pd_bind_int(query, uidvalidity);
    pd_bind_int(query, MAX(first, 1));
    return collect_uids(query, uids);
}

PdStatus *pd_inbox_untold(PdStore *store, const char *mailbox, guint32 uidvalidity, GArray **uids)
{
    return uids_by(store,
                   "SELECT uid FROM inbox WHERE mailbox = ? AND uidvalidity = ? AND uid >= ?"
                   " AND uid > 0 AND server_done = 0 ORDER BY uid",
                   mailbox, uidvalidity, 1, uids);
}

PdStatus *pd_inbox_uids(PdStore *store, const char *mailbox, guint32 uidvalidity, guint32 first,
                        GArray **uids)
{
    return uids_by(store,
                   "SELECT uid FROM inbox WHERE mailbox = ? AND uidvalidity = ? AND uid >= ?"
                   " AND uid > 0 ORDER BY uid",
                   mailbox, uidvalidity, first, uids);
}

PdStatus *pd_inbox_told(PdStore *store, const char *mailbox, guint32 uidvalidity,
                        const guint32 *uids, guint count)
{
    gint64 id;
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_mailbox_intern(store, mailbox, FALSE, &id));
    for (guint i = 0; i < count; i++) {
        PD_TRY(pd_db_query(store->db,
                           "UPDATE inbox SET server_done = 1 WHERE mailbox = ?"
                           " AND uidvalidity = ? AND uid = ? AND uid > 0 AND server_done = 0",
                           &query));
        pd_bind_int(query, id);
        pd_bind_int(query, uidvalidity);
        pd_bind_int(query, uids[i]);
        PD_TRY(pd_query_run(query));
    }
    return NULL;
}

PdStatus *pd_inbox_arrival(PdStore *store, const char *mailbox, guint32 uidvalidity, guint32 uid,
                           gint64 *arrived_at)
{
    gint64 id;
    PdQuery *query;

    *arrived_at = -1;
    PD_TRY(pd_mailbox_intern(store, mailbox, FALSE, &id));
    PD_TRY(pd_db_query(store->db,
                       "SELECT arrived_at FROM inbox"
                       " WHERE mailbox = ? AND uidvalidity = ? AND uid = ? AND uid > 0",
                       &query));
    pd_bind_int(query, id);
    pd_bind_int(query, uidvalidity);
    pd_bind_int(query, uid);
    return pd_query_number(query, arrived_at);
}

/* They stay to be seen, as negative ones. */
PdStatus *pd_inbox_forget_uids(PdStore *store, const char *mailbox, guint32 uidvalidity)
{
    gint64 id;
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_mailbox_intern(store, mailbox, FALSE, &id));
    PD_TRY(pd_db_query(store->db,
                       "UPDATE inbox SET uid = -uid WHERE mailbox = ? AND uidvalidity = ?"
                       " AND uid > 0",
                       &query));
    pd_bind_int(query, id);
    pd_bind_int(query, uidvalidity);
    return pd_query_run(query);
}
