/* request_ticket.c: see request.h. What concerns another ticket, too: to merge, to link, to split
 * off, and to take back. */
#include "desk/request.h"

#include "desk/history.h"
#include "desk/meant.h"
#include "postdesk/text.h"
#include <string.h>

static const char *const before_numbers[] = {"into ", "with ", "to ", "and ", "到", "至", "入",
                                             "进",    "与",    "和",  "工单", "#",  NULL};
static const char *const link_kinds[] = {"blocks", "duplicates", "relates", NULL};
static const char *const link_backs[] = {"blocked-by", "duplicated-by", "relates"};

static PdStatus *find_ticket(PdChange *change, const char *value, gint64 *number,
                             PdProblem *problem)
{
    g_autoptr(PdTicket) found = NULL;
    const char *digits = pd_meant_behind(value, before_numbers);

    *number = 0;
    if (g_ascii_string_to_signed(digits, 10, 1, G_MAXINT64, number, NULL))
        PD_TRY(pd_ticket_get(change->desk->store, *number, &found));
    if (found == NULL || *number == change->ticket->number) {
        pd_problem_set(problem, PD_PROBLEM_TICKET, NULL, value);
        *number = 0;
    }
    return NULL;
}

PdStatus *pd_request_merge(PdChange *change, const char *value, PdProblem *problem)
{
    g_autoptr(PdTicket) into = NULL;
    gint64 number = 0;

    PD_TRY(find_ticket(change, value, &number, problem));
    if (number == 0)
        return NULL;
    PD_TRY(pd_ticket_get(change->desk->store, number, &into));
    if (!pd_lifecycle_takes_replies(into->status)) {
        pd_problem_set(problem, PD_PROBLEM_TICKET, NULL, value);
        return NULL;
    }
    if (!pd_lifecycle_takes_replies(change->ticket->status)) {
        pd_problem_set(problem, PD_PROBLEM_MOVE, change->ticket->status, "merged");
        return NULL;
    }
    change->merge_into = number;
    return NULL;
}

PdStatus *pd_request_link(PdChange *change, const char *value, PdProblem *problem)
{
    g_auto(GStrv) words = g_strsplit_set(pd_meant_behind(value, before_numbers), " \t", 2);
    gboolean has_kind = words[0] != NULL && words[1] != NULL;
    g_autofree char *kind = pd_command_value(has_kind ? words[0] : "relates");
    gint64 number = 0;

    const char *meant = pd_request_one_of(problem, "link", kind, link_kinds);
    if (meant == NULL)
        return NULL;
    if (words[0] == NULL) { /* "/link 到", and no more */
        pd_problem_set(problem, PD_PROBLEM_TICKET, NULL, value);
        return NULL;
    }
    PD_TRY(find_ticket(change, g_strstrip(has_kind ? words[1] : words[0]), &number, problem));
    if (number == 0)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(link_backs); i++) {
        if (strcmp(link_kinds[i], meant) != 0)
            continue;
        PdJson *link = pd_json_set_text(pd_json_object(), "kind", meant);
        pd_json_set_text(link, "back", link_backs[i]);
        pd_json_add(change->links, pd_json_set_int(link, "ticket", number));
    }
    return NULL;
}

PdStatus *pd_request_split(PdChange *change, const char *value, PdProblem *problem)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(change->desk->store, change->ticket->number, &messages));
    if (messages->len < 2 || !pd_request_check_text("subject", value, problem)) {
        if (problem->kind == PD_PROBLEM_NONE)
            pd_problem_set(problem, PD_PROBLEM_NOTHING, "split", NULL);
        return NULL;
    }
    change->splits = TRUE;
    change->subject = g_strdup(value);
    return NULL;
}

/* That a message was moved here is an undo itself: it goes back by a merge. */
static PdStatus *check_undo(const PdChange *change, PdProblem *problem)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(GPtrArray) there = NULL;

    PD_TRY(pd_ticket_events(change->desk->store, change->ticket->number, &events));
    gint64 from = pd_history_split_from(events);
    if (from == 0 || pd_history_undoable(events) != NULL)
        return NULL;
    PD_TRY(pd_ticket_events(change->desk->store, from, &there));
    if (pd_history_split(there, change->ticket->number) != NULL)
        return NULL;
    pd_problem_set(problem, PD_PROBLEM_NOTHING, "undo", NULL);
    problem->nearest = g_strdup_printf("/merge %" G_GINT64_FORMAT, from);
    return NULL;
}

/* A message that came to the wrong ticket goes on in one of its own; a change of many tickets is
 * taken back at all of them, whichever is answered. */
PdStatus *pd_request_undo(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const words[] = {"message", "bulk", NULL};
    g_auto(GStrv) given = pd_text_words(value, " \t#");
    g_autofree char *first = pd_command_value(given[0] != NULL ? given[0] : "");

    change->undoes = first[0] == '\0';
    if (change->undoes)
        return check_undo(change, problem);
    const char *word = pd_request_one_of(problem, "undo", first, words);
    if (word == NULL)
        return NULL;
    if (strcmp(word, "bulk") == 0) {
        change->undoes_bulk = TRUE;
        if (given[1] != NULL &&
            !g_ascii_string_to_signed(given[1], 10, 1, G_MAXINT64, &change->bulk_to_undo, NULL))
            pd_problem_set(problem, PD_PROBLEM_VALUE, "undo", given[1]);
        return NULL;
    }
    change->unthreads = TRUE;
    return pd_request_split(change, "", problem);
}
