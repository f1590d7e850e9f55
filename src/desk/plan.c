/* plan.c: from message, facts and decision to one plan.
 *
 * I2: every way through pd_plan_make() ends in exactly one act; the acts are the outcomes
 * of the ledger (and "wait", which leaves the row for later, behind an older one).
 * I7: an occasion is set only where answer.c says that the mail may be answered.
 *
 * In order: copies, what this desk wrote itself, bounces, reports, what a rule
 * quarantines or drops, automatic replies, and then people and machines.
 */
#include "desk/plan.h"

#include "desk/concern.h"
#include "desk/merge.h"
#include "desk/plan_alarm.h"
#include "desk/plan_work.h"
#include "desk/said.h"
#include "desk/unknown.h"
#include <string.h>

const char *pd_plan_act_name(PdPlanAct act)
{
    static const char *const names[] = {"create", "append", "ignore", "quarantine", "wait"};

    return names[act];
}

void pd_plan_free(PdPlan *plan)
{
    if (plan == NULL)
        return;
    g_free(plan->reason);
    g_ptr_array_unref(plan->alarms);
    pd_commands_free(plan->commands);
    g_free(plan);
}

static void ignore(PdPlan *plan, const char *reason)
{
    plan->act = PD_PLAN_IGNORE;
    plan->reason = g_strdup(reason);
}

static void plan_copy(const PdPlanInput *input, PdPlan *plan)
{
    const PdFacts *facts = input->facts;
    g_autofree char *ticket = facts->copy_ticket != 0
                                  ? g_strdup_printf(" (#%" G_GINT64_FORMAT ")", facts->copy_ticket)
                                  : g_strdup("");

    plan->act = PD_PLAN_IGNORE;
    plan->ticket = facts->copy_ticket;
    plan->reason =
        g_strdup_printf("copy of message %" G_GINT64_FORMAT "%s", facts->copy_of, ticket);
}

static void append(const PdPlanInput *input, PdPlan *plan)
{
    plan->act = PD_PLAN_APPEND;
    plan->ticket = input->facts->ticket->number;
    plan->version = input->facts->ticket->version;
}

static void plan_bounce(const PdPlanInput *input, PdPlan *plan)
{
    if (input->facts->ticket != NULL) {
        append(input, plan);
        return;
    }
    ignore(plan, "a bounce that belongs to no ticket of this desk");
    pd_plan_alarm_bounce(input, plan);
}

static void plan_auto_reply(const PdPlanInput *input, PdPlan *plan)
{
    if (input->facts->ticket != NULL)
        append(input, plan);
    else
        ignore(plan, "an automatic reply that belongs to no ticket");
}

static void set_occasion(PdPlan *plan, const char *occasion)
{
    if (plan->answer.may)
        plan->occasion = occasion;
}

static void plan_acknowledgement(const PdPlanInput *input, PdPlan *plan)
{
    if (input->mail->truncated) {
        set_occasion(plan, "oversize");
        return;
    }
    if (plan->answer.may && !input->config->acknowledge) {
        plan->answer.may = FALSE;
        plan->answer.reason = "acknowledgements are switched off (answers.acknowledge)";
    }
    if (plan->answer.may && pd_unknown_is_held(input)) {
        plan->answer.may = FALSE;
        plan->answer.reason = "the sender is not known, and unknown ones are held (people.yaml)";
    }
    if (plan->answer.may && input->form_problem != NULL &&
        input->form_problem->kind != PD_PROBLEM_NONE) {
        plan->answer.may = FALSE;
        plan->answer.reason = "it is told instead why the form opened no ticket of the caller";
    }
    set_occasion(plan, "acknowledge");
}

/* What it belongs to may be among what is not processed yet. */
static gboolean waits_for_older(const PdFacts *facts)
{
    return facts->ticket == NULL && facts->threading->refers_to_unknown && facts->older_waiting;
}

static void plan_new_ticket(const PdPlanInput *input, PdPlan *plan)
{
    const PdFacts *facts = input->facts;

    plan->act = PD_PLAN_CREATE;
    plan->linked = facts->ticket != NULL ? facts->ticket->number : 0;
    plan->suggested = facts->ticket != NULL ? plan->linked : facts->threading->suggested;
    plan_acknowledgement(input, plan);
}

/* Thanks reopen nothing, and an absence is no answer; the ticket says that they came. */
static gboolean needs_nobody(const PdPlanInput *input, PdPlan *plan)
{
    g_autofree char *said = pd_command_text_of(input->mail);
    gboolean would_reopen = plan->transition != NULL && plan->transition->occasion != NULL;

    if (input->mail->remark == PD_REMARK_THANKS && would_reopen)
        plan->note = "only thanks: not reopened";
    else if (would_reopen && pd_said_will_try(said))
        plan->note = "only says that he will try: not reopened";
    else if (input->mail->remark == PD_REMARK_ABSENCE && plan->transition != NULL)
        plan->note = "reads like an out-of-office note: the status is left as it is";
    if (plan->note != NULL)
        plan->transition = NULL;
    return plan->note != NULL;
}

/* Somebody outside was asked: until he answers it waits for him, whoever else writes. */
static gboolean is_not_awaited(const PdPlanInput *input, PdPlan *plan)
{
    if (plan->transition == NULL || input->facts->awaited == NULL)
        return FALSE;
    plan->note = "it waits for somebody outside who was asked: the status is left as it is";
    plan->transition = NULL;
    return TRUE;
}

/* A From line alone moves nothing; but the desk hears of it, and the reporter how he makes his
 * reply count (working_tell.c). */
static gboolean is_unproven(const PdPlanInput *input, PdPlan *plan)
{
    gboolean is_resolved = strcmp(input->facts->ticket->status, "resolved") == 0;

    if ((plan->transition == NULL && !is_resolved) || input->mail->remark != PD_REMARK_NONE ||
        pd_authority_reply_moves(input->facts->standing.proofs))
        return FALSE;
    plan->note = "nothing shows that it comes from this sender: the status is left as it is";
    plan->transition = NULL;
    plan->is_unproven = TRUE;
    if (plan->answer.to != NULL && /* what proves his next reply goes to nobody else */
        pd_address_equal(plan->answer.to->address, input->facts->ticket->reporter))
        set_occasion(plan, pd_concern_of("heard")->occasion);
    return TRUE;
}

/* It moves nothing, so he and the desk are told that he was heard (working_tell.c). */
static void tell_verdict(PdPlan *plan)
{
    plan->note = "whether it is solved is its reporter's to say: the status is left as it is";
    set_occasion(plan, pd_concern_of("heard")->occasion);
}

/* An ordinary addition is not answered: nobody wants a mail for each of his own. */
static void plan_reply(const PdPlanInput *input, PdPlan *plan)
{
    const PdFacts *facts = input->facts;
    PdMover mover = facts->sender_is_reporter ? PD_BY_REPORTER : PD_BY_PARTICIPANT;

    append(input, plan);
    if (input->mail->origin != PD_ORIGIN_PERSON || input->mail->dmarc == PD_AUTH_RESULT_FAIL)
        return; /* a machine or a forged sender moves nothing */
    plan->transition = pd_lifecycle_of_reply(facts->ticket->status, mover);
    plan->is_verdict = pd_plan_is_verdict(input);
    if (needs_nobody(input, plan) || is_not_awaited(input, plan) || is_unproven(input, plan))
        return;
    if (input->mail->truncated)
        set_occasion(plan, "oversize");
    else if (plan->transition != NULL)
        set_occasion(plan, plan->transition->occasion);
    else if (plan->is_verdict)
        tell_verdict(plan);
}

/* What a machine says of a matter that has a ticket: it is well again, or it is not. Nobody is
 * answered but a person, who learns the number. */
static void plan_keyed(const PdPlanInput *input, PdPlan *plan)
{
    const PdTicket *ticket = input->facts->keyed;
    gboolean is_machine = input->mail->origin == PD_ORIGIN_MACHINE;
    gboolean is_recovery = is_machine && pd_decision_field(input->decision, "resolve") != NULL;

    plan->act = PD_PLAN_APPEND;
    plan->by_key = TRUE;
    plan->ticket = ticket->number;
    plan->version = ticket->version;
    if (!is_machine)
        plan_acknowledgement(input, plan);
    if (is_recovery && input->facts->keyed_talks)
        plan->note = "a recovery; a person takes part, so the desk decides";
    else if (is_recovery)
        plan->transition = pd_lifecycle_find(ticket->status, "resolved", PD_BY_RULE);
    else
        plan->transition = pd_lifecycle_find(ticket->status, "open", PD_BY_RULE);
}

/* A recovery of nothing that is open is no work for anybody. */
static gboolean is_stale_recovery(const PdPlanInput *input)
{
    return input->mail->origin == PD_ORIGIN_MACHINE && input->facts->ticket == NULL &&
           input->facts->keyed == NULL && pd_merge_key(input->mail, input->decision) != NULL &&
           pd_decision_field(input->decision, "resolve") != NULL;
}

/* Commands and words to and from the desk's own people; an answer from outside ends waiting. */
static void plan_work(const PdPlanInput *input, PdPlan *plan)
{
    const PdStanding *standing = &input->facts->standing;

    append(input, plan);
    if (standing->rank == PD_RANK_EXTERNAL && input->facts->is_from_awaited &&
        pd_authority_reply_moves(standing->proofs))
        plan->transition = pd_lifecycle_of_reply(input->facts->ticket->status, PD_BY_PARTICIPANT);
}

/* Long after it was resolved, what is written is a new matter. */
static gboolean takes_reply(const PdFacts *facts)
{
    return pd_lifecycle_takes_replies(facts->ticket->status) && !facts->is_over;
}

/* "已解决" to a ticket that is closed long since is no new matter. */
static gboolean agrees(const PdMail *mail)
{
    g_autofree char *said = pd_command_text_of(mail);
    const PdCommandRow *row = pd_command_of_word(said, TRUE);

    return row != NULL && row->id == PD_COMMAND_CONFIRM;
}

static void plan_message(const PdPlanInput *input, PdPlan *plan)
{
    const PdTicket *ticket = input->facts->ticket;

    if (ticket != NULL && pd_plan_is_work(input, plan)) {
        plan_work(input, plan);
    } else if (ticket != NULL && takes_reply(input->facts)) {
        plan_reply(input, plan);
    } else if (pd_unknown_is_refused(input) && !waits_for_older(input->facts)) {
        pd_unknown_refuse(input, plan);
    } else if (input->facts->keyed != NULL) {
        plan_keyed(input, plan);
    } else if (is_stale_recovery(input)) {
        ignore(plan, "a recovery, and no open ticket has its merge key");
    } else if (ticket != NULL && input->mail->remark != PD_REMARK_NONE) {
        append(input, plan);
        plan->note = "thanks or an absence: no new ticket";
    } else if (ticket != NULL && agrees(input->mail)) {
        append(input, plan);
        plan->note = "only says that it is solved: no new ticket";
    } else if (waits_for_older(input->facts)) {
        plan->act = PD_PLAN_WAIT;
    } else {
        plan_new_ticket(input, plan);
    }
}

/* TRUE if a rule takes the message out of the ordinary way. */
static gboolean plan_by_rule(const PdPlanInput *input, PdPlan *plan)
{
    const char *quarantine = NULL;
    const char *drop = NULL;

    /* What a person took down is no spam. */
    if (input->decision != NULL && input->call == NULL) {
        quarantine = pd_decision_quarantine(input->decision);
        drop = pd_decision_drop(input->decision);
    }
    if (quarantine != NULL) {
        plan->act = PD_PLAN_QUARANTINE;
        plan->reason = g_strdup_printf("by rule: %s", quarantine);
    } else if (drop != NULL) {
        plan->act = PD_PLAN_IGNORE;
        plan->reason = g_strdup_printf("dropped by rule: %s", drop);
    }
    return quarantine != NULL || drop != NULL;
}

gboolean pd_plan_asks_rules(const PdMail *mail, const PdFacts *facts)
{
    return facts->copy_of == 0 && mail->origin != PD_ORIGIN_SELF &&
           mail->origin != PD_ORIGIN_BOUNCE && mail->origin != PD_ORIGIN_REPORT;
}

static void plan_act(const PdPlanInput *input, PdPlan *plan)
{
    if (input->facts->copy_of != 0)
        plan_copy(input, plan);
    else if (input->mail->origin == PD_ORIGIN_SELF)
        ignore(plan, "a mail of this desk came back");
    else if (input->mail->origin == PD_ORIGIN_BOUNCE)
        plan_bounce(input, plan);
    else if (pd_mail_tells_of_failure(input->mail) && input->facts->ticket != NULL)
        append(input, plan); /* it is late: the ticket says so */
    else if (input->mail->origin == PD_ORIGIN_REPORT)
        ignore(plan, "an automatic report about mail traffic");
    else if (plan_by_rule(input, plan))
        return;
    else if (input->mail->origin == PD_ORIGIN_AUTO_REPLY)
        plan_auto_reply(input, plan);
    else
        plan_message(input, plan);
}

/* What a rule says, what was written, what the ticket or the person speaks. */
static const char *wanted_language(const PdPlanInput *input)
{
    const char *by_rule =
        input->decision != NULL ? pd_decision_field(input->decision, "language") : NULL;
    const PdTicket *ticket = input->facts->ticket;
    const char *written = input->mail->language;
    const char *usual = input->facts->sender.language;

    if (by_rule != NULL)
        return by_rule;
    if (written[0] == '\0' && ticket != NULL)
        return ticket->language;
    if (usual != NULL && !g_strv_contains((const char *const *)input->config->languages, written))
        return usual;
    return written;
}

/* A mail that could be answered and is not says why, too. */
static void plan_silence(PdPlan *plan)
{
    if (plan->occasion != NULL || !plan->answer.may || plan->commands != NULL)
        return; /* working.c answers commands */
    plan->answer.may = FALSE;
    plan->answer.reason = plan->act == PD_PLAN_APPEND ? "an addition to a ticket is not answered"
                                                      : "only what becomes a ticket is answered";
}

PdPlan *pd_plan_make(const PdPlanInput *input)
{
    PdPlan *plan = g_new0(PdPlan, 1);

    plan->alarms = g_ptr_array_new_with_free_func((GDestroyNotify)pd_plan_alarm_free);
    plan->answer = pd_answer_decide(input->mail, input->config, &input->facts->budget);
    plan->language = wanted_language(input);
    plan->is_held = input->row != NULL && input->row->quiet;
    plan_act(input, plan);
    plan_silence(plan);
    pd_plan_alarm(input, plan);
    return plan;
}
