/* effect_undo.c: what was done is taken back by a further event (I6): each field that still is as
 * the event left it is set again to what it was. What was changed since stays. */
#include "desk/effect.h"

#include "desk/due.h"
#include "desk/history.h"
#include "desk/labels.h"
#include <string.h>

/* Was it told outside that the status became what is now taken back? */
static void note_undone(PdChange *change, const PdTicket *now, const PdEvent *undone,
                        const PdJson *set)
{
    const char *was = pd_json_get_text(set, "status");

    if (was == NULL)
        return;
    const PdTransition *move = pd_lifecycle_find(
        was, now->status, PD_BY_STAFF | PD_BY_REPORTER | PD_BY_PARTICIPANT | PD_BY_WORD);
    if (strcmp(undone->kind, "merged") != 0 && (move == NULL || move->occasion == NULL))
        return;
    change->undone = now->number;
    change->undone_status = g_strdup(now->status);
}

/* Both ends of each link. */
static PdStatus *take_links_back(PdChange *change, const PdEvent *undone, PdEvent *event)
{
    const PdJson *links = pd_json_get(undone->data, "links");
    PdJson *gone = pd_json_array();

    for (gsize i = 0; i < pd_json_length(links); i++) {
        gint64 other = pd_json_get_int(pd_json_at(links, i), "ticket", 0);
        g_autoptr(PdEvent) there = pd_effect_event(change, "linked", other);
        PdJson *here = pd_json_set_int(pd_json_object(), "ticket", event->ticket);
        pd_json_set(there->data, "unlinks", pd_json_add(pd_json_array(), here));
        PD_TRY(pd_effect_append(change, there));
        pd_json_add(gone, pd_json_set_int(pd_json_object(), "ticket", other));
    }
    if (pd_json_length(gone) > 0)
        pd_json_set(event->data, "unlinks", gone);
    else
        pd_json_free(gone);
    return NULL;
}

/* Sets again what still is as the event left it. */
PdStatus *pd_effect_take_back(PdChange *change, const PdTicket *now, const PdEvent *undone)
{
    g_autoptr(PdEvent) event = pd_effect_event(change, "undone", now->number);
    const PdJson *was = pd_json_get(undone->data, "before");
    const PdJson *became = pd_json_get(undone->data, "set");
    g_autofree const char **keys = pd_json_keys(was);
    PdJson *set = pd_json_object();

    for (guint i = 0; keys[i] != NULL; i++) {
        const char *left = pd_json_get_text(became, keys[i]);
        if (strcmp(pd_change_field(now, keys[i]), left != NULL ? left : "") == 0)
            pd_json_set_text(set, keys[i], pd_json_get_text(was, keys[i]));
    }
    pd_labels_take_back(now, undone, event);
    pd_json_set(event->data, "set", set);
    pd_json_set_int(event->data, "undoes", undone->sequence);
    if (pd_json_get(undone->data, "due") != NULL)
        pd_json_set_text(event->data, "due", NULL);
    PD_TRY(take_links_back(change, undone, event));
    PD_TRY(pd_due_set(change->desk, now, event));
    note_undone(change, now, undone, set);
    return pd_effect_append(change, event);
}

/* Who came in with a merge leaves with it. */
static PdStatus *put_unabsorbed(PdChange *change, gint64 number, const PdEvent *undone)
{
    g_autoptr(PdEvent) event = pd_effect_event(change, "undone", number);
    const PdJson *came = pd_json_get(undone->data, "participants");
    PdJson *parts = pd_json_object();

    for (gsize i = 0; i < pd_json_length(came); i++)
        pd_json_set_text(parts, pd_json_string(pd_json_at(came, i)), PD_PART_LEFT);
    pd_json_set(event->data, "parts", parts);
    pd_json_set_int(event->data, "undoes", undone->sequence);
    return pd_effect_append(change, event);
}

/* The last event of a kind that speaks of the other ticket, and is not undone. */
static const PdEvent *find_half(const GPtrArray *events, const char *kind, const char *member,
                                gint64 other)
{
    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        if (strcmp(event->kind, kind) == 0 && pd_json_get_int(event->data, member, 0) == other)
            return event;
    }
    return NULL;
}

/* Both halves of a merge, from whichever ticket it is taken back. */
static PdStatus *undo_merge(PdChange *change, gint64 from, gint64 into)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) of_source = NULL;
    g_autoptr(GPtrArray) of_target = NULL;
    g_autoptr(PdTicket) source = NULL;

    PD_TRY(pd_ticket_get(store, from, &source));
    PD_TRY(pd_ticket_events(store, from, &of_source));
    PD_TRY(pd_ticket_events(store, into, &of_target));
    const PdEvent *merged = find_half(of_source, "merged", "into", into);
    const PdEvent *absorbed = find_half(of_target, "absorbed", "from", from);
    if (source == NULL || merged == NULL || absorbed == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL, "the merge cannot be taken back");
    PD_TRY(pd_effect_take_back(change, source, merged));
    return put_unabsorbed(change, into, absorbed);
}

PdStatus *pd_effect_undo(PdChange *change)
{
    g_autoptr(GPtrArray) events = NULL;
    gint64 number = change->ticket->number;

    PD_TRY(pd_ticket_events(change->desk->store, number, &events));
    const PdEvent *last = pd_history_undoable(events);
    if (last == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL, "there is nothing to take back");
    if (strcmp(last->kind, "merged") == 0)
        return undo_merge(change, number, pd_json_get_int(last->data, "into", 0));
    if (strcmp(last->kind, "absorbed") == 0)
        return undo_merge(change, pd_json_get_int(last->data, "from", 0), number);
    return pd_effect_take_back(change, change->ticket, last);
}
