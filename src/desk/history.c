/* history.c: see history.h. Events are read only where a mail asks for it. */
#include "desk/history.h"

#include "desk/command.h"
#include "postdesk/desk.h"
#include "postdesk/mail.h"
#include <string.h>

#define MOST_MERGES 10 /* that are followed, one after the other */

static gint64 merged_into(const GPtrArray *events)
{
    gint64 into = 0;

    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (strcmp(event->kind, "merged") == 0)
            into = pd_json_get_int(event->data, "into", 0);
    }
    return into;
}

PdStatus *pd_ticket_followed(PdStore *store, gint64 number, PdTicket **ticket)
{
    g_autoptr(PdTicket) found = NULL;

    PD_TRY(pd_ticket_get(store, number, &found));
    for (guint i = 0; i < MOST_MERGES && found != NULL && strcmp(found->status, "merged") == 0;
         i++) {
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(PdTicket) next = NULL;
        PD_TRY(pd_ticket_events(store, found->number, &events));
        gint64 into = merged_into(events);
        if (into != 0)
            PD_TRY(pd_ticket_get(store, into, &next));
        if (next == NULL)
            break;
        pd_ticket_free(found);
        found = g_steal_pointer(&next);
    }
    *ticket = g_steal_pointer(&found);
    return NULL;
}

PdStatus *pd_ticket_status_since(PdStore *store, gint64 number, gint64 *at)
{
    g_autoptr(GPtrArray) events = NULL;

    *at = 0;
    PD_TRY(pd_ticket_events(store, number, &events));
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (pd_json_get(pd_json_get(event->data, "set"), "status") != NULL)
            *at = event->at;
    }
    return NULL;
}

static void add_used(const PdJson *commands, guint64 *used)
{
    for (gsize i = 0; i < pd_json_length(commands); i++) {
        const char *name = pd_json_string(pd_json_at(commands, i));
        const PdCommandRow *row = name != NULL ? pd_command_find(name) : NULL;
        if (row != NULL)
            *used |= G_GUINT64_CONSTANT(1) << row->id;
    }
}

PdStatus *pd_ticket_used_for(PdStore *store, gint64 number, const char *nonce, guint64 *used)
{
    g_autoptr(GPtrArray) events = NULL;

    *used = 0;
    PD_TRY(pd_ticket_events(store, number, &events));
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (g_strcmp0(pd_json_get_text(event->data, "token"), nonce) == 0)
            add_used(pd_json_get(event->data, "commands"), used);
    }
    return NULL;
}

gboolean pd_history_was_undone(const GPtrArray *events, gint64 sequence)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (pd_json_get_int(event->data, "undoes", 0) == sequence)
            return TRUE;
    }
    return FALSE;
}

/* What an undo did itself has no "before". */
static gboolean is_undoable(const GPtrArray *events, const PdEvent *event)
{
    return pd_json_is_object(pd_json_get(event->data, "before")) &&
           !pd_history_was_undone(events, event->sequence);
}

gint64 pd_history_split_from(const GPtrArray *events)
{
    const PdEvent *opened = events->len > 0 ? g_ptr_array_index(events, 0) : NULL;

    return opened != NULL ? pd_json_get_int(opened->data, "split_from", 0) : 0;
}

const PdEvent *pd_history_split(const GPtrArray *events, gint64 into)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (strcmp(event->kind, "split") == 0 && pd_json_get_int(event->data, "into", 0) == into)
            return is_undoable(events, event) ? event : NULL;
    }
    return NULL;
}

const PdEvent *pd_history_undoable(const GPtrArray *events)
{
    static const char *const kinds[] = {"changed", "merged", "absorbed", "split", NULL};

    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        if (g_strv_contains(kinds, event->kind) && is_undoable(events, event))
            return event;
    }
    return NULL;
}

gint64 pd_history_rating(const GPtrArray *events)
{
    gint64 rating = 0;

    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        rating = pd_json_get_int(event->data, "rating", rating);
    }
    return rating;
}

/* The mail of a closed ticket asks. */
static gboolean asks(const PdEvent *event, const char *reporter)
{
    return strcmp(event->kind, "mailed") == 0 &&
           g_strcmp0(pd_json_get_text(event->data, "occasion"), "closed") == 0 &&
           pd_address_equal(pd_json_get_text(event->data, "recipient"), reporter);
}

gboolean pd_history_may_ask_rating(const GPtrArray *events, const char *reporter)
{
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (asks(event, reporter))
            return FALSE;
    }
    return pd_history_rating(events) == 0;
}

const char *pd_history_assigned_by(const GPtrArray *events)
{
    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        if (pd_json_get(pd_json_get(event->data, "set"), "assignee") != NULL)
            return event->actor;
    }
    return NULL;
}
