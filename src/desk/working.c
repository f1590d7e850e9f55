/* working.c: see working.h.
 *
 * Every command of a mail is looked at before any is done: is there one of this name, may the
 * sender give it by the proof he has, can it be done to this ticket as it is? If one fails, none
 * is done, nothing is handed on, and the sender is told of each line. What fails only when it is
 * done is taken back to a savepoint, and told in the same way. */
#include "desk/working.h"

#include "desk/change.h"
#include "desk/clues.h"
#include "desk/concern.h"
#include "desk/handed.h"
#include "desk/taken.h"
#include "desk/tell.h"
#include "postdesk/text.h"
#include <string.h>

#define REFUSALS_TOLD 3 /* the admin is told of the third one of a sender, and each third after */

typedef struct {
    PdDesk *desk;
    const PdPlanInput *input;
    const PdPlan *plan;
    PdDoer doer;
    PdChange *change;
    PdJson *lines; /* what was understood of each command, for the answer */
    const char *language;
    gboolean failed, unauthorised;
    guint *queued;
} Work;

static PdTelling telling_of(const Work *work, const char *occasion)
{
    return (PdTelling){
        .desk = work->desk,
        .ticket = work->change->ticket->number,
        .occasion = occasion,
        .channel = "mail",
        .inbox = work->doer.inbox,
        .doer = work->doer.actor,
        .held = work->doer.held,
        .mail = work->doer.mail,
        .row = work->doer.row,
        .ahead = work->input->ahead,
        .queued = work->queued,
    };
}

static const char *reason_of(const PdDesk *desk, const char *language, PdProblemKind kind)
{
    return pd_templates_word(desk->templates, language, "problems", pd_problem_word(kind));
}

PdJson *pd_working_line(const PdDesk *desk, const char *language, const char *line,
                        const PdProblem *problem)
{
    PdJson *entry = pd_json_object();
    g_autofree char *shown = pd_text_printable(line);
    gboolean ok = problem->kind == PD_PROBLEM_NONE;

    pd_json_set_text(entry, "line", shown);
    pd_json_set_bool(entry, "understood", ok);
    pd_json_set_text(entry, "reason", ok ? NULL : reason_of(desk, language, problem->kind));
    pd_json_set_text(entry, "nearest", problem->nearest);
    return pd_json_set_text(entry, "choices", problem->choices);
}

static void add_line(Work *work, const char *line, const PdProblem *problem)
{
    pd_json_add(work->lines, pd_working_line(work->desk, work->language, line, problem));
    work->failed = work->failed || problem->kind != PD_PROBLEM_NONE;
    work->unauthorised = work->unauthorised || problem->kind == PD_PROBLEM_ROLE ||
                         problem->kind == PD_PROBLEM_PROOF || problem->kind == PD_PROBLEM_AGAIN;
}

/* What he answers is his, and would prove it; but its ticket was merged, and this one is not it. */
static gboolean answers_merged(const PdFacts *facts)
{
    return facts->threading->ticket != facts->ticket->number &&
           pd_clues_hold_token(facts->clues, facts->threading->ticket);
}

static gboolean authorise(const Work *work, PdCommandId id, PdProblem *problem)
{
    static const PdProblemKind kinds[] = {PD_PROBLEM_NONE, PD_PROBLEM_ROLE, PD_PROBLEM_PROOF,
                                          PD_PROBLEM_AGAIN};
    const PdStanding *standing = &work->input->facts->standing;
    gboolean used = (standing->used >> id & 1) != 0;
    PdMay may = pd_authority_decide(id, standing->rank, standing->proofs, used);

    if (may == PD_MAY)
        return TRUE;
    if (may == PD_MAY_NOT_PROOF && answers_merged(work->input->facts))
        return pd_problem_set(problem, PD_PROBLEM_MERGED, pd_command_row(id)->name, NULL);
    return pd_problem_set(problem, kinds[may], pd_command_row(id)->name, NULL);
}

/* "/status" alone only asks. */
static PdCommandId power_of(const PdCommand *command)
{
    gboolean asks = command->row->id == PD_COMMAND_STATUS && command->argument[0] == '\0';

    return asks ? PD_COMMAND_STANDING : command->row->id;
}

static PdStatus *take(Work *work, const PdCommand *command)
{
    g_auto(PdProblem) problem = {0};

    if (command->row == NULL) {
        pd_problem_set(&problem, PD_PROBLEM_UNKNOWN, NULL, command->line);
        problem.nearest =
            command->nearest != NULL ? g_strconcat("/", command->nearest, NULL) : NULL;
    } else if (authorise(work, power_of(command), &problem)) {
        PD_TRY(pd_change_take(work->change, command, &problem));
    }
    add_line(work, command->line, &problem);
    return NULL;
}

/* An answer of the desk goes on in the desk's name only if it is the desk's own. */
static void check_answer(Work *work)
{
    const PdStanding *standing = &work->input->facts->standing;
    const char *text = work->plan->commands->rest;
    g_auto(PdProblem) problem = {0};

    if ((standing->rank & (PD_RANK_DESK | PD_RANK_MANAGER)) == 0 || text[0] == '\0' ||
        work->plan->commands->list->len > 0)
        return;
    if (authorise(work, PD_COMMAND_NOTE, &problem))
        return;
    g_autofree char *begin = pd_text_shorten(text, 60);
    g_auto(GStrv) lines = g_strsplit(begin, "\n", 2);
    add_line(work, lines[0], &problem);
}

/* What the desk may say and a reporter may not is no text for him to read. */
static gboolean is_of_desk(const Work *work, PdCommandId id)
{
    const guint rank = work->input->facts->standing.rank & (PD_RANK_DESK | PD_RANK_MANAGER);

    return id != PD_COMMAND_NOTE && id != PD_COMMAND_NEW &&
           pd_authority_decide(id, rank, PD_PROOF_TOKEN, FALSE) == PD_MAY &&
           pd_authority_decide(id, PD_RANK_REPORTER, PD_PROOF_TOKEN, FALSE) != PD_MAY;
}

/* "Hello, / /resolve": whoever wrote it counts on it, so it must not go out as text. */
static void check_below(Work *work, const char *text)
{
    for (;;) {
        PdCommand *command = pd_command_below(&text);
        g_auto(PdProblem) problem = {0};
        if (command == NULL)
            return;
        if (is_of_desk(work, command->row->id)) {
            pd_problem_set(&problem, PD_PROBLEM_BELOW, command->row->name, NULL);
            add_line(work, command->line, &problem);
        }
        pd_command_free(command);
    }
}

/* What cannot go on with the words is told, not left out. */
static void check_files(Work *work)
{
    g_auto(PdProblem) problem = {0};

    if (!work->doer.hands_files || pd_handed_fits(work->input->mail) ||
        (work->plan->commands->list->len > 0 && work->change->text->len == 0 &&
         work->plan->commands->rest[0] == '\0'))
        return;
    pd_problem_set(&problem, PD_PROBLEM_FILES, NULL, NULL);
    add_line(work, work->input->mail->subject != NULL ? work->input->mail->subject : "", &problem);
}

static PdStatus *count_refusal(Work *work)
{
    PdStore *store = work->desk->store;
    g_autofree char *small = g_ascii_strdown(work->doer.actor, -1);
    g_autofree char *name = g_strdup_printf("refused/%.200s", small);
    g_autofree char *before = NULL;

    PD_TRY(pd_store_get_fact(store, name, &before));
    gint64 count = before != NULL ? g_ascii_strtoll(before, NULL, 10) + 1 : 1;
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, count);
    PD_TRY(pd_store_set_fact(store, name, now));
    if (count % REFUSALS_TOLD != 0)
        return NULL;
    g_autofree char *from = pd_text_printable(work->doer.actor);
    g_autofree char *text = g_strdup_printf(
        "Mails with From: %s held commands without the authority for them, %" G_GINT64_FORMAT
        " times by now, the last one for ticket #%" G_GINT64_FORMAT
        ".\nNothing was changed. Either somebody pretends to be this person, or his mail program "
        "does not answer to the address it is asked to: then look at his last mail with: postdesk "
        "explain",
        from, count, work->change->ticket->number);
    return pd_desk_alarm(work->desk, "authority", "Commands without authority", text);
}

static PdStatus *refuse(Work *work)
{
    PdTelling telling = telling_of(work, "refused");
    g_autoptr(PdJson) further = pd_json_object();

    if (work->unauthorised)
        PD_TRY(count_refusal(work));
    if (work->doer.answer_to == NULL)
        return NULL;
    pd_json_set(further, "lines", pd_json_ref(work->lines));
    pd_json_set_bool(further, "unproven", work->unauthorised);
    telling.further = further;
    return pd_tell_one(&telling, work->doer.answer_to, work->input->facts->sender.name,
                       work->language, work->doer.rank);
}

static PdStatus *send_help(Work *work)
{
    PdTelling telling = telling_of(work, "help");
    g_autoptr(PdJson) further = pd_json_object();
    PdJson *list = pd_json_array();
    gboolean chinese = g_str_has_prefix(work->language, "zh");

    for (guint id = 0; id < PD_COMMANDS; id++) {
        const PdCommandRow *row = pd_command_row(id);
        const guint all = PD_PROOF_TOKEN | PD_PROOF_ALIGNED;
        if (pd_authority_decide(id, work->doer.rank, all, FALSE) != PD_MAY)
            continue;
        PdJson *entry = pd_json_object();
        pd_json_set_text(entry, "name", row->name);
        pd_json_set_text(entry, "chinese", row->chinese);
        g_autofree char *form = pd_command_form(row, chinese);
        pd_json_set_text(entry, "form", form[0] != '\0' ? form : NULL);
        pd_json_set_text(entry, "help", chinese ? row->help_chinese : row->help);
        pd_json_add(list, entry);
    }
    pd_json_set(further, "commands", list);
    g_autofree char *link =
        work->doer.answer_to != NULL
            ? pd_call_link(work->desk, work->doer.answer_to, work->doer.rank, work->language)
            : NULL;
    pd_json_set_text(further, "call_href", link);
    telling.further = further;
    return work->doer.answer_to != NULL
               ? pd_tell_one(&telling, work->doer.answer_to, work->input->facts->sender.name,
                             work->language, work->doer.rank)
               : NULL;
}

/* Whoever of the desk answers a new ticket has it in work. */
static void begin_work(Work *work)
{
    PdChange *change = work->change;
    gboolean says = change->text->len > 0 || (work->doer.hands_files && work->doer.says_nothing);

    if ((work->doer.rank & PD_RANK_DESK) == 0 || !says || change->is_internal ||
        strcmp(change->ticket->status, "new") != 0 || pd_json_get(change->set, "status") != NULL ||
        change->merge_into != 0)
        return;
    pd_json_set_text(change->set, "status", "open");
}

static PdStatus *do_all(Work *work)
{
    begin_work(work);
    PD_TRY(pd_change_commit(work->change, work->queued));
    return work->change->wants_help ? send_help(work) : NULL;
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
static void note_failed(Work *work)
{
    if (pd_json_length(work->lines) == 0) { /* an answer without commands */
        g_auto(PdProblem) problem = {0};
        pd_problem_set(&problem, PD_PROBLEM_NOTHING, NULL, NULL);
        add_line(work, work->input->mail->subject != NULL ? work->input->mail->subject : "",
                 &problem);
        return;
    }
    PdJson *entry = pd_json_at(work->lines, place_of_failed(work->plan->commands));

    pd_json_set_bool(entry, "understood", FALSE);
    pd_json_set_text(entry, "reason", reason_of(work->desk, work->language, PD_PROBLEM_NOTHING));
    work->failed = TRUE;
}

/* In a savepoint: what turns out to be impossible leaves nothing behind. */
static PdStatus *try_all(Work *work)
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

static PdStatus *take_all(Work *work)
{
    const PdCommands *commands = work->plan->commands;

    for (guint i = 0; i < commands->list->len; i++)
        PD_TRY(take(work, g_ptr_array_index(commands->list, i)));
    check_answer(work);
    check_below(work, commands->rest);
    check_below(work, commands->inside);
    check_files(work);
    if (work->failed || commands->rest[0] == '\0')
        return NULL;
    if (work->change->text->len > 0)
        g_string_append_c(work->change->text, '\n');
    g_string_append(work->change->text, commands->rest);
    return NULL;
}

/* What somebody wrote goes to who works on the ticket and to who watches, but to the writer, and to
 * who read all of it in the mail that went outside: a note did not stand there. */
static PdStatus *hand_to_desk(Work *work)
{
    const PdMail *mail = work->input->mail;
    /* A word that closed or reopened the ticket is news, too. */
    gboolean is_moved = work->change->transition != NULL &&
                        (work->doer.rank & (PD_RANK_REPORTER | PD_RANK_FOLLOWER)) != 0;
    const PdCommands *commands = work->plan->commands;
    g_autofree char *text = commands != NULL && !is_moved
                                ? g_strjoin("\n", commands->rest, commands->inside, NULL)
                                : g_strdup(mail->text);
    const char *name = work->input->facts->sender.name;
    const PdConcern *concern = pd_concern_of("message");
    PdTelling telling = telling_of(work, concern->occasion);

    g_strstrip(text);
    if (mail->origin != PD_ORIGIN_PERSON || !work->plan->answer.is_partner ||
        (mail->remark != PD_REMARK_NONE && !is_moved) ||
        (text[0] == '\0' && mail->attachments->len == 0))
        return NULL;
    if (name == NULL || name[0] == '\0')
        name = mail->from->name[0] != '\0' ? mail->from->name : mail->from->address;
    telling.text = text;
    telling.by = name;
    if (commands != NULL && commands->inside[0] == '\0')
        telling.told = work->change->told;
    return pd_tell_concerned(&telling, concern->whom);
}

/* A reply that moved the ticket was answered (commit.c); who follows is told. */
static PdStatus *tell_move(Work *work)
{
    const PdTransition *move = work->plan->transition;

    if (move == NULL || move->occasion == NULL)
        return NULL;
    PdTelling telling = telling_of(work, move->occasion);
    telling.previous_status = move->from;
    return pd_tell_concerned(&telling, pd_concern_of("status")->whom & PD_CONCERNS_FOLLOWERS);
}

static PdStatus *work_on(Work *work)
{
    gboolean is_command = work->plan->commands != NULL;

    PD_TRY(tell_move(work));
    if (is_command)
        PD_TRY(take_all(work));
    if (is_command && !work->failed)
        PD_TRY(try_all(work));
    if (work->failed)
        return refuse(work);
    return hand_to_desk(work);
}

/* Beside a note nobody can tell for whom they are meant. */
static gboolean hands_files(const PdPlanInput *input, const PdPlan *plan)
{
    return input->row != NULL && plan->commands != NULL && plan->commands->inside[0] == '\0' &&
           !plan->is_internal && pd_handed_has(input->mail);
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
        .answer_to = plan->answer.may ? plan->answer.to->address : NULL,
        .held = plan->is_held ? PD_HELD_OLD : NULL,
        .mail = mail,
        .row = input->row,
        .hands_files = hands_files(input, plan),
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
static PdStatus *opened(Work *work, gint64 number)
{
    const PdPlanInput *input = work->input;
    PdTelling telling = telling_of(work, "assigned");

    if (work->change->ticket->assignee[0] != '\0')
        PD_TRY(pd_tell_concerned(&telling, pd_concern_of("assignee")->whom));
    if (input->call != NULL)
        return pd_taken_tell(work->desk, input, number, work->queued);
    if (input->form_problem == NULL || input->form_problem->kind == PD_PROBLEM_NONE)
        return NULL;
    if (pd_answer_decide(input->mail, input->config, &input->facts->budget).may)
        work->doer.answer_to = work->plan->answer.to->address;
    add_line(work, "/new", input->form_problem);
    return refuse(work);
}

static const char *text_goes_to(const Work *work)
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
    Work work = {.desk = desk,
                 .input = input,
                 .plan = plan,
                 .doer = doer_of(input, plan),
                 .lines = lines,
                 .language = language_of(desk, input, plan)};

    PD_TRY(pd_ticket_get(desk->store, plan->ticket, &ticket));
    g_autoptr(PdChange) change = pd_change_new(desk, ticket, &work.doer);
    work.change = change;
    change->is_internal = plan->is_internal;
    PD_TRY(take_all(&work));
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
    Work work = {.desk = desk,
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
