/* commit.c: see commit.h.
 *
 * I2: each way ends with pd_inbox_finish(), once, but that of a row that waits.
 * I3: a row that has its outcome is left alone (intake.c looks before it plans).
 * I4: events, message, decision, outbox rows and the row's outcome are in one transaction: none of
 * them is there without the others (intake.c takes it back where one fails).
 */
#include "desk/commit.h"

#include "desk/due.h"
#include "desk/duty.h"
#include "desk/events.h"
#include "desk/mailed.h"
#include "desk/proven.h"
#include "desk/unknown.h"
#include "desk/values.h"
#include "desk/why.h"
#include "desk/working.h"
#include "postdesk/log.h"
#include "postdesk/sharing.h"
#include "postdesk/text.h"
#include <string.h>

static char *attachments_line(const PdMail *mail)
{
    if (mail->attachments->len == 0)
        return NULL;
    g_autoptr(PdJson) list = pd_mail_attachments_json(mail);
    return pd_json_compact(list);
}

static PdStatus *put_message(PdDesk *desk, const PdPlanInput *input, gint64 ticket)
{
    const PdMail *mail = input->mail;
    g_autofree char *attachments = attachments_line(mail);
    PdStoredMessage message = {
        .inbox = input->row->id,
        .ticket = ticket,
        .message_id = mail->message_id,
        .from_name = mail->from != NULL    ? mail->from->name
                     : input->call != NULL ? input->call->name
                                           : NULL,
        .from = mail->from != NULL ? mail->from->address : NULL,
        .subject = mail->subject,
        .date = mail->date,
        .text = mail->text,
        .origin = (char *)pd_origin_name(mail->origin),
        .attachments = attachments,
    };

    memcpy(message.content_hash, mail->content_hash, PD_HASH_SIZE);
    return pd_message_put(desk->store, &message);
}

static PdStatus *put_decision(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                              gint64 ticket)
{
    g_autofree char *line = pd_why_line(desk, input, plan);

    return pd_decision_put(desk->store, input->row->id, ticket, line, input->phrases);
}

/* A template that a rule names stands in for the acknowledgement, if there is one. */
static const char *template_of(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                               const char *language)
{
    const char *named =
        input->decision != NULL ? pd_decision_field(input->decision, "template") : NULL;

    if (named == NULL || strcmp(plan->occasion, "acknowledge") != 0)
        return NULL;
    if (pd_templates_has(desk->templates, language, named))
        return named;
    const PdLogFields fields = {.message = input->mail->message_id};
    pd_log(PD_LOG_WARNING, "template-unknown", &fields,
           "a rule names the template '%s', which %s lacks; 'acknowledge' is used", named,
           language);
    return NULL;
}

static PdJson *values_of(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                         const char *language, const PdTicket *ticket)
{
    const PdAddress *from = input->mail->from;
    const char *written = from != NULL ? from->name : NULL;
    const char *known = input->facts->sender.name;
    PdJson *values = pd_values_of_ticket(desk, language, ticket, known != NULL ? known : written);
    g_autofree char *linked = g_strdup_printf("%" G_GINT64_FORMAT, plan->linked);

    pd_values_add_message(desk, values, input->mail, input->row);
    pd_json_set_text(values, "linked", plan->linked != 0 ? linked : NULL);
    pd_json_set_bool(values, "is_call", input->call != NULL);
    pd_json_set_bool(values, "verdict", plan->is_verdict);
    pd_json_set_bool(values, "unproven", plan->is_unproven);
    return values;
}

/* The message is worth more than its answer: the ticket stays, and says what is missing. */
static PdStatus *note_unwritten(PdDesk *desk, const PdPlanInput *input, const PdTicket *ticket,
                                const PdStatus *why)
{
    g_autoptr(PdEvent) event = pd_event_new("note", "desk", "mail");
    g_autofree char *reason = pd_status_line(why);
    g_autofree char *note = g_strconcat("the answer could not be written: ", reason, NULL);
    g_autofree char *text =
        g_strdup_printf("Ticket: #%" G_GINT64_FORMAT "\nReason: %s\nLook at the template, and tell "
                        "the reporter yourself.",
                        ticket->number, reason);

    event->ticket = ticket->number;
    event->inbox = input->row->id;
    pd_json_set_text(event->data, "note", note);
    PD_TRY(pd_ticket_append(desk->store, event, ticket->version));
    g_autoptr(PdJson) facts = pd_json_set_int(pd_json_object(), "ticket", ticket->number);
    pd_json_set_text(facts, "reason", reason);
    return pd_desk_alarm(desk, "answer", "An answer could not be written", text, facts);
}

/* Who is answered is the reporter, but where somebody else's reply is. */
static PdRank rank_of(const PdPlanInput *input, const PdTicket *ticket, const PdPlan *plan)
{
    PdRank rank = input->facts->standing.rank;

    if (pd_address_equal(ticket->reporter, plan->answer.to->address))
        return PD_RANK_REPORTER;
    return rank;
}

static PdStatus *answer(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan, gint64 number,
                        PdCommitted *done)
{
    const PdMail *mail = input->mail;
    const char *language = pd_desk_language(desk, plan->language);
    g_autoptr(PdTicket) ticket = NULL;

    if (plan->occasion == NULL)
        return NULL;
    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    g_autoptr(PdJson) values = values_of(desk, input, plan, language, ticket);
    const PdNotice notice = {
        .occasion = plan->occasion,
        .template = template_of(desk, input, plan, language),
        .language = language,
        .values = values,
        .ticket = number,
        .recipient = plan->answer.to->address,
        .recipient_name = plan->answer.to->name,
        .in_reply_to = mail->message_id,
        .references = mail->references->len > 0 ? mail->references : mail->in_reply_to,
        .auto_submitted = "auto-replied",
        .held = plan->is_held ? PD_HELD_OLD : NULL,
        .rank = rank_of(input, ticket, plan),
        .status = ticket->status,
    };
    g_autoptr(PdStatus) failed =
        pd_mailed_put(desk, &notice, input->row->id, "mail", ticket->version);
    if (failed == NULL)
        done->queued++;
    else if (pd_status_spoils(failed) == PD_SPOILS_STORE)
        return g_steal_pointer(&failed);
    else
        return note_unwritten(desk, input, ticket, failed);
    return NULL;
}

static PdStatus *put_event(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                           gint64 *number)
{
    gboolean opens = plan->act == PD_PLAN_CREATE;
    const PdTicket *ticket = plan->by_key ? input->facts->keyed : input->facts->ticket;
    g_autoptr(PdEvent) event =
        opens ? pd_event_opened(desk, input, plan) : pd_event_message(desk, input, plan);

    if (opens)
        PD_TRY(pd_duty_assign(desk, event));
    PD_TRY(pd_due_set(desk, opens ? NULL : ticket, event));
    PD_TRY(pd_ticket_append(desk->store, event, opens ? 0 : plan->version));
    *number = event->ticket;
    return NULL;
}

/* In the closed ticket it stands, too, that the matter goes on. */
static PdStatus *put_link(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan, gint64 opened)
{
    g_autoptr(PdTicket) closed = NULL;

    if (plan->act != PD_PLAN_CREATE || plan->linked == 0)
        return NULL;
    PD_TRY(pd_ticket_get(desk->store, plan->linked, &closed));
    g_autoptr(PdEvent) event = pd_event_goes_on(input, plan, opened);
    return closed != NULL ? pd_ticket_append(desk->store, event, closed->version) : NULL;
}

static PdStatus *commit_ticket(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                               PdCommitted *done)
{
    PD_TRY(put_event(desk, input, plan, &done->ticket));
    PD_TRY(put_link(desk, input, plan, done->ticket));
    PD_TRY(put_message(desk, input, done->ticket));
    PD_TRY(pd_proven_note(desk, input));
    PD_TRY(put_decision(desk, input, plan, done->ticket));
    PD_TRY(answer(desk, input, plan, done->ticket, done));
    PD_TRY(pd_working_commit(desk, input, plan, done->ticket, &done->queued));
    done->outcome = plan->act == PD_PLAN_CREATE ? PD_OUTCOME_CREATED : PD_OUTCOME_APPENDED;
    return pd_inbox_finish(desk->store, input->row->id, done->outcome, NULL, done->ticket);
}

/* A copy leaves no message of its own: the first one is what later copies are held against; nor
 * does what is refused, so that it may be taken in when it comes again and its sender is known. */
static PdStatus *commit_ignored(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                                PdCommitted *done)
{
    done->is_copy = input->facts->copy_of != 0;
    if (done->is_copy)
        PD_TRY(pd_sharing_note_copy(desk->store, input->row->id, input->facts->copy_of));
    else if (!plan->is_refused)
        PD_TRY(put_message(desk, input, 0));
    PD_TRY(put_decision(desk, input, plan, 0));
    if (plan->is_refused && plan->occasion != NULL)
        PD_TRY(pd_unknown_tell(desk, input, plan, &done->queued));
    done->ticket = plan->ticket;
    done->outcome = PD_OUTCOME_IGNORED;
    return pd_inbox_finish(desk->store, input->row->id, done->outcome, plan->reason, plan->ticket);
}

/* No message is stored: whoever takes it out of quarantine has it processed anew. */
static PdStatus *commit_quarantined(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                                    PdCommitted *done)
{
    PD_TRY(put_decision(desk, input, plan, 0));
    done->outcome = PD_OUTCOME_QUARANTINED;
    return pd_inbox_finish(desk->store, input->row->id, done->outcome, plan->reason, 0);
}

static PdStatus *commit_act(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                            PdCommitted *done)
{
    switch (plan->act) {
    case PD_PLAN_CREATE:
    case PD_PLAN_APPEND:
        return commit_ticket(desk, input, plan, done);
    case PD_PLAN_IGNORE:
        return commit_ignored(desk, input, plan, done);
    case PD_PLAN_QUARANTINE:
        return commit_quarantined(desk, input, plan, done);
    case PD_PLAN_WAIT:
        break;
    }
    return NULL;
}

PdStatus *pd_commit_plan(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                         PdCommitted *done)
{
    memset(done, 0, sizeof *done);
    PD_TRY(commit_act(desk, input, plan, done));
    for (guint i = 0; i < plan->alarms->len && plan->act != PD_PLAN_WAIT; i++) {
        const PdPlanAlarm *alarm = g_ptr_array_index(plan->alarms, i);
        PD_TRY(pd_desk_alarm(desk, alarm->kind, alarm->subject, alarm->text, alarm->facts));
    }
    return NULL;
}

PdStatus *pd_commit_quarantine(PdDesk *desk, gint64 inbox_id, const char *reason)
{
    g_autofree char *told = pd_text_fold_space(reason);
    g_autofree char *text =
        g_strdup_printf("Message: #%" G_GINT64_FORMAT "\nReason: %s\nIt is kept whole. Look at it "
                        "with: postdesk quarantine",
                        inbox_id, told);

    PD_TRY(pd_inbox_finish(desk->store, inbox_id, PD_OUTCOME_QUARANTINED, reason, 0));
    g_autofree char *message = g_strdup_printf("#%" G_GINT64_FORMAT, inbox_id);
    g_autoptr(PdJson) facts = pd_json_set_text(pd_json_object(), "message", message);
    pd_json_set_text(facts, "reason", told);
    return pd_desk_alarm(desk, "quarantine", "A message was put into quarantine", text, facts);
}
