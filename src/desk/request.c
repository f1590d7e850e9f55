/* request.c: each command, checked against the ticket as it is; nothing is written here (effect.c
 * does that), so that all of a mail's commands are done, or none. */
#include "desk/request.h"

#include "desk/accept.h"
#include "desk/formmail.h"
#include "desk/labels.h"
#include "desk/meant.h"
#include "desk/watch.h"
#include <string.h>

void pd_request_add_text(PdChange *change, const char *text)
{
    if (text[0] == '\0')
        return;
    if (change->text->len > 0)
        g_string_append_c(change->text, '\n');
    g_string_append(change->text, text);
}

static gboolean take_rating(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const marks[] = {"1", "2", "3", "4", "5", NULL};

    if (pd_request_one_of(problem, "rate", value, marks) == NULL) {
        g_clear_pointer(&problem->nearest, g_free); /* no mark is meant by another */
        return FALSE;
    }
    change->rating = value[0] - '0';
    return TRUE;
}

/* Those that need nobody but the ticket itself. */
static gboolean take_plain(PdChange *change, const PdCommandRow *row, const char *value,
                           PdProblem *problem)
{
    switch (row->id) {
    case PD_COMMAND_HELP:
        return change->wants_help = TRUE;
    case PD_COMMAND_STANDING:
        return change->wants_standing = TRUE;
    case PD_COMMAND_ASSIGN:
        return pd_request_assignee(change, value, problem);
    case PD_COMMAND_DUE:
        return pd_request_due(change, value, problem);
    case PD_COMMAND_TAG:
        return pd_labels_take_tags(change, value, FALSE, problem);
    case PD_COMMAND_UNTAG:
        return pd_request_untags(change, value, problem);
    case PD_COMMAND_QUEUE:
        return pd_request_queue(change, value, problem);
    case PD_COMMAND_FIELD:
        return pd_labels_take_field(change, value, problem);
    case PD_COMMAND_EXTERNAL:
        return pd_request_external(change, value, problem);
    case PD_COMMAND_WATCH:
        return pd_watch_take(change, value, problem);
    case PD_COMMAND_RATE:
        return take_rating(change, value, problem);
    case PD_COMMAND_FORM:
        return pd_formmail_take(change, value, problem);
    case PD_COMMAND_ACCEPT:
        return pd_accept_take(change, problem);
    case PD_COMMAND_NEW: /* a form that can be read never comes here (taken.c) */
        pd_problem_set(problem, PD_PROBLEM_ARGUMENT, row->name, NULL);
        problem->choices = g_strdup("who: …, subject: …");
        return FALSE;
    case PD_COMMAND_NOTE:
        pd_request_add_text(change, value);
        return change->is_internal = TRUE;
    case PD_COMMAND_STATUS:
        return value[0] != '\0' ? pd_request_field(change, "status", value, problem)
                                : (change->wants_standing = TRUE);
    default:
        return pd_request_field(change, row->name, value, problem);
    }
}

static const char *status_of(PdCommandId id)
{
    switch (id) {
    case PD_COMMAND_RESOLVE:
    case PD_COMMAND_WITHDRAW:
        return "resolved";
    case PD_COMMAND_CLOSE:
    case PD_COMMAND_CONFIRM:
        return "closed";
    case PD_COMMAND_REOPEN:
    case PD_COMMAND_REJECT:
        return "open";
    case PD_COMMAND_SPAM:
        return "spam";
    default:
        return NULL;
    }
}

/* Words of one's own end as they are written; what is chosen from a list ends no sentence. */
static char *plain_argument(const PdCommand *command)
{
    static const guint64 own = 1ull << PD_COMMAND_SUBJECT | 1ull << PD_COMMAND_FIELD |
                               1ull << PD_COMMAND_NOTE | 1ull << PD_COMMAND_SPLIT |
                               1ull << PD_COMMAND_EXTERNAL | 1ull << PD_COMMAND_NEW;
    g_autofree char *plain = pd_meant_plain(command->argument);

    return (own >> command->row->id & 1) != 0 ? g_steal_pointer(&plain) : pd_meant_bare(plain);
}

PdStatus *pd_change_take(PdChange *change, const PdCommand *command, PdProblem *problem)
{
    const PdCommandRow *row = command->row;
    g_autofree char *plain = plain_argument(command);
    g_autofree char *value = pd_command_value(plain);
    const char *status = status_of(row->id);

    pd_json_add_text(change->commands, row->name);
    if (row->argument == PD_ARGUMENT_NEEDED && value[0] == '\0') {
        pd_problem_set(problem, PD_PROBLEM_ARGUMENT, row->name, NULL);
        problem->choices = g_strdup(row->form);
        return NULL;
    }
    if (row->id == PD_COMMAND_PRIORITY && g_ascii_isdigit(value[0]) && value[1] == '\0') {
        g_free(value);
        value = g_strconcat("P", plain, NULL);
    }
    if (status != NULL) {
        pd_request_add_text(change, command->argument);
        pd_request_field(change, "status", status, problem);
        return NULL;
    }
    if (row->id == PD_COMMAND_MERGE)
        return pd_request_merge(change, value, problem);
    if (row->id == PD_COMMAND_UNDO)
        return pd_request_undo(change, value, problem);
    if (row->id == PD_COMMAND_SPLIT)
        return pd_request_split(change, value, problem);
    if (row->id == PD_COMMAND_LINK)
        return pd_request_link(change, value, problem);
    if (row->id == PD_COMMAND_UNWATCH)
        return pd_watch_leave(change, value, problem);
    take_plain(change, row, value, problem);
    return NULL;
}
