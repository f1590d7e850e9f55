/* telling.c: see telling.h. */
#include "telling.h"

#include "postdesk/killpoint.h"

#define MOST_AT_ONCE 64

PdStatus *pd_telling_note(PdTaking *taking)
{
    if (taking->told->len == 0)
        return NULL;
    return pd_inbox_told(taking->role->store, taking->folder->label,
                         taking->folder->state.uidvalidity,
                         &g_array_index(taking->told, guint32, 0), taking->told->len);
}

PdStatus *pd_telling_flush(PdTaking *taking)
{
    PdStore *store = taking->role->store;

    if (taking->told->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_telling_note(taking);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    else
        g_array_set_size(taking->told, 0);
    return status;
}

PdStatus *pd_telling_tell(PdTaking *taking, const guint32 *uids, guint count)
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

PdStatus *pd_taking_tell_left(PdTaking *taking)
{
    g_autoptr(GArray) uids = NULL;

    if (taking->folder->mailbox->after == PD_AFTER_KEEP)
        return NULL;
    PD_TRY(pd_inbox_untold(taking->role->store, taking->folder->label,
                           taking->folder->state.uidvalidity, &uids));
    for (guint done = 0; done < uids->len; done += MOST_AT_ONCE) {
        guint count = MIN(MOST_AT_ONCE, uids->len - done);
        PD_TRY(pd_telling_tell(taking, &g_array_index(uids, guint32, done), count));
    }
    return pd_telling_flush(taking);
}
