/* escalation_file.c: the escalation and the reminders of targets.yaml. */
#include "desk/escalation.h"

#include "postdesk/people.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_REMINDERS 2

static void step_clear(PdEscalationStep *step)
{
    g_strfreev(step->to);
}

PdEscalation *pd_escalation_new(void)
{
    PdEscalation *escalation = g_new0(PdEscalation, 1);

    escalation->steps = g_array_new(FALSE, FALSE, sizeof(PdEscalationStep));
    g_array_set_clear_func(escalation->steps, (GDestroyNotify)step_clear);
    escalation->at_night = g_new0(char *, 1);
    return escalation;
}

void pd_escalation_free(PdEscalation *escalation)
{
    if (escalation == NULL)
        return;
    g_array_unref(escalation->steps);
    g_strfreev(escalation->at_night);
    g_free(escalation);
}

static gboolean read_working(const PdReading *reading, const PdYamlNode *node, gint64 *working)
{
    const char *text = pd_reading_text(reading, node, "working time");

    if (text == NULL)
        return FALSE;
    if (!g_str_has_suffix(text, "d") && pd_text_parse_duration(text, working) && *working >= 0)
        return TRUE;
    pd_reading_complain(reading, node, "'%s' is no working time; write 30m or 8h", text);
    return FALSE;
}

/* Why the word cannot stand there, behind "'…' "; NULL: it can. Caller frees. */
typedef char *(*Mistake)(const char *word);

static char *recipient_mistake(const char *word)
{
    static const char *const words[] = {"assignee", "on-duty", NULL};
    gboolean is_role = g_strv_contains(pd_person_role_names(), word) &&
                       strcmp(word, "reporter") != 0 && strcmp(word, "external") != 0;

    if (is_role || g_strv_contains(words, word))
        return NULL;
    if (strchr(word, '@') == NULL)
        return g_strdup("cannot stand here; write assignee, on-duty, a role or an address");
    g_autofree char *mistake = pd_text_address_mistake(word);
    return mistake != NULL ? g_strconcat("is ", mistake, NULL) : NULL;
}

static char **read_words(const PdReading *reading, const PdYamlNode *node, Mistake mistake_of)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);
    GPtrArray *words = g_ptr_array_new();

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(reading, items[i], "a word");
        g_autofree char *mistake = text != NULL ? mistake_of(text) : NULL;
        if (mistake != NULL)
            pd_reading_complain(reading, items[i], "'%s' %s", text, mistake);
        else if (text != NULL)
            g_ptr_array_add(words, g_strdup(text));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static void read_step(PdEscalation *escalation, const PdReading *reading, const PdYamlNode *map)
{
    static const char *const keys[] = {"before", "after", "to", NULL};
    PdEscalationStep step = {0, NULL};

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of a step", reading->list))
        return;
    const PdYamlNode *before = pd_yaml_get(map, "before");
    const PdYamlNode *after = pd_yaml_get(map, "after");
    if ((before == NULL) == (after == NULL))
        pd_reading_complain(reading, map, "a step has either 'before' or 'after' the due time");
    else if (!read_working(reading, before != NULL ? before : after, &step.offset))
        return;
    if (before != NULL)
        step.offset = -step.offset;
    step.to = read_words(reading, pd_yaml_get(map, "to"), recipient_mistake);
    if (step.to[0] == NULL)
        pd_reading_complain(reading, map, "the step tells nobody; write 'to: [assignee]'");
    g_array_append_val(escalation->steps, step);
}

static void read_quiet_hours(PdEscalation *escalation, const PdReading *reading,
                             const PdYamlNode *node)
{
    const char *text = pd_reading_text(reading, node, "hours");

    if (text != NULL && !pd_hours_parse(text, &escalation->quiet))
        pd_reading_complain(reading, node, "'%s' are no hours; write 22:00-07:00", text);
}

static char *priority_mistake(const char *word)
{
    static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};

    return g_strv_contains(priorities, word) ? NULL
                                             : g_strdup("is no priority; write P1, P2, P3 or P4");
}

static gint compare_steps(gconstpointer one, gconstpointer other)
{
    gint64 a = ((const PdEscalationStep *)one)->offset;
    gint64 b = ((const PdEscalationStep *)other)->offset;

    return a < b ? -1 : a > b ? 1 : 0;
}

static void read_escalation(PdEscalation *escalation, const PdReading *reading,
                            const PdYamlNode *map)
{
    static const char *const keys[] = {"steps", "quiet_hours", "at_night", NULL};

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of the escalation", reading->list))
        return;
    g_autofree const PdYamlNode **steps = pd_reading_items(pd_yaml_get(map, "steps"));
    for (guint i = 0; steps[i] != NULL; i++)
        read_step(escalation, reading, steps[i]);
    g_array_sort(escalation->steps, compare_steps);
    if (pd_yaml_get(map, "quiet_hours") != NULL)
        read_quiet_hours(escalation, reading, pd_yaml_get(map, "quiet_hours"));
    g_strfreev(escalation->at_night);
    escalation->at_night = read_words(reading, pd_yaml_get(map, "at_night"), priority_mistake);
}

static void read_reminders(PdEscalation *escalation, const PdReading *reading,
                           const PdYamlNode *map)
{
    static const char *const keys[] = {"every", "most", NULL};
    const PdYamlNode *node;
    gint64 most = MOST_REMINDERS;

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of the reminders", reading->list))
        return;
    if ((node = pd_yaml_get(map, "every")) != NULL)
        read_working(reading, node, &escalation->remind_after);
    if ((node = pd_yaml_get(map, "most")) != NULL &&
        (!pd_yaml_integer(node, &most) || most < 0 || most > 20))
        pd_reading_complain(reading, node, "write a number from 0 to 20");
    escalation->most_reminders = (guint)most;
}

void pd_escalation_read(PdEscalation *escalation, const PdReading *reading,
                        const PdYamlNode *escalation_node, const PdYamlNode *reminders)
{
    if (escalation_node != NULL)
        read_escalation(escalation, reading, escalation_node);
    if (reminders != NULL)
        read_reminders(escalation, reading, reminders);
}
