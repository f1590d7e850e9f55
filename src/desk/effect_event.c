/* effect_event.c: see effect.h: what all events of a change have in common. */
#include "desk/effect.h"

#include <string.h>

PdEvent *pd_effect_event(const PdChange *change, const char *kind, gint64 ticket)
{
    const PdDoer *doer = change->doer;
    PdEvent *event = pd_event_new(kind, doer->actor, doer->channel);

    event->ticket = ticket;
    event->inbox = doer->inbox;
    if (pd_json_length(change->commands) > 0)
        pd_json_set(event->data, "commands", pd_json_ref(change->commands));
    if (doer->token != NULL)
        pd_json_set_text(event->data, "token", doer->token);
    if (change->bulk != 0)
        pd_json_set_int(event->data, "bulk", change->bulk);
    return event;
}

PdStatus *pd_effect_append(const PdChange *change, PdEvent *event)
{
    PdStore *store = change->desk->store;
    g_autoptr(PdTicket) now = NULL;

    if (event->ticket == 0)
        return pd_ticket_append(store, event, 0);
    PD_TRY(pd_ticket_get(store, event->ticket, &now));
    return pd_ticket_append(store, event, now->version);
}

const char *pd_change_field(const PdTicket *ticket, const char *field)
{
    const struct {
        const char *name, *value;
    } known[] = {
        {"status", ticket->status},
        {"category", ticket->category},
        {"impact", ticket->impact},
        {"urgency", ticket->urgency},
        {"priority", ticket->priority},
        {"queue", ticket->queue},
        {"assignee", ticket->assignee},
        {"subject", ticket->subject},
        {"reporter_name", ticket->reporter_name},
        {"respond_due", ticket->respond_due},
        {"resolve_due", ticket->resolve_due},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].name, field) == 0)
            return known[i].value;
    return "";
}

/* What the fields were, so that undo can set them again. */
PdJson *pd_effect_before(const PdTicket *ticket, const PdJson *set)
{
    g_autofree const char **keys = pd_json_keys(set);
    PdJson *fields = pd_json_object();

    for (guint i = 0; keys[i] != NULL; i++)
        pd_json_set_text(fields, keys[i], pd_change_field(ticket, keys[i]));
    return fields;
}
