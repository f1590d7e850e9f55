/* folder.c: see folder.h. */
#include "folder.h"

#include "postdesk/clock.h"
#include "postdesk/outbox.h"

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
    folder->state.next_uid = 1;
    PD_TRY(next_uid(source, &folder->state.quiet_below));
    folder->state.dated_below = folder->state.quiet_below;
    return NULL;
}

PdStatus *pd_folder_meet(PdFolder *folder, PdRole *role, PdSource *source)
{
    const PdSourceFolder *there = pd_source_folder(source);
    gboolean held = FALSE;

    PD_TRY(pd_folder_state_get(role->store, folder->label, &folder->state));
    PD_TRY(pd_outbox_is_held(role->store, &held));
    if (folder->state.uidvalidity == 0)
        PD_TRY(first_contact(folder, source));
    else if (folder->state.uidvalidity != there->uidvalidity)
        PD_TRY(uidvalidity_changed(folder, role, source));
    if (held) /* also at a first contact: the backup may be older than the mailbox's first one */
        PD_TRY(next_uid(source, &folder->state.quiet_below));
    folder->state.last_contact = pd_clock_now();
    return pd_folder_save(folder, role->store);
}
