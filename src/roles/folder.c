/* folder.c: see folder.h. */
#include "folder.h"

#include "postdesk/clock.h"
#include "postdesk/outbox.h"

#define LOOKED_BACK 32 /* UIDs */

void pd_folder_init(PdFolder *folder, const PdMailbox *mailbox, const char *name)
{
    *folder = (PdFolder){.mailbox = mailbox, .folder = name};
    folder->label = g_strconcat(mailbox->name, "/", name, NULL);
}

void pd_folder_clear(PdFolder *folder)
{
    g_clear_pointer(&folder->label, g_free);
}

gboolean pd_folder_wants(const PdFolder *folder, const PdSourceEntry *entry)
{
    return entry->uid >= folder->state.dated_below || entry->arrived_at >= folder->state.started_at;
}

gboolean pd_folder_uid_is_in(const GArray *uids, guint32 uid, guint *at)
{
    while (*at < uids->len && g_array_index(uids, guint32, *at) < uid)
        (*at)++;
    return *at < uids->len && g_array_index(uids, guint32, *at) == uid;
}

PdStatus *pd_folder_save(PdFolder *folder, PdStore *store)
{
    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_folder_state_put(store, folder->label, &folder->state);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

/* The UID that the next new message gets. A server that does not say is asked for its list. */
static PdStatus *next_uid(PdSource *source, guint32 *next)
{
    g_autoptr(GArray) entries = NULL;

    *next = pd_source_folder(source)->uidnext;
    if (*next != 0)
        return NULL;
    *next = 1;
    do {
        g_clear_pointer(&entries, g_array_unref);
        PD_TRY(pd_source_list(source, *next, &entries));
        if (entries->len > 0)
            *next = g_array_index(entries, PdSourceEntry, entries->len - 1).uid + 1;
    } while (entries->len > 0);
    return NULL;
}

static PdStatus *first_contact(PdFolder *folder, PdSource *source)
{
    const PdLogFields fields = {.mailbox = folder->label};
    const PdSourceFolder *there = pd_source_folder(source);

    folder->state.uidvalidity = there->uidvalidity;
    folder->state.next_uid = 1;
    folder->state.started_at = 0;
    if (folder->mailbox->start == PD_START_DATE) {
        folder->state.started_at = folder->mailbox->start_date;
        PD_TRY(next_uid(source, &folder->state.dated_below));
    }
    if (folder->mailbox->start != PD_START_NOW) {
        pd_log(PD_LOG_INFO, "first-contact", &fields, "%u messages are there", there->exists);
        return NULL;
    }
    PD_TRY(next_uid(source, &folder->state.next_uid));
    folder->state.started_at = pd_clock_now();
    folder->state.left_out = there->exists;
    pd_log(PD_LOG_INFO, "first-contact", &fields,
           "%u messages that were there before are left out (start: now); with start: all or a "
           "date before the first contact they would be taken in",
           there->exists);
    return NULL;
}

/* All that is there now is compared, and quiet. */
static PdStatus *begin_anew(PdFolder *folder, PdSource *source)
{
    folder->state.next_uid = 1;
    PD_TRY(next_uid(source, &folder->state.quiet_below));
    folder->state.dated_below = folder->state.quiet_below;
    return NULL;
}

static PdStatus *uidvalidity_changed(PdFolder *folder, PdRole *role, PdSource *source)
{
    const PdSourceFolder *there = pd_source_folder(source);
    g_autofree char *text = g_strdup_printf(
        "The server numbers this folder anew (UIDVALIDITY %u instead of %u). Its mail is compared "
        "with what is stored: copies are ignored, what was never seen becomes a ticket whose "
        "answer is held in the outbox as unknown.",
        there->uidvalidity, folder->state.uidvalidity);

    PdJson *facts = pd_json_set_text(pd_json_object(), "folder", folder->label);
    pd_json_set_int(facts, "old", folder->state.uidvalidity);
    pd_json_set_int(facts, "new", there->uidvalidity);
    pd_role_alarm(role, "uidvalidity", folder->label, text, facts);
    folder->state.uidvalidity = there->uidvalidity;
    return begin_anew(folder, source);
}

/* Whether the UID is another message's than in the ledger: a message keeps its internal date (RFC
 * 9051, 2.3.3), while some servers do not tell the same size each time. */
static PdStatus *is_another(const PdFolder *folder, PdStore *store, const PdSourceEntry *entry,
                            gboolean *another)
{
    gint64 arrived_at;

    PD_TRY(
        pd_inbox_arrival(store, folder->label, folder->state.uidvalidity, entry->uid, &arrived_at));
    *another = arrived_at >= 0 && arrived_at != entry->arrived_at;
    return NULL;
}

/* The last messages that were there are still the same. What is gone tells nothing. */
static PdStatus *compare_last(const PdFolder *folder, PdStore *store, PdSource *source,
                              gboolean *set_back)
{
    guint32 next = folder->state.next_uid;
    g_autoptr(GArray) entries = NULL;

    PD_TRY(pd_source_list(source, next > LOOKED_BACK ? next - LOOKED_BACK : 1, &entries));
    for (guint i = 0; i < entries->len && !*set_back; i++) {
        const PdSourceEntry *entry = &g_array_index(entries, PdSourceEntry, i);
        if (entry->uid >= next)
            break;
        PD_TRY(is_another(folder, store, entry, set_back));
    }
    return NULL;
}

PdStatus *pd_folder_is_set_back(const PdFolder *folder, PdStore *store, PdSource *source,
                                gboolean *set_back)
{
    guint32 next = pd_source_folder(source)->uidnext;

    *set_back = next != 0 && next < folder->state.next_uid;
    return *set_back || folder->state.next_uid <= 1 ? NULL
                                                    : compare_last(folder, store, source, set_back);
}

static PdStatus *forget_numbers(const PdFolder *folder, PdStore *store)
{
    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_inbox_forget_uids(store, folder->label, folder->state.uidvalidity);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

/* A server that was restored from a backup gives the numbers that came since to other mail, which
 * RFC 9051, 2.3.1.1 forbids it. Until the state is saved this is found again. */
static PdStatus *take_set_back(PdFolder *folder, PdRole *role, PdSource *source)
{
    g_autofree char *text = g_strdup_printf(
        "The server has gone back in %s, to a backup perhaps: other messages have the numbers of "
        "those that were taken in. Its mail is compared with what is stored: copies are ignored, "
        "what was never seen becomes a ticket whose answer is held in the outbox as unknown.",
        folder->label);

    pd_role_alarm(role, "set-back", folder->label, text,
                  pd_json_set_text(pd_json_object(), "folder", folder->label));
    PD_TRY(forget_numbers(folder, role->store));
    return begin_anew(folder, source);
}

PdStatus *pd_folder_meet(PdFolder *folder, PdRole *role, PdSource *source)
{
    const PdSourceFolder *there = pd_source_folder(source);
    gboolean held = FALSE, set_back = FALSE;

    PD_TRY(pd_folder_state_get(role->store, folder->label, &folder->state));
    PD_TRY(pd_outbox_is_held(role->store, &held));
    if (folder->state.uidvalidity == 0)
        PD_TRY(first_contact(folder, source));
    else if (folder->state.uidvalidity != there->uidvalidity)
        PD_TRY(uidvalidity_changed(folder, role, source));
    else
        PD_TRY(pd_folder_is_set_back(folder, role->store, source, &set_back));
    if (set_back)
        PD_TRY(take_set_back(folder, role, source));
    if (held) /* also at a first contact: the backup may be older than the mailbox's first one */
        PD_TRY(next_uid(source, &folder->state.quiet_below));
    folder->state.last_contact = pd_clock_now();
    return pd_folder_save(folder, role->store);
}
