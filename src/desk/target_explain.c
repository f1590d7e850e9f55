/* target_explain.c: every interval that counted for a ticket's targets, as one document. */
#include "desk/desk_private.h"

#include "postdesk/clock.h"
#include "postdesk/targets.h"
#include <string.h>

typedef struct {
    const PdTicket *ticket;
    const PdTimeline *timeline;
    PdTarget target;
    const PdCalendar *zone; /* whose wall clock times are shown by */
    gint64 now;
} Explanation;

static void set_time(const Explanation *explanation, PdJson *object, const char *key, gint64 at)
{
    g_autofree char *utc = at != 0 ? pd_clock_format_utc(at) : NULL;
    g_autofree char *local = at != 0 ? pd_calendar_format(explanation->zone, at) : NULL;
    g_autofree char *local_key = g_strconcat(key, "_local", NULL);

    pd_json_set_text(object, key, utc);
    pd_json_set_text(object, local_key, local);
}

static void set_working(PdJson *object, const char *key, gint64 working)
{
    pd_json_set_int(object, key, working / PD_SECOND);
}

static gint64 end_of(const Explanation *explanation, const PdStretch *stretch)
{
    return stretch->to != 0 ? stretch->to : MAX(stretch->from, explanation->now);
}

/* The working time within one stretch, span by span. */
static PdJson *describe_stretch(const Explanation *explanation, const PdStretch *stretch)
{
    gint64 to = end_of(explanation, stretch);
    PdJson *object = pd_json_object();
    PdJson *list = pd_json_array();
    gint64 worked = 0;
    g_autoptr(GArray) spans =
        stretch->counts ? pd_calendar_spans(explanation->target.calendar, stretch->from, to)
                        : g_array_new(FALSE, FALSE, sizeof(PdSpan));

    set_time(explanation, object, "from", stretch->from);
    set_time(explanation, object, "to", to);
    pd_json_set_text(object, "status", stretch->status);
    pd_json_set_bool(object, "counts", stretch->counts);
    for (guint i = 0; i < spans->len; i++) {
        const PdSpan *span = &g_array_index(spans, PdSpan, i);
        PdJson *entry = pd_json_object();
        set_time(explanation, entry, "from", span->from);
        set_time(explanation, entry, "to", span->to);
        set_working(entry, "seconds", span->to - span->from);
        pd_json_add(list, entry);
        worked += span->to - span->from;
    }
    set_working(object, "seconds", worked);
    return pd_json_set(object, "spans", list);
}

/* Working time of the counting stretches until then. */
static gint64 used_until(const Explanation *explanation, gint64 until)
{
    gint64 used = 0;

    for (guint i = 0; i < explanation->timeline->stretches->len; i++) {
        const PdStretch *stretch = &g_array_index(explanation->timeline->stretches, PdStretch, i);
        if (stretch->counts)
            used += pd_calendar_between(explanation->target.calendar, stretch->from,
                                        MIN(until, end_of(explanation, stretch)));
    }
    return used;
}

static gboolean is_done(const PdStretch *stretch)
{
    return strcmp(stretch->status, "resolved") == 0 || strcmp(stretch->status, "closed") == 0;
}

/* 0 while it is not. Closing what was resolved resolves nothing anew. */
static gint64 resolved_at(const PdTimeline *timeline)
{
    gint64 at = 0;

    for (guint i = timeline->stretches->len; i > 0; i--) {
        const PdStretch *stretch = &g_array_index(timeline->stretches, PdStretch, i - 1);
        if (!is_done(stretch))
            break;
        at = stretch->from;
    }
    return at;
}

/* By a date, not by working time. */
static const char *state_of_agreed(const Explanation *explanation, gint64 met_at)
{
    gint64 agreed = explanation->timeline->agreed;

    if (met_at != 0)
        return met_at <= agreed ? "met" : "met late";
    if (!pd_timeline_holds_agreed(explanation->timeline))
        return "ended";
    return explanation->now > agreed ? "overdue" : "running";
}

static const char *state_of(const Explanation *explanation, gint64 allowed, gint64 used,
                            gint64 met_at)
{
    const PdStretch *last = &g_array_index(explanation->timeline->stretches, PdStretch,
                                           explanation->timeline->stretches->len - 1);

    if (allowed == 0)
        return "none";
    if (met_at != 0)
        return used <= allowed ? "met" : "met late";
    if (used > allowed)
        return "overdue";
    if (last->counts)
        return "running";
    return strcmp(last->status, "waiting") == 0 ? "paused" : "ended";
}

static PdJson *describe_target(const Explanation *explanation, const char *name, gint64 allowed,
                               const char *stored, gint64 met_at, gint64 computed)
{
    gboolean is_agreed = explanation->timeline->agreed != 0 && strcmp(name, "resolve") == 0;
    PdJson *object = pd_json_object();
    gint64 used = used_until(explanation, met_at != 0 ? met_at : explanation->now);
    gint64 due = 0;

    pd_clock_parse_utc(stored, &due);
    pd_json_set_text(object, "target", name);
    set_working(object, "allowed_seconds", allowed);
    set_working(object, "used_seconds", used);
    pd_json_set_bool(object, "agreed", is_agreed);
    pd_json_set_text(object, "state",
                     is_agreed ? state_of_agreed(explanation, met_at)
                               : state_of(explanation, allowed, used, met_at));
    set_time(explanation, object, "met_at", met_at);
    set_time(explanation, object, "due", due);
    /* Promised by files that were changed since. */
    gboolean differs = due / PD_SECOND != computed / PD_SECOND;
    set_time(explanation, object, "due_by_present_files", differs ? computed : 0);
    return object;
}

static PdJson *describe(const PdDesk *desk, const Explanation *explanation)
{
    const PdTimeline *timeline = explanation->timeline;
    const PdTarget *target = &explanation->target;
    const PdDue due = pd_targets_due(desk->targets, timeline);
    PdJson *document = pd_json_object();
    PdJson *targets = pd_json_array();
    PdJson *intervals = pd_json_array();

    pd_json_set_int(document, "number", explanation->ticket->number);
    pd_json_set_text(document, "priority", timeline->priority);
    pd_json_set_text(document, "queue", timeline->queue);
    pd_json_set_text(document, "status", pd_timeline_status(timeline));
    pd_json_set_text(document, "by", target->queue != NULL ? "queue" : "priority");
    pd_json_set_text(document, "calendar", pd_calendar_name(target->calendar));
    pd_json_set_text(document, "time_zone", pd_calendar_zone(explanation->zone));
    pd_json_add(targets, describe_target(explanation, "respond", target->respond,
                                         explanation->ticket->respond_due, timeline->responded_at,
                                         due.respond));
    pd_json_add(targets, describe_target(explanation, "resolve", target->resolve,
                                         explanation->ticket->resolve_due, resolved_at(timeline),
                                         due.resolve));
    for (guint i = 0; i < timeline->stretches->len; i++)
        pd_json_add(intervals, describe_stretch(explanation,
                                                &g_array_index(timeline->stretches, PdStretch, i)));
    pd_json_set(document, "targets", targets);
    return pd_json_set(document, "intervals", intervals);
}

/* Around the clock is nowhere: its times are told by the clock on the desk's wall. */
static const PdCalendar *zone_of(const PdDesk *desk, const PdCalendar *calendar)
{
    return calendar == pd_calendars_find(desk->calendars, "always")
               ? pd_calendars_find(desk->calendars, NULL)
               : calendar;
}

PdStatus *pd_desk_explain_targets(PdDesk *desk, gint64 number, PdJson **document)
{
    g_autoptr(PdTimeline) timeline = pd_timeline_new();
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    if (ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk list --all shows all tickets",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    PD_TRY(pd_ticket_events(desk->store, number, &events));
    for (guint i = 0; i < events->len; i++)
        pd_timeline_add(timeline, g_ptr_array_index(events, i));
    Explanation explanation = {.ticket = ticket, .timeline = timeline, .now = pd_clock_now()};
    pd_targets_find(desk->targets, timeline->priority, timeline->queue, timeline->department,
                    &explanation.target);
    explanation.zone = zone_of(desk, explanation.target.calendar);
    *document = describe(desk, &explanation);
    return NULL;
}
