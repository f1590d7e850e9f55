/* calendar_set.c: the calendars of a folder. */
#include "desk/calendar_private.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include <string.h>

#define ALWAYS "always"
#define FIRST_MONTH_OF_WARNING 11

struct pd_calendars {
    GPtrArray *all; /* of PdCalendar *, in order of name, "always" last */
};

static PdCalendar *new_always(void)
{
    PdCalendar *calendar = pd_calendar_new(ALWAYS, "UTC");
    const PdHours whole = {0, PD_MINUTES_OF_DAY};

    calendar->description = g_strdup("every minute of every day");
    for (guint i = 0; i < PD_WEEKDAYS; i++)
        g_array_append_val(calendar->hours[i], whole);
    return calendar;
}

/* The calendar files of the folder, in order; none where there is no folder. */
static GPtrArray *list_files(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ".yaml") && name[0] != '.')
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    pd_names_sort(paths);
    return paths;
}

PdCalendars *pd_calendars_load(const char *folder, PdDiagnostics *list)
{
    g_autoptr(PdCalendars) calendars = g_new0(PdCalendars, 1);
    g_autoptr(GPtrArray) paths = list_files(folder);
    guint errors = pd_diagnostics_errors(list);

    calendars->all = g_ptr_array_new_with_free_func((GDestroyNotify)pd_calendar_free);
    for (guint i = 0; i < paths->len; i++) {
        PdCalendar *calendar = pd_calendar_read(g_ptr_array_index(paths, i), list);
        if (calendar != NULL && strcmp(calendar->name, ALWAYS) == 0)
            pd_diagnostics_add(list, PD_ERROR, calendar->file, 0, 0,
                               "the calendar 'always' is built in; give the file another name");
        if (calendar != NULL)
            g_ptr_array_add(calendars->all, calendar);
    }
    g_ptr_array_add(calendars->all, new_always());
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&calendars) : NULL;
}

void pd_calendars_free(PdCalendars *calendars)
{
    if (calendars == NULL)
        return;
    g_ptr_array_unref(calendars->all);
    g_free(calendars);
}

static PdCalendar *find(const PdCalendars *calendars, const char *name)
{
    for (guint i = 0; i < calendars->all->len; i++) {
        PdCalendar *calendar = g_ptr_array_index(calendars->all, i);
        if (strcmp(calendar->name, name) == 0)
            return calendar;
    }
    return NULL;
}

PdCalendar *pd_calendars_find(const PdCalendars *calendars, const char *name)
{
    if (name != NULL)
        return find(calendars, name);
    PdCalendar *usual = find(calendars, "default");
    if (usual != NULL)
        return usual;
    return calendars->all->len == 2 ? g_ptr_array_index(calendars->all, 0)
                                    : find(calendars, ALWAYS);
}

const char **pd_calendars_names(const PdCalendars *calendars)
{
    const char **names = g_new0(const char *, calendars->all->len + 1);

    for (guint i = 0; i < calendars->all->len; i++)
        names[i] = pd_calendar_name(g_ptr_array_index(calendars->all, i));
    return names;
}

static void see_year(const PdCalendar *calendar, gint year, PdMissingYear seen, gpointer user)
{
    if (!pd_calendar_knows_year(calendar, year))
        seen(calendar->file, year, user);
}

void pd_calendars_each_missing_year(const PdCalendars *calendars, gint64 now, PdMissingYear seen,
                                    gpointer user)
{
    for (guint i = 0; i < calendars->all->len; i++) {
        const PdCalendar *calendar = g_ptr_array_index(calendars->all, i);
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / PD_SECOND);
        g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, calendar->zone);
        gint year = g_date_time_get_year(local);
        see_year(calendar, year, seen, user);
        if (g_date_time_get_month(local) >= FIRST_MONTH_OF_WARNING)
            see_year(calendar, year + 1, seen, user);
    }
}

static void warn_of_year(const char *file, gint year, gpointer list)
{
    pd_diagnostics_add(list, PD_WARNING, file, 0, 0,
                       "the holidays of %d are not known: its days count by weekday alone; "
                       "add that year's file (an empty one is none)",
                       year);
}

void pd_calendars_check(const PdCalendars *calendars, gint64 now, PdDiagnostics *list)
{
    pd_calendars_each_missing_year(calendars, now, warn_of_year, list);
}
