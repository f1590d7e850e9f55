/* occasions.c: one table: occasion → lists of variables. A template may use what its occasion
 * declares and nothing else (checked when it is loaded). */
#include "desk/occasion_variables.h"

#include "postdesk/diagnostics.h"
#include <string.h>

static const PdOccasion occasions[] = {
    {"acknowledge", "a mail opened a ticket", {pd_of_ticket, pd_of_message, NULL}},
    {"oversize",
     "a mail over the size limit opened a ticket with its headers only",
     {pd_of_ticket, pd_of_message, NULL}},
    {"reopened",
     "the reporter's reply reopened a resolved ticket",
     {pd_of_ticket, pd_of_message, pd_of_said, NULL}},
    {"status",
     "the desk changed the status of a ticket",
     {pd_of_ticket, pd_of_change, pd_of_said, NULL}},
    {"resolved", "the desk resolved a ticket", {pd_of_ticket, pd_of_change, pd_of_said, NULL}},
    {"closed", "a ticket was closed", {pd_of_ticket, pd_of_change, pd_of_said, NULL}},
    {"reply", "somebody of the desk writes to the reporter", {pd_of_ticket, pd_of_said, NULL}},
    {"standing",
     "somebody asked where a ticket stands, or says whether it is solved and follows it only",
     {pd_of_ticket, pd_of_said, pd_of_verdict, NULL}},
    {"assigned",
     "a ticket was given to an engineer",
     {pd_of_ticket, pd_of_assignment, pd_of_said, NULL}},
    {"let_off", "a ticket is no longer the reader's", {pd_of_ticket, pd_of_letting_off, NULL}},
    {"answered",
     "somebody wrote about a ticket, to the engineer who works on it",
     {pd_of_ticket, pd_of_message, pd_of_handed, pd_of_said, pd_of_verdict, NULL}},
    {"attached", "a form that was asked for", {pd_of_ticket, pd_of_attached, pd_of_said, NULL}},
    {"asked", "somebody outside is asked", {pd_of_ticket, pd_of_said, NULL}},
    {"refused", "commands of a mail were not carried out", {pd_of_ticket, pd_of_refusal, NULL}},
    {"taken",
     "a call that was mailed in opened a ticket, to whoever took it down",
     {pd_of_ticket, pd_of_message, pd_of_call, NULL}},
    {"undone",
     "a change was taken back, to whoever asked for it",
     {pd_of_ticket, pd_of_undone, NULL}},
    {"help", "somebody asked for the list of commands", {pd_of_ticket, pd_of_help, NULL}},
    {"escalation",
     "a target of a ticket will be due soon, or is past",
     {pd_of_ticket, pd_of_escalation, NULL}},
    {"reminder",
     "a ticket waits for the one mailed",
     {pd_of_ticket, pd_of_escalation, pd_of_said, pd_of_reminder, NULL}},
    {"unknown",
     "a mail was refused, for people.yaml does not know its sender",
     {pd_of_unknown, NULL, NULL}},
    {"digest", "what happened, for who wants it in one mail", {pd_of_digest, NULL, NULL}},
    {"handover", "a shift begins", {pd_of_handover, NULL, NULL}},
    {"alarm", "something that the admin must look at", {pd_of_alarm, NULL, NULL}},
};

static const PdOccasion form = {
    "form", "a form is filled from a ticket", {pd_of_ticket, pd_of_form, NULL}};

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

const char *pd_occasions_by_others(void)
{
    return " reply assigned let_off answered asked escalation reminder digest handover alarm ";
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
