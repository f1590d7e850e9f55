/* wait.c: see wait.h. A question asked while the ticket waits already is a new wait: whom it is
 * asked of is reminded, and of this question. Where a change is taken back, it waits again for whom
 * it did before that change. */
#include "desk/wait.h"

#include <string.h>

static const PdEvent *event_at(const GPtrArray *events, guint i)
{
    return g_ptr_array_index(events, i);
}

static const char *status_of(const PdEvent *event)
{
    return pd_json_get_text(pd_json_get(event->data, "set"), "status");
}

/* The last event before this place that set the status; NULL: there is none. *place is its own. */
static const PdEvent *last_move(const GPtrArray *events, guint *place)
{
    while (*place > 0) {
        const PdEvent *event = event_at(events, --*place);
        if (status_of(event) != NULL)
            return event;
    }
    return NULL;
}

static guint place_of(const GPtrArray *events, gint64 sequence, guint before)
{
    guint i = 0;

    while (i < before && event_at(events, i)->sequence != sequence)
        i++;
    return i;
}

gboolean pd_wait_of(const GPtrArray *events, PdWait *wait)
{
    guint place = events->len;
    const PdEvent *move = last_move(events, &place);
    gint64 undone = 0;

    *wait = (PdWait){NULL, NULL, 0};
    if (move == NULL || strcmp(status_of(move), "waiting") != 0)
        return FALSE;
    wait->since = move->at;
    /* Each step goes to an earlier event, so it ends. */
    while (move != NULL && (undone = pd_json_get_int(move->data, "undoes", 0)) != 0) {
        place = place_of(events, undone, place);
        move = last_move(events, &place);
    }
    if (move != NULL && strcmp(status_of(move), "waiting") == 0) {
        wait->external = pd_json_get_text(move->data, "waits_on");
        wait->asked = pd_json_get_text(move->data, "asked");
    }
    return TRUE;
}
