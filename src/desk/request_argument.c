/* request_argument.c: see request.h. What stands behind a command as people write it: a colleague,
 * a queue, a day, tags, somebody outside. */
#include "desk/request.h"

#include "desk/labels.h"
#include "desk/meant.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

const PdPerson *pd_request_person(PdChange *change, const char *name, PdProblem *problem)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const PdPerson *person = pd_people_of_desk(change->desk->people, name, names);

    if (person != NULL)
        return person;
    pd_problem_set(problem, PD_PROBLEM_PERSON, NULL, name);
    g_ptr_array_add(names, NULL);
    problem->nearest = g_strdup(pd_meant_nearest(name, (const char *const *)names->pdata));
    if (names->len > 1)
        problem->choices = g_strjoinv(", ", (char **)names->pdata);
    return NULL;
}

/* In a mail, only somebody of the desk is assigned: he is mailed. */
gboolean pd_request_assignee(PdChange *change, const char *value, PdProblem *problem)
{
    static const char *const fillers[] = {"to ", "给", "@", NULL};

    if (pd_json_get(change->set, "assignee") != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "assignee", NULL);
    value = pd_meant_behind(value, fillers);
    if (g_ascii_strcasecmp(value, "none") == 0) {
        pd_json_set_text(change->set, "assignee", NULL);
        return TRUE;
    }
    gboolean is_own = g_ascii_strcasecmp(value, "me") == 0;
    change->assignee = is_own ? change->doer->person : pd_request_person(change, value, problem);
    if (change->assignee == NULL)
        return is_own && pd_problem_set(problem, PD_PROBLEM_PERSON, NULL, value);
    pd_json_set_text(change->set, "assignee", change->assignee->addresses[0]);
    return TRUE;
}

static gint64 today_in(GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(pd_clock_now() / PD_SECOND);
    g_autoptr(GDateTime) now = g_date_time_to_timezone(utc, zone);

    return pd_day_of_date((guint)g_date_time_get_year(now), (guint)g_date_time_get_month(now),
                          (guint)g_date_time_get_day_of_month(now));
}

/* A queue that nobody has yet may be meant; one that is almost the queue of a group is not. */
gboolean pd_request_queue(PdChange *change, const char *value, PdProblem *problem)
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
    return pd_request_field(change, "queue", word != NULL ? word : value, problem);
}

/* Tags that it does not have are a slip of the hand. */
gboolean pd_request_untags(PdChange *change, const char *value, PdProblem *problem)
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

gboolean pd_request_due(PdChange *change, const char *value, PdProblem *problem)
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

/* "a@b.example", "<a@b.example>", and what stands behind it, without what parts them: Chinese is
 * written without a space. */
static const char *behind_address(const char *value, char **address)
{
    static const char *const parts[] = {" ",  "\t", ",",  ";", ":", "，",
                                        "；", "：", "、", ">", NULL};
    const char *start = value + strspn(value, "<"), *end = start;

    while (*end != '\0' && pd_text_behind(end, parts) == NULL)
        end = g_utf8_next_char(end);
    *address = g_strndup(start, (gsize)(end - start));
    while (*end != '\0' && pd_text_behind(end, parts) != NULL)
        end = g_utf8_next_char(end);
    return end;
}

static gboolean begins_with_address(const char *text)
{
    g_autofree char *first = NULL;

    behind_address(text, &first);
    return pd_text_can_be_mailed(first);
}

gboolean pd_request_external(PdChange *change, const char *value, PdProblem *problem)
{
    g_autofree char *address = NULL;
    const char *words = behind_address(value, &address);

    if (!pd_text_can_be_mailed(address) ||
        pd_config_is_own_address(change->desk->config, address) ||
        pd_address_equal(address, change->ticket->reporter))
        return pd_problem_address(problem, address);
    if (change->external != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "external", NULL);
    if (begins_with_address(words))
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "external", words);
    if (!pd_request_field(change, "status", "waiting", problem))
        return FALSE;
    change->external = g_ascii_strdown(address, -1);
    pd_json_set_text(change->parts, change->external, PD_PART_EXTERNAL);
    pd_request_add_text(change, words);
    return TRUE;
}
