/* mailed.c: see mailed.h. */
#include "desk/mailed.h"

#include "desk/events.h"
#include "postdesk/tickets.h"

PdStatus *pd_mailed_put(PdDesk *desk, const PdNotice *notice, gint64 inbox, const char *channel,
                        gint64 version)
{
    g_autofree char *message_id = NULL;
    gint64 outbox = 0;

    PD_TRY(pd_notify(desk, notice, &message_id, &outbox));
    g_autoptr(PdEvent) mailed =
        pd_event_mailed(notice->ticket, inbox, channel, notice->occasion, notice->recipient,
                        message_id, outbox, notice->held != NULL);
    if (notice->gathered != NULL)
        pd_json_set(mailed->data, "gathered", pd_json_ref(notice->gathered));
    if (notice->at_once != NULL)
        pd_json_set_text(mailed->data, "at_once", notice->at_once);
    return pd_ticket_append(desk->store, mailed, version);
}
