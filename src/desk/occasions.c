/* occasions.c: one table: occasion → variables, each with a line of help.
 *
 * A template may use what its occasion declares and nothing else (checked when it is
 * loaded). postdesk-templates(5) lists the same.
 */
#include "desk/occasions.h"

#include "postdesk/diagnostics.h"
#include <string.h>

static const PdVariable of_ticket[] = {
    {"desk_name", "name of the desk"},
    {"desk_address", "address of the desk"},
    {"number", "number of the ticket, without #"},
    {"subject", "subject of the ticket"},
    {"reporter_name", "name of the person mailed; null if none is known"},
    {"category", "category in words; null if there is none"},
    {"category_path", "category as it stands in the rules; null if there is none"},
    {"priority", "P1 to P4; null if there is none"},
    {"priority_word", "priority in words; null if there is none"},
    {"expectation", "what to expect when, in words, by priority"},
    {"status", "status as it stands in the store"},
    {"status_word", "status in words"},
    {"opened_at", "when the ticket was opened, by the wall clock of the desk's calendar"},
    {"respond_by", "when somebody sees to it at the latest; null if nothing is owed"},
    {"resolve_by", "when it is meant to be solved; null if nothing is owed"},
    {"has_actions", "true if the reader can do something by one tap"},
    {"actions", "what he can do, as a list"},
    {"actions.label", "what it does, in words"},
    {"actions.command", "the command that does it"},
    {"actions.href", "the link that opens an answer with it"},
    {NULL, NULL},
};

static const PdVariable of_message[] = {
    {"received_at", "when the message was taken in, by the wall clock of the desk's calendar"},
    {"attachment_count", "number of attachments; null if there are none"},
    {"attachments", "list of the attachments"},
    {"attachments.name", "name of an attachment; null if it has none"},
    {"attachments.size", "size of an attachment, readable"},
    {"quote", "true if the message has text"},
    {"quote_lines", "its first lines, as a list"},
    {"quote_cut", "true if the message is longer than the quote"},
    {"full_size", "size of the message, readable"},
    {"linked", "number of the closed ticket that this one goes on from; null if there is none"},
    {NULL, NULL},
};

static const PdVariable of_change[] = {
    {"previous_status_word", "the status before, in words"},
    {"into", "number of the ticket that this one was merged into; null if it was not"},
    {NULL, NULL},
};

static const PdVariable of_said[] = {
    {"said", "true if somebody wrote something for the reader"},
    {"said_lines", "what he wrote, as a list of lines"},
    {"said_cut", "true if there is more of it on the ticket"},
    {"said_by", "who wrote it; null if it is not told"},
    {NULL, NULL},
};

static const PdVariable of_assignment[] = {
    {"requester", "name of the reporter; null if none is known"},
    {"requester_address", "address of the reporter"},
    {"requester_department", "department of the reporter; null if none is known"},
    {"requester_phone", "phone of the reporter; null if none is known"},
    {"messages", "the messages of the ticket, as a list"},
    {"messages.from", "who wrote it"},
    {"messages.date", "when; null if it is not known"},
    {"messages.lines", "its text, as a list of lines"},
    {"has_files", "true if something is attached"},
    {"files", "what is attached to the messages, as a list"},
    {"files.name", "name of an attachment; null if it has none"},
    {"files.size", "its size, readable"},
    {"has_why", "true if rules classified it"},
    {"why", "what was set by which rule, as a list of lines"},
    {NULL, NULL},
};

static const PdVariable of_refusal[] = {
    {"lines", "the commands of the mail, as a list"},
    {"lines.line", "as it was written"},
    {"lines.understood", "true if it could have been done"},
    {"lines.reason", "why not, in words"},
    {"lines.nearest", "what was probably meant; null if nothing is near"},
    {"lines.choices", "what could stand there; null if that is not a list"},
    {"unproven", "true if one was not his to say, or nothing shows that he said it"},
    {NULL, NULL},
};

static const PdVariable of_help[] = {
    {"commands", "the commands that the reader may give, as a list"},
    {"commands.name", "its English word"},
    {"commands.chinese", "its Chinese word"},
    {"commands.form", "what stands behind it; null if nothing does"},
    {"commands.help", "what it does"},
    {NULL, NULL},
};

static const PdVariable of_form[] = {
    {"reporter_address", "address of the reporter"},
    {"department", "the reporter's department; null if none is known"},
    {"assignee", "who works on the ticket; null if nobody is named"},
    {"queue", "queue; null if there is none"},
    {"impact_word", "impact in words; null if there is none"},
    {"urgency_word", "urgency in words; null if there is none"},
    {"responded_at", "when the desk first took it up; null if it did not yet"},
    {"resolved_at", "when it was last resolved; null if it is not"},
    {"closed_at", "when it was closed; null if it is not"},
    {"filled_at", "when the form was filled"},
    {"description", "the text of the first message, as a list of lines"},
    {"cause", "the cause, from the newest note that names it; null if none does"},
    {"solution", "what was done, likewise"},
    {"prevention", "how it is kept from coming back, likewise"},
    {"attachment_count", "number of attachments of all messages; null if there are none"},
    {"attachments", "list of them"},
    {"attachments.name", "name of an attachment; null if it has none"},
    {"attachments.size", "size of an attachment, readable"},
    {"history", "what happened, as a list from old to new"},
    {"history.at", "when"},
    {"history.who", "who"},
    {"history.what", "what, in words"},
    {NULL, NULL},
};

static const PdVariable of_escalation[] = {
    {"is_late", "true if the target is due already"},
    {"target_word", "what is due, in words"},
    {"due_at", "when it is due; null for a reminder"},
    {"holder", "who has the ticket; null if nobody has"},
    {"requester", "name or address of the reporter"},
    {"requester_department", "department of the reporter; null if none is known"},
    {NULL, NULL},
};

static const PdVariable of_handover[] = {
    {"desk_name", "name of the desk"},
    {"desk_address", "address of the desk"},
    {"reporter_name", "name of the person mailed; null if none is known"},
    {"group", "the group of the roster"},
    {"shift", "the shift that begins"},
    {"until", "when it ends"},
    {"before", "who was on duty before; null if nobody was"},
    {"count", "how many tickets are open; null if none is"},
    {"tickets", "list of the open tickets"},
    {"tickets.number", "number of a ticket, without #"},
    {"tickets.subject", "its subject"},
    {"tickets.priority", "P1 to P4; null if there is none"},
    {"tickets.resolve_by", "when it is due; null if nothing is owed"},
    {"tickets.status_word", "status in words"},
    {"tickets.holder", "who has it; null if nobody has"},
    {NULL, NULL},
};

static const PdVariable of_unknown[] = {
    {"desk_name", "name of the desk"},
    {"desk_address", "address of the desk"},
    {"contact", "how else the desk is reached (desk.contact); null if that is not said"},
    {"received_at", "when the mail was taken in, by the wall clock of the desk's calendar"},
    {NULL, NULL},
};

static const PdVariable of_alarm[] = {
    {"desk_name", "name of the desk"},
    {"desk_address", "address of the desk"},
    {"kind", "kind of the alarm, one word"},
    {"kind_word", "kind of the alarm in words; null if there is none"},
    {"subject", "what happened, one line"},
    {"text_lines", "what happened and what to do, as a list of lines"},
    {"at", "when, by the wall clock of the desk's calendar"},
    {"host", "name of the machine"},
    {NULL, NULL},
};

static const PdOccasion occasions[] = {
    {"acknowledge", "a mail opened a ticket", {of_ticket, of_message, NULL}},
    {"oversize",
     "a mail over the size limit opened a ticket with its headers only",
     {of_ticket, of_message, NULL}},
    {"reopened",
     "the reporter's reply reopened a resolved ticket",
     {of_ticket, of_message, of_said, NULL}},
    {"status", "the desk changed the status of a ticket", {of_ticket, of_change, of_said, NULL}},
    {"resolved", "the desk resolved a ticket", {of_ticket, of_change, of_said, NULL}},
    {"closed", "a ticket was closed", {of_ticket, of_change, of_said, NULL}},
    {"reply", "somebody of the desk writes to the reporter", {of_ticket, of_said, NULL}},
    {"standing", "somebody asked where a ticket stands", {of_ticket, of_said, NULL}},
    {"assigned", "a ticket was given to an engineer", {of_ticket, of_assignment, of_said, NULL}},
    {"answered",
     "somebody wrote about a ticket, to the engineer who works on it",
     {of_ticket, of_message, of_said, NULL}},
    {"asked", "somebody outside is asked", {of_ticket, of_said, NULL}},
    {"refused", "commands of a mail were not carried out", {of_ticket, of_refusal, NULL}},
    {"help", "somebody asked for the list of commands", {of_ticket, of_help, NULL}},
    {"escalation",
     "a target of a ticket will be due soon, or is past",
     {of_ticket, of_escalation, NULL}},
    {"reminder", "a ticket waits for the one mailed", {of_ticket, of_escalation, NULL}},
    {"unknown",
     "a mail was refused, for people.yaml does not know its sender",
     {of_unknown, NULL, NULL}},
    {"handover", "a shift begins", {of_handover, NULL, NULL}},
    {"alarm", "something that the admin must look at", {of_alarm, NULL, NULL}},
};

static const PdOccasion form = {
    "form", "a form is filled from a ticket", {of_ticket, of_form, NULL}};

const PdOccasion *pd_occasions(gsize *count)
{
    *count = G_N_ELEMENTS(occasions);
    return occasions;
}

static const PdOccasion *find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(occasions); i++) {
        if (strcmp(occasions[i].name, name) == 0)
            return &occasions[i];
    }
    return NULL;
}

gboolean pd_occasion_is_known(const char *name)
{
    return find(name) != NULL;
}

const PdOccasion *pd_occasion_of(const char *template_name)
{
    const PdOccasion *own = find(template_name);

    if (g_str_has_prefix(template_name, PD_FORMS))
        return &form;
    return own != NULL ? own : find("acknowledge");
}

gboolean pd_occasion_declares(const PdOccasion *occasion, const char *variable)
{
    for (const PdVariable *const *list = occasion->variables; *list != NULL; list++) {
        for (const PdVariable *known = *list; known->name != NULL; known++) {
            if (strcmp(known->name, variable) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

const char *pd_occasion_nearest(const PdOccasion *occasion, const char *variable)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for (const PdVariable *const *list = occasion->variables; *list != NULL; list++) {
        for (const PdVariable *known = *list; known->name != NULL; known++)
            g_ptr_array_add(words, (gpointer)known->name);
    }
    g_ptr_array_add(words, NULL);
    return pd_nearest_word(variable, (const char *const *)words->pdata);
}
