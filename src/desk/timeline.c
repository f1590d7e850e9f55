/* timeline.c: a ticket's life as targets see it, and when a target is due; see
 * postdesk/targets.h. Pure: nothing here looks at the clock or the store. */
#include "postdesk/targets.h"

#include "postdesk/clock.h"
#include <string.h>

static void stretch_clear(PdStretch *stretch)
{
    g_free(stretch->status);
}

PdTimeline *pd_timeline_new(void)
{
    PdTimeline *timeline = g_new0(PdTimeline, 1);

    timeline->stretches = g_array_new(FALSE, FALSE, sizeof(PdStretch));
    g_array_set_clear_func(timeline->stretches, (GDestroyNotify)stretch_clear);
    return timeline;
}

void pd_timeline_free(PdTimeline *timeline)
{
    if (timeline == NULL)
        return;
    g_array_unref(timeline->stretches);
    g_free(timeline->priority);
    g_free(timeline->queue);
    g_free(timeline->department);
    g_free(timeline);
}

static PdStretch *last_of(const PdTimeline *timeline)
{
    GArray *stretches = timeline->stretches;

    return stretches->len > 0 ? &g_array_index(stretches, PdStretch, stretches->len - 1) : NULL;
}

const char *pd_timeline_status(const PdTimeline *timeline)
{
    const PdStretch *last = last_of(timeline);

    return last != NULL ? last->status : "";
}

/* The desk's own clock runs while it is the desk's turn. */
static gboolean counts(const char *status)
{
    return strcmp(status, "new") == 0 || strcmp(status, "open") == 0;
}

static gboolean is_answer(const char *status)
{
    return strcmp(status, "spam") != 0 && strcmp(status, "merged") != 0;
}

/* A date that passed while it was solved binds nobody when it is reopened. */
static void forget_agreed(PdTimeline *timeline, const PdStretch *last, const char *status)
{
    gboolean was_solved =
        strcmp(last->status, "resolved") == 0 || strcmp(last->status, "closed") == 0;

    if (was_solved && counts(status) && timeline->agreed < last->to)
        timeline->agreed = 0;
}

static void change_status(PdTimeline *timeline, const PdEvent *event, const char *status)
{
    PdStretch *last = last_of(timeline);
    PdStretch next = {event->at, 0, NULL, counts(status)};

    if (last != NULL && strcmp(last->status, status) == 0)
        return;
    if (last != NULL) {
        last->to = next.from = MAX(event->at, last->from); /* a clock may have been set back */
        if (timeline->responded_at == 0 && strcmp(last->status, "new") == 0 && is_answer(status))
            timeline->responded_at = next.from;
        forget_agreed(timeline, last, status);
    }
    next.status = g_strdup(status);
    g_array_append_val(timeline->stretches, next);
}

static void take(char **field, const PdJson *set, const char *name)
{
    if (pd_json_get(set, name) == NULL)
        return;
    g_free(*field);
    *field = g_strdup(pd_json_get_text(set, name));
}

static void take_agreed(PdTimeline *timeline, const char *due, gint64 at)
{
    timeline->agreed_at = at;
    if (due == NULL || !pd_clock_parse_utc(due, &timeline->agreed))
        timeline->agreed = 0;
}

void pd_timeline_add(PdTimeline *timeline, const PdEvent *event)
{
    const PdJson *set = pd_json_get(event->data, "set");
    const char *status = pd_json_get_text(set, "status");

    if (status != NULL)
        change_status(timeline, event, status);
    else if (timeline->stretches->len == 0)
        change_status(timeline, event, "new");
    take(&timeline->priority, set, "priority");
    take(&timeline->queue, set, "queue");
    take(&timeline->department, set, "department");
    if (pd_json_get(event->data, "due") != NULL)
        take_agreed(timeline, pd_json_get_text(event->data, "due"), event->at);
}

/* Whatever follows from rules, and whomever it waits for, until it is solved. */
gboolean pd_timeline_holds_agreed(const PdTimeline *timeline)
{
    const char *status = pd_timeline_status(timeline);

    return timeline->agreed != 0 && (counts(status) || strcmp(status, "waiting") == 0);
}

static gint64 add_working(PdCalendar *calendar, gint64 from, gint64 working)
{
    gint64 at = 0;

    return pd_calendar_add(calendar, from, working, &at) ? at : 0;
}

gint64 pd_target_due(const PdTimeline *timeline, PdCalendar *calendar, gint64 allowed)
{
    gint64 left = allowed;

    for (guint i = 0; i < timeline->stretches->len; i++) {
        const PdStretch *stretch = &g_array_index(timeline->stretches, PdStretch, i);
        if (!stretch->counts)
            continue;
        gint64 worked =
            stretch->to != 0 ? pd_calendar_between(calendar, stretch->from, stretch->to) : left;
        if (worked >= left)
            return add_working(calendar, stretch->from, left);
        left -= worked;
    }
    return 0;
}

static PdDue usual_due(const PdTargets *targets, const PdTimeline *timeline)
{
    const PdStretch *last = last_of(timeline);
    PdTarget target;
    PdDue due = {0, 0};

    if (last == NULL || !last->counts ||
        !pd_targets_find(targets, timeline->priority, timeline->queue, timeline->department,
                         &target))
        return due;
    if (target.respond > 0 && timeline->responded_at == 0)
        due.respond = pd_target_due(timeline, target.calendar, target.respond);
    if (target.resolve > 0)
        due.resolve = pd_target_due(timeline, target.calendar, target.resolve);
    return due;
}

PdDue pd_targets_due(const PdTargets *targets, const PdTimeline *timeline)
{
    PdDue due = usual_due(targets, timeline);

    if (pd_timeline_holds_agreed(timeline))
        due.resolve = timeline->agreed;
    return due;
}
