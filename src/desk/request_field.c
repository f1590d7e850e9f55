/* request_field.c: see request.h. A field of the ticket, and what may stand there. */
#include "desk/request.h"

#include "desk/labels.h"
#include "desk/meant.h"
#include "postdesk/diagnostics.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

static const char *const fields[] = {"status",        "category", "impact",   "urgency",
                                     "priority",      "queue",    "assignee", "subject",
                                     "reporter_name", "tag",      "untag",    NULL};
static const char *const levels[] = {"high", "medium", "low", NULL};
static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};

const char *pd_request_one_of(PdProblem *problem, const char *field, const char *value,
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
    const char *word = pd_request_one_of(problem, "status", value, pd_lifecycle_statuses());
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

gboolean pd_request_check_text(const char *field, const char *value, PdProblem *problem)
{
    if (pd_text_is_one_line(value) && strlen(value) <= PD_LIMIT_SUBJECT_BYTES &&
        g_utf8_validate(value, -1, NULL))
        return TRUE;
    return pd_problem_set(problem, PD_PROBLEM_TEXT, field, NULL);
}

static const char *take_priority(const PdDesk *desk, const char *value, PdProblem *problem)
{
    const char *shown = pd_meant_shown(desk, "priorities", value, priorities);

    return shown != NULL ? shown : pd_request_one_of(problem, "priority", value, priorities);
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
        word = pd_request_one_of(problem, field, value, levels);
    else if (!pd_request_check_text(field, value, problem))
        word = NULL;
    *taken = g_strdup(word);
    return word != NULL;
}

/* Where the desk's people are known, it must be one of them: else nobody would have the ticket. */
static gboolean find_assignee(PdChange *change, const char *value, PdProblem *problem)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    change->assignee = pd_people_of_desk(change->desk->people, value, names);
    return change->assignee != NULL || *value == '\0' || names->len == 0 ||
           pd_request_person(change, value, problem) != NULL;
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
    if (strcmp(field, "assignee") == 0 && !find_assignee(change, taken, problem))
        return FALSE;
    pd_json_set_text(change->set, field,
                     change->assignee != NULL && strcmp(field, "assignee") == 0
                         ? change->assignee->addresses[0]
                         : taken);
    return TRUE;
}

gboolean pd_request_field(PdChange *change, const char *field, const char *value,
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
