/* working_check.c: what a mail asks for, looked at before anything is done: is there a command of
 * this name, may the sender give it by the proof he has, can it be done to this ticket as it is?
 * And what goes on beside commands: is it the desk's own, is no command hidden in it, does it fit?
 * Nothing is written here. */
#include "desk/working_private.h"

#include "desk/clues.h"
#include "desk/handed.h"
#include "postdesk/text.h"
#include <string.h>

/* What he answers is his, and would prove it; but its ticket was merged, and this one is not it. */
static gboolean answers_merged(const PdFacts *facts)
{
    return facts->threading->ticket != facts->ticket->number &&
           pd_clues_hold_token(facts->clues, facts->threading->ticket);
}

static gboolean authorise(const PdWorking *work, PdCommandId id, PdProblem *problem)
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
    if (may == PD_MAY_NOT_PROOF &&
        pd_clues_held_token(work->input->facts->clues, work->input->facts->ticket->number))
        return pd_problem_set(problem, PD_PROBLEM_EXPIRED, pd_command_row(id)->name, NULL);
    return pd_problem_set(problem, kinds[may], pd_command_row(id)->name, NULL);
}

/* "/status" alone only asks. */
static PdCommandId power_of(const PdCommand *command)
{
    gboolean asks = command->row->id == PD_COMMAND_STATUS && command->argument[0] == '\0';

    return asks ? PD_COMMAND_STANDING : command->row->id;
}

static PdStatus *take(PdWorking *work, const PdCommand *command)
{
    g_auto(PdProblem) problem = {0};

    if (command->row == NULL) {
        pd_problem_set(&problem, PD_PROBLEM_UNKNOWN, NULL, command->line);
        problem.nearest =
            command->nearest != NULL ? g_strconcat("/", command->nearest, NULL) : NULL;
    } else if (authorise(work, power_of(command), &problem)) {
        PD_TRY(pd_change_take(work->change, command, &problem));
    }
    pd_working_add_line(work, command->line, &problem);
    return NULL;
}

/* An answer of the desk goes on in the desk's name only if it is the desk's own. */
static void check_answer(PdWorking *work)
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
    pd_working_add_line(work, lines[0], &problem);
}

/* What the desk may say and a reporter may not is no text for him to read. */
static gboolean is_of_desk(const PdWorking *work, PdCommandId id)
{
    const guint rank = work->input->facts->standing.rank & (PD_RANK_DESK | PD_RANK_MANAGER);

    return id != PD_COMMAND_NOTE && id != PD_COMMAND_NEW &&
           pd_authority_decide(id, rank, PD_PROOF_TOKEN, FALSE) == PD_MAY &&
           pd_authority_decide(id, PD_RANK_REPORTER, PD_PROOF_TOKEN, FALSE) != PD_MAY;
}

/* "Hello, / /resolve": whoever wrote it counts on it, so it must not go out as text. */
static void check_below(PdWorking *work, const char *text)
{
    for (;;) {
        PdCommand *command = pd_command_below(&text);
        g_auto(PdProblem) problem = {0};
        if (command == NULL)
            return;
        if (is_of_desk(work, command->row->id)) {
            pd_problem_set(&problem, PD_PROBLEM_BELOW, command->row->name, NULL);
            pd_working_add_line(work, command->line, &problem);
        }
        pd_command_free(command);
    }
}

/* What cannot go on with the words is told, not left out. */
static void check_files(PdWorking *work)
{
    g_auto(PdProblem) problem = {0};

    if (!work->doer.hands_files || pd_handed_fits(work->input->mail) ||
        (work->plan->commands->list->len > 0 && work->change->text->len == 0 &&
         work->plan->commands->rest[0] == '\0' && !work->change->form_goes_out))
        return;
    pd_problem_set(&problem, PD_PROBLEM_FILES, NULL, NULL);
    pd_working_add_line(work, work->input->mail->subject != NULL ? work->input->mail->subject : "",
                        &problem);
}

PdStatus *pd_working_check(PdWorking *work)
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
