/* facts.c: see facts.h. Reads only; may run inside a transaction or outside. */
#include "desk/facts.h"

#include "desk/author.h"
#include "desk/authority.h"
#include "desk/clues.h"
#include "desk/history.h"
#include "desk/occasions.h"
#include "desk/unknown.h"
#include "desk/wait.h"
#include "postdesk/clock.h"
#include <string.h>

#define BUDGET_PERIOD PD_HOUR

PdFacts *pd_facts_none(void)
{
    PdFacts *facts = g_new0(PdFacts, 1);

    facts->clues = g_ptr_array_new_with_free_func((GDestroyNotify)pd_clue_free);
    facts->threading = pd_thread_decide(facts->clues);
    return facts;
}

void pd_facts_free(PdFacts *facts)
{
    if (facts == NULL)
        return;
    g_clear_pointer(&facts->clues, g_ptr_array_unref);
    pd_threading_free(facts->threading);
    pd_ticket_free(facts->ticket);
    pd_ticket_free(facts->keyed);
    g_free(facts->key_evidence);
    g_free(facts->suggested_subject);
    g_free(facts->awaited);
    g_free(facts->standing.nonce);
    g_free(facts);
}

/* What the mail's own subject may repeat. */
static PdStatus *read_suggested(const PdDesk *desk, PdFacts *facts)
{
    g_autoptr(PdTicket) suggested = NULL;

    if (facts->threading->suggested == 0)
        return NULL;
    PD_TRY(pd_ticket_get(desk->store, facts->threading->suggested, &suggested));
    facts->suggested_subject = suggested != NULL ? g_strdup(suggested->subject) : NULL;
    return NULL;
}

/* What somebody of the desk writes about a merged ticket goes on in the other one; but that it was
 * merged is taken back at itself. */
static gboolean takes_merge_back(const PdMail *mail, const PdFacts *facts)
{
    g_autoptr(PdCommands) commands = NULL;

    if ((pd_rank_of_role(facts->sender.role) & PD_RANK_DESK) == 0 || !pd_command_may_be(mail->text))
        return FALSE;
    commands = pd_commands_parse(mail->text);
    const PdCommand *first = commands->list->len == 1 ? g_ptr_array_index(commands->list, 0) : NULL;
    return first != NULL && first->row != NULL && first->row->id == PD_COMMAND_UNDO &&
           first->argument[0] == '\0';
}

static PdStatus *read_ticket(const PdDesk *desk, const PdMail *mail, PdFacts *facts)
{
    gint64 number = facts->threading->ticket;

    PD_TRY(pd_ticket_get(desk->store, number, &facts->ticket));
    if (facts->ticket == NULL || strcmp(facts->ticket->status, "merged") != 0 ||
        takes_merge_back(mail, facts))
        return NULL;
    g_clear_pointer(&facts->ticket, pd_ticket_free);
    return pd_ticket_followed(desk->store, number, &facts->ticket);
}

/* The mail program has cut what leads to the ticket. */
static PdStatus *read_quoted(const PdDesk *desk, const PdMail *mail, PdFacts *facts)
{
    guint count = facts->clues->len;

    PD_TRY(pd_clues_add_quoted(desk, mail, facts->clues));
    if (facts->clues->len == count)
        return NULL;
    pd_threading_free(facts->threading);
    facts->threading = pd_thread_decide(facts->clues);
    return NULL;
}

static PdStatus *read_threading(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                                PdFacts *facts)
{
    g_clear_pointer(&facts->clues, g_ptr_array_unref);
    PD_TRY(pd_clues_collect(desk, mail, &facts->clues));
    pd_threading_free(facts->threading);
    facts->threading = pd_thread_decide(facts->clues);
    if (facts->threading->ticket == 0)
        PD_TRY(read_quoted(desk, mail, facts));
    PD_TRY(read_suggested(desk, facts));
    if (facts->threading->ticket == 0)
        return facts->threading->refers_to_unknown && inbox_id != 0
                   ? pd_inbox_older_waiting(desk->store, inbox_id, &facts->older_waiting)
                   : NULL;
    PD_TRY(read_ticket(desk, mail, facts));
    return facts->ticket != NULL
               ? pd_author_is_reporter(desk, mail, facts->ticket, &facts->sender_is_reporter)
               : NULL;
}

/* What others bring somebody is no answer to him: who is given ten tickets in an hour may still
 * mail one in. Most have so few mails that it need not be known what they were. */
static PdStatus *count_answers(const PdDesk *desk, const char *address, gint64 since, gint64 *count)
{
    PD_TRY(pd_outbox_count_since(desk->store, address, since, count));
    if (*count < desk->config->per_recipient_per_hour)
        return NULL;
    return pd_outbox_count_but(desk->store, pd_occasions_by_others(), address, since, count);
}

static PdStatus *read_budget(const PdDesk *desk, const PdMail *mail, PdBudget *budget)
{
    const PdAddress *to = pd_answer_address(mail, desk->config);
    gint64 since = pd_clock_now() - BUDGET_PERIOD;
    gint64 to_recipient, to_all;

    if (to == NULL || mail->origin != PD_ORIGIN_PERSON)
        return NULL;
    PD_TRY(count_answers(desk, to->address, since, &to_recipient));
    PD_TRY(pd_outbox_count_since(desk->store, NULL, since, &to_all));
    budget->over_recipient = to_recipient >= desk->config->per_recipient_per_hour;
    budget->over_desk = to_all >= desk->config->per_hour;
    return NULL;
}

static void look_up_sender(const PdDesk *desk, const PdMail *mail, PdFacts *facts)
{
    const char *from = mail->from != NULL ? mail->from->address : NULL;
    PdUnknownSenders policy = pd_people_unknown_senders(desk->people);

    if (from != NULL)
        facts->sender = pd_people_look_up(desk->people, from);
    facts->sender_is_held = !facts->sender.is_known && policy == PD_UNKNOWN_HELD;
    facts->sender_is_refused = !facts->sender.is_known && policy == PD_UNKNOWN_REFUSED &&
                               !(from != NULL && desk->config->admin != NULL &&
                                 pd_address_equal(from, desk->config->admin));
}

static PdStatus *read_standing(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                               PdFacts *facts)
{
    const PdTicket *ticket = facts->ticket;

    PD_TRY(pd_standing_read(desk, mail, inbox_id, facts->clues, ticket, facts->threading->ticket,
                            facts->sender_is_reporter, &facts->standing));
    if (ticket == NULL || strcmp(ticket->status, "resolved") != 0)
        return NULL;
    gint64 since = 0;
    PD_TRY(pd_ticket_status_since(desk->store, ticket->number, &since));
    facts->is_over = since != 0 && pd_clock_now() - since > desk->config->reopen_within;
    return NULL;
}

/* An answer of somebody else does not end the wait. */
static PdStatus *read_awaited(const PdDesk *desk, const PdMail *mail, PdFacts *facts)
{
    g_autoptr(GPtrArray) events = NULL;
    g_auto(PdWait) wait = {NULL, NULL, 0};

    if (facts->ticket == NULL || strcmp(facts->ticket->status, "waiting") != 0)
        return NULL;
    PD_TRY(pd_ticket_events(desk->store, facts->ticket->number, &events));
    pd_wait_of(events, &wait);
    facts->awaited = g_strdup(wait.external);
    facts->is_from_awaited =
        wait.external != NULL && (pd_author_is(desk, mail, wait.external) ||
                                  pd_clues_are_of_asked(facts->clues, facts->ticket->number));
    return NULL;
}

PdStatus *pd_facts_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id, PdFacts **facts)
{
    g_autoptr(PdFacts) read = pd_facts_none();

    look_up_sender(desk, mail, read);
    if (desk->store != NULL) {
        PD_TRY(pd_message_find_copy(desk->store, mail->message_id, mail->content_hash,
                                    mail->date == 0 ? inbox_id : 0, &read->copy_of,
                                    &read->copy_ticket));
        PD_TRY(read_threading(desk, mail, inbox_id, read));
        PD_TRY(read_standing(desk, mail, inbox_id, read));
        PD_TRY(read_awaited(desk, mail, read));
        PD_TRY(read_budget(desk, mail, &read->budget));
        PD_TRY(pd_unknown_read(desk, mail, read));
    }
    *facts = g_steal_pointer(&read);
    return NULL;
}

static gint64 version_of(const PdTicket *ticket)
{
    return ticket != NULL ? ticket->version : 0;
}

static gint64 number_of(const PdTicket *ticket)
{
    return ticket != NULL ? ticket->number : 0;
}

gboolean pd_facts_equal(const PdFacts *one, const PdFacts *other)
{
    return one->copy_of == other->copy_of && one->threading->ticket == other->threading->ticket &&
           one->threading->suggested == other->threading->suggested &&
           one->threading->refers_to_unknown == other->threading->refers_to_unknown &&
           number_of(one->ticket) == number_of(other->ticket) && /* it may be a merged one's */
           version_of(one->ticket) == version_of(other->ticket) &&
           number_of(one->keyed) == number_of(other->keyed) &&
           version_of(one->keyed) == version_of(other->keyed) &&
           one->sender_is_reporter == other->sender_is_reporter &&
           one->standing.rank == other->standing.rank &&
           one->standing.proofs == other->standing.proofs && one->is_over == other->is_over &&
           one->standing.used == other->standing.used &&
           one->older_waiting == other->older_waiting && one->refusal_told == other->refusal_told &&
           one->refusals_over == other->refusals_over &&
           one->budget.over_recipient == other->budget.over_recipient &&
           one->budget.over_desk == other->budget.over_desk;
}
