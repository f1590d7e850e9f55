/* working_tell.c: the mails about what somebody wrote: to himself, if it could not be done or he
 * asked for the commands, and to who works on the ticket, watches or follows it. */
#include "desk/working_private.h"

#include "desk/concern.h"
#include "desk/handed.h"
#include "postdesk/text.h"
#include <string.h>

#define REFUSALS_TOLD 3 /* the admin is told of the third one of a sender, and each third after */

PdTelling pd_working_telling(const PdWorking *work, const char *occasion)
{
    return (PdTelling){
        .desk = work->desk,
        .ticket = work->change->ticket->number,
        .occasion = occasion,
        .channel = "mail",
        .inbox = work->doer.inbox,
        .doer = work->doer.actor,
        .spares_doer = work->doer.over_budget,
        .held = work->doer.held,
        .mail = work->doer.mail,
        .row = work->doer.row,
        .ahead = work->input->ahead,
        .queued = work->queued,
    };
}

static PdStatus *count_refusal(PdWorking *work)
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
    g_autoptr(PdJson) facts = pd_json_set_text(pd_json_object(), "from", from);
    pd_json_set_int(facts, "count", count);
    pd_json_set_int(facts, "ticket", work->change->ticket->number);
    return pd_desk_alarm(work->desk, "authority", "Commands without authority", text, facts);
}

PdStatus *pd_working_refuse(PdWorking *work)
{
    PdTelling telling = pd_working_telling(work, "refused");
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

PdStatus *pd_working_help(PdWorking *work)
{
    PdTelling telling = pd_working_telling(work, "help");
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
        g_autofree char *form = pd_command_choices(row->form, chinese);
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

/* Said as a command it was refused; the desk hears of it all the same. */
gboolean pd_working_is_verdict(const PdWorking *work)
{
    static const guint64 verdicts = 1ull << PD_COMMAND_CONFIRM | 1ull << PD_COMMAND_REJECT |
                                    1ull << PD_COMMAND_REOPEN | 1ull << PD_COMMAND_WITHDRAW;
    const PdCommands *commands = work->plan->commands;

    for (guint i = 0;
         commands != NULL && work->doer.rank == PD_RANK_FOLLOWER && i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL && (verdicts >> command->row->id & 1) != 0)
            return TRUE;
    }
    return work->plan->is_verdict;
}

/* A word that closed or reopened the ticket is news, too, and so is one that could not. */
static gboolean is_news(const PdWorking *work)
{
    gboolean is_moved = work->change->transition != NULL &&
                        (work->doer.rank & (PD_RANK_REPORTER | PD_RANK_FOLLOWER)) != 0;

    return is_moved || work->plan->is_question || pd_working_is_verdict(work);
}

/* What of it the desk's people read: all but commands. Caller frees. */
static char *text_for_desk(const PdWorking *work)
{
    const PdCommands *commands = work->plan->commands;
    g_autoptr(GString) text = g_string_new(NULL);

    if (commands == NULL || is_news(work))
        return g_strstrip(g_strdup(work->input->mail->text));
    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL && command->row->id == PD_COMMAND_NOTE)
            g_string_append_printf(text, "%s\n", command->argument);
    }
    g_string_append_printf(text, "%s\n%s", commands->rest, commands->inside);
    return g_strstrip(g_string_free(g_steal_pointer(&text), FALSE));
}

static gboolean is_for_desk(const PdWorking *work, const char *text)
{
    const PdMail *mail = work->input->mail;

    return mail->origin == PD_ORIGIN_PERSON && work->plan->answer.is_partner &&
           (mail->remark == PD_REMARK_NONE || is_news(work)) &&
           (text[0] != '\0' || mail->attachments->len > 0);
}

/* For who works on it and who watches. None of a ticket that is nobody's: those who may take it are
 * many. NULL: none. */
static PdJson *files_for_desk(const PdWorking *work)
{
    const PdPlanInput *input = work->input;
    const PdTicket *ticket = input->facts->ticket;

    return input->row != NULL && ticket != NULL && ticket->assignee[0] != '\0' &&
                   pd_handed_has_news(input->mail) && pd_handed_fits(input->mail)
               ? pd_handed_list(input->row->id)
               : NULL;
}

/* What somebody wrote goes to who works on the ticket and to who watches, but to the writer, and to
 * who read all of it in the mail that went outside: a note did not stand there. */
PdStatus *pd_working_hand_to_desk(PdWorking *work)
{
    const PdMail *mail = work->input->mail;
    const PdCommands *commands = work->plan->commands;
    g_autofree char *text = text_for_desk(work);
    gboolean is_verdict = pd_working_is_verdict(work);
    const char *name = work->input->facts->sender.name;
    gboolean is_unproven = work->plan->is_unproven;
    const PdConcern *concern = pd_concern_of(is_verdict || is_unproven ? "verdict" : "message");
    PdTelling telling = pd_working_telling(work, concern->occasion);

    if (!is_for_desk(work, text))
        return NULL;
    g_autoptr(PdJson) further = pd_json_set_bool(pd_json_object(), "verdict", is_verdict);
    if (name == NULL || name[0] == '\0')
        name = mail->from->name[0] != '\0' ? mail->from->name : mail->from->address;
    pd_json_set_bool(further, "unproven", is_unproven);
    telling.text = text;
    telling.by = name;
    telling.further = further;
    g_autoptr(PdJson) files = files_for_desk(work);
    telling.files = files;
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
    telling.told = commands != NULL && commands->inside[0] == '\0' ? work->change->told : told;
    return pd_tell_concerned(&telling, concern->whom);
}

/* A reply that moved the ticket was answered (commit.c); who follows is told. Who watches at the
 * desk reads it with the words. */
PdStatus *pd_working_tell_move(PdWorking *work)
{
    const PdTransition *move = work->plan->transition;

    if (move == NULL || move->occasion == NULL)
        return NULL;
    g_autofree char *text = text_for_desk(work);
    PdTelling telling = pd_working_telling(work, move->occasion);
    telling.previous_status = move->from;
    telling.spares_desk = is_for_desk(work, text);
    return pd_tell_concerned(&telling, pd_concern_of("status")->whom & PD_CONCERNS_FOLLOWERS);
}
