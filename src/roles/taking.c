/* taking.c: see taking.h. */
#include "taking.h"

#include "postdesk/clock.h"
#include "postdesk/killpoint.h"
#include "postdesk/wake.h"
#include "signals.h"
#include <string.h>

#define BATCH_MESSAGES 64
#define BATCH_BYTES (8u << 20)
#define STUBBORN_ATTEMPTS 3 /* then only the headers of a message are asked for */
#define HOPELESS_ATTEMPTS 6 /* then it is taken in without any bytes, for a person to look at */

/* One batch under way: entries asked for, and a row for each that came. */
typedef struct {
    PdTaking *taking;
    GArray *entries; /* of PdSourceEntry, ascending */
    GPtrArray *rows; /* of PdInboxRow * */
    gboolean headers_only;
} Batch;

static void batch_init(Batch *batch, PdTaking *taking)
{
    batch->taking = taking;
    batch->entries = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    batch->rows = g_ptr_array_new_with_free_func((GDestroyNotify)pd_inbox_row_free);
    batch->headers_only = FALSE;
}

static void batch_clear(Batch *batch)
{
    g_array_unref(batch->entries);
    g_ptr_array_unref(batch->rows);
}

static PdStatus *on_begin(gpointer user)
{
    const Batch *batch = user;

    return pd_raw_begin(batch->taking->writer);
}

static PdStatus *on_bytes(const char *bytes, gsize length, gpointer user)
{
    const Batch *batch = user;

    return pd_raw_write(batch->taking->writer, bytes, length);
}

static void on_abandon(gpointer user)
{
    const Batch *batch = user;

    pd_raw_abandon(batch->taking->writer);
}

static const PdSourceEntry *entry_of(const Batch *batch, guint32 uid)
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
    Batch *batch = user;
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

static PdStatus *fetch(Batch *batch)
{
    const PdFetchSink sink = {on_begin, on_bytes, on_end, on_abandon, batch};
    const PdSourceEntry *entries = &g_array_index(batch->entries, PdSourceEntry, 0);

    if (batch->headers_only)
        return pd_source_fetch_headers(batch->taking->source, entries, &sink);
    return pd_source_fetch(batch->taking->source, entries, batch->entries->len, &sink);
}

static PdStatus *mark_told(PdTaking *taking)
{
    return pd_inbox_told(taking->role->store, taking->folder->label,
                         taking->folder->state.uidvalidity,
                         &g_array_index(taking->told, guint32, 0), taking->told->len);
}

/* In a transaction of its own, where no batch follows. */
static PdStatus *note_told(PdTaking *taking)
{
    PdStore *store = taking->role->store;

    if (taking->told->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(store));
    PdStatus *status = mark_told(taking);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    else
        g_array_set_size(taking->told, 0);
    return status;
}

static PdStatus *add_rows(const Batch *batch, const PdFolderState *after)
{
    PdStore *store = batch->taking->role->store;

    for (guint i = 0; i < batch->rows->len; i++) {
        gboolean is_new = FALSE;
        PD_TRY(pd_inbox_add(store, g_ptr_array_index(batch->rows, i), &is_new));
    }
    if (batch->taking->told->len > 0)
        PD_TRY(mark_told(batch->taking));
    return pd_folder_state_put(store, batch->taking->folder->label, after);
}

/* The rows and how far the folder is read, in one transaction. */
static PdStatus *commit(const Batch *batch)
{
    PdTaking *taking = batch->taking;
    PdStore *store = taking->role->store;
    PdFolderState after = taking->folder->state;

    after.next_uid = g_array_index(batch->entries, PdSourceEntry, batch->entries->len - 1).uid + 1;
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

static PdStatus *tell(PdTaking *taking, const guint32 *uids, guint count)
{
    const PdMailbox *mailbox = taking->folder->mailbox;

    if (count == 0 || mailbox->after == PD_AFTER_KEEP)
        return NULL;
    if (mailbox->after == PD_AFTER_MOVE)
        PD_TRY(pd_source_move(taking->source, uids, count, mailbox->move_to));
    else
        PD_TRY(pd_source_mark_seen(taking->source, uids, count));
    pd_durable_step("collect.server-told");
    g_array_append_vals(taking->told, uids, count);
    return NULL;
}

static PdStatus *tell_of_rows(const Batch *batch)
{
    g_autofree guint32 *uids = g_new(guint32, batch->rows->len + 1);

    for (guint i = 0; i < batch->rows->len; i++) {
        const PdInboxRow *row = g_ptr_array_index(batch->rows, i);
        uids[i] = row->uid;
    }
    return tell(batch->taking, uids, batch->rows->len);
}

PdStatus *pd_taking_tell_left(PdTaking *taking)
{
    g_autoptr(GArray) uids = NULL;

    if (taking->folder->mailbox->after == PD_AFTER_KEEP)
        return NULL;
    PD_TRY(pd_inbox_untold(taking->role->store, taking->folder->label,
                           taking->folder->state.uidvalidity, &uids));
    for (guint done = 0; done < uids->len; done += BATCH_MESSAGES) {
        guint count = MIN(BATCH_MESSAGES, uids->len - done);
        PD_TRY(tell(taking, &g_array_index(uids, guint32, done), count));
    }
    return note_told(taking);
}

/* A message over the limit, or one whose fetch keeps breaking the connection, is asked for its
 * headers only. */
static gboolean wants_headers_only(const PdTaking *taking, const PdSourceEntry *entry)
{
    return entry->size > taking->folder->mailbox->size_limit ||
           (entry->uid == taking->stubborn && taking->attempts >= STUBBORN_ATTEMPTS);
}

/* Moves entries from *next on into the batch: one that goes alone, or as many as a batch holds.
 * Left-out ones are passed over and counted. */
static void fill(Batch *batch, const GArray *entries, guint *next)
{
    PdTaking *taking = batch->taking;
    guint64 bytes = 0;

    for (; *next < entries->len && batch->entries->len < BATCH_MESSAGES; (*next)++) {
        const PdSourceEntry *entry = &g_array_index(entries, PdSourceEntry, *next);
        gboolean alone = wants_headers_only(taking, entry) || entry->uid == taking->stubborn;
        if (!pd_folder_wants(taking->folder, entry)) {
            taking->folder->state.left_out++;
            continue;
        }
        if (batch->entries->len > 0 && (alone || bytes + entry->size > BATCH_BYTES))
            return;
        bytes += entry->size;
        g_array_append_vals(batch->entries, entry, 1);
        if (alone) {
            batch->headers_only = wants_headers_only(taking, entry);
            (*next)++;
            return;
        }
    }
}

/* A connection that broke on a message: it is tried alone next time. */
static void note_stubborn(PdTaking *taking, guint32 uid)
{
    if (uid != taking->stubborn)
        taking->attempts = 0;
    taking->stubborn = uid;
    taking->attempts++;
}

static gboolean has_come(const Batch *batch, guint32 uid)
{
    for (guint i = 0; i < batch->rows->len; i++) {
        const PdInboxRow *row = g_ptr_array_index(batch->rows, i);
        if (row->uid == uid)
            return TRUE;
    }
    return FALSE;
}

/* The first one that was asked for and did not come; 0: all came. */
static guint32 first_missing(const Batch *batch)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        guint32 uid = g_array_index(batch->entries, PdSourceEntry, i).uid;
        if (!has_come(batch, uid))
            return uid;
    }
    return 0;
}

/* A message that did not come may have been deleted meanwhile. One that the server still lists was
 * not given, and must not be passed over. */
static PdStatus *look_for_missing(const Batch *batch, guint32 missing)
{
    g_autoptr(GArray) listed = NULL;

    PD_TRY(pd_source_list(batch->taking->source, missing, &listed));
    for (guint i = 0; i < listed->len; i++) {
        guint32 uid = g_array_index(listed, PdSourceEntry, i).uid;
        if (entry_of(batch, uid) != NULL && !has_come(batch, uid))
            return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL,
                                 "the server lists message %u but did not send it", uid);
    }
    return NULL;
}

/* The server cannot be brought to give this message: a row without bytes becomes a ticket that says
 * so, and the line goes on. On the server the message stays as it is. */
static PdStatus *take_without_bytes(Batch *batch)
{
    const PdSourceEntry *entry = &g_array_index(batch->entries, PdSourceEntry, 0);
    g_autofree char *text = g_strdup_printf(
        "Message %u of %s could not be fetched in %d attempts. It is left on the server and "
        "recorded without its content.",
        entry->uid, batch->taking->folder->label, HOPELESS_ATTEMPTS);

    pd_role_alarm(batch->taking->role, "message-not-fetched", batch->taking->folder->label, text);
    batch->headers_only = TRUE;
    PD_TRY(pd_raw_begin(batch->taking->writer));
    PD_TRY(on_end(entry->uid, batch));
    PdInboxRow *row = g_ptr_array_index(batch->rows, 0);
    row->server_done = TRUE;
    return commit(batch);
}

static gboolean is_hopeless(const Batch *batch)
{
    const PdTaking *taking = batch->taking;

    return g_array_index(batch->entries, PdSourceEntry, 0).uid == taking->stubborn &&
           taking->attempts >= HOPELESS_ATTEMPTS;
}

static PdStatus *take_batch(Batch *batch)
{
    if (is_hopeless(batch))
        return take_without_bytes(batch);
    PdStatus *status = fetch(batch);
    guint32 missing = first_missing(batch);
    if (status == NULL && missing != 0)
        status = look_for_missing(batch, missing);
    if (status != NULL) {
        if (pd_status_spoils(status) == PD_SPOILS_CONNECTION && missing != 0)
            note_stubborn(batch->taking, missing);
        return status;
    }
    PD_TRY(commit(batch));
    return tell_of_rows(batch);
}

/* Everything of the list was left out at its end: the folder is read that far all the same. */
static PdStatus *pass_over(PdTaking *taking, const GArray *entries)
{
    guint32 next = g_array_index(entries, PdSourceEntry, entries->len - 1).uid + 1;

    if (next <= taking->folder->state.next_uid)
        return NULL;
    taking->folder->state.next_uid = next;
    return pd_folder_save(taking->folder, taking->role->store);
}

static PdStatus *take_listed(PdTaking *taking, const GArray *entries)
{
    guint next = 0;

    while (next < entries->len && !pd_signals_stop_asked() && !pd_taking_is_paused(taking)) {
        Batch batch;
        batch_init(&batch, taking);
        fill(&batch, entries, &next);
        PdStatus *status = batch.entries->len > 0 ? take_batch(&batch) : NULL;
        batch_clear(&batch);
        PD_TRY(status);
    }
    return next == entries->len ? pass_over(taking, entries) : NULL;
}

PdStatus *pd_taking_catch_up(PdTaking *taking)
{
    while (!pd_signals_stop_asked() && !pd_taking_is_paused(taking)) {
        g_autoptr(GArray) entries = NULL;
        PD_TRY(pd_source_list(taking->source, taking->folder->state.next_uid, &entries));
        if (entries->len == 0)
            break;
        PD_TRY(take_listed(taking, entries));
    }
    return note_told(taking);
}

gboolean pd_taking_is_paused(const PdTaking *taking)
{
    const PdConfig *config = taking->role->config;

    return pd_folder_free_space(config->state) < config->min_free_space;
}
