/* escalation.c: what a ticket still has before it; see postdesk/escalation.h. Pure. */
#include "postdesk/escalation.h"

#include "desk/wait.h"
#include "desk/wallclock.h"
#include "postdesk/clock.h"
#include <string.h>

#define LEAST_SHARE(allowed) ((allowed)*3 / 4) /* where a warning would come before the ticket */

typedef struct {
    const PdTargets *targets;
    const PdEscalation *escalation;
    const PdCalendar *zone;
    PdTimeline *timeline;
    GHashTable *done; /* "respond/0" */
    guint reminded;   /* since it was asked last */
    gint64 asked_at;  /* if the ticket waits: when somebody was asked last */
    gint64 now;
    GArray *calls;
} Look;

/* One of a ticket's targets; agreed: a date in place of allowed working time, or 0. */
typedef struct {
    PdCallKind kind;
    PdCalendar *calendar;
    gint64 allowed, agreed;
} Owed;

const char *pd_call_name(PdCallKind kind)
{
    static const char *const names[] = {"respond", "resolve", "remind"};

    return names[kind];
}

static char *key_of(PdCallKind kind, guint step)
{
    return g_strdup_printf("%s/%u", pd_call_name(kind), step);
}

static void take_call(Look *look, const PdJson *call)
{
    const char *target = pd_json_get_text(call, "target");

    if (target == NULL)
        return;
    if (strcmp(target, pd_call_name(PD_CALL_REMIND)) == 0)
        look->reminded++;
    else
        g_hash_table_add(look->done,
                         g_strdup_printf("%s/%d", target, (int)pd_json_get_int(call, "step", 0)));
}

static gboolean is_of_solution(gpointer key, gpointer value, gpointer user)
{
    (void)value;
    (void)user;
    return g_str_has_prefix(key, pd_call_name(PD_CALL_RESOLVE));
}

/* What was told of an earlier try at the ticket, or of another date, is not counted against the
 * next one. */
static void take_event(Look *look, const PdEvent *event)
{
    const char *status = pd_json_get_text(pd_json_get(event->data, "set"), "status");

    pd_timeline_add(look->timeline, event);
    if (status != NULL || pd_wait_further(event) != NULL) {
        look->reminded = 0;
        look->asked_at = event->at;
    }
    if (status != NULL && (strcmp(status, "resolved") == 0 || strcmp(status, "closed") == 0))
        g_hash_table_remove_all(look->done);
    if (pd_json_get(event->data, "due") != NULL) /* null where an agreed date was undone */
        g_hash_table_foreach_remove(look->done, is_of_solution, NULL);
    take_call(look, pd_json_get(event->data, "escalation"));
}

/* The end of the quiet hours, where the time lies within them. */
static gint64 after_quiet_hours(const Look *look, gint64 at)
{
    gint64 ends = at;

    pd_wallclock_within(look->zone, look->escalation->quiet, at, NULL, &ends);
    return ends;
}

/* A call that could not be made in time is made now, but not at night either. */
static gint64 when(const Look *look, gint64 at, gboolean may_disturb)
{
    gint64 wanted = MAX(at, 1);

    if (may_disturb)
        return wanted;
    return wanted <= look->now ? after_quiet_hours(look, look->now)
                               : after_quiet_hours(look, wanted);
}

static void add_call(Look *look, PdCallKind kind, guint step, gint64 at, gint64 due)
{
    const char *priority = look->timeline->priority;
    gboolean may_disturb =
        priority != NULL &&
        g_strv_contains((const char *const *)look->escalation->at_night, priority) &&
        kind != PD_CALL_REMIND;
    const PdCall call = {kind, step, when(look, at, may_disturb), at, due};

    g_array_append_val(look->calls, call);
}

/* A warning that would come before the ticket comes with the last quarter of its time; one that
 * would come before a date was agreed, not at all (0). */
static gint64 step_at(const Look *look, const Owed *owed, gint64 offset)
{
    gint64 at = 0;

    if (owed->agreed == 0) {
        gint64 working =
            owed->allowed + offset > 0 ? owed->allowed + offset : LEAST_SHARE(owed->allowed);
        return pd_target_due(look->timeline, owed->calendar, working);
    }
    if (offset >= 0)
        return pd_calendar_add(owed->calendar, owed->agreed, offset, &at) ? at : 0;
    return pd_calendar_subtract(owed->calendar, owed->agreed, -offset, &at) &&
                   at > look->timeline->agreed_at
               ? at
               : 0;
}

/* Of the steps that are past only the last one is called: what came before it is old news. */
static void add_target(Look *look, const Owed *owed)
{
    const GArray *steps = look->escalation->steps;
    gint64 due = owed->agreed != 0 ? owed->agreed
                                   : pd_target_due(look->timeline, owed->calendar, owed->allowed);
    gint64 past_at = 0;
    guint past = 0;

    if (due == 0)
        return;
    for (guint i = 0; i < steps->len; i++) {
        gint64 at = step_at(look, owed, g_array_index(steps, PdEscalationStep, i).offset);
        g_autofree char *key = key_of(owed->kind, i);
        if (g_hash_table_contains(look->done, key)) {
            past_at = 0; /* and whatever was before it */
        } else if (at != 0 && at <= look->now) {
            past = i;
            past_at = at;
        } else if (at != 0) {
            add_call(look, owed->kind, i, at, due);
        }
    }
    if (past_at != 0)
        add_call(look, owed->kind, past, past_at, due);
}

static void add_reminder(Look *look, PdCalendar *calendar)
{
    const GArray *stretches = look->timeline->stretches;
    const PdStretch *last = &g_array_index(stretches, PdStretch, stretches->len - 1);
    gint64 at = 0;

    if (look->escalation->remind_after > 0 && look->reminded < look->escalation->most_reminders &&
        pd_calendar_add(calendar, MAX(last->from, look->asked_at),
                        look->escalation->remind_after * (look->reminded + 1), &at))
        add_call(look, PD_CALL_REMIND, look->reminded, at, 0);
}

static void add_calls(Look *look)
{
    const PdTimeline *timeline = look->timeline;
    const char *status = pd_timeline_status(timeline);
    gboolean counts = strcmp(status, "new") == 0 || strcmp(status, "open") == 0;
    PdTarget target;

    pd_targets_find(look->targets, timeline->priority, timeline->queue, timeline->department,
                    &target);
    const Owed respond = {PD_CALL_RESPOND, target.calendar, target.respond, 0};
    const Owed resolve = {PD_CALL_RESOLVE, target.calendar, target.resolve,
                          pd_timeline_holds_agreed(timeline) ? timeline->agreed : 0};
    if (counts && target.respond > 0 && timeline->responded_at == 0)
        add_target(look, &respond);
    if (resolve.agreed != 0 || (counts && target.resolve > 0))
        add_target(look, &resolve);
    if (strcmp(status, "waiting") == 0)
        add_reminder(look, target.calendar);
}

static gint compare_calls(gconstpointer one, gconstpointer other)
{
    const PdCall *a = one;
    const PdCall *b = other;

    return a->at < b->at ? -1 : a->at > b->at ? 1 : (gint)a->kind - (gint)b->kind;
}

GArray *pd_escalation_calls(const PdTargets *targets, const GPtrArray *events,
                            const PdCalendar *zone, gint64 now)
{
    g_autoptr(PdTimeline) timeline = pd_timeline_new();
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Look look = {.targets = targets,
                 .escalation = pd_targets_escalation(targets),
                 .zone = zone,
                 .timeline = timeline,
                 .done = done,
                 .now = now,
                 .calls = g_array_new(FALSE, FALSE, sizeof(PdCall))};

    for (guint i = 0; i < events->len; i++)
        take_event(&look, g_ptr_array_index(events, i));
    if (events->len > 0)
        add_calls(&look);
    g_array_sort(look.calls, compare_calls);
    return look.calls;
}
