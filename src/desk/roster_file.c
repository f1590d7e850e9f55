/* roster_file.c: roster.yaml, as postdesk-roster(5) describes it. */
#include "desk/reading.h"
#include "desk/roster_private.h"

#include "postdesk/text.h"
#include "postdesk/yaml.h"
#include <stdio.h>
#include <string.h>

#define EVERY_DAY 0x7f

typedef struct {
    PdReading reading;
    const PdPeople *people;
    const PdCalendars *calendars;
    PdRoster *roster;
} Reader;

static void person_free(PdRosterPerson *person)
{
    g_free(person->address);
    g_free(person->name);
    g_free(person);
}

static void shift_free(PdShift *shift)
{
    g_free(shift->name);
    g_ptr_array_unref(shift->people);
    g_free(shift);
}

static void group_free(PdRosterGroup *group)
{
    g_free(group->name);
    g_strfreev(group->queues);
    g_ptr_array_unref(group->shifts);
    g_free(group);
}

static void swap_free(PdSwap *swap)
{
    g_free(swap->shift);
    g_free(swap);
}

static PdRoster *new_roster(const char *path, const PdCalendars *calendars)
{
    PdRoster *roster = g_new0(PdRoster, 1);
    const char *zone = pd_calendar_zone(pd_calendars_find(calendars, NULL));

    roster->file = g_strdup(path);
    roster->zone = g_time_zone_new_identifier(zone);
    if (roster->zone == NULL)
        roster->zone = g_time_zone_new_local();
    roster->people = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
    roster->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    roster->swaps = g_ptr_array_new_with_free_func((GDestroyNotify)swap_free);
    roster->absences = g_array_new(FALSE, FALSE, sizeof(PdAbsence));
    return roster;
}

void pd_roster_free(PdRoster *roster)
{
    if (roster == NULL)
        return;
    g_ptr_array_unref(roster->groups);
    g_ptr_array_unref(roster->swaps);
    g_array_unref(roster->absences);
    g_ptr_array_unref(roster->people);
    g_time_zone_unref(roster->zone);
    g_free(roster->file);
    g_free(roster);
}

/* By address or, if just one has it, by name. */
static const PdPerson *find_person(const Reader *reader, const PdYamlNode *node, const char *text)
{
    const PdPerson *found = NULL;

    if (strchr(text, '@') != NULL)
        return pd_people_find(reader->people, text);
    for (guint i = 0; i < pd_people_count(reader->people); i++) {
        const PdPerson *person = pd_people_get(reader->people, i);
        if (g_strcmp0(person->name, text) != 0)
            continue;
        if (found != NULL) {
            pd_reading_complain(&reader->reading, node,
                                "several people are called '%s'; write the address", text);
            return found;
        }
        found = person;
    }
    return found;
}

static const PdRosterPerson *intern(const Reader *reader, const char *address, const char *name)
{
    GPtrArray *people = reader->roster->people;

    for (guint i = 0; i < people->len; i++) {
        const PdRosterPerson *known = g_ptr_array_index(people, i);
        if (g_ascii_strcasecmp(known->address, address) == 0)
            return known;
    }
    PdRosterPerson *person = g_new0(PdRosterPerson, 1);
    person->address = g_strdup(address);
    person->name = g_strdup(name);
    g_ptr_array_add(people, person);
    return person;
}

/* NULL complained of. */
static const PdRosterPerson *read_person(const Reader *reader, const PdYamlNode *node)
{
    const char *text = pd_reading_text(&reader->reading, node, "a person");
    const PdPerson *person = text != NULL ? find_person(reader, node, text) : NULL;

    if (text == NULL)
        return NULL;
    const char *address = person != NULL ? person->addresses[0] : text;
    if (address == NULL) /* was complained of in people.yaml */
        return NULL;
    g_autofree char *mistake = pd_text_address_mistake(address);
    if (mistake == NULL)
        return intern(reader, address, person != NULL ? person->name : NULL);
    if (strchr(address, '@') != NULL)
        pd_reading_complain(&reader->reading, node, "'%s' is %s", address, mistake);
    else
        pd_reading_complain(&reader->reading, node,
                            "people.yaml knows nobody called '%s'; write an address", text);
    return NULL;
}

static GPtrArray *read_people(const Reader *reader, const PdYamlNode *node)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);
    GPtrArray *people = g_ptr_array_new();

    for (guint i = 0; items[i] != NULL; i++) {
        const PdRosterPerson *person = read_person(reader, items[i]);
        if (person != NULL)
            g_ptr_array_add(people, (gpointer)person);
    }
    return people;
}

static gint weekday(const char *word)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday",    NULL};

    for (gint i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], word) == 0 || (strlen(word) == 3 && strncmp(names[i], word, 3) == 0))
            return i;
    }
    return -1;
}

/* "monday" or "monday-friday"; 0 if it is neither. */
static guint parse_days(const char *text)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", 2);
    gint first = weekday(ends[0]);
    gint last = first >= 0 && ends[1] != NULL ? weekday(ends[1]) : first;
    guint days = 0;

    if (first < 0 || last < 0)
        return 0;
    for (gint day = first;; day = (day + 1) % 7) {
        days |= 1u << day;
        if (day == last)
            return days;
    }
}

static guint read_days(const Reader *reader, const PdYamlNode *node)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);
    guint days = node == NULL ? EVERY_DAY : 0;

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(&reader->reading, items[i], "a weekday");
        guint some = text != NULL ? parse_days(text) : 0;
        if (text != NULL && some == 0)
            pd_reading_complain(&reader->reading, items[i],
                                "'%s' is no weekday; write monday or monday-friday", text);
        days |= some;
    }
    return days;
}

/* "08:30-17:30"; the same time twice is a whole day. */
static void read_hours(const Reader *reader, const PdYamlNode *map, PdShift *shift)
{
    const PdYamlNode *node = pd_yaml_get(map, "hours");
    const char *text = node != NULL ? pd_reading_text(&reader->reading, node, "hours") : NULL;
    guint h1, m1, h2, m2;
    gint end = 0;

    shift->end = PD_MINUTES_OF_DAY;
    if (node == NULL || text == NULL)
        return; /* the whole day */
    if (sscanf(text, "%2u:%2u-%2u:%2u%n", &h1, &m1, &h2, &m2, &end) != 4 || text[end] != '\0' ||
        h1 > 23 || m1 > 59 || h2 > 24 || m2 > 59 || (h2 == 24 && m2 > 0)) {
        pd_reading_complain(&reader->reading, node,
                            "'%s' are no hours; write 08:30-17:30, or 17:30-08:30 past midnight",
                            text);
        return;
    }
    shift->begin = (gint)(h1 * 60 + m1);
    shift->end = (gint)(h2 * 60 + m2);
    if (shift->end <= shift->begin)
        shift->end += PD_MINUTES_OF_DAY;
}

static gboolean read_date(const Reader *reader, const PdYamlNode *map, const char *key, gint64 *day)
{
    const PdYamlNode *node = pd_yaml_get(map, key);
    const char *text = node != NULL ? pd_reading_text(&reader->reading, node, "a date") : NULL;

    if (node == NULL)
        pd_reading_complain(&reader->reading, map, "'%s' is missing; write %s: 2026-11-23", key,
                            key);
    else if (text != NULL && !pd_day_parse(text, day))
        pd_reading_complain(&reader->reading, node, "'%s' is no date; write 2026-11-23", text);
    else
        return text != NULL;
    return FALSE;
}

/* "1d" and "7d" in days; a week if nothing is said. */
static gint64 read_every(const Reader *reader, const PdYamlNode *node)
{
    const char *text = node != NULL ? pd_reading_text(&reader->reading, node, "days") : "7d";
    guint days = 0;
    gint end = 0;

    if (text != NULL && sscanf(text, "%3ud%n", &days, &end) == 1 && text[end] == '\0' && end > 0 &&
        days > 0)
        return days;
    if (text != NULL)
        pd_reading_complain(&reader->reading, node, "'%s' are no days; write 1d or 7d", text);
    return 7;
}

static void read_rotation(const Reader *reader, const PdYamlNode *map, PdShift *shift)
{
    static const char *const keys[] = {"people", "every", "since", NULL};

    if (!pd_yaml_check_keys(reader->reading.yaml, map, keys, "part of a rotation",
                            reader->reading.list))
        return;
    g_ptr_array_unref(shift->people);
    shift->people = read_people(reader, pd_yaml_get(map, "people"));
    shift->every = read_every(reader, pd_yaml_get(map, "every"));
    read_date(reader, map, "since", &shift->since);
}

static void read_shift(const Reader *reader, const PdYamlNode *map, PdRosterGroup *group)
{
    static const char *const keys[] = {"name", "days", "hours", "people", "rotation", NULL};
    const PdReading *reading = &reader->reading;

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of a shift", reading->list))
        return;
    PdShift *shift = g_new0(PdShift, 1);
    const char *name = pd_reading_member(reading, map, "name", "a name");
    const PdYamlNode *rotation = pd_yaml_get(map, "rotation");
    g_ptr_array_add(group->shifts, shift);
    shift->name = g_strdup(name != NULL ? name : "shift");
    shift->line = pd_yaml_line(map);
    shift->column = pd_yaml_column(map);
    shift->weekdays = read_days(reader, pd_yaml_get(map, "days"));
    read_hours(reader, map, shift);
    shift->people = read_people(reader, pd_yaml_get(map, "people"));
    if (rotation != NULL && shift->people->len > 0)
        pd_reading_complain(reading, rotation, "write either 'people' or 'rotation'");
    else if (rotation != NULL)
        read_rotation(reader, rotation, shift);
    if (shift->people->len == 0)
        pd_reading_complain(reading, map, "the shift '%s' has no people", shift->name);
}

static char **read_words(const Reader *reader, const PdYamlNode *node, const char *otherwise)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);
    GPtrArray *words = g_ptr_array_new();

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(&reader->reading, items[i], "a queue");
        if (text != NULL)
            g_ptr_array_add(words, g_strdup(text));
    }
    if (words->len == 0)
        g_ptr_array_add(words, g_strdup(otherwise));
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static PdCalendar *read_coverage(const Reader *reader, const PdYamlNode *node)
{
    g_autofree const char **names = pd_calendars_names(reader->calendars);
    gint index = node != NULL
                     ? pd_reading_choice(&reader->reading, node, names, "a calendar of this desk")
                     : -1;

    return index >= 0 ? pd_calendars_find(reader->calendars, names[index]) : NULL;
}

static void read_group(const Reader *reader, const PdYamlNode *key, const PdYamlNode *map)
{
    static const char *const keys[] = {"queues", "cover", "assign", "hand_over", "shifts", NULL};
    static const char *const ways[] = {"by-hand", "least-load", "in-turn", NULL};
    const PdReading *reading = &reader->reading;
    const char *name = pd_reading_text(reading, key, "the name of a group");

    if (name == NULL ||
        !pd_yaml_check_keys(reading->yaml, map, keys, "part of a group", reading->list))
        return;
    PdRosterGroup *group = g_new0(PdRosterGroup, 1);
    g_autofree const PdYamlNode **shifts = pd_reading_items(pd_yaml_get(map, "shifts"));
    const PdYamlNode *assign = pd_yaml_get(map, "assign");
    const PdYamlNode *hand_over = pd_yaml_get(map, "hand_over");
    g_ptr_array_add(reader->roster->groups, group);
    group->name = g_strdup(name);
    group->line = pd_yaml_line(key);
    group->column = pd_yaml_column(key);
    group->queues = read_words(reader, pd_yaml_get(map, "queues"), name);
    group->coverage = read_coverage(reader, pd_yaml_get(map, "cover"));
    group->shifts = g_ptr_array_new_with_free_func((GDestroyNotify)shift_free);
    group->assign =
        assign != NULL ? (PdAssign)MAX(0, pd_reading_choice(reading, assign, ways, "a way")) : 0;
    group->hands_over = TRUE;
    if (hand_over != NULL && !pd_yaml_boolean(hand_over, &group->hands_over))
        pd_reading_complain(reading, hand_over, "write true or false");
    for (guint i = 0; shifts[i] != NULL; i++)
        read_shift(reader, shifts[i], group);
    if (group->shifts->len == 0)
        pd_reading_complain(reading, key, "the group '%s' has no shifts", name);
}

static const PdRosterGroup *read_group_name(const Reader *reader, const PdYamlNode *map)
{
    const PdYamlNode *node = pd_yaml_get(map, "group");
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < reader->roster->groups->len; i++)
        g_ptr_array_add(names, (gpointer)pd_roster_group(reader->roster, i));
    g_ptr_array_add(names, NULL);
    gint index = node != NULL
                     ? pd_reading_choice(&reader->reading, node, (const char *const *)names->pdata,
                                         "a group of this roster")
                     : -1;
    return index >= 0 ? g_ptr_array_index(reader->roster->groups, (guint)index) : NULL;
}

static const PdRosterPerson *read_member(const Reader *reader, const PdYamlNode *map,
                                         const char *key)
{
    const PdYamlNode *node = pd_yaml_get(map, key);

    if (node == NULL)
        pd_reading_complain(&reader->reading, map, "'%s' is missing; write a person", key);
    return node != NULL ? read_person(reader, node) : NULL;
}

static void read_swap(const Reader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"date", "group", "shift", "from", "to", NULL};
    const PdReading *reading = &reader->reading;

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of a swap", reading->list))
        return;
    PdSwap *swap = g_new0(PdSwap, 1);
    gboolean has_day = read_date(reader, map, "date", &swap->day);
    swap->group = read_group_name(reader, map);
    swap->shift = g_strdup(pd_reading_member(reading, map, "shift", "a shift"));
    swap->from = read_member(reader, map, "from");
    swap->to = read_member(reader, map, "to");
    swap->line = pd_yaml_line(map);
    swap->column = pd_yaml_column(map);
    if (has_day && swap->from != NULL && swap->to != NULL)
        g_ptr_array_add(reader->roster->swaps, swap);
    else
        swap_free(swap);
}

static void read_absence(const Reader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"person", "from", "to", "why", NULL};
    PdAbsence absence = {0};

    if (!pd_yaml_check_keys(reader->reading.yaml, map, keys, "part of an absence",
                            reader->reading.list))
        return;
    absence.person = read_member(reader, map, "person");
    gboolean is_dated = read_date(reader, map, "from", &absence.first);
    absence.last = absence.first;
    if (pd_yaml_get(map, "to") != NULL)
        is_dated = read_date(reader, map, "to", &absence.last) && is_dated;
    if (is_dated && absence.last < absence.first)
        pd_reading_complain(&reader->reading, map, "the absence ends before it begins");
    if (is_dated && absence.person != NULL)
        g_array_append_val(reader->roster->absences, absence);
}

static void read_zone(const Reader *reader, const PdYamlNode *node)
{
    const char *text = pd_reading_text(&reader->reading, node, "a time zone");
    GTimeZone *zone = text != NULL ? g_time_zone_new_identifier(text) : NULL;

    if (zone != NULL) {
        g_time_zone_unref(reader->roster->zone);
        reader->roster->zone = zone;
    } else if (text != NULL) {
        pd_reading_complain(&reader->reading, node, "'%s' is no time zone; write Asia/Shanghai",
                            text);
    }
}

static void read_groups(const Reader *reader, const PdYamlNode *node)
{
    if (pd_yaml_kind(node) != PD_YAML_MAP) {
        pd_reading_complain(&reader->reading, node,
                            "'groups' expects groups: network: {shifts: […]}");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(node); i++)
        read_group(reader, pd_yaml_key(node, i), pd_yaml_value(node, i));
}

static void read_root(const Reader *reader, const PdYamlNode *root)
{
    static const char *const keys[] = {"time_zone", "groups", "swaps", "absences", NULL};

    if (!pd_yaml_check_keys(reader->reading.yaml, root, keys, "part of the file",
                            reader->reading.list))
        return;
    g_autofree const PdYamlNode **swaps = pd_reading_items(pd_yaml_get(root, "swaps"));
    g_autofree const PdYamlNode **absences = pd_reading_items(pd_yaml_get(root, "absences"));
    if (pd_yaml_get(root, "time_zone") != NULL)
        read_zone(reader, pd_yaml_get(root, "time_zone"));
    if (pd_yaml_get(root, "groups") != NULL)
        read_groups(reader, pd_yaml_get(root, "groups"));
    for (guint i = 0; swaps[i] != NULL; i++)
        read_swap(reader, swaps[i]);
    for (guint i = 0; absences[i] != NULL; i++)
        read_absence(reader, absences[i]);
}

PdRoster *pd_roster_load(const char *path, const PdPeople *people, const PdCalendars *calendars,
                         PdDiagnostics *list)
{
    g_autoptr(PdRoster) roster = new_roster(path, calendars);
    guint errors = pd_diagnostics_errors(list);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&roster);
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);
    const Reader reader = {{yaml, list}, people, calendars, roster};
    if (yaml != NULL && pd_yaml_root(yaml) != NULL)
        read_root(&reader, pd_yaml_root(yaml));
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&roster) : NULL;
}
