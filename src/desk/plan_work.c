/* plan_work.c: see plan_work.h.
 *
 *   of the desk           commands, and text for the reporter (to its own tickets as reporters are)
 *   from outside (asked)  text for the engineer only
 *   reporter, follower    commands, or one word that says as much
 */
#include "desk/plan_work.h"

#include "desk/authority.h"
#include "desk/said.h"
#include "desk/signs_off.h"
#include <string.h>

static gboolean is_of_desk(const PdFacts *facts)
{
    return (facts->standing.rank & (PD_RANK_DESK | PD_RANK_MANAGER)) != 0;
}

static gboolean has_known(const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        const PdCommand *command = g_ptr_array_index(list, i);
        if (command->row != NULL || command->nearest != NULL)
            return TRUE;
    }
    return FALSE;
}

/* A word moves a ticket only where the same command would: else it is just what he writes. */
static gboolean counts_as_command(const PdFacts *facts, PdCommandId id)
{
    const PdStanding *standing = &facts->standing;
    gboolean used = (standing->used >> id & 1) != 0;

    return pd_authority_decide(id, standing->rank, standing->proofs, used) == PD_MAY;
}

/* One command is all there is. */
static gboolean take_one(PdCommands *commands, const PdCommandRow *row, const char *line,
                         const char *argument)
{
    g_ptr_array_set_size(commands->list, 0);
    g_ptr_array_add(commands->list, pd_command_new(row, line, argument));
    g_clear_pointer(&commands->rest, g_free);
    commands->rest = g_strdup("");
    return TRUE;
}

/* Only the desk closes; the reporter's "/close" says what his "已解决" says. */
static void read_as_reporters(const PdFacts *facts, PdCommands *commands)
{
    gboolean is_resolved = strcmp(facts->ticket->status, "resolved") == 0;

    for (guint i = 0; i < commands->list->len; i++) {
        PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row == pd_command_row(PD_COMMAND_CLOSE) ||
            command->row == pd_command_row(PD_COMMAND_RESOLVE))
            command->row = pd_command_row(is_resolved ? PD_COMMAND_CONFIRM : PD_COMMAND_WITHDRAW);
    }
}

/* What is asked when a ticket is closed. Who is satisfied says so of a solution, too; there a
 * figure alone may mean anything. */
static gboolean take_rating(const PdFacts *facts, const char *text, PdCommands *commands)
{
    const char *status = facts->ticket->status;
    gboolean confirms = strcmp(status, "resolved") == 0 && !facts->is_over;
    gboolean is_figure = FALSE;
    guint mark =
        confirms || strcmp(status, "closed") == 0 ? pd_command_rating(text, &is_figure) : 0;

    if (mark == 0 || !counts_as_command(facts, PD_COMMAND_RATE) ||
        (confirms &&
         (mark < PD_SATISFIED || is_figure || !counts_as_command(facts, PD_COMMAND_CONFIRM))))
        return FALSE;
    g_autofree char *argument = g_strdup_printf("%u", mark);
    take_one(commands, pd_command_row(PD_COMMAND_RATE), text, argument);
    if (confirms)
        g_ptr_array_insert(commands->list, 0,
                           pd_command_new(pd_command_row(PD_COMMAND_CONFIRM), text, ""));
    return TRUE;
}

static gboolean take_word(const PdFacts *facts, const char *text, PdCommands *commands)
{
    const char *status = facts->ticket->status;
    const PdCommandRow *row = pd_command_of_word(text, strcmp(status, "resolved") == 0);

    if (row != NULL && row->id != PD_COMMAND_STANDING && !pd_lifecycle_takes_replies(status))
        return FALSE;
    if (row == NULL || !counts_as_command(facts, row->id))
        return FALSE;
    return take_one(commands, row, text, "");
}

/* Where it stands he is told at once, and the desk that he asked. */
static gboolean take_question(const PdFacts *facts, const char *text, PdCommands *commands)
{
    return pd_said_asks_status(text) && counts_as_command(facts, PD_COMMAND_STANDING) &&
           take_one(commands, pd_command_row(PD_COMMAND_STANDING), text, "");
}

static gboolean keeps_inside(const PdFacts *facts, const PdCommands *commands)
{
    const guint proven = PD_PROOF_TOKEN | PD_PROOF_ALIGNED | PD_PROOF_SIGNATURE;

    if (facts->standing.rank == PD_RANK_EXTERNAL ||
        (is_of_desk(facts) && (facts->standing.proofs & proven) == 0))
        return TRUE;
    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL && command->row->id == PD_COMMAND_NOTE)
            return TRUE;
    }
    return FALSE;
}

/* To "resolved" a reporter's answer of any kind, but thanks, opens the ticket again. */
gboolean pd_plan_is_verdict(const PdPlanInput *input)
{
    const PdStanding *standing = &input->facts->standing;
    gboolean is_resolved = strcmp(input->facts->ticket->status, "resolved") == 0;
    g_autofree char *said = pd_command_text_of(input->mail);
    const PdCommandRow *word = pd_command_of_word(said, is_resolved);

    if (standing->rank != PD_RANK_FOLLOWER || !pd_authority_reply_moves(standing->proofs))
        return FALSE;
    if (word != NULL)
        return word->id != PD_COMMAND_STANDING;
    return is_resolved && input->mail->remark == PD_REMARK_NONE;
}

gboolean pd_plan_is_work(const PdPlanInput *input, PdPlan *plan)
{
    const PdFacts *facts = input->facts;
    g_autoptr(PdCommands) commands = NULL;
    g_autofree char *said = NULL;

    if (input->mail->origin != PD_ORIGIN_PERSON || input->mail->truncated)
        return FALSE;
    said = pd_command_text_of(input->mail);
    commands = pd_commands_parse(input->mail->text);
    if (facts->standing.rank == PD_RANK_REPORTER)
        read_as_reporters(facts, commands);
    if (facts->standing.rank == PD_RANK_EXTERNAL) {
        g_ptr_array_set_size(commands->list, 0);
    } else if (is_of_desk(facts)) {
        if (commands->list->len == 0 && facts->sender_is_reporter)
            return FALSE;
        pd_commands_keep_inside(commands);
        pd_signs_off(commands->rest, input->mail, facts->sender.person, commands->list->len > 0);
    } else if (!has_known(commands->list) && !take_word(facts, said, commands) &&
               !take_rating(facts, said, commands)) {
        plan->is_question = take_question(facts, said, commands);
        if (!plan->is_question)
            return FALSE;
    }
    plan->is_internal = keeps_inside(facts, commands);
    plan->commands = g_steal_pointer(&commands);
    return TRUE;
}
