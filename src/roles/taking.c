/* taking.c: see taking.h. */
#include "taking.h"

#include "batch.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "signals.h"
#include "telling.h"

#define FIRST_BATCH 16 /* messages; the next one is twice as large, and so on */
#define BATCH_MESSAGES 128
#define BATCH_BYTES (8u << 20)

/* A message that did not come may have been deleted meanwhile. One that the server still lists was
 * not given, and must not be passed over. */
static PdStatus *look_for_missing(const PdBatch *batch, guint32 missing)
{
    g_autoptr(GArray) listed = NULL;

    PD_TRY(pd_source_list(batch->taking->source, missing, &listed));
    for (guint i = 0; i < listed->len; i++) {
        guint32 uid = g_array_index(listed, PdSourceEntry, i).uid;
        if (pd_batch_lacks(batch, uid))
            return pd_status_new(PD_SPOILS_CONNECTION, PD_TRY_AGAIN, NULL,
                                 "the server lists message %u but did not send it", uid);
    }
    return NULL;
}

/* How far the folder is read when all up to last are taken but the stubborn ones. */
static guint32 next_after(const PdTaking *taking, guint32 last)
{
    guint32 next = MAX(last + 1, taking->folder->state.next_uid);
    guint32 hole = pd_stubborn_lowest(taking->stubborn);

    return hole != 0 && hole < next ? hole : next;
}

/* Keeps what is good of a batch that broke; takes and returns the reason. */
static PdStatus *keep_what_came(PdBatch *batch, guint32 missing, PdStatus *broken)
{
    guint32 last = g_array_index(batch->entries, PdSourceEntry, batch->entries->len - 1).uid;

    if (missing == 0 || pd_status_spoils(broken) == PD_SPOILS_STORE)
        return broken;
    pd_stubborn_note(batch->taking->stubborn, missing, broken);
    if (batch->rows->len == 0)
        return broken;
    PdStatus *status = pd_batch_commit(batch, MIN(missing, next_after(batch->taking, last)));
    if (status == NULL)
        return broken;
    pd_status_free(broken);
    return status;
}

static PdStatus *take_batch(PdBatch *batch)
{
    guint32 last = g_array_index(batch->entries, PdSourceEntry, batch->entries->len - 1).uid;
    PdStatus *status = pd_batch_fetch(batch);
    guint32 missing = pd_batch_first_missing(batch);

    if (status == NULL && missing != 0)
        status = look_for_missing(batch, missing);
    if (status != NULL)
        return keep_what_came(batch, missing, status);
    PD_TRY(pd_batch_commit(batch, next_after(batch->taking, last)));
    return pd_batch_tell(batch);
}

/* The server cannot be brought to give this message: a row without bytes becomes a ticket that says
 * so, and the line goes on. On the server the message stays as it is. */
static PdStatus *take_without_bytes(PdBatch *batch, const PdStubborn *stubborn)
{
    const PdFolder *folder = batch->taking->folder;
    guint32 uid = stubborn->uid;
    g_autofree char *text = g_strdup_printf(
        "Message %u could not be fetched in %u attempts. It is left on the server and recorded "
        "without its content.",
        uid, stubborn->attempts);

    PdJson *facts = pd_json_set_text(pd_json_object(), "folder", folder->label);
    pd_json_set_int(facts, "uid", uid);
    pd_json_set_int(facts, "attempts", stubborn->attempts);
    pd_role_alarm(batch->taking->role, "message-not-fetched", folder->label, text, facts);
    PD_TRY(pd_batch_add_without_bytes(batch));
    return pd_batch_commit(batch, next_after(batch->taking, uid));
}

/* Alone, after all others. */
static PdStatus *take_stubborn(PdTaking *taking, const PdSourceEntry *entry)
{
    const PdStubborn *stubborn = pd_stubborn_find(taking->stubborn, entry->uid);
    PdBatch batch;

    pd_batch_init(&batch, taking);
    g_array_append_vals(batch.entries, entry, 1);
    batch.headers_only = pd_stubborn_wants_headers_only(stubborn);
    PdStatus *status = pd_stubborn_is_hopeless(stubborn) ? take_without_bytes(&batch, stubborn)
                                                         : take_batch(&batch);
    pd_batch_clear(&batch);
    if (status == NULL)
        pd_stubborn_forget(taking->stubborn, entry->uid);
    return status;
}

/* One that failed less often goes before one that failed more often. */
static PdStatus *take_all_stubborn(PdTaking *taking, GArray *entries)
{
    while (entries->len > 0 && !pd_signals_stop_asked() && !pd_taking_is_paused(taking)) {
        guint best = 0;
        guint fewest = G_MAXUINT;
        for (guint i = 0; i < entries->len; i++) {
            guint32 uid = g_array_index(entries, PdSourceEntry, i).uid;
            guint attempts = pd_stubborn_find(taking->stubborn, uid)->attempts;
            if (attempts < fewest) {
                fewest = attempts;
                best = i;
            }
        }
        PdSourceEntry entry = g_array_index(entries, PdSourceEntry, best);
        g_array_remove_index(entries, best);
        PD_TRY(take_stubborn(taking, &entry));
    }
    return NULL;
}

static gboolean is_over_the_limit(const PdTaking *taking, const PdSourceEntry *entry)
{
    return entry->size > taking->folder->mailbox->size_limit;
}

/* Moves entries from *next on into the batch: one alone that is over the limit, or up to most. */
static void fill(PdBatch *batch, const GArray *entries, guint *next, guint most)
{
    guint64 bytes = 0;

    for (; *next < entries->len && batch->entries->len < most; (*next)++) {
        const PdSourceEntry *entry = &g_array_index(entries, PdSourceEntry, *next);
        gboolean alone = is_over_the_limit(batch->taking, entry);
        if (batch->entries->len > 0 && (alone || bytes + entry->size > BATCH_BYTES))
            return;
        bytes += entry->size;
        g_array_append_vals(batch->entries, entry, 1);
        if (alone) {
            batch->headers_only = TRUE;
            (*next)++;
            return;
        }
    }
}

static void tell_progress(const PdTaking *taking, guint done, guint total)
{
    if (taking->context->progress != NULL)
        taking->context->progress(done, total, taking->context->progress_user);
}

/* The workers begin with what the first batch brings, so that one is small. */
static PdStatus *take_others(PdTaking *taking, const GArray *entries)
{
    guint next = 0, most = FIRST_BATCH;

    while (next < entries->len && !pd_signals_stop_asked() && !pd_taking_is_paused(taking)) {
        PdBatch batch;
        pd_batch_init(&batch, taking);
        fill(&batch, entries, &next, most);
        PdStatus *status = take_batch(&batch);
        pd_batch_clear(&batch);
        PD_TRY(status);
        tell_progress(taking, next, entries->len);
        most = MIN(2 * most, BATCH_MESSAGES);
    }
    return NULL;
}

/* What is to be fetched now: not left out (those are counted) and not in the ledger. */
static PdStatus *choose(PdTaking *taking, const GArray *listed, GArray *others, GArray *stubborn,
                        guint *left_out)
{
    g_autoptr(GArray) known = NULL;
    PdFolder *folder = taking->folder;
    guint at = 0;

    PD_TRY(pd_inbox_uids(taking->role->store, folder->label, folder->state.uidvalidity,
                         folder->state.next_uid, &known));
    for (guint i = 0; i < listed->len; i++) {
        const PdSourceEntry *entry = &g_array_index(listed, PdSourceEntry, i);
        if (pd_folder_uid_is_in(known, entry->uid, &at))
            continue;
        if (!pd_folder_wants(folder, entry))
            (*left_out)++;
        else if (pd_stubborn_find(taking->stubborn, entry->uid) != NULL)
            g_array_append_val(stubborn, *entry);
        else
            g_array_append_val(others, *entry);
    }
    return NULL;
}

static void tell_left_out(const PdFolder *folder, guint left_out)
{
    const PdLogFields fields = {.mailbox = folder->label};
    g_autofree char *start = pd_clock_format_local(folder->state.started_at);

    if (left_out > 0)
        pd_log(PD_LOG_INFO, "left-out", &fields, "%u messages that came before %s are left out",
               left_out, start);
}

/* Everything of the list is taken or left out: the folder is read that far. */
static PdStatus *pass_over(PdTaking *taking, guint32 last, guint left_out)
{
    PdFolder *folder = taking->folder;

    tell_left_out(folder, left_out);
    folder->state.left_out += left_out;
    if (last < folder->state.next_uid && left_out == 0)
        return NULL;
    folder->state.next_uid = MAX(folder->state.next_uid, last + 1);
    return pd_folder_save(folder, taking->role->store);
}

static gboolean is_listed(guint32 uid, gpointer user)
{
    const GArray *entries = user;

    for (guint i = 0; i < entries->len; i++) {
        if (g_array_index(entries, PdSourceEntry, i).uid == uid)
            return TRUE;
    }
    return FALSE;
}

static PdStatus *take_listed(PdTaking *taking, const GArray *listed)
{
    guint32 last = g_array_index(listed, PdSourceEntry, listed->len - 1).uid;
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    g_autoptr(GArray) stubborn = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    guint left_out = 0;

    PD_TRY(choose(taking, listed, others, stubborn, &left_out));
    pd_stubborn_keep(taking->stubborn, last, is_listed, stubborn);
    PD_TRY(take_others(taking, others));
    PD_TRY(take_all_stubborn(taking, stubborn));
    if (pd_signals_stop_asked() || pd_taking_is_paused(taking))
        return NULL;
    return pass_over(taking, last, left_out);
}

PdStatus *pd_taking_catch_up(PdTaking *taking)
{
    while (!pd_signals_stop_asked() && !pd_taking_is_paused(taking)) {
        g_autoptr(GArray) listed = NULL;
        PD_TRY(pd_source_list(taking->source, taking->folder->state.next_uid, &listed));
        if (listed->len == 0)
            break;
        PD_TRY(take_listed(taking, listed));
    }
    PD_TRY(pd_telling_try_again(taking));
    return pd_telling_flush(taking);
}

gboolean pd_taking_is_paused(const PdTaking *taking)
{
    const PdConfig *config = taking->role->config;

    return pd_folder_free_space(config->state) < config->min_free_space;
}
