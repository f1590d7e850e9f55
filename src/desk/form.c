/* form.c: the problem report form, the fault report and what else an admin lays out, filled from a
 * ticket. templates/<language>/forms/NAME.html holds the form; occasions.c, what it may name.
 */
#include "desk/desk_private.h"
#include "desk/finding.h"
#include "desk/recipients.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/text.h"
#include "postdesk/tickets.h"
#include <string.h>

#define MOST_HISTORY 200
#define MOST_LINES 400 /* of the description */
#define MOST_ATTACHMENTS 100

typedef struct {
    const PdDesk *desk;
    const char *language;
    PdJson *values;
    PdJson *history;
    gint64 responded_at, resolved_at, closed_at;
} Form;

/* Signs of the language that the form is in. */
static const char *colon(const Form *form)
{
    return g_str_has_prefix(form->language, "zh") ? "：" : ": ";
}

static const char *semicolon(const Form *form)
{
    return g_str_has_prefix(form->language, "zh") ? "；" : "; ";
}

/* "status: 处理中; assignee: 李"; only fields that have a word in words.yaml are told. */
static void tell_changes(const Form *form, const PdJson *set, GString *text)
{
    g_autofree const char **keys = set != NULL ? pd_json_keys(set) : g_new0(const char *, 1);

    for (const char **key = keys; *key != NULL; key++) {
        const char *field =
            pd_templates_find_word(form->desk->templates, form->language, "fields", *key);
        const char *value = pd_json_get_text(set, *key);
        if (field != NULL && value != NULL)
            g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? semicolon(form) : "", field,
                                   colon(form),
                                   strcmp(*key, "assignee") == 0
                                       ? pd_recipient_called(form->desk, value)
                                       : pd_values_word(form->desk, form->language, *key, value));
    }
}

static void note_times(Form *form, const PdEvent *event, const char *status)
{
    if (status == NULL)
        return;
    if (form->responded_at == 0 && strcmp(status, "new") != 0)
        form->responded_at = event->at;
    gboolean is_done = strcmp(status, "resolved") == 0 || strcmp(status, "closed") == 0;
    if (strcmp(status, "closed") == 0)
        form->closed_at = event->at;
    if (!is_done)
        form->resolved_at = form->closed_at = 0;
    else if (form->resolved_at == 0)
        form->resolved_at = event->at;
}

/* "变更；状态：处理中；words"; changes speak for themselves. The form may go to the reporter: what
 * was said to him is told, what the desk noted for itself is not. Caller frees. */
static char *what_happened(const Form *form, const PdEvent *event, const char *kind)
{
    const char *said = pd_json_get_text(event->data, "said");
    g_autoptr(GString) what = g_string_new(NULL);

    tell_changes(form, pd_json_get(event->data, "set"), what);
    if (what->len == 0)
        g_string_assign(what, kind);
    else if (strcmp(event->kind, "changed") != 0)
        g_string_prepend(g_string_prepend(what, semicolon(form)), kind);
    if (said != NULL)
        g_string_append_printf(what, "%s%s", semicolon(form), said);
    return g_string_free(g_steal_pointer(&what), FALSE);
}

static gboolean is_inside(const PdEvent *event)
{
    return strcmp(event->kind, "note") == 0 && pd_json_get_text(event->data, "said") == NULL;
}

/* Kinds without a word in words.yaml are left out: the desk's mails only repeat what happened. */
static void add_to_history(Form *form, const PdEvent *event)
{
    const char *kind = pd_templates_find_word(
        form->desk->templates, form->language, "history",
        pd_json_get_text(event->data, "said") != NULL ? "said" : event->kind);

    if (kind == NULL || is_inside(event) || pd_json_length(form->history) >= MOST_HISTORY)
        return;
    g_autofree char *what = what_happened(form, event, kind);
    PdJson *row = pd_json_object();
    pd_values_set_time(form->desk, row, "at", event->at);
    pd_values_set_clean(row, "who", pd_recipient_called(form->desk, event->actor));
    pd_values_set_clean(row, "what", what);
    pd_json_add(form->history, row);
}

static void add_event(Form *form, const PdEvent *event)
{
    note_times(form, event, pd_json_get_text(pd_json_get(event->data, "set"), "status"));
    add_to_history(form, event);
}

static void add_description(PdJson *values, const GPtrArray *messages)
{
    PdJson *lines = pd_json_array();
    const PdStoredMessage *first = messages->len > 0 ? g_ptr_array_index(messages, 0) : NULL;
    g_auto(GStrv) split =
        g_strsplit(first != NULL && first->text != NULL ? first->text : "", "\n", MOST_LINES);

    for (char **line = split; *line != NULL; line++) {
        g_autoptr(PdJson) holder = pd_json_object();
        pd_values_set_clean(holder, "line", *line);
        const char *clean = pd_json_get_text(holder, "line");
        pd_json_add_text(lines, clean != NULL ? clean : "");
    }
    pd_json_set(values, "description", lines);
}

static void add_findings(const Form *form, const GPtrArray *events, const GPtrArray *messages)
{
    g_auto(PdFinding) finding = {0};

    pd_finding_read(form->desk, events, messages, &finding);
    pd_values_set_long(form->values, "cause", finding.cause);
    pd_values_set_long(form->values, "solution", finding.solution);
    pd_values_set_long(form->values, "prevention", finding.prevention);
}

static void add_attachments_of(PdJson *list, const PdStoredMessage *message)
{
    PdJson *stored = NULL;

    if (message->attachments == NULL)
        return;
    g_autoptr(PdStatus) status =
        pd_json_parse(message->attachments, strlen(message->attachments), &stored);
    g_autoptr(PdJson) attachments = stored;
    for (gsize i = 0; i < pd_json_length(attachments); i++) {
        const PdJson *one = pd_json_at(attachments, i);
        if (pd_json_get_bool(one, "inline", FALSE) || pd_json_length(list) >= MOST_ATTACHMENTS)
            continue;
        PdJson *entry = pd_json_object();
        pd_values_set_clean(entry, "name", pd_json_get_text(one, "name"));
        pd_values_set_size(entry, "size", (guint64)pd_json_get_int(one, "size", 0));
        pd_json_add(list, entry);
    }
}

static void add_attachments(PdJson *values, const GPtrArray *messages)
{
    PdJson *list = pd_json_array();

    for (guint i = 0; i < messages->len; i++)
        add_attachments_of(list, g_ptr_array_index(messages, i));
    g_autofree char *count = g_strdup_printf("%zu", pd_json_length(list));
    pd_json_set_text(values, "attachment_count", pd_json_length(list) > 0 ? count : NULL);
    pd_json_set(values, "attachments", list);
}

static void set_level(const Form *form, const char *key, const char *value)
{
    pd_json_set_text(form->values, key,
                     value[0] != '\0'
                         ? pd_templates_word(form->desk->templates, form->language, "levels", value)
                         : NULL);
}

static void add_people(const Form *form, const PdTicket *ticket)
{
    pd_values_set_clean(form->values, "reporter_address", ticket->reporter);
    pd_values_set_clean(form->values, "department", ticket->department);
    pd_values_set_clean(form->values, "assignee",
                        pd_recipient_called(form->desk, ticket->assignee));
    pd_values_set_clean(form->values, "queue", ticket->queue);
    set_level(form, "impact_word", ticket->impact);
    set_level(form, "urgency_word", ticket->urgency);
}

static void add_events(Form *form, const GPtrArray *events)
{
    form->history = pd_json_array();
    for (guint i = 0; i < events->len; i++)
        add_event(form, g_ptr_array_index(events, i));
    pd_json_set(form->values, "history", form->history);
    pd_values_set_time(form->desk, form->values, "responded_at", form->responded_at);
    pd_values_set_time(form->desk, form->values, "resolved_at", form->resolved_at);
    pd_values_set_time(form->desk, form->values, "closed_at", form->closed_at);
    pd_values_set_time(form->desk, form->values, "filled_at", pd_clock_now());
}

PdStatus *pd_desk_fill_form(PdDesk *desk, const char *name, gint64 number, const char *language,
                            char **html)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) messages = NULL, events = NULL;

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    if (ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "\"postdesk list\" shows the numbers",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    PD_TRY(pd_message_of_ticket(desk->store, number, &messages));
    PD_TRY(pd_ticket_events(desk->store, number, &events));
    language = pd_desk_language(desk, language != NULL ? language : ticket->language);
    g_autoptr(PdJson) values = pd_values_of_ticket(desk, language, ticket, ticket->reporter_name);
    Form form = {.desk = desk, .language = language, .values = values};
    add_people(&form, ticket);
    add_events(&form, events);
    add_findings(&form, events, messages);
    add_description(values, messages);
    add_attachments(values, messages);
    return pd_templates_fill_form(desk->templates, language, name, values, html);
}

char **pd_desk_forms(const PdDesk *desk)
{
    return pd_templates_forms(desk->templates, desk->config->default_language);
}
