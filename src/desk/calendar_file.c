/* calendar_file.c: one file of rules/calendars, as postdesk-calendars(5) describes it. */
#include "desk/calendar_private.h"
#include "desk/reading.h"

#include "postdesk/files.h"
#include "postdesk/limits.h"
#include "postdesk/yaml.h"
#include <stdio.h>
#include <string.h>

#define MOST_FILES 200
#define LONGEST_RANGE 366

static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday",    NULL};

typedef struct {
    PdReading reading;
    PdCalendar *calendar;
    char *folder; /* that paths are relative to */
} Reader;

/* "08:30" as minutes since midnight, "24:00" included. */
static gboolean read_clock(const char *text, guint *minutes)
{
    guint hour, minute;
    int length = 0;

    if (sscanf(text, "%2u:%2u%n", &hour, &minute, &length) != 2 || text[length] != '\0' ||
        minute > 59 || hour * 60 + minute > PD_MINUTES_OF_DAY || !g_ascii_isdigit(text[0]) ||
        !g_ascii_isdigit(text[length - 2]))
        return FALSE;
    *minutes = hour * 60 + minute;
    return TRUE;
}

static gboolean read_span(const char *text, PdHours *span)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", -1);

    return g_strv_length(ends) == 2 && read_clock(g_strstrip(ends[0]), &span->from) &&
           read_clock(g_strstrip(ends[1]), &span->to);
}

static void add_span(const Reader *reader, const PdYamlNode *node, const char *text, GArray *hours)
{
    PdHours span = {0, 0};

    if (!read_span(text, &span))
        pd_reading_complain(&reader->reading, node, "'%s' is no span of hours; write 08:30-12:00",
                            text);
    else if (span.from >= span.to)
        pd_reading_complain(&reader->reading, node,
                            "'%s' ends before it begins; hours past midnight belong to the next "
                            "day: 22:00-24:00, and there 00:00-06:00",
                            text);
    else if (hours->len > 0 && g_array_index(hours, PdHours, hours->len - 1).to > span.from)
        pd_reading_complain(&reader->reading, node,
                            "'%s' begins before the span in front of it ends; write them in order",
                            text);
    else
        g_array_append_val(hours, span);
}

/* "08:30-12:00, 13:30-17:30", a list of such, or "closed". */
static void read_hours(const Reader *reader, const PdYamlNode *node, GArray *hours)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(&reader->reading, items[i], "a span of hours");
        if (text == NULL || strcmp(text, "closed") == 0)
            continue;
        g_auto(GStrv) spans = g_strsplit(text, ",", -1);
        for (char **span = spans; *span != NULL; span++)
            add_span(reader, items[i], g_strstrip(*span), hours);
    }
}

static gint weekday_of(const Reader *reader, const PdYamlNode *key, const char *word)
{
    for (gint i = 0; weekdays[i] != NULL; i++) {
        if (strcmp(weekdays[i], word) == 0)
            return i;
    }
    g_autofree char *suggestion = pd_reading_suggestion(word, weekdays);
    pd_reading_complain(&reader->reading, key, "'%s' is no weekday; %s", word, suggestion);
    return -1;
}

/* "monday" or "monday-friday"; FALSE complained of. */
static gboolean read_weekdays(const Reader *reader, const PdYamlNode *key, gint *first, gint *last)
{
    g_auto(GStrv) ends = g_strsplit(pd_yaml_text(key), "-", 2);

    *first = *last = weekday_of(reader, key, g_strstrip(ends[0]));
    if (ends[1] != NULL)
        *last = weekday_of(reader, key, g_strstrip(ends[1]));
    if (*first < 0 || *last < 0)
        return FALSE;
    if (*first <= *last)
        return TRUE;
    pd_reading_complain(&reader->reading, key, "'%s' goes backwards; weeks begin on monday here",
                        pd_yaml_text(key));
    return FALSE;
}

/* The same hours for a row of weekdays. */
static void read_weekday_row(const Reader *reader, const PdYamlNode *key, const PdYamlNode *value,
                             gboolean given[PD_WEEKDAYS])
{
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(PdHours));
    gint first, last;

    if (!read_weekdays(reader, key, &first, &last))
        return;
    read_hours(reader, value, hours);
    for (gint day = first; day <= last; day++) {
        if (given[day])
            pd_reading_complain(&reader->reading, key, "the hours of %s were given before",
                                weekdays[day]);
        else if (hours->len > 0)
            g_array_append_vals(reader->calendar->hours[day], hours->data, hours->len);
        given[day] = TRUE;
    }
}

static void read_week(const Reader *reader, const PdYamlNode *map)
{
    gboolean given[PD_WEEKDAYS] = {FALSE};

    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_reading_complain(&reader->reading, map,
                            "'hours' expects weekdays: monday-friday: 08:30-12:00, 13:30-17:30");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++)
        read_weekday_row(reader, pd_yaml_key(map, i), pd_yaml_value(map, i), given);
}

/* Make-up workdays have hours of their own, or those of the first weekday that has any. */
static void read_make_up_hours(const Reader *reader, const PdYamlNode *node)
{
    PdCalendar *calendar = reader->calendar;

    if (node != NULL) {
        read_hours(reader, node, calendar->make_up_hours);
        return;
    }
    for (guint i = 0; i < PD_WEEKDAYS && calendar->make_up_hours->len == 0; i++) {
        if (calendar->hours[i]->len > 0)
            g_array_append_vals(calendar->make_up_hours, calendar->hours[i]->data,
                                calendar->hours[i]->len);
    }
}

/* "2026-02-15" or "2026-02-15..2026-02-23"; FALSE complained of. */
static gboolean read_dates(const Reader *reader, const PdYamlNode *key, gint64 *first, gint64 *last)
{
    g_auto(GStrv) ends = g_strsplit(pd_yaml_text(key), "..", 2);

    if (!pd_day_parse(ends[0], first) || !pd_day_parse(ends[1] != NULL ? ends[1] : ends[0], last))
        pd_reading_complain(&reader->reading, key,
                            "'%s' is no date; write 2026-10-01, or 2026-10-01..2026-10-07",
                            pd_yaml_text(key));
    else if (*first > *last || *last - *first >= LONGEST_RANGE)
        pd_reading_complain(&reader->reading, key, "'%s' ends before it begins, or after a year",
                            pd_yaml_text(key));
    else
        return TRUE;
    return FALSE;
}

/* Dates to names; a name may be left empty. */
static void read_days(const Reader *reader, const PdYamlNode *map, gboolean is_off)
{
    gint64 first, last;

    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_reading_complain(&reader->reading, map,
                            "dates with names are expected: "
                            "2026-10-01..2026-10-07: 国庆节");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        if (!read_dates(reader, pd_yaml_key(map, i), &first, &last))
            continue;
        for (gint64 day = first; day <= last; day++)
            pd_calendar_set_day(reader->calendar, day, is_off, pd_yaml_text(pd_yaml_value(map, i)));
        if (is_off && !reader->calendar->has_holidays)
            pd_calendar_know_year(reader->calendar, (gint)pd_day_year(first));
    }
}

typedef void (*AddHolidays)(PdCalendar *calendar, const char *path, const char *bytes, gsize length,
                            PdDiagnostics *list);

/* NULL where the name tells of neither form. */
static AddHolidays form_of(const char *path)
{
    if (g_str_has_suffix(path, ".json"))
        return pd_calendar_add_json;
    return g_str_has_suffix(path, ".ics") ? pd_calendar_add_ical : NULL;
}

/* A file that waits to be filled is as if it were not there. */
static gboolean is_blank(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isspace(bytes[i]))
            return FALSE;
    return TRUE;
}

static void read_holiday_file(const Reader *reader, const PdYamlNode *node, const char *path)
{
    AddHolidays add = form_of(path);
    g_autofree char *bytes = NULL;
    gsize length;

    if (add == NULL) {
        pd_reading_complain(&reader->reading, node,
                            "'%s' is neither a .json file (holiday-cn) nor an .ics file", path);
        return;
    }
    g_autoptr(PdStatus) status = pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &bytes, &length);
    if (status != NULL)
        pd_reading_complain(&reader->reading, node, "%s", pd_status_text(status));
    else if (!is_blank(bytes, length))
        add(reader->calendar, path, bytes, length, reader->reading.list);
}

/* The .json and .ics files of a folder, in order of name. */
static void read_holiday_folder(const Reader *reader, const PdYamlNode *node, const char *folder)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (form_of(name) != NULL && name[0] != '.')
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    if (paths->len == 0 || paths->len > MOST_FILES) {
        pd_reading_complain(&reader->reading, node,
                            "the folder '%s' holds %u .json and .ics files; 1 to %u are expected",
                            folder, paths->len, MOST_FILES);
        return;
    }
    pd_names_sort(paths);
    for (guint i = 0; i < paths->len; i++)
        read_holiday_file(reader, node, g_ptr_array_index(paths, i));
}

static void read_holidays(const Reader *reader, const PdYamlNode *node)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(&reader->reading, items[i], "a file or a folder");
        if (text == NULL)
            continue;
        g_autofree char *path = pd_path_resolve(reader->folder, text);
        reader->calendar->has_holidays = TRUE;
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            read_holiday_folder(reader, items[i], path);
        else
            read_holiday_file(reader, items[i], path);
    }
}

static void read_zone(const Reader *reader, const PdYamlNode *root)
{
    PdCalendar *calendar = reader->calendar;
    const PdYamlNode *node = pd_yaml_get(root, "time_zone");

    if (node == NULL) {
        pd_reading_complain(&reader->reading, root,
                            "'time_zone' is missing; write time_zone: Asia/Shanghai");
        return;
    }
    const char *name = pd_reading_text(&reader->reading, node, "a time zone");
    GTimeZone *zone = name != NULL ? g_time_zone_new_identifier(name) : NULL;
    if (zone == NULL) {
        pd_reading_complain(&reader->reading, node,
                            "this machine knows no such time zone; write one as in "
                            "/usr/share/zoneinfo: Asia/Shanghai");
        return;
    }
    g_time_zone_unref(calendar->zone);
    calendar->zone = zone;
    g_free(calendar->zone_name);
    calendar->zone_name = g_strdup(name);
}

/* What stands in the calendar's own file is read last: it has the last word about a day. */
static void read_calendar(const Reader *reader, const PdYamlNode *root)
{
    static const char *const keys[] = {"description", "time_zone", "hours",        "make_up_hours",
                                       "holidays",    "days_off",  "make_up_days", NULL};
    PdCalendar *calendar = reader->calendar;
    const PdYamlNode *node;

    if (!pd_yaml_check_keys(reader->reading.yaml, root, keys, "part of a calendar",
                            reader->reading.list))
        return;
    calendar->description =
        g_strdup(pd_reading_member(&reader->reading, root, "description", "a description"));
    read_zone(reader, root);
    if ((node = pd_yaml_get(root, "hours")) != NULL)
        read_week(reader, node);
    else
        pd_reading_complain(&reader->reading, root,
                            "'hours' is missing; write the hours of work "
                            "by weekday");
    read_make_up_hours(reader, pd_yaml_get(root, "make_up_hours"));
    if ((node = pd_yaml_get(root, "holidays")) != NULL)
        read_holidays(reader, node);
    if ((node = pd_yaml_get(root, "days_off")) != NULL) {
        read_days(reader, node, TRUE);
        calendar->has_holidays = TRUE;
    }
    if ((node = pd_yaml_get(root, "make_up_days")) != NULL)
        read_days(reader, node, FALSE);
}

static char *name_of_file(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);

    return g_strndup(base, strlen(base) - strlen(".yaml"));
}

PdCalendar *pd_calendar_read(const char *path, PdDiagnostics *list)
{
    g_autofree char *name = name_of_file(path);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(PdCalendar) calendar = pd_calendar_new(name, "UTC");
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);
    guint errors = pd_diagnostics_errors(list);
    const Reader reader = {{yaml, list}, calendar, folder};

    calendar->file = g_strdup(path);
    if (yaml == NULL)
        return NULL;
    if (pd_yaml_root(yaml) == NULL)
        pd_diagnostics_add(list, PD_ERROR, path, 0, 0, "the file is empty");
    else
        read_calendar(&reader, pd_yaml_root(yaml));
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&calendar) : NULL;
}
