/* effect_merge.c: a ticket that goes on in another one. Both get an event, and undo finds both. */
#include "desk/effect.h"

#include "desk/due.h"

/* Those who follow the one and took no part in the other. */
static PdStatus *newcomers(PdChange *change, gint64 from, gint64 into, PdJson **added)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) people = NULL;

    *added = pd_json_array();
    PD_TRY(pd_ticket_people(store, from, PD_PART_FOLLOWS, &people));
    for (guint i = 0; i < people->len; i++) {
        gboolean is_there = FALSE;
        PD_TRY(pd_ticket_has_participant(store, into, g_ptr_array_index(people, i), &is_there));
        if (!is_there)
            pd_json_add_text(*added, g_ptr_array_index(people, i));
    }
    return NULL;
}

PdStatus *pd_effect_join(PdChange *change, const PdTicket *from, gint64 into)
{
    PdJson *set = pd_json_set_text(pd_json_object(), "status", "merged");
    g_autoptr(PdEvent) merged = pd_effect_event(change, "merged", from->number);
    g_autoptr(PdEvent) absorbed = pd_effect_event(change, "absorbed", into);
    PdJson *added = NULL;

    pd_json_set(merged->data, "set", set);
    pd_json_set_int(merged->data, "into", into);
    PD_TRY(pd_due_set(change->desk, from, merged));
    if (!change->undoes) /* what undo itself does is not what the next one takes back */
        pd_json_set(merged->data, "before", pd_effect_before(from, set));
    PD_TRY(newcomers(change, from->number, into, &added));
    pd_json_set(absorbed->data, "participants", added);
    pd_json_set_int(absorbed->data, "from", from->number);
    if (!change->undoes)
        pd_json_set(absorbed->data, "before", pd_json_object());
    PD_TRY(pd_effect_append(change, merged));
    change->event = merged->sequence;
    return pd_effect_append(change, absorbed);
}

PdStatus *pd_effect_merge(PdChange *change)
{
    g_autoptr(PdTicket) now = NULL;

    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &now));
    return pd_effect_join(change, now, change->merge_into);
}
