/* due.c: see due.h. The due times are part of the event, not computed by the view: a later
 * change of targets or calendars does not change what was promised (I6). */
#include "desk/due.h"

#include "postdesk/clock.h"
#include "postdesk/targets.h"
#include <string.h>

static gboolean moves_targets(const PdEvent *event)
{
    const PdJson *set = pd_json_get(event->data, "set");

    return pd_json_get(set, "status") != NULL || pd_json_get(set, "priority") != NULL ||
           pd_json_get(set, "queue") != NULL || pd_json_get(event->data, "due") != NULL;
}

static PdStatus *read_timeline(const PdDesk *desk, gint64 ticket, PdTimeline **timeline)
{
    g_autoptr(PdTimeline) read = pd_timeline_new();
    g_autoptr(GPtrArray) events = NULL;

    if (ticket != 0)
        PD_TRY(pd_ticket_events(desk->store, ticket, &events));
    for (guint i = 0; events != NULL && i < events->len; i++)
        pd_timeline_add(read, g_ptr_array_index(events, i));
    *timeline = g_steal_pointer(&read);
    return NULL;
}

/* Only what becomes another is set. */
static void set_due(PdJson *set, const char *field, const char *before, gint64 due)
{
    g_autofree char *text = due != 0 ? pd_clock_format_utc(due) : g_strdup("");

    if (strcmp(before, text) != 0)
        pd_json_set_text(set, field, text[0] != '\0' ? text : NULL);
}

PdStatus *pd_due_set(const PdDesk *desk, const PdTicket *ticket, PdEvent *event)
{
    g_autoptr(PdTimeline) timeline = NULL;
    PdJson *set = pd_json_get(event->data, "set");

    if (!moves_targets(event))
        return NULL;
    PD_TRY(read_timeline(desk, ticket != NULL ? ticket->number : 0, &timeline));
    pd_timeline_add(timeline, event);
    const PdDue due = pd_targets_due(desk->targets, timeline);
    set_due(set, "respond_due", ticket != NULL ? ticket->respond_due : "", due.respond);
    set_due(set, "resolve_due", ticket != NULL ? ticket->resolve_due : "", due.resolve);
    return NULL;
}
