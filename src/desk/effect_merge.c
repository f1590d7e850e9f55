/* effect_merge.c: a ticket that goes on in another one. Both get an event, and undo finds both. */
#include "desk/effect.h"

#include "desk/due.h"

/* Those who follow the one and took no part in the other. */
static PdStatus *newcomers(PdChange *change, PdJson **added)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) people = NULL;

    *added = pd_json_array();
    PD_TRY(pd_ticket_people(store, change->ticket->number, PD_PART_FOLLOWS, &people));
    for (guint i = 0; i < people->len; i++) {
        gboolean is_there = FALSE;
        PD_TRY(pd_ticket_has_participant(store, change->merge_into, g_ptr_array_index(people, i),
                                         &is_there));
        if (!is_there)
            pd_json_add_text(*added, g_ptr_array_index(people, i));
    }
    return NULL;
}

PdStatus *pd_effect_merge(PdChange *change)
{
    PdJson *set = pd_json_set_text(pd_json_object(), "status", "merged");
    g_autoptr(PdEvent) merged = pd_effect_event(change, "merged", change->ticket->number);
    g_autoptr(PdEvent) absorbed = pd_effect_event(change, "absorbed", change->merge_into);
    g_autoptr(PdTicket) now = NULL;
    PdJson *added = NULL;

    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &now));
    pd_json_set(merged->data, "set", set);
    pd_json_set_int(merged->data, "into", change->merge_into);
    PD_TRY(pd_due_set(change->desk, now, merged));
    pd_json_set(merged->data, "before", pd_effect_before(now, set));
    PD_TRY(newcomers(change, &added));
    pd_json_set(absorbed->data, "participants", added);
    pd_json_set_int(absorbed->data, "from", change->ticket->number);
    pd_json_set(absorbed->data, "before", pd_json_object());
    PD_TRY(pd_effect_append(change, merged));
    change->event = merged->sequence;
    return pd_effect_append(change, absorbed);
}
