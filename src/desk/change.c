/* change.c: a change of a ticket by a person at the desk: checked whole, then one event. */
#include "desk/commit.h"
#include "desk/due.h"
#include "desk/lifecycle.h"
#include "desk/values.h"
#include "postdesk/limits.h"
#include "postdesk/log.h"
#include "postdesk/text.h"
#include <string.h>

static const char *const fields[] = {"status", "category", "impact",  "urgency", "priority",
                                     "queue",  "assignee", "subject", NULL};
static const char *const levels[] = {"high", "medium", "low", NULL};
static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};

typedef struct {
    PdDesk *desk;
    const PdTicket *ticket;
    PdJson *set;                    /* what is to change */
    const PdTransition *transition; /* of the status, or NULL */
} Change;

#define refuse(advice, ...) pd_status_new(PD_SPOILS_USAGE, PD_FINAL, advice, __VA_ARGS__)

static PdStatus *check_word(const char *field, const char *value, const char *const *words)
{
    if (g_strv_contains(words, value))
        return NULL;
    const char *meant = pd_nearest_word(value, words);
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    g_autofree char *advice = meant != NULL ? g_strdup_printf("did you mean '%s'?", meant)
                                            : g_strdup_printf("use one of: %s", all);
    return refuse(advice, "%s cannot be '%s'", field, value);
}

static PdStatus *check_status(Change *change, const char *value)
{
    const char *now = change->ticket->status;

    PD_TRY(check_word("status", value, pd_lifecycle_statuses()));
    if (strcmp(now, value) == 0)
        return NULL;
    change->transition = pd_lifecycle_find(now, value, PD_BY_STAFF);
    if (change->transition != NULL)
        return NULL;
    g_autofree char *choices = pd_lifecycle_choices(now, PD_BY_STAFF);
    g_autofree char *advice = choices[0] != '\0'
                                  ? g_strdup_printf("from '%s' it may become: %s", now, choices)
                                  : g_strdup_printf("a ticket that is '%s' stays so", now);
    return refuse(advice, "a ticket that is '%s' cannot become '%s'", now, value);
}

/* A category is a path of small letters, digits and hyphens, such as "system/database". */
static PdStatus *check_category(const char *value)
{
    gboolean is_path = value[0] != '\0' && value[0] != '/' && !g_str_has_suffix(value, "/") &&
                       strstr(value, "//") == NULL;

    for (const char *c = value; *c != '\0' && is_path; c++)
        is_path = g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '-' || *c == '_' || *c == '/';
    return is_path ? NULL
                   : refuse("write a path such as system/database", "'%s' is no category", value);
}

static PdStatus *check_text(const char *field, const char *value)
{
    if (pd_text_is_one_line(value) && strlen(value) <= PD_LIMIT_SUBJECT_BYTES &&
        g_utf8_validate(value, -1, NULL))
        return NULL;
    return refuse("write one line of UTF-8", "%s cannot be set to this text", field);
}

static PdStatus *check_value(Change *change, const char *field, const char *value)
{
    if (strcmp(field, "status") == 0)
        return check_status(change, value);
    if (strcmp(field, "priority") == 0)
        return check_word(field, value, priorities);
    if (strcmp(field, "impact") == 0 || strcmp(field, "urgency") == 0)
        return check_word(field, value, levels);
    if (strcmp(field, "category") == 0)
        return check_category(value);
    return check_text(field, value);
}

static PdStatus *take_pair(Change *change, const char *pair)
{
    const char *equals = strchr(pair, '=');
    g_autofree char *field = equals != NULL ? g_strndup(pair, (gsize)(equals - pair)) : NULL;

    if (field == NULL)
        return refuse("write field=value", "'%s' is no change", pair);
    if (!g_strv_contains(fields, field)) {
        const char *meant = pd_nearest_word(field, fields);
        g_autofree char *all = g_strjoinv(", ", (char **)fields);
        g_autofree char *advice = meant != NULL ? g_strdup_printf("did you mean '%s'?", meant)
                                                : g_strdup_printf("these are: %s", all);
        return refuse(advice, "'%s' is no field that can be set", field);
    }
    PD_TRY(check_value(change, field, equals + 1));
    pd_json_set_text(change->set, field, equals + 1);
    return NULL;
}

static const char *after(const Change *change, const char *field, const char *before)
{
    const char *set = pd_json_get_text(change->set, field);

    return set != NULL ? set : before;
}

/* Impact and urgency carry the priority with them, unless it is given, too. */
static void set_priority(Change *change)
{
    if (pd_json_get(change->set, "priority") != NULL ||
        (pd_json_get(change->set, "impact") == NULL && pd_json_get(change->set, "urgency") == NULL))
        return;
    const char *priority =
        pd_rule_set_priority(change->desk->rules, after(change, "impact", change->ticket->impact),
                             after(change, "urgency", change->ticket->urgency));
    if (priority != NULL)
        pd_json_set_text(change->set, "priority", priority);
}

static PdStatus *mail_reporter(Change *change, PdTicket *changed)
{
    PdDesk *desk = change->desk;
    const char *language = pd_desk_language(desk, changed->language);
    g_autoptr(GPtrArray) messages = NULL;
    const char *last = NULL;

    PD_TRY(pd_message_of_ticket(desk->store, changed->number, &messages));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        last = message->message_id != NULL ? message->message_id : last;
    }
    g_autoptr(PdJson) values = pd_values_of_ticket(desk, language, changed, changed->reporter_name);
    pd_json_set_text(
        values, "previous_status_word",
        pd_templates_word(desk->templates, language, "statuses", change->ticket->status));
    const PdNotice notice = {
        .occasion = change->transition->occasion,
        .language = language,
        .values = values,
        .ticket = changed->number,
        .recipient = changed->reporter,
        .recipient_name = changed->reporter_name,
        .in_reply_to = last,
        .auto_submitted = "auto-generated",
    };
    return pd_commit_mail(desk, &notice, 0, "cli", changed->version);
}

/* A reporter who takes no part is a machine, a list or a forged sender: he is not mailed. */
static PdStatus *tell_reporter(Change *change)
{
    g_autoptr(PdTicket) changed = NULL;
    gboolean takes_part = FALSE;

    if (change->transition == NULL || change->transition->occasion == NULL)
        return NULL;
    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &changed));
    if (!pd_text_is_address(changed->reporter) ||
        pd_config_is_own_address(change->desk->config, changed->reporter))
        return NULL;
    PD_TRY(pd_ticket_has_participant(change->desk->store, changed->number, changed->reporter,
                                     &takes_part));
    return takes_part ? mail_reporter(change, changed) : NULL;
}

static PdStatus *commit(Change *change, const char *actor)
{
    g_autoptr(PdEvent) event = pd_event_new("changed", actor, "cli");

    event->ticket = change->ticket->number;
    pd_json_set(event->data, "set", pd_json_ref(change->set));
    PD_TRY(pd_due_set(change->desk, change->ticket, event));
    PD_TRY(pd_ticket_append(change->desk->store, event, change->ticket->version));
    return tell_reporter(change);
}

static PdStatus *change_in_transaction(PdDesk *desk, gint64 number, const char *const *pairs,
                                       const char *actor)
{
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdJson) set = pd_json_object();

    PD_TRY(pd_ticket_get(desk->store, number, &ticket));
    if (ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "\"postdesk list\" shows the numbers",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    Change change = {desk, ticket, set, NULL};
    for (; *pairs != NULL; pairs++)
        PD_TRY(take_pair(&change, *pairs));
    set_priority(&change);
    return commit(&change, actor);
}

PdStatus *pd_desk_change(PdDesk *desk, gint64 ticket, const char *const *pairs, const char *actor)
{
    const PdLogFields log_fields = {.ticket = ticket};

    if (*pairs == NULL)
        return refuse("write field=value", "nothing is to be changed");
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = change_in_transaction(desk, ticket, pairs, actor);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL) {
        pd_store_rollback(desk->store);
        return status;
    }
    g_autofree char *all = g_strjoinv(" ", (char **)pairs);
    pd_log(PD_LOG_INFO, "ticket-changed", &log_fields, "%s by %s", all, actor);
    return NULL;
}
