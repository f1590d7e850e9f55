/* preview.c: a mail as it would be, and never is; see postdesk/desk.h. Nothing is written, no token
 * is made: the address that it would be answered to stands for none. */
#include "desk/actions.h"
#include "desk/assignment.h"
#include "desk/notify.h"
#include "desk/occasions.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/diagnostics.h"
#include <string.h>

#define NO_TOKEN "preview"
#define SAMPLE_NUMBER 123

/* Who reads it, and how the ticket stands then, where that is not a reporter and "open". */
static const struct {
    const char *occasion;
    PdRank rank;
    const char *status;
} readers[] = {
    {"acknowledge", PD_RANK_REPORTER, "new"},   {"oversize", PD_RANK_REPORTER, "new"},
    {"resolved", PD_RANK_REPORTER, "resolved"}, {"closed", PD_RANK_REPORTER, "closed"},
    {"assigned", PD_RANK_ENGINEER, "new"},      {"answered", PD_RANK_ENGINEER, "open"},
    {"refused", PD_RANK_ENGINEER, "open"},      {"help", PD_RANK_ENGINEER, "open"},
    {"escalation", PD_RANK_ENGINEER, "open"},   {"asked", PD_RANK_EXTERNAL, "waiting"},
    {"reminder", PD_RANK_REPORTER, "waiting"},  {"taken", PD_RANK_ENGINEER, "new"},
    {"attached", PD_RANK_ENGINEER, "open"},     {"undone", PD_RANK_ENGINEER, "open"},
    {"let_off", PD_RANK_ENGINEER, "open"},
};

typedef struct {
    PdDesk *desk;
    const PdOccasion *occasion;
    const char *name, *language;
    PdRank rank;
    const char *status;
    PdTicket *ticket; /* NULL: all is sample */
    PdJson *values;
    PdAssignment assignment;
    PdPreview *made;
} Preview;

void pd_preview_clear(PdPreview *preview)
{
    g_free(preview->subject);
    g_free(preview->text);
    g_free(preview->html);
    g_clear_pointer(&preview->mail, g_bytes_unref);
    *preview = (PdPreview){0};
}

static void find_reader(Preview *preview)
{
    preview->rank = PD_RANK_REPORTER;
    preview->status = "open";
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        if (strcmp(readers[i].occasion, preview->occasion->name) != 0)
            continue;
        preview->rank = readers[i].rank;
        preview->status = readers[i].status;
    }
    if (preview->ticket != NULL)
        preview->status = preview->ticket->status;
}

static gboolean is_about_ticket(const Preview *preview)
{
    return pd_occasion_declares(preview->occasion, "status");
}

/* Takes over only what the occasion declares; null takes the sample away. */
static void put_over(PdJson *values, const PdJson *real)
{
    g_autofree const char **keys = pd_json_keys(real);

    for (guint i = 0; keys[i] != NULL; i++)
        pd_json_set(values, keys[i], pd_json_ref(pd_json_get(real, keys[i])));
}

static void put_word(const Preview *preview, const char *key, const char *group, const char *word)
{
    const PdTemplates *templates = preview->desk->templates;

    pd_json_set_text(preview->values, key,
                     pd_templates_word(templates, preview->language, group, word));
}

/* Samples speak the desk's own words and name the desk itself. */
static void put_desk(const Preview *preview)
{
    const PdConfig *config = preview->desk->config;
    PdJson *values = preview->values;

    pd_json_set_text(values, "desk_name", config->desk_name);
    pd_json_set_text(values, "desk_address", config->desk_address);
    pd_json_set_text(values, "linked", NULL); /* seldom so */
    pd_json_set_text(values, "into", NULL);
    if (pd_occasion_declares(preview->occasion, "messages"))
        pd_json_set_bool(values, "said", FALSE); /* who is assigned is seldom told more */
    if (!is_about_ticket(preview) || preview->ticket != NULL)
        return;
    pd_json_set_text(values, "status", preview->status);
    put_word(preview, "status_word", "statuses", preview->status);
    put_word(preview, "category", "categories", pd_json_get_text(values, "category_path"));
    put_word(preview, "priority_word", "priorities", pd_json_get_text(values, "priority"));
    put_word(preview, "expectation", "expectations", pd_json_get_text(values, "priority"));
    if ((preview->rank & PD_RANK_DESK) != 0)
        pd_json_set_text(values, "reporter_name",
                         g_str_has_prefix(preview->language, "zh") ? "张三" : "Zhang San");
}

static PdStatus *put_first_message(const Preview *preview)
{
    PdStore *store = preview->desk->store;
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(PdInboxRow) row = NULL;

    PD_TRY(pd_message_of_ticket(store, preview->ticket->number, &messages));
    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_inbox_get(store, first->inbox, &row));
    pd_values_add_stored(preview->desk, preview->values, first, row);
    return NULL;
}

static PdStatus *put_ticket(Preview *preview)
{
    PdAssignment *made = &preview->assignment;
    const PdTicket *ticket = preview->ticket;
    const char *name = (preview->rank & PD_RANK_DESK) == 0 ? ticket->reporter_name : NULL;
    const PdPerson *engineer = pd_people_of_desk(preview->desk->people, ticket->assignee, NULL);

    if ((preview->rank & PD_RANK_DESK) != 0 && engineer != NULL)
        name = engineer->name;
    g_autoptr(PdJson) real = pd_values_of_ticket(preview->desk, preview->language, ticket, name);
    put_over(preview->values, real);
    if (pd_occasion_declares(preview->occasion, "quote"))
        PD_TRY(put_first_message(preview));
    if (!pd_occasion_declares(preview->occasion, "messages"))
        return NULL;
    PD_TRY(pd_assignment_make(preview->desk, preview->language, ticket, NULL, FALSE, made));
    put_over(preview->values, made->values);
    return NULL;
}

/* Who would get it; an address that is not of this world where that is nobody. */
static const char *recipient_of(const Preview *preview, const char **name)
{
    const PdTicket *ticket = preview->ticket;
    const PdPeople *people = preview->desk->people;
    const PdPerson *engineer =
        ticket != NULL ? pd_people_of_desk(people, ticket->assignee, NULL) : NULL;

    *name = pd_json_get_text(preview->values, "reporter_name");
    if (ticket != NULL && (preview->rank & PD_RANK_REPORTER) != 0)
        return ticket->reporter;
    if (engineer != NULL && (preview->rank & PD_RANK_DESK) != 0)
        return engineer->addresses[0];
    return "reader@preview.invalid";
}

/* A browser knows nothing of the mail that holds the pictures. Caller frees. */
static char *show_pictures(const Preview *preview, const char *html)
{
    const GPtrArray *enclosures = preview->assignment.enclosures;
    g_autoptr(GString) shown = html != NULL ? g_string_new(html) : NULL;

    for (guint i = 0; shown != NULL && enclosures != NULL && i < enclosures->len; i++) {
        const PdEnclosure *picture = g_ptr_array_index(enclosures, i);
        gsize length;
        const guchar *bytes = g_bytes_get_data(picture->bytes, &length);
        g_autofree char *encoded = g_base64_encode(bytes, length);
        g_autofree char *from = g_strconcat("cid:", picture->content_id, NULL);
        g_autofree char *to = g_strdup_printf("data:%s;base64,%s", picture->type, encoded);
        g_string_replace(shown, from, to, 0);
    }
    return shown != NULL ? g_string_free(g_steal_pointer(&shown), FALSE) : NULL;
}

static PdStatus *write_mail(const Preview *preview)
{
    gint64 number = preview->ticket != NULL ? preview->ticket->number : SAMPLE_NUMBER;
    g_autofree char *id = g_strconcat(NO_TOKEN "@", preview->desk->domain, NULL);
    g_autoptr(PdRendered) rendered = NULL;
    PdNotice notice = {
        .occasion = preview->occasion->name,
        .template = preview->name,
        .language = preview->language,
        .values = preview->values,
        .ticket = is_about_ticket(preview) ? number : 0,
        .auto_submitted = "auto-generated",
        .rank = preview->rank,
        .status = preview->status,
        .enclosures = preview->assignment.enclosures,
        .actions = PD_ACTIONS_RATE |
                   (strcmp(preview->occasion->name, "assigned") == 0 ? PD_ACTIONS_HIS : 0),
    };

    notice.recipient = recipient_of(preview, &notice.recipient_name);
    PD_TRY(pd_notice_write(preview->desk, &notice, NO_TOKEN, id, &rendered, &preview->made->mail));
    preview->made->subject = g_steal_pointer(&rendered->subject);
    preview->made->text = g_steal_pointer(&rendered->text);
    preview->made->html = show_pictures(preview, rendered->html);
    return NULL;
}

/* A form has no mail around it. */
static PdStatus *fill_form(const Preview *preview)
{
    const char *name = preview->name + strlen(PD_FORMS);

    preview->made->subject = g_strdup(preview->name);
    if (preview->ticket != NULL)
        return pd_desk_fill_form(preview->desk, name, preview->ticket->number, preview->language,
                                 &preview->made->html);
    return pd_templates_fill_form(preview->desk->templates, preview->language, name,
                                  preview->values, &preview->made->html);
}

static PdStatus *refuse_name(const PdDesk *desk, const char *language, const char *name)
{
    g_auto(GStrv) names = pd_templates_names(desk->templates, language);
    const char *nearest = pd_nearest_word(name, (const char *const *)names);

    if (nearest != NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "\"postdesk template list\" shows them",
                             "there is no template '%s'; did you mean '%s'?", name, nearest);
    return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "\"postdesk template list\" shows them",
                         "there is no template '%s' in language '%s'", name, language);
}

static PdStatus *find_ticket(Preview *preview, gint64 number)
{
    if (number == 0)
        return NULL;
    PD_TRY(pd_ticket_get(preview->desk->store, number, &preview->ticket));
    if (preview->ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "\"postdesk list\" shows the numbers",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    return NULL;
}

static PdStatus *run(Preview *preview)
{
    const char *name = preview->name;

    find_reader(preview);
    put_desk(preview);
    if (g_str_has_prefix(name, PD_FORMS))
        return fill_form(preview);
    if (preview->ticket != NULL && is_about_ticket(preview))
        PD_TRY(put_ticket(preview));
    return write_mail(preview);
}

PdStatus *pd_desk_preview(PdDesk *desk, const char *name, gint64 ticket, const char *language,
                          PdPreview *made)
{
    Preview preview = {.desk = desk, .name = name, .made = made};

    *made = (PdPreview){0};
    if (language != NULL && strcmp(pd_desk_language(desk, language), language) != 0)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk.yaml says which it has",
                             "the desk does not write '%s'", language);
    PD_TRY(find_ticket(&preview, ticket));
    if (language == NULL && preview.ticket != NULL)
        language = preview.ticket->language;
    preview.language = pd_desk_language(desk, language);
    preview.occasion = pd_occasion_of(name);
    PdStatus *status = NULL;
    if (!g_str_has_prefix(name, PD_FORMS) &&
        !pd_templates_has(desk->templates, preview.language, name))
        status = refuse_name(desk, preview.language, name);
    preview.values = pd_occasion_sample(preview.occasion, preview.language);
    if (status == NULL)
        status = run(&preview);
    pd_json_free(preview.values);
    pd_assignment_clear(&preview.assignment);
    pd_ticket_free(preview.ticket);
    if (status != NULL)
        pd_preview_clear(made);
    return status;
}

PdJson *pd_desk_templates(const PdDesk *desk)
{
    return pd_templates_list(desk->templates);
}
