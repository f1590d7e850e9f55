/* targets_file.c: targets.yaml, and which target holds; see postdesk/targets.h. */
#include "desk/escalation.h"
#include "desk/reading.h"

#include "postdesk/clock.h"
#include "postdesk/targets.h"
#include "postdesk/text.h"
#include "postdesk/yaml.h"
#include <string.h>

#define PRIORITIES 4

static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};

/* What stands in the file; what is not said is 0 or NULL. */
typedef struct {
    gint64 respond, resolve;
    PdCalendar *calendar;
} Entry;

typedef struct {
    char *queue;
    Entry entries[PRIORITIES];
} QueueTargets;

struct pd_targets {
    PdCalendar *calendar; /* where nothing else is said */
    Entry entries[PRIORITIES];
    GHashTable *queues;      /* name → QueueTargets * */
    GHashTable *departments; /* name → PdCalendar *, the usual one of its tickets */
    PdEscalation *escalation;
};

typedef struct {
    PdReading reading;
    const PdCalendars *calendars;
    PdTargets *targets;
} Reader;

static void queue_free(QueueTargets *queue)
{
    g_free(queue->queue);
    g_free(queue);
}

void pd_targets_free(PdTargets *targets)
{
    if (targets == NULL)
        return;
    g_hash_table_unref(targets->queues);
    g_hash_table_unref(targets->departments);
    pd_escalation_free(targets->escalation);
    g_free(targets);
}

static PdCalendar *read_calendar(const Reader *reader, const PdYamlNode *map)
{
    g_autofree const char **names = pd_calendars_names(reader->calendars);
    const PdYamlNode *node = pd_yaml_get(map, "calendar");
    gint index = node != NULL
                     ? pd_reading_choice(&reader->reading, node, names, "a calendar of this desk")
                     : -1;

    return index >= 0 ? pd_calendars_find(reader->calendars, names[index]) : NULL;
}

/* A day of work is as long as the calendar makes it: it is written in hours. */
static gint64 read_working_time(const Reader *reader, const PdYamlNode *map, const char *key)
{
    const PdYamlNode *node = pd_yaml_get(map, key);
    const char *text =
        node != NULL ? pd_reading_text(&reader->reading, node, "working time") : NULL;
    gint64 working = 0;

    if (text == NULL)
        return 0;
    if (g_str_has_suffix(text, "d"))
        pd_reading_complain(&reader->reading, node,
                            "working time is written in hours and minutes: a day of work is 8h");
    else if (!pd_text_parse_duration(text, &working) || working <= 0)
        pd_reading_complain(&reader->reading, node, "'%s' is no working time; write 30m or 8h",
                            text);
    return working;
}

static void read_entry(const Reader *reader, const PdYamlNode *map, Entry *entry)
{
    static const char *const keys[] = {"respond", "resolve", "calendar", NULL};

    if (!pd_yaml_check_keys(reader->reading.yaml, map, keys, "part of a target",
                            reader->reading.list))
        return;
    entry->respond = read_working_time(reader, map, "respond");
    entry->resolve = read_working_time(reader, map, "resolve");
    entry->calendar = read_calendar(reader, map);
    if (entry->respond > 0 && entry->resolve > 0 && entry->respond > entry->resolve)
        pd_reading_complain(&reader->reading, map,
                            "'respond' takes longer than 'resolve'; make it the shorter one");
}

static void read_entries(const Reader *reader, const PdYamlNode *map, Entry entries[PRIORITIES])
{
    if (!pd_yaml_check_keys(reader->reading.yaml, map, priorities, "priority",
                            reader->reading.list))
        return;
    for (guint i = 0; i < PRIORITIES; i++) {
        const PdYamlNode *node = pd_yaml_get(map, priorities[i]);
        if (node != NULL)
            read_entry(reader, node, &entries[i]);
    }
}

static void read_queues(const Reader *reader, const PdYamlNode *map)
{
    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_reading_complain(&reader->reading, map,
                            "'queues' expects queues: network: {P1: {respond: 10m}}");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        QueueTargets *queue = g_new0(QueueTargets, 1);
        queue->queue = g_strdup(pd_yaml_text(pd_yaml_key(map, i)));
        g_hash_table_replace(reader->targets->queues, queue->queue, queue);
        read_entries(reader, pd_yaml_value(map, i), queue->entries);
    }
}

static void read_departments(const Reader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"calendar", NULL};

    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_reading_complain(&reader->reading, map,
                            "'departments' expects departments: Finance: {calendar: finance}");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const PdYamlNode *entry = pd_yaml_value(map, i);
        if (!pd_yaml_check_keys(reader->reading.yaml, entry, keys, "part of a department",
                                reader->reading.list))
            continue;
        PdCalendar *calendar = read_calendar(reader, entry);
        if (calendar != NULL)
            g_hash_table_replace(reader->targets->departments,
                                 g_strdup(pd_yaml_text(pd_yaml_key(map, i))), calendar);
    }
}

static void read_root(const Reader *reader, const PdYamlNode *root)
{
    static const char *const keys[] = {"calendar",   "priorities", "queues", "departments",
                                       "escalation", "reminders",  NULL};
    const PdYamlNode *node;

    if (!pd_yaml_check_keys(reader->reading.yaml, root, keys, "part of the file",
                            reader->reading.list))
        return;
    PdCalendar *named = read_calendar(reader, root);
    if (named != NULL)
        reader->targets->calendar = named;
    if ((node = pd_yaml_get(root, "priorities")) != NULL)
        read_entries(reader, node, reader->targets->entries);
    if ((node = pd_yaml_get(root, "queues")) != NULL)
        read_queues(reader, node);
    if ((node = pd_yaml_get(root, "departments")) != NULL)
        read_departments(reader, node);
    pd_escalation_read(reader->targets->escalation, &reader->reading,
                       pd_yaml_get(root, "escalation"), pd_yaml_get(root, "reminders"));
}

const PdEscalation *pd_targets_escalation(const PdTargets *targets)
{
    return targets->escalation;
}

PdTargets *pd_targets_load(const char *path, const PdCalendars *calendars, PdDiagnostics *list)
{
    g_autoptr(PdTargets) targets = g_new0(PdTargets, 1);
    guint errors = pd_diagnostics_errors(list);

    targets->calendar = pd_calendars_find(calendars, NULL);
    targets->escalation = pd_escalation_new();
    targets->queues =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)queue_free);
    targets->departments = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&targets);
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);
    const Reader reader = {{yaml, list}, calendars, targets};
    if (yaml != NULL && pd_yaml_root(yaml) != NULL)
        read_root(&reader, pd_yaml_root(yaml));
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&targets) : NULL;
}

/* What the queue says counts before what the priority says, part by part. */
static void overlay(PdTarget *target, const Entry *entry, const char *queue)
{
    if (entry->respond == 0 && entry->resolve == 0 && entry->calendar == NULL)
        return;
    target->respond = entry->respond != 0 ? entry->respond : target->respond;
    target->resolve = entry->resolve != 0 ? entry->resolve : target->resolve;
    target->calendar = entry->calendar != NULL ? entry->calendar : target->calendar;
    target->queue = queue;
}

gboolean pd_targets_find(const PdTargets *targets, const char *priority, const char *queue,
                         const char *department, PdTarget *target)
{
    const QueueTargets *own = queue != NULL ? g_hash_table_lookup(targets->queues, queue) : NULL;
    PdCalendar *usual =
        department != NULL ? g_hash_table_lookup(targets->departments, department) : NULL;

    *target = (PdTarget){.calendar = usual != NULL ? usual : targets->calendar};
    for (guint i = 0; priority != NULL && i < PRIORITIES; i++) {
        if (strcmp(priorities[i], priority) != 0)
            continue;
        overlay(target, &targets->entries[i], NULL);
        if (own != NULL)
            overlay(target, &own->entries[i], own->queue);
    }
    return target->respond > 0 || target->resolve > 0;
}
