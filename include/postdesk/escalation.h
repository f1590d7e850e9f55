/* escalation.h: whom the desk warns before a target is due, and whom it tells after, and when it
 * asks again somebody whom a ticket waits for: "escalation" and "reminders" of rules/targets.yaml
 * (postdesk-targets(5)).
 *
 * A step comes so much working time before or after its target is due, so it moves with the due
 * time and does not come while the target pauses. Each step of each target comes once, until the
 * ticket was resolved. In the quiet hours steps wait for their end, but for the priorities that may
 * disturb at night.
 */
#ifndef POSTDESK_ESCALATION_H
#define POSTDESK_ESCALATION_H

#include "postdesk/hours.h"
#include "postdesk/targets.h"

typedef struct {
    gint64 offset; /* working time after the due time; negative: before */
    char **to;     /* "assignee", "on-duty", a role, or an address; NULL-terminated */
} PdEscalationStep;

typedef struct {
    GArray *steps; /* of PdEscalationStep, by offset */
    PdDayHours quiet;
    char **at_night;     /* priorities; NULL-terminated */
    gint64 remind_after; /* working time; 0: never */
    guint most_reminders;
} PdEscalation;

/* Of the targets' file; borrowed, never NULL. */
const PdEscalation *pd_targets_escalation(const PdTargets *targets);

typedef enum { PD_CALL_RESPOND, PD_CALL_RESOLVE, PD_CALL_REMIND } PdCallKind;
const char *pd_call_name(PdCallKind kind); /* "respond", "resolve", "remind" */

typedef struct {
    PdCallKind kind;
    guint step; /* of the escalation; of a reminder, how many went before */
    gint64 at;
    gint64 first_at; /* but for quiet hours, and for now where that is past */
    gint64 due;      /* of the target; 0 for a reminder */
} PdCall;
/* What a ticket with these events (of PdEvent *, all of them) still has before it, by time: pure.
 * Of each target only the latest step that is past is there. zone: whose wall clock the quiet hours
 * go by. Array of PdCall; caller frees. */
GArray *pd_escalation_calls(const PdTargets *targets, const GPtrArray *events,
                            const PdCalendar *zone, gint64 now);

#endif
