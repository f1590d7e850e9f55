/* telling.c: see telling.h. */
#include "telling.h"

#include "postdesk/clock.h"
#include "postdesk/killpoint.h"

#define MOST_AT_ONCE 64
#define REST (10 * PD_MINUTE) /* after a refusal */

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

static PdStatus *tell_server(const PdTaking *taking, const guint32 *uids, guint count)
{
    const PdMailbox *mailbox = taking->folder->mailbox;

    if (mailbox->after == PD_AFTER_MOVE)
        return pd_source_move(taking->source, uids, count, mailbox->move_to);
    return pd_source_mark_seen(taking->source, uids, count);
}

static void alarm_refused(const PdTaking *taking)
{
    pd_role_alarm_of(
        taking->role, "server-not-told", "folder", taking->folder->label,
        "Mail is taken in and answered, but the server refuses what is to be done with "
        "it afterwards (after): ",
        taking->refused);
}

/* Takes the status. The server is left alone for a while, or a full folder would be tried with each
 * message that comes. What is there twice already must not be copied again. */
static PdStatus *after_refusal(PdTaking *taking, PdStatus *status, const guint32 *uids, guint count)
{
    if (status == NULL || (pd_status_spoils(status) != PD_SPOILS_MAILBOX &&
                           pd_status_spoils(status) != PD_SPOILS_MESSAGE))
        return status;
    pd_status_free(taking->refused);
    taking->refused = status;
    alarm_refused(taking);
    if (pd_status_spoils(status) == PD_SPOILS_MESSAGE) {
        g_array_append_vals(taking->told, uids, count);
        return NULL;
    }
    taking->untold = TRUE;
    taking->quiet_until = pd_clock_monotonic() + REST;
    return NULL;
}

static gboolean rests(const PdTaking *taking)
{
    return taking->quiet_until > pd_clock_monotonic();
}

PdStatus *pd_telling_tell(PdTaking *taking, const guint32 *uids, guint count)
{
    if (count == 0 || taking->folder->mailbox->after == PD_AFTER_KEEP)
        return NULL;
    if (rests(taking)) {
        taking->untold = TRUE;
        return NULL;
    }
    PdStatus *status = tell_server(taking, uids, count);
    if (status != NULL)
        return after_refusal(taking, status, uids, count);
    pd_durable_step("collect.server-told");
    g_array_append_vals(taking->told, uids, count);
    return NULL;
}

PdStatus *pd_taking_tell_left(PdTaking *taking)
{
    g_autoptr(GArray) uids = NULL;

    if (taking->folder->mailbox->after == PD_AFTER_KEEP)
        return NULL;
    taking->untold = FALSE;
    PD_TRY(pd_inbox_untold(taking->role->store, taking->folder->label,
                           taking->folder->state.uidvalidity, &uids));
    for (guint done = 0; done < uids->len; done += MOST_AT_ONCE) {
        guint count = MIN(MOST_AT_ONCE, uids->len - done);
        PD_TRY(pd_telling_tell(taking, &g_array_index(uids, guint32, done), count));
    }
    return pd_telling_flush(taking);
}

PdStatus *pd_telling_try_again(PdTaking *taking)
{
    return taking->untold && !rests(taking) ? pd_taking_tell_left(taking) : NULL;
}
