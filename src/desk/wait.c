/* wait.c: see wait.h. A question that sets the status while the ticket waits already is a new wait:
 * whom it is asked of is reminded, and of this question. What is written to the reporter besides
 * goes on the same wait: he is reminded of all of it, counted from the last words. Where a change
 * is taken back, it waits again for whom it did before that change. */
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

const char *pd_wait_further(const PdEvent *event)
{
    return status_of(event) == NULL ? pd_json_get_text(event->data, "asked") : NULL;
}

static void add_words(PdWait *wait, const char *words)
{
    g_autofree char *before = wait->asked;

    if (words != NULL)
        wait->asked = before != NULL ? g_strjoin("\n\n", before, words, NULL) : g_strdup(words);
    if (wait->asked == before)
        before = NULL;
}

/* What was asked from behind this place until the status was set again. */
static void add_further(const GPtrArray *events, guint place, PdWait *wait)
{
    for (guint i = place + 1; i < events->len && status_of(event_at(events, i)) == NULL; i++) {
        const char *words = pd_wait_further(event_at(events, i));
        add_words(wait, words);
        if (words != NULL)
            wait->since = MAX(wait->since, event_at(events, i)->at);
    }
}

void pd_wait_clear(PdWait *wait)
{
    g_clear_pointer(&wait->asked, g_free);
    *wait = (PdWait){NULL, NULL, 0};
}

gboolean pd_wait_of(const GPtrArray *events, PdWait *wait)
{
    guint place = events->len;
    const PdEvent *move = last_move(events, &place);
    guint last = place;
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
        add_words(wait, pd_json_get_text(move->data, "asked"));
        add_further(events, place, wait);
    }
    if (place != last)
        add_further(events, last, wait);
    return TRUE;
}
