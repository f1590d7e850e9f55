/* working.c: see working.h.
 *
 * Every command of a mail is looked at before any is done (working_check.c). If one fails, none is
 * done, nothing is handed on, and the sender is told of each line. What fails only when it is done
 * is taken back to a savepoint, and told in the same way. */
#include "desk/working.h"

#include "desk/concern.h"
#include "desk/handed.h"
#include "desk/taken.h"
#include "desk/working_private.h"
#include "postdesk/text.h"
#include <string.h>

static const char *reason_of(const PdDesk *desk, const char *language, PdProblemKind kind)
{
    return pd_templates_word(desk->templates, language, "problems", pd_problem_word(kind));
}

static void set_choices(PdJson *entry, const char *key, const char *choices, gboolean in_chinese)
{
    g_autofree char *told = choices != NULL ? pd_command_choices(choices, in_chinese) : NULL;

    pd_json_set_text(entry, key, told);
}

/* Who writes commands in English is offered English words, whatever his language. */
PdJson *pd_working_line(const PdDesk *desk, const char *language, const char *line,
                        const PdProblem *problem)
{
    PdJson *entry = pd_json_object();
    g_autofree char *shown = pd_text_printable(line);
    gboolean ok = problem->kind == PD_PROBLEM_NONE;
    gboolean in_chinese = g_str_has_prefix(language, "zh") && !g_str_is_ascii(line);

    pd_json_set_text(entry, "line", shown);
    pd_json_set_bool(entry, "understood", ok);
    pd_json_set_text(entry, "reason", ok ? NULL : reason_of(desk, language, problem->kind));
    set_choices(entry, "nearest", problem->nearest, in_chinese);
    set_choices(entry, "choices", problem->choices, in_chinese);
    return entry;
}

void pd_working_add_line(PdWorking *work, const char *line, const PdProblem *problem)
{
    pd_json_add(work->lines, pd_working_line(work->desk, work->language, line, problem));
    work->failed = work->failed || problem->kind != PD_PROBLEM_NONE;
    work->unauthorised = work->unauthorised || problem->kind == PD_PROBLEM_ROLE ||
                         problem->kind == PD_PROBLEM_PROOF || problem->kind == PD_PROBLEM_AGAIN;
}

/* Whoever of the desk answers a new ticket has it in work. */
static void begin_work(PdWorking *work)
{
    PdChange *change = work->change;
    gboolean says = change->text->len > 0 || (work->doer.hands_files && work->doer.says_nothing);

    if ((work->doer.rank & PD_RANK_DESK) == 0 || !says || change->is_internal ||
        strcmp(change->ticket->status, "new") != 0 || pd_json_get(change->set, "status") != NULL ||
        change->merge_into != 0)
        return;
    pd_json_set_text(change->set, "status", "open");
}

static PdStatus *do_all(PdWorking *work)
{
    begin_work(work);
    PD_TRY(pd_change_commit(work->change, work->queued));
    return work->change->wants_help ? pd_working_help(work) : NULL;
}

/* The one that can fail when it is done; its line is where it stands in the mail (take_all). */
static guint place_of_failed(const PdCommands *commands)
{
    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row->id == PD_COMMAND_UNDO || command->row->id == PD_COMMAND_SPLIT ||
            command->row->id == PD_COMMAND_MERGE)
            return i;
    }
    return 0;
}

/* It was told as understood, and is not. */
static void note_failed(PdWorking *work)
{
    if (pd_json_length(work->lines) == 0) { /* an answer without commands */
        g_auto(PdProblem) problem = {0};
        pd_problem_set(&problem, PD_PROBLEM_NOTHING, NULL, NULL);
        pd_working_add_line(
            work, work->input->mail->subject != NULL ? work->input->mail->subject : "", &problem);
        return;
    }
    PdJson *entry = pd_json_at(work->lines, place_of_failed(work->plan->commands));

    pd_json_set_bool(entry, "understood", FALSE);
    pd_json_set_text(entry, "reason", reason_of(work->desk, work->language, PD_PROBLEM_NOTHING));
    work->failed = TRUE;
}

/* In a savepoint: what turns out to be impossible leaves nothing behind. */
static PdStatus *try_all(PdWorking *work)
{
    PdStore *store = work->desk->store;
    guint queued = *work->queued;

    PD_TRY(pd_store_savepoint(store));
    PdStatus *status = do_all(work);
    if (status == NULL)
        return pd_store_release(store);
    PdStatus *spoilt = pd_store_rollback_savepoint(store);
    if (spoilt != NULL || pd_status_spoils(status) != PD_SPOILS_USAGE) {
        if (spoilt == NULL)
            return status;
        pd_status_free(status);
        return spoilt;
    }
    pd_status_free(status);
    *work->queued = queued;
    note_failed(work);
    return NULL;
}

static PdStatus *work_on(PdWorking *work)
{
    gboolean is_command = work->plan->commands != NULL;

    PD_TRY(pd_working_tell_move(work));
    if (is_command)
        PD_TRY(pd_working_check(work));
    if (is_command && !work->failed)
        PD_TRY(try_all(work));
    if (work->failed)
        PD_TRY(pd_working_refuse(work));
    return work->failed && !pd_working_is_verdict(work) ? NULL : pd_working_hand_to_desk(work);
}

/* Beside a note nobody can tell for whom they are meant. */
static gboolean hands_files(const PdPlanInput *input, const PdPlan *plan)
{
    return input->row != NULL && plan->commands != NULL && plan->commands->inside[0] == '\0' &&
           !plan->is_internal && pd_handed_has(input->mail);
}

/* What an answer says of a ticket, and proves the next reply with, goes to nobody whom an unproven
 * mail names in Reply-To. */
static gboolean may_be_answered(const PdPlanInput *input, const PdPlan *plan)
{
    const PdFacts *facts = input->facts;

    return plan->answer.may &&
           (facts->ticket == NULL || pd_authority_reply_moves(facts->standing.proofs) ||
            (input->mail->from != NULL &&
             pd_address_equal(plan->answer.to->address, input->mail->from->address)));
}

static PdDoer doer_of(const PdPlanInput *input, const PdPlan *plan)
{
    const PdMail *mail = input->mail;
    const PdStanding *standing = &input->facts->standing;
    gboolean has_from = mail->from != NULL && mail->from->address != NULL;

    return (PdDoer){
        .actor = input->call != NULL ? input->call->taken_by
                 : has_from          ? mail->from->address
                                     : "unknown",
        .channel = input->call != NULL ? input->call->channel : "mail",
        .inbox = input->row != NULL ? input->row->id : 0,
        .person = input->facts->sender.person,
        .rank = standing->rank,
        .token = (standing->proofs & PD_PROOF_TOKEN) != 0 ? standing->nonce : NULL,
        .proofs = standing->proofs,
        .answer_to = may_be_answered(input, plan) ? plan->answer.to->address : NULL,
        .over_budget = plan->answer.is_partner && !plan->answer.may,
        .held = plan->is_held ? PD_HELD_OLD : NULL,
        .mail = mail,
        .row = input->row,
        .hands_files = hands_files(input, plan),
        .told_at_desk = (standing->rank & PD_RANK_DESK) == 0 && plan->answer.is_partner,
        .says_nothing = plan->commands != NULL && plan->commands->list->len == 0 &&
                        plan->commands->rest[0] == '\0',
    };
}

/* A person's own language, else that of what he wrote. */
static const char *language_of(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    const char *usual = input->facts->sender.language;

    return pd_desk_language(desk, usual != NULL ? usual : plan->language);
}

/* A new ticket: whoever has it, and whoever took a call down, is told of it; and who sent the form
 * of a call that could not be taken for one, why. */
static PdStatus *opened(PdWorking *work, gint64 number)
{
    const PdPlanInput *input = work->input;
    PdTelling telling = pd_working_telling(work, "assigned");

    gboolean is_assigned = work->change->ticket->assignee[0] != '\0';

    PD_TRY(
        pd_tell_concerned(&telling, pd_concern_of(is_assigned ? "assignee" : "unassigned")->whom));
    if (input->call != NULL)
        return pd_taken_tell(work->desk, input, number, work->queued);
    if (input->form_problem == NULL || input->form_problem->kind == PD_PROBLEM_NONE)
        return NULL;
    if (pd_answer_decide(input->mail, input->config, &input->facts->budget).may)
        work->doer.answer_to = work->plan->answer.to->address;
    pd_working_add_line(work, "/new", input->form_problem);
    return pd_working_refuse(work);
}

static const char *text_goes_to(const PdWorking *work)
{
    if (work->change->text->len == 0 || work->failed)
        return NULL;
    if (work->change->external != NULL)
        return "external";
    return (work->doer.rank & PD_RANK_DESK) != 0 && !work->change->is_internal ? "reporter"
                                                                               : "desk";
}

PdStatus *pd_working_foresee(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                             PdJson **told)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdJson) lines = pd_json_array();
    PdWorking work = {.desk = desk,
                      .input = input,
                      .plan = plan,
                      .doer = doer_of(input, plan),
                      .lines = lines,
                      .language = language_of(desk, input, plan)};

    PD_TRY(pd_ticket_get(desk->store, plan->ticket, &ticket));
    g_autoptr(PdChange) change = pd_change_new(desk, ticket, &work.doer);
    work.change = change;
    change->is_internal = plan->is_internal;
    PD_TRY(pd_working_check(&work));
    if (!work.failed)
        begin_work(&work);
    PdJson *object = pd_json_object();
    pd_json_set_bool(object, "done", !work.failed);
    pd_json_set(object, "lines", pd_json_ref(lines));
    pd_json_set(object, "set", work.failed ? pd_json_object() : pd_json_ref(change->set));
    pd_json_set_text(object, "text", work.failed ? NULL : change->text->str);
    *told = pd_json_set_text(object, "text_goes_to", text_goes_to(&work));
    return NULL;
}

PdStatus *pd_working_commit(PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                            gint64 number, guint *queued)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdJson) lines = pd_json_array();
    PdWorking work = {.desk = desk,
                      .input = input,
                      .plan = plan,
                      .doer = doer_of(input, plan),
                      .lines = lines,
                      .language = language_of(desk, input, plan),
                      .queued = queued};

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    g_autoptr(PdChange) change = pd_change_new(desk, ticket, &work.doer);
    work.change = change;
    if (plan->act == PD_PLAN_APPEND)
        return work_on(&work);
    return opened(&work, number);
}
