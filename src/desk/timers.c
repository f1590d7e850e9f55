/* timers.c: what becomes due on tickets: warnings, escalations, reminders.
 *
 * A call is an event of its ticket first and mails then, all in one transaction (I4), and the event
 * is what keeps it from being made again. The ticket's timer is set to its next call in the same
 * transaction; a ticket that has none before it leaves the index.
 */
#include "postdesk/timers.h"
#include "desk/actions.h"
#include "desk/mailed.h"
#include "desk/recipients.h"
#include "desk/values.h"
#include "desk/wait.h"
#include "postdesk/clock.h"
#include "postdesk/escalation.h"
#include "postdesk/log.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include "postdesk/upkeep.h"
#include <string.h>

#define BATCH 20 /* tickets in one transaction, in which no mail is processed */

typedef struct {
    PdDesk *desk;
    PdTicket *ticket;
    const GPtrArray *events;
    gint64 version; /* of the ticket, as it grows */
    gint64 now;
    gint64 restored_at; /* what was due before may have been mailed before (I8) */
    guint *mailed;
} Calling;

static const PdCalendar *wall_clock(const PdDesk *desk)
{
    return pd_calendars_find(desk->calendars, NULL);
}

static PdJson *describe_call(const PdCall *call, const GPtrArray *to)
{
    PdJson *object = pd_json_object();
    PdJson *list = pd_json_array();
    g_autofree char *due = call->due != 0 ? pd_clock_format_utc(call->due) : NULL;

    for (guint i = 0; i < to->len; i++)
        pd_json_add_text(list, g_ptr_array_index(to, i));
    pd_json_set_text(object, "target", pd_call_name(call->kind));
    pd_json_set_int(object, "step", call->step);
    pd_json_set_text(object, "due", due);
    return pd_json_set(object, "to", list);
}

static PdStatus *put_event(Calling *calling, const PdCall *call, const GPtrArray *to)
{
    gboolean is_reminder = call->kind == PD_CALL_REMIND;
    g_autoptr(PdEvent) event =
        pd_event_new(is_reminder ? "reminded" : "escalated", "desk", "clock");

    event->at = calling->now;
    event->ticket = calling->ticket->number;
    pd_json_set(event->data, "escalation", describe_call(call, to));
    PD_TRY(pd_ticket_append(calling->desk->store, event, calling->version));
    calling->version = event->sequence;
    return NULL;
}

/* What was asked, and whether somebody was who has no part in how the desk sees the matter. */
static void add_question(const Calling *calling, PdJson *values)
{
    g_auto(PdWait) wait = {NULL, NULL, 0};

    pd_wait_of(calling->events, &wait);
    pd_json_set_bool(values, "is_outside", wait.external != NULL);
    pd_values_add_said(values, wait.asked, NULL);
}

static void add_call(const Calling *calling, PdJson *values, const PdCall *call,
                     const char *language)
{
    const PdDesk *desk = calling->desk;
    const PdTicket *ticket = calling->ticket;
    const char *holder = pd_recipient_of_name(desk, ticket->assignee);
    const char *name = holder != NULL ? pd_recipient_name(desk, holder) : NULL;
    g_autofree char *due = call->due != 0 ? pd_calendar_format(wall_clock(desk), call->due) : NULL;

    pd_json_set_bool(values, "is_late", call->due != 0 && call->due <= calling->now);
    pd_json_set_text(
        values, "target_word",
        pd_templates_word(desk->templates, language, "targets", pd_call_name(call->kind)));
    pd_json_set_text(values, "due_at", due);
    pd_json_set_text(values, "holder",
                     name != NULL                  ? name
                     : ticket->assignee[0] != '\0' ? ticket->assignee
                                                   : NULL);
    pd_json_set_text(values, "requester",
                     ticket->reporter_name[0] != '\0' ? ticket->reporter_name : ticket->reporter);
    pd_json_set_text(values, "requester_department",
                     ticket->department[0] != '\0' ? ticket->department : NULL);
}

/* What he is to the ticket: what he can do about it by one tap hangs on that. */
static PdRank rank_of(const PdDesk *desk, const PdTicket *ticket, const char *recipient)
{
    const PdWho who = pd_people_look_up(desk->people, recipient);

    return pd_address_equal(recipient, ticket->reporter) ? PD_RANK_REPORTER
                                                         : pd_rank_of_role(who.role);
}

static PdStatus *mail_one(Calling *calling, const PdCall *call, const char *recipient,
                          const char *language)
{
    PdDesk *desk = calling->desk;
    const PdTicket *ticket = calling->ticket;
    const char *name = pd_recipient_name(desk, recipient);
    g_autoptr(PdJson) values = pd_values_of_ticket(desk, language, ticket, name);
    const PdNotice notice = {
        .occasion = call->kind == PD_CALL_REMIND ? "reminder" : "escalation",
        .language = language,
        .values = values,
        .ticket = ticket->number,
        .recipient = recipient,
        .recipient_name = name,
        .auto_submitted = "auto-generated",
        .rank = rank_of(desk, ticket, recipient),
        .status = ticket->status,
        .held = call->first_at < calling->restored_at ? PD_HELD_SINCE_RESTORE : NULL,
        .actions = pd_address_equal(recipient, pd_recipient_of_name(desk, ticket->assignee))
                       ? PD_ACTIONS_HIS
                       : 0,
    };

    add_call(calling, values, call, language);
    if (call->kind == PD_CALL_REMIND)
        add_question(calling, values);
    PD_TRY(pd_mailed_put(desk, &notice, 0, "clock", calling->version));
    calling->version++;
    ++*calling->mailed;
    return NULL;
}

static PdStatus *escalate(Calling *calling, const PdCall *call)
{
    PdDesk *desk = calling->desk;
    const PdEscalation *escalation = pd_targets_escalation(desk->targets);
    const PdEscalationStep *step = &g_array_index(escalation->steps, PdEscalationStep, call->step);
    g_autoptr(GPtrArray) to = pd_recipients_of(desk, calling->ticket, step->to, calling->now);

    PD_TRY(put_event(calling, call, to));
    for (guint i = 0; i < to->len; i++) {
        const char *recipient = g_ptr_array_index(to, i);
        PD_TRY(mail_one(calling, call, recipient, pd_recipient_language(desk, recipient)));
    }
    return NULL;
}

/* Somebody outside whom the desk asked, or else the reporter. NULL: nobody who can be mailed. */
static const char *awaited(const Calling *calling)
{
    g_auto(PdWait) wait = {NULL, NULL, 0};

    pd_wait_of(calling->events, &wait);
    const char *address = wait.external != NULL ? wait.external : calling->ticket->reporter;
    return pd_text_can_be_mailed(address) &&
                   !pd_config_is_own_address(calling->desk->config, address)
               ? address
               : NULL;
}

/* A reporter who takes no part is a machine, a list or a forged sender: he is not mailed. */
static PdStatus *remind(Calling *calling, const PdCall *call)
{
    PdDesk *desk = calling->desk;
    const char *address = awaited(calling);
    g_autoptr(GPtrArray) to = g_ptr_array_new();
    gboolean takes_part = FALSE;

    if (address != NULL)
        PD_TRY(
            pd_ticket_has_participant(desk->store, calling->ticket->number, address, &takes_part));
    if (takes_part)
        g_ptr_array_add(to, (gpointer)address);
    PD_TRY(put_event(calling, call, to));
    return takes_part
               ? mail_one(calling, call, address, pd_desk_language(desk, calling->ticket->language))
               : NULL;
}

static PdStatus *make_calls(Calling *calling, const GArray *calls, gint64 *next)
{
    *next = 0;
    for (guint i = 0; i < calls->len; i++) {
        const PdCall *call = &g_array_index(calls, PdCall, i);
        if (call->at > calling->now && (*next == 0 || call->at < *next))
            *next = call->at;
        if (call->at > calling->now)
            continue;
        PD_TRY(call->kind == PD_CALL_REMIND ? remind(calling, call) : escalate(calling, call));
        const PdLogFields fields = {.ticket = calling->ticket->number};
        pd_log(PD_LOG_INFO, "timer", &fields, "%s, step %u", pd_call_name(call->kind),
               call->step + 1);
    }
    return NULL;
}

static GArray *look(const PdDesk *desk, const GPtrArray *events, gint64 now)
{
    return pd_escalation_calls(desk->targets, events, wall_clock(desk), now);
}

/* What was made now may have another step or reminder behind it. */
static PdStatus *next_after(Calling *calling, gint64 *next)
{
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(pd_ticket_events(calling->desk->store, calling->ticket->number, &events));
    g_autoptr(GArray) calls = look(calling->desk, events, calling->now);
    *next = calls->len > 0 ? g_array_index(calls, PdCall, 0).at : 0;
    return NULL;
}

static PdStatus *run_ticket(PdDesk *desk, gint64 number, gint64 now, guint *mailed)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) events = NULL;
    gint64 next = 0, restored_at = 0;

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    PD_TRY(pd_ticket_events(desk->store, number, &events));
    if (ticket == NULL)
        return pd_timers_set(desk->store, number, 0);
    g_autoptr(GArray) calls = look(desk, events, now);
    PD_TRY(pd_store_restored_at(desk->store, &restored_at));
    Calling calling = {desk, ticket, events, ticket->version, now, restored_at, mailed};
    PD_TRY(make_calls(&calling, calls, &next));
    if (calling.version != ticket->version)
        PD_TRY(next_after(&calling, &next));
    return pd_timers_set(desk->store, number, next);
}

/* A mail that cannot be written must not stop the others: the ticket is left until it changes. */
static PdStatus *run_safely(PdDesk *desk, gint64 number, gint64 now, guint *mailed)
{
    PD_TRY(pd_store_savepoint(desk->store));
    g_autoptr(PdStatus) failed = run_ticket(desk, number, now, mailed);
    if (failed == NULL)
        return pd_store_release(desk->store);
    if (pd_status_spoils(failed) == PD_SPOILS_STORE)
        return g_steal_pointer(&failed);
    PD_TRY(pd_store_rollback_savepoint(desk->store));
    PD_TRY(pd_timers_set(desk->store, number, 0));
    g_autofree char *reason = pd_status_line(failed);
    g_autofree char *text = g_strdup_printf("Ticket: #%" G_GINT64_FORMAT
                                            "\nReason: %s\nNobody is reminded of it until it "
                                            "changes. Look at the template: postdesk check",
                                            number, reason);
    g_autoptr(PdJson) facts = pd_json_set_int(pd_json_object(), "ticket", number);
    pd_json_set_text(facts, "reason", reason);
    return pd_desk_alarm(desk, "timer", "A warning or reminder could not be written", text, facts);
}

static PdStatus *run_batch(PdDesk *desk, const GArray *due, gint64 now, guint *mailed)
{
    PD_TRY(pd_store_begin(desk->store));
    for (guint i = 0; i < due->len; i++) {
        PdStatus *status = run_safely(desk, g_array_index(due, gint64, i), now, mailed);
        if (status != NULL) {
            pd_store_rollback(desk->store);
            return status;
        }
    }
    PdStatus *status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}

PdStatus *pd_desk_run_timers(PdDesk *desk, guint *mailed, gboolean *more)
{
    g_autoptr(GArray) due = NULL;
    gint64 now = pd_clock_now();

    *more = FALSE;
    PD_TRY(pd_timers_due(desk->store, now, BATCH, &due));
    if (due->len == 0)
        return NULL;
    PD_TRY(run_batch(desk, due, now, mailed));
    *more = due->len == BATCH;
    return NULL;
}
