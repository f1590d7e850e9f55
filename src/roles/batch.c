/* batch.c: see batch.h. */
#include "batch.h"

#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/wake.h"
#include "telling.h"

void pd_batch_init(PdBatch *batch, PdTaking *taking)
{
    batch->taking = taking;
    batch->entries = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    batch->rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_inbox_row_free);
    batch->headers_only = FALSE;
}

void pd_batch_clear(PdBatch *batch)
{
    g_array_unref(batch->entries);
    g_ptr_array_unref(batch->rows);
}

static PdStatus *on_begin(gpointer user)
{
    const PdBatch *batch = user;

    return pd_raw_begin(batch->taking->writer);
}

static PdStatus *on_bytes(const char *bytes, gsize length, gpointer user)
{
    const PdBatch *batch = user;

    return pd_raw_write(batch->taking->writer, bytes, length);
}

static void on_abandon(gpointer user)
{
    const PdBatch *batch = user;

    pd_raw_abandon(batch->taking->writer);
}

static const PdSourceEntry *entry_of(const PdBatch *batch, guint32 uid)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        const PdSourceEntry *entry = &g_array_index(batch->entries, PdSourceEntry, i);
        if (entry->uid == uid)
            return entry;
    }
    return NULL;
}

static PdStatus *on_end(guint32 uid, gpointer user)
{
    PdBatch *batch = user;
    const PdFolder *folder = batch->taking->folder;
    const PdSourceEntry *entry = entry_of(batch, uid);
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();

    if (entry == NULL) {
        pd_raw_abandon(batch->taking->writer);
        return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL,
                             "the server sent message %u, which was not asked for", uid);
    }
    PD_TRY(pd_raw_end(batch->taking->writer, &row->raw, row->sha256));
    row->mailbox = g_strdup(folder->label);
    row->uidvalidity = folder->state.uidvalidity;
    row->uid = uid;
    row->arrived_at = entry->arrived_at;
    row->full_size = entry->size;
    row->truncated = batch->headers_only;
    row->quiet = uid < folder->state.quiet_below;
    row->server_done = folder->mailbox->after == PD_AFTER_KEEP;
    g_ptr_array_add(batch->rows, g_steal_pointer(&row));
    return NULL;
}

PdStatus *pd_batch_fetch(PdBatch *batch)
{
    const PdFetchSink sink = {on_begin, on_bytes, on_end, on_abandon, batch};
    const PdSourceEntry *entries = &g_array_index(batch->entries, PdSourceEntry, 0);

    if (batch->headers_only)
        return pd_source_fetch_headers(batch->taking->source, entries, &sink);
    return pd_source_fetch(batch->taking->source, entries, batch->entries->len, &sink);
}

PdStatus *pd_batch_add_without_bytes(PdBatch *batch)
{
    batch->headers_only = TRUE;
    PD_TRY(pd_raw_begin(batch->taking->writer));
    PD_TRY(on_end(g_array_index(batch->entries, PdSourceEntry, 0).uid, batch));
    PdInboxRow *row = g_ptr_array_index(batch->rows, 0);
    row->server_done = TRUE;
    return NULL;
}

static gboolean has_come(const PdBatch *batch, guint32 uid)
{
    for (guint i = 0; i < batch->rows->len; i++) {
        const PdInboxRow *row = g_ptr_array_index(batch->rows, i);
        if (row->uid == uid)
            return TRUE;
    }
    return FALSE;
}

guint32 pd_batch_first_missing(const PdBatch *batch)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        guint32 uid = g_array_index(batch->entries, PdSourceEntry, i).uid;
        if (!has_come(batch, uid))
            return uid;
    }
    return 0;
}

gboolean pd_batch_lacks(const PdBatch *batch, guint32 uid)
{
    return entry_of(batch, uid) != NULL && !has_come(batch, uid);
}

static PdStatus *add_rows(const PdBatch *batch, const PdFolderState *after)
{
    PdStore *store = batch->taking->role->store;

    for (guint i = 0; i < batch->rows->len; i++) {
        gboolean is_new = FALSE;
        PD_TRY(pd_inbox_add(store, g_ptr_array_index(batch->rows, i), &is_new));
    }
    PD_TRY(pd_telling_note(batch->taking));
    return pd_folder_state_put(store, batch->taking->folder->label, after);
}

PdStatus *pd_batch_commit(PdBatch *batch, guint32 next_uid)
{
    PdTaking *taking = batch->taking;
    PdStore *store = taking->role->store;
    PdFolderState after = taking->folder->state;

    after.next_uid = next_uid;
    after.last_contact = pd_clock_now();
    pd_durable_step("collect.fetched");
    PD_TRY(pd_raw_sync(taking->writer));
    pd_durable_step("collect.raw-synced");
    PD_TRY(pd_store_begin(store));
    PdStatus *status = add_rows(batch, &after);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL) {
        pd_store_rollback(store);
        return status;
    }
    pd_durable_step("collect.committed");
    g_array_set_size(taking->told, 0);
    taking->folder->state = after;
    taking->taken += batch->rows->len;
    if (batch->rows->len > 0)
        pd_wake_knock(taking->role->config->state, "process");
    return NULL;
}

PdStatus *pd_batch_tell(const PdBatch *batch)
{
    g_autofree guint32 *uids = g_new(guint32, batch->rows->len + 1);
    guint count = 0;

    for (guint i = 0; i < batch->rows->len; i++) {
        const PdInboxRow *row = g_ptr_array_index(batch->rows, i);
        if (!row->server_done)
            uids[count++] = row->uid;
    }
    return pd_telling_tell(batch->taking, uids, count);
}
