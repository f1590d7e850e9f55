/* request.c: each command and each field, checked against the ticket as it is; nothing is
 * written here (effect.c does that), so that all of a mail's commands are done, or none. */
#include "desk/change.h"

#include "desk/accept.h"
#include "desk/formmail.h"
#include "desk/history.h"
#include "desk/labels.h"
#include "desk/meant.h"
#include "desk/people_private.h"
#include "desk/subject.h"
#include "desk/watch.h"
#include "postdesk/clock.h"
#include "postdesk/diagnostics.h"
#include "postdesk/limits.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

static const char *const fields[] = {"status",        "category", "impact",   "urgency",
                                     "priority",      "queue",    "assignee", "subject",
                                     "reporter_name", "tag",      "untag",    NULL};
static const char *const levels[] = {"high", "medium", "low", NULL};
static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};
static const char *const before_numbers[] = {"into ", "with ", "to ", "and ", "到", "至", "入",
                                             "进",    "与",    "和",  "工单", "#",  NULL};
static const char *const link_kinds[] = {"blocks", "duplicates", "relates", NULL};
static const char *const link_backs[] = {"blocked-by", "duplicated-by", "relates"};

/* The word as it stands in the list; NULL: it is none of them. */
static const char *one_of(PdProblem *problem, const char *field, const char *value,
                          const char *const *words)
{
    const char *word = pd_meant_word(value, words);

    if (word == NULL)
        pd_problem_choose(problem, field, value, words);
    return word;
}

/* The reporter's own moves are in the table as well. */
static const PdTransition *find_move(const PdChange *change, const char *to)
{
    gboolean is_reporter = change->doer->rank == PD_RANK_REPORTER;

    return pd_lifecycle_find(change->ticket->status, to, is_reporter ? PD_BY_WORD : PD_BY_STAFF);
}

static gboolean set_status(PdChange *change, const char *value, PdProblem *problem)
{
    const char *now = change->ticket->status;
    gboolean is_reporter = change->doer->rank == PD_RANK_REPORTER;

    g_autofree char *open = pd_lifecycle_choices(now, is_reporter ? PD_BY_WORD : PD_BY_STAFF);
    const char *word = one_of(problem, "status", value, pd_lifecycle_statuses());
    if (word == NULL && problem->choices != NULL) {
        g_free(problem->choices); /* those that can be, not all that there are */
        problem->choices = g_strdup(open);
    }
    if (word == NULL)
        return FALSE;
    value = word;
    change->transition = strcmp(now, value) != 0 ? find_move(change, value) : NULL;
    if (strcmp(now, value) == 0 || change->transition != NULL) {
        pd_json_set_text(change->set, "status", value);
        return TRUE;
    }
    pd_problem_set(problem, PD_PROBLEM_MOVE, now, value);
    if (open[0] != '\0')
        problem->choices = g_steal_pointer(&open);
    return FALSE;
}

/* A category is a path of small letters, digits and hyphens, such as "system/database". */
gboolean pd_change_is_category(const char *value)
{
    gboolean is_path = value[0] != '\0' && value[0] != '/' && !g_str_has_suffix(value, "/") &&
                       strstr(value, "//") == NULL;

    for (const char *c = value; *c != '\0' && is_path; c++)
        is_path = g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '-' || *c == '_' || *c == '/';
    return is_path;
}

static gboolean check_text(const char *field, const char *value, PdProblem *problem)
{
    if (pd_text_is_one_line(value) && strlen(value) <= PD_LIMIT_SUBJECT_BYTES &&
        g_utf8_validate(value, -1, NULL))
        return TRUE;
    return pd_problem_set(problem, PD_PROBLEM_TEXT, field, NULL);
}

static const char *take_priority(const PdDesk *desk, const char *value, PdProblem *problem)
{
    const char *shown = pd_meant_shown(desk, "priorities", value, priorities);

    return shown != NULL ? shown : one_of(problem, "priority", value, priorities);
}

static gboolean take_category(const PdDesk *desk, const char *value, char **taken,
                              PdProblem *problem)
{
    g_autofree const char **names = pd_rule_set_category_names(desk->rules);
    const char *shown = pd_meant_shown(desk, "categories", value, names);
    g_autofree char *path = g_utf8_strdown(shown != NULL ? shown : value, -1);

    if (!pd_meant_category(desk, path, problem)) {
        g_free(problem->value);
        problem->value = g_strdup(value);
        return FALSE;
    }
    if (!pd_change_is_category(path))
        return pd_problem_set(problem, PD_PROBLEM_CATEGORY, NULL, value);
    *taken = g_steal_pointer(&path);
    return TRUE;
}

/* *taken: the value in the desk's own words. */
static gboolean check_value(const PdDesk *desk, const char *field, const char *value, char **taken,
                            PdProblem *problem)
{
    const char *word = value;
    gboolean is_level = strcmp(field, "impact") == 0 || strcmp(field, "urgency") == 0;

    if (strcmp(field, "category") == 0)
        return take_category(desk, value, taken, problem);
    if (strcmp(field, "priority") == 0)
        word = take_priority(desk, value, problem);
    else if (is_level)
        word = one_of(problem, field, value, levels);
    else if (!check_text(field, value, problem))
        word = NULL;
    *taken = g_strdup(word);
    return word != NULL;
}

gboolean pd_change_set_field(PdChange *change, const char *field, const char *value,
                             PdProblem *problem)
{
    if (g_str_has_prefix(field, "field."))
        return pd_labels_set_field(change, field + strlen("field."), value, problem);
    if (strcmp(field, "tag") == 0 || strcmp(field, "untag") == 0)
        return pd_labels_take_tags(change, value, field[0] == 'u', problem);
    if (!g_strv_contains(fields, field)) {
        const char *meant = pd_nearest_word(field, fields);
        pd_problem_set(problem, PD_PROBLEM_UNKNOWN, NULL, field);
        problem->nearest = g_strdup(meant);
        if (meant == NULL)
            problem->choices = g_strjoinv(", ", (char **)fields);
        return FALSE;
    }
    if (strcmp(field, "status") == 0)
        return set_status(change, value, problem);
    g_autofree char *taken = NULL;
    if (!check_value(change->desk, field, value, &taken, problem))
        return FALSE;
    if (strcmp(field, "assignee") == 0)
        change->assignee = pd_people_of_desk(change->desk->people, value, NULL);
    pd_json_set_text(change->set, field,
                     change->assignee != NULL && strcmp(field, "assignee") == 0
                         ? change->assignee->addresses[0]
                         : taken);
    return TRUE;
}

static gboolean take_field(PdChange *change, const char *field, const char *value,
                           PdProblem *problem)
{
    const PdJson *set = pd_json_get(change->set, field);

    if (set != NULL && pd_json_string(set) != NULL &&
        g_ascii_strcasecmp(pd_json_string(set), value) == 0)
        return TRUE; /* "/external …" waits, and so does "/status waiting" */
    if (set != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, field, NULL);
    return pd_change_set_field(change, field, value, problem);
}

/* In a mail, only somebody of the desk is assigned: he is mailed. */
static gboolean take_assignee(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const fillers[] = {"to ", "给", "@", NULL};
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (pd_json_get(change->set, "assignee") != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "assignee", NULL);
    value = pd_meant_behind(value, fillers);
    if (g_ascii_strcasecmp(value, "none") == 0) {
        pd_json_set_text(change->set, "assignee", NULL);
        return TRUE;
    }
    change->assignee = g_ascii_strcasecmp(value, "me") == 0
                           ? change->doer->person
                           : pd_people_of_desk(change->desk->people, value, names);
    if (change->assignee != NULL) {
        pd_json_set_text(change->set, "assignee", change->assignee->addresses[0]);
        return TRUE;
    }
    pd_problem_set(problem, PD_PROBLEM_PERSON, NULL, value);
    g_ptr_array_add(names, NULL);
    problem->nearest = g_strdup(pd_nearest_word(value, (const char *const *)names->pdata));
    if (names->len > 1)
        problem->choices = g_strjoinv(", ", (char **)names->pdata);
    return FALSE;
}

static gint64 today_in(GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(pd_clock_now() / PD_SECOND);
    g_autoptr(GDateTime) now = g_date_time_to_timezone(utc, zone);

    return pd_day_of_date((guint)g_date_time_get_year(now), (guint)g_date_time_get_month(now),
                          (guint)g_date_time_get_day_of_month(now));
}

/* A queue that nobody has yet may be meant; one that is almost the queue of a group is not. */
static gboolean take_queue(PdChange *change, const char *value, PdProblem *problem)
{
    const PdRoster *roster = change->desk->roster;
    g_autoptr(GPtrArray) queues = g_ptr_array_new();

    for (guint i = 0; i < pd_roster_groups(roster); i++)
        for (char **queue = pd_roster_queues(roster, pd_roster_group(roster, i)); *queue != NULL;
             queue++)
            g_ptr_array_add(queues, *queue);
    g_ptr_array_add(queues, NULL);
    const char *const *known = (const char *const *)queues->pdata;
    const char *word = pd_meant_word(value, known);
    if (word == NULL && pd_meant_nearest(value, known) != NULL)
        return pd_problem_choose(problem, "queue", value, known);
    return take_field(change, "queue", word != NULL ? word : value, problem);
}

/* Tags that it does not have are a slip of the hand. */
static gboolean take_untags(PdChange *change, const char *value, PdProblem *problem)
{
    g_auto(GStrv) tags = g_strsplit(change->ticket->tags, " ", -1);
    g_auto(GStrv) words = pd_text_words(value, " \t,，、;；　");

    for (char **word = words; *word != NULL; word++) {
        if (g_strv_contains((const char *const *)tags, *word))
            continue;
        pd_problem_set(problem, PD_PROBLEM_NOTHING, "untag", NULL);
        problem->nearest = g_strdup(pd_meant_nearest(*word, (const char *const *)tags));
        return FALSE;
    }
    return pd_labels_take_tags(change, value, TRUE, problem);
}

static gboolean take_due(PdChange *change, const char *value, PdProblem *problem)
{
    PdCalendar *calendar = pd_calendars_find(change->desk->calendars, NULL);
    g_autoptr(GDateTime) end = NULL;
    gint64 day = 0;

    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(pd_calendar_zone(calendar));
    if (!pd_meant_day(value, today_in(zone), &day))
        return pd_problem_set(problem, PD_PROBLEM_DATE, NULL, value);
    g_autofree char *date = pd_day_format(day);
    g_autofree char *last_minute = g_strconcat(date, "T23:59:00", NULL);
    end = g_date_time_new_from_iso8601(last_minute, zone);
    gint64 at = end != NULL ? g_date_time_to_unix(end) * PD_SECOND : 0;
    if (at <= pd_clock_now())
        return pd_problem_set(problem, PD_PROBLEM_DATE, NULL, value);
    if (change->due != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "due", NULL);
    change->due = pd_clock_format_utc(at);
    return TRUE;
}

static void add_text(PdChange *change, const char *text)
{
    if (text[0] == '\0')
        return;
    if (change->text->len > 0)
        g_string_append_c(change->text, '\n');
    g_string_append(change->text, text);
}

/* "a@b.example", "<a@b.example>", and what stands behind it, without what parts them: Chinese is
 * written without a space. */
static const char *behind_address(const char *value, char **address)
{
    static const char *const parts[] = {" ",  "\t", ",",  ";", ":", "，",
                                        "；", "：", "、", ">", NULL};
    const char *start = value + strspn(value, "<"), *end = start;

    while (*end != '\0' && !pd_meant_begins(end, parts))
        end = g_utf8_next_char(end);
    *address = g_strndup(start, (gsize)(end - start));
    while (*end != '\0' && pd_meant_begins(end, parts))
        end = g_utf8_next_char(end);
    return end;
}

static gboolean begins_with_address(const char *text)
{
    g_autofree char *first = NULL;

    behind_address(text, &first);
    return pd_text_can_be_mailed(first);
}

static gboolean take_external(PdChange *change, const char *value, PdProblem *problem)
{
    g_autofree char *address = NULL;
    const char *words = behind_address(value, &address);

    if (!pd_text_can_be_mailed(address) ||
        pd_config_is_own_address(change->desk->config, address) ||
        pd_address_equal(address, change->ticket->reporter))
        return pd_problem_set(problem, PD_PROBLEM_ADDRESS, NULL, address);
    if (change->external != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "external", NULL);
    if (begins_with_address(words))
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "external", words);
    if (!take_field(change, "status", "waiting", problem))
        return FALSE;
    change->external = g_ascii_strdown(address, -1);
    pd_json_set_text(change->parts, change->external, PD_PART_EXTERNAL);
    add_text(change, words);
    return TRUE;
}

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

static PdStatus *take_merge(PdChange *change, const char *value, PdProblem *problem)
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

static PdStatus *take_link(PdChange *change, const char *value, PdProblem *problem)
{
    g_auto(GStrv) words = g_strsplit_set(pd_meant_behind(value, before_numbers), " \t", 2);
    gboolean has_kind = words[0] != NULL && words[1] != NULL;
    g_autofree char *kind = pd_command_value(has_kind ? words[0] : "relates");
    gint64 number = 0;

    const char *meant = one_of(problem, "link", kind, link_kinds);
    if (meant == NULL)
        return NULL;
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

static PdStatus *take_split(PdChange *change, const char *value, PdProblem *problem)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_of_ticket(change->desk->store, change->ticket->number, &messages));
    if (messages->len < 2 || !check_text("subject", value, problem)) {
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
static PdStatus *take_undo(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const words[] = {"message", "bulk", NULL};
    g_auto(GStrv) given = pd_text_words(value, " \t#");
    g_autofree char *first = pd_command_value(given[0] != NULL ? given[0] : "");

    change->undoes = first[0] == '\0';
    if (change->undoes)
        return check_undo(change, problem);
    const char *word = one_of(problem, "undo", first, words);
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
    return take_split(change, "", problem);
}

static gboolean take_rating(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const marks[] = {"1", "2", "3", "4", "5", NULL};

    if (one_of(problem, "rate", value, marks) == NULL) {
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
        return take_assignee(change, value, problem);
    case PD_COMMAND_DUE:
        return take_due(change, value, problem);
    case PD_COMMAND_TAG:
        return pd_labels_take_tags(change, value, FALSE, problem);
    case PD_COMMAND_UNTAG:
        return take_untags(change, value, problem);
    case PD_COMMAND_QUEUE:
        return take_queue(change, value, problem);
    case PD_COMMAND_FIELD:
        return pd_labels_take_field(change, value, problem);
    case PD_COMMAND_EXTERNAL:
        return take_external(change, value, problem);
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
        add_text(change, value);
        return change->is_internal = TRUE;
    case PD_COMMAND_STATUS:
        return value[0] != '\0' ? take_field(change, "status", value, problem)
                                : (change->wants_standing = TRUE);
    default:
        return take_field(change, row->name, value, problem);
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
        add_text(change, command->argument);
        take_field(change, "status", status, problem);
        return NULL;
    }
    if (row->id == PD_COMMAND_MERGE)
        return take_merge(change, value, problem);
    if (row->id == PD_COMMAND_UNDO)
        return take_undo(change, value, problem);
    if (row->id == PD_COMMAND_SPLIT)
        return take_split(change, value, problem);
    if (row->id == PD_COMMAND_LINK)
        return take_link(change, value, problem);
    if (row->id == PD_COMMAND_UNWATCH)
        return pd_watch_leave(change, value, problem);
    take_plain(change, row, value, problem);
    return NULL;
}
