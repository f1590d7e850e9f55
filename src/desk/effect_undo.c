/* effect_undo.c: what was done is taken back by a further event (I6): each field that still is as
 * the event left it is set again to what it was. What was changed since stays. */
#include "desk/effect.h"

#include "desk/due.h"
#include "desk/history.h"
#include "desk/labels.h"
#include "desk/undone.h"
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
    PD_TRY(pd_effect_take_parts_back(change, undone, event));
    PD_TRY(pd_due_set(change->desk, now, event));
    note_undone(change, now, undone, set);
    pd_undone_note(change, now, undone, event);
    return pd_effect_append(change, event);
}

/* Did he write, or do anything, behind the event? */
static gboolean acted_since(const GPtrArray *events, const PdEvent *event, const char *address)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *later = g_ptr_array_index(events, i);
        if (later->sequence > event->sequence && pd_address_equal(later->actor, address))
            return TRUE;
    }
    return FALSE;
}

/* Who came in with a merge leaves with it, unless he had a word in it since. */
static PdStatus *put_unabsorbed(PdChange *change, gint64 number, const GPtrArray *events,
                                const PdEvent *undone)
{
    g_autoptr(PdEvent) event = pd_effect_event(change, "undone", number);
    const PdJson *came = pd_json_get(undone->data, "participants");
    PdJson *parts = pd_json_object();

    for (gsize i = 0; i < pd_json_length(came); i++) {
        const char *address = pd_json_string(pd_json_at(came, i));
        if (!acted_since(events, undone, address))
            pd_json_set_text(parts, address, PD_PART_LEFT);
    }
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
    return put_unabsorbed(change, into, of_target, absorbed);
}

/* A ticket that was split off goes on in the one that it came from; the message is there again. */
static PdStatus *undo_split(PdChange *change, const PdEvent *split)
{
    PdStore *store = change->desk->store;
    gint64 off = pd_json_get_int(split->data, "into", 0);
    gint64 from = split->ticket;
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdTicket) now = NULL;

    PD_TRY(pd_ticket_get(store, off, &ticket));
    if (ticket == NULL || !pd_lifecycle_takes_replies(ticket->status))
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL,
                             "#%" G_GINT64_FORMAT " was split off, and is ended", off);
    PD_TRY(pd_effect_join(change, ticket, from));
    PD_TRY(pd_message_move(store, pd_json_get_int(split->data, "message", 0), from));
    PD_TRY(pd_ticket_get(store, from, &now));
    change->undone = off;
    change->undone_into = now->number;
    change->undone_status = g_strdup(ticket->status);
    PD_TRY(pd_effect_take_back(change, now, split));
    pd_undone_note_joined(change, ticket, split);
    return NULL;
}

/* The same, asked for at the ticket that was split off: nothing was done to it since. */
static PdStatus *undo_split_off(PdChange *change, gint64 from)
{
    PdStore *store = change->desk->store;
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(PdTicket) origin = NULL;

    PD_TRY(pd_ticket_get(store, from, &origin));
    PD_TRY(pd_ticket_events(store, from, &events));
    const PdEvent *split = pd_history_split(events, change->ticket->number);
    if (split == NULL || !pd_lifecycle_takes_replies(origin->status))
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "merge it into another ticket",
                             "the split from #%" G_GINT64_FORMAT " cannot be taken back", from);
    return undo_split(change, split);
}

PdStatus *pd_effect_undo(PdChange *change)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(PdTicket) now = NULL;
    gint64 number = change->ticket->number;

    PD_TRY(pd_ticket_events(change->desk->store, number, &events));
    const PdEvent *last = pd_history_undoable(events);
    if (last == NULL && pd_history_split_from(events) != 0)
        return undo_split_off(change, pd_history_split_from(events));
    if (last == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, NULL, "there is nothing to take back");
    if (strcmp(last->kind, "merged") == 0)
        return undo_merge(change, number, pd_json_get_int(last->data, "into", 0));
    if (strcmp(last->kind, "absorbed") == 0)
        return undo_merge(change, pd_json_get_int(last->data, "from", 0), number);
    if (strcmp(last->kind, "split") == 0)
        return undo_split(change, last);
    PD_TRY(pd_ticket_get(change->desk->store, number, &now)); /* it may be this mail's own */
    return pd_effect_take_back(change, now, last);
}
