/* change.c: a change of a ticket by a person on this machine; see change.h. The same door as a
 * command by mail: taken piece by piece, checked whole, then done in one transaction. */
#include "desk/change.h"

#include "postdesk/log.h"
#include <string.h>

#define refuse(advice, ...) pd_status_new(PD_SPOILS_USAGE, PD_FINAL, advice, __VA_ARGS__)

PdChange *pd_change_new(PdDesk *desk, const PdTicket *ticket, const PdDoer *doer)
{
    PdChange *change = g_new0(PdChange, 1);

    change->desk = desk;
    change->ticket = pd_ticket_copy(ticket);
    change->doer = doer;
    change->set = pd_json_object();
    change->custom = pd_json_object();
    change->tags = pd_json_array();
    change->untags = pd_json_array();
    change->parts = pd_json_object();
    change->links = pd_json_array();
    change->commands = pd_json_array();
    change->taken_back = pd_json_array();
    change->text = g_string_new(NULL);
    change->told = g_ptr_array_new_with_free_func(g_free);
    return change;
}

void pd_change_free(PdChange *change)
{
    if (change == NULL)
        return;
    pd_ticket_free(change->ticket);
    pd_json_free(change->set);
    pd_json_free(change->custom);
    pd_json_free(change->tags);
    pd_json_free(change->untags);
    pd_json_free(change->parts);
    pd_json_free(change->links);
    pd_json_free(change->commands);
    pd_json_free(change->taken_back);
    g_free(change->due);
    g_free(change->form);
    g_free(change->external);
    g_free(change->subject);
    g_free(change->undone_status);
    g_ptr_array_unref(change->told);
    g_string_free(change->text, TRUE);
    g_free(change);
}

const char *pd_change_after(const PdChange *change, const char *field, const char *before)
{
    const char *set = pd_json_get_text(change->set, field);

    return set != NULL ? set : before;
}

static PdStatus *take_pair(PdChange *change, const char *pair)
{
    const char *equals = strchr(pair, '=');
    g_autofree char *field = equals != NULL ? g_strndup(pair, (gsize)(equals - pair)) : NULL;
    g_auto(PdProblem) problem = {0};

    if (field == NULL)
        return refuse("write field=value", "'%s' is no change", pair);
    if (pd_change_set_field(change, field, equals + 1, &problem))
        return NULL;
    return pd_problem_status(&problem);
}

PdStatus *pd_change_take_pairs(PdChange *change, const char *const *pairs)
{
    for (; *pairs != NULL; pairs++)
        PD_TRY(take_pair(change, *pairs));
    return NULL;
}

PdStatus *pd_desk_check_fields(PdDesk *desk, const char *const *pairs, PdJson **set)
{
    static const PdDoer here = {.actor = "here", .channel = "cli", .proofs = PD_PROOF_LOCAL};
    g_autoptr(PdTicket) blank = pd_ticket_blank();
    g_autoptr(PdChange) change = pd_change_new(desk, blank, &here);

    PD_TRY(pd_change_take_pairs(change, pairs));
    *set = pd_json_ref(change->set);
    return NULL;
}

/* words: the command, then its argument, or nothing. */
static PdStatus *take_command(PdChange *change, const char *const *words)
{
    const PdCommandRow *row = pd_command_find(words[0]);
    g_auto(PdProblem) problem = {0};

    if (row == NULL)
        return refuse(NULL, "'%s' is no command", words[0]);
    g_autofree char *argument = g_strjoinv(" ", (char **)words + 1);
    PdCommand *command = pd_command_new(row, words[0], argument);
    PdStatus *status = pd_change_take(change, command, &problem);
    pd_command_free(command);
    if (status != NULL)
        return status;
    return problem.kind != PD_PROBLEM_NONE ? pd_problem_status(&problem) : NULL;
}

typedef PdStatus *(*Take)(PdChange *change, const char *const *words);

static PdStatus *change_in_transaction(PdDesk *desk, gint64 number, Take take,
                                       const char *const *words, const char *text,
                                       const PdDoer *doer, PdJson **taken_back)
{
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    if (ticket == NULL)
        return refuse("\"postdesk list\" shows the numbers",
                      "there is no ticket #%" G_GINT64_FORMAT, number);
    g_autoptr(PdChange) change = pd_change_new(desk, ticket, doer);
    PD_TRY(take(change, words));
    if (text != NULL)
        g_string_append_printf(change->text, "%s%s", change->text->len > 0 ? "\n" : "", text);
    PD_TRY(pd_change_commit(change, NULL));
    if (taken_back != NULL)
        *taken_back = pd_json_ref(change->taken_back);
    return NULL;
}

static PdStatus *change_ticket_back(PdDesk *desk, gint64 number, Take take,
                                    const char *const *words, const char *text, const char *actor,
                                    PdJson **taken_back)
{
    const PdLogFields log_fields = {.ticket = number};
    const PdDoer doer = {.actor = actor,
                         .channel = "cli",
                         .person = pd_people_find(desk->people, actor),
                         .rank = PD_RANK_STRANGER,
                         .proofs = PD_PROOF_LOCAL};

    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = change_in_transaction(desk, number, take, words, text, &doer, taken_back);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL) {
        pd_store_rollback(desk->store);
        return status;
    }
    g_autofree char *all = g_strjoinv(" ", (char **)words);
    pd_log(PD_LOG_INFO, "ticket-changed", &log_fields, "%s by %s", all, actor);
    return NULL;
}

static PdStatus *change_ticket(PdDesk *desk, gint64 number, Take take, const char *const *words,
                               const char *text, const char *actor)
{
    return change_ticket_back(desk, number, take, words, text, actor, NULL);
}

PdStatus *pd_desk_change(PdDesk *desk, gint64 ticket, const char *const *pairs, const char *actor)
{
    if (*pairs == NULL)
        return refuse("write field=value", "nothing is to be changed");
    return change_ticket(desk, ticket, pd_change_take_pairs, pairs, NULL, actor);
}

PdStatus *pd_desk_command(PdDesk *desk, gint64 ticket, const char *const *words, const char *text,
                          const char *actor)
{
    return change_ticket(desk, ticket, take_command, words, text, actor);
}

PdStatus *pd_desk_undo(PdDesk *desk, gint64 ticket, const char *const *words, const char *actor,
                       PdJson **rows)
{
    *rows = NULL;
    return change_ticket_back(desk, ticket, take_command, words, NULL, actor, rows);
}

static PdStatus *take_nothing(PdChange *change, const char *const *words)
{
    (void)change;
    (void)words;
    return NULL;
}

PdStatus *pd_desk_reply(PdDesk *desk, gint64 ticket, const char *text, const char *actor)
{
    static const char *const words[] = {"reply", NULL};

    return change_ticket(desk, ticket, take_nothing, words, text, actor);
}
