/* assignment.c: see assignment.h. The first messages stand in it whole, as far as a mail may be
 * long; later ones by their beginnings. */
#include "desk/assignment.h"

#include "desk/values.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_MESSAGES 8
#define MOST_ATTACHMENTS 40

static PdJson *message_entry(const PdDesk *desk, const PdStoredMessage *message)
{
    PdJson *entry = pd_json_object();
    const char *name = message->from_name != NULL && message->from_name[0] != '\0'
                           ? message->from_name
                           : message->from;

    pd_values_set_clean(entry, "from", name != NULL ? name : "");
    pd_values_set_time(desk, entry, "date", message->date);
    pd_json_set(entry, "lines", pd_values_lines(message->text != NULL ? message->text : "", NULL));
    return entry;
}

PdStatus *pd_assignment_add_files(const PdStoredMessage *message, PdJson *list)
{
    g_autoptr(PdJson) attached = NULL;

    if (message->attachments == NULL)
        return NULL;
    PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &attached));
    for (gsize i = 0; i < pd_json_length(attached) && pd_json_length(list) < MOST_ATTACHMENTS;
         i++) {
        const PdJson *one = pd_json_at(attached, i);
        PdJson *entry = pd_json_object();
        pd_values_set_clean(entry, "name", pd_json_get_text(one, "name"));
        pd_values_set_size(entry, "size", (guint64)pd_json_get_int(one, "size", 0));
        pd_json_add(list, entry);
    }
    return NULL;
}

/* "category: network/vpn (vpn)": which rule said what. */
static PdStatus *add_why(const PdDesk *desk, const GPtrArray *messages, PdJson *values)
{
    PdJson *lines = pd_json_array();
    g_autofree char *text = NULL;
    g_autoptr(PdJson) decision = NULL;

    pd_json_set(values, "why", lines);
    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_decision_get(desk->store, first->inbox, &text));
    if (text == NULL)
        return NULL;
    PD_TRY(pd_json_parse(text, strlen(text), &decision));
    const PdJson *fields = pd_json_get(pd_json_get(decision, "rules"), "fields");
    if (!pd_json_is_object(fields))
        return NULL;
    g_autofree const char **names = pd_json_keys(fields);
    for (guint i = 0; names[i] != NULL; i++) {
        const PdJson *field = pd_json_get(fields, names[i]);
        const char *value = pd_json_get_text(field, "value");
        const char *by = pd_json_get_text(field, "by");
        if (value == NULL || by == NULL)
            continue;
        g_autofree char *line = g_strdup_printf("%s: %s (%s)", names[i], value, by);
        pd_json_add_text(lines, line);
    }
    return NULL;
}

static void add_reporter(const PdDesk *desk, const PdTicket *ticket, PdJson *values)
{
    const PdWho who = pd_people_look_up(desk->people, ticket->reporter);
    const char *phone = who.person != NULL ? who.person->phone : NULL;

    pd_values_set_clean(values, "requester", ticket->reporter_name);
    pd_values_set_clean(values, "requester_address", ticket->reporter);
    pd_values_set_clean(values, "requester_department", ticket->department);
    pd_values_set_clean(values, "requester_phone", phone);
}

PdStatus *pd_assignment_values(const PdDesk *desk, const char *language, const PdTicket *ticket,
                               PdJson **values)
{
    g_autoptr(PdJson) made = pd_json_object();
    g_autoptr(GPtrArray) messages = NULL;
    PdJson *shown = pd_json_array();
    PdJson *attached = pd_json_array();

    (void)language;
    add_reporter(desk, ticket, made);
    pd_json_set(made, "messages", shown);
    pd_json_set(made, "files", attached);
    PD_TRY(pd_message_of_ticket(desk->store, ticket->number, &messages));
    for (guint i = 0; i < messages->len; i++) {
        if (i < MOST_MESSAGES)
            pd_json_add(shown, message_entry(desk, g_ptr_array_index(messages, i)));
        PD_TRY(pd_assignment_add_files(g_ptr_array_index(messages, i), attached));
    }
    pd_json_set_bool(made, "has_files", pd_json_length(attached) > 0);
    PD_TRY(add_why(desk, messages, made));
    pd_json_set_bool(made, "has_why", pd_json_length(pd_json_get(made, "why")) > 0);
    *values = g_steal_pointer(&made);
    return NULL;
}
