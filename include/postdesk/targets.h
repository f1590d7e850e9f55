/* targets.h: how soon the desk means to respond and to resolve: rules/targets.yaml
 * (postdesk-targets(5)).
 *
 * A target is working time by priority and queue, counted by a calendar. "respond" is met when
 * somebody of the desk first moves the ticket on, "resolve" when it is resolved. Both count
 * while the ticket is new or open; while it waits, they pause.
 */
#ifndef POSTDESK_TARGETS_H
#define POSTDESK_TARGETS_H

#include "postdesk/calendar.h"
#include "postdesk/tickets.h"

typedef struct pd_targets PdTargets;

/* A file that is not there holds no target. The calendars are borrowed and must outlive it. NULL
 * with errors in the list. */
PdTargets *pd_targets_load(const char *path, const PdCalendars *calendars, PdDiagnostics *list);
void pd_targets_free(PdTargets *targets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTargets, pd_targets_free)

typedef struct {
    gint64 respond, resolve; /* working time in microseconds; 0: none */
    PdCalendar *calendar;    /* borrowed */
    const char *queue;       /* whose own target it is, else NULL; borrowed */
} PdTarget;
/* What holds for a priority, a queue and the reporter's department (each may be NULL); FALSE if
 * nothing does. */
gboolean pd_targets_find(const PdTargets *targets, const char *priority, const char *queue,
                         const char *department, PdTarget *target);

/* The life of a ticket as targets see it: stretches of one status each, without a gap. */
typedef struct {
    gint64 from, to; /* to is 0 for the last one, which is not over */
    char *status;
    gboolean counts;
} PdStretch;

typedef struct {
    GArray *stretches;   /* of PdStretch, never empty once an event was added */
    gint64 responded_at; /* 0: not yet */
    gint64 agreed;       /* when somebody agreed that it is solved by; 0: nothing was agreed */
    gint64 agreed_at;    /* when that was said */
    char *priority, *queue, *department;
} PdTimeline;

PdTimeline *pd_timeline_new(void);
void pd_timeline_free(PdTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTimeline, pd_timeline_free)
/* Events in their order. */
void pd_timeline_add(PdTimeline *timeline, const PdEvent *event);
/* That a date was agreed by which it is solved, and that it still is to be. */
gboolean pd_timeline_holds_agreed(const PdTimeline *timeline);
/* The status that holds now. */
const char *pd_timeline_status(const PdTimeline *timeline);

/* When so much working time of the counting stretches has passed; 0 if it does not come to that
 * while things stay as they are. */
gint64 pd_target_due(const PdTimeline *timeline, PdCalendar *calendar, gint64 allowed);

typedef struct {
    gint64 respond, resolve; /* 0: nothing is owed */
} PdDue;
/* What is owed by when. */
PdDue pd_targets_due(const PdTargets *targets, const PdTimeline *timeline);

#endif
