/* cmd_calendar.c: calendar: the calendars there are, and the working days of a year. */
#include "cli.h"

#include "postdesk/calendar.h"
#include <stdio.h>

#define FIRST_YEAR 1970
#define LAST_YEAR 2199

static PdStatus *load(PdCli *cli, PdCalendars **calendars)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    PD_TRY(pd_cli_config(cli));
    g_autofree char *folder = g_build_filename(cli->config->rules, "calendars", NULL);
    *calendars = pd_calendars_load(folder, list);
    return *calendars == NULL ? pd_diagnostics_status(list) : NULL;
}

static PdStatus *unknown_calendar(const PdCalendars *calendars, const char *name)
{
    g_autofree const char **names = pd_calendars_names(calendars);
    const char *nearest = pd_nearest_word(name, names);
    g_autofree char *all = g_strjoinv(", ", (char **)names);

    if (nearest != NULL)
        return pd_cli_usage("there is no calendar '%s'; did you mean '%s'?", name, nearest);
    return pd_cli_usage("there is no calendar '%s'; there are: %s", name, all);
}

static PdJson *describe(PdCalendar *calendar)
{
    PdJson *row = pd_json_object();

    pd_json_set_text(row, "name", pd_calendar_name(calendar));
    pd_json_set_text(row, "time_zone", pd_calendar_zone(calendar));
    return pd_json_set_text(row, "description", pd_calendar_description(calendar));
}

static void print_calendars(PdCli *cli, const PdCalendars *calendars)
{
    static const PdColumn columns[] = {{"name", "Calendar", 8, 30},
                                       {"time_zone", "Time zone", 9, 30},
                                       {"description", "Description", 10, 200},
                                       {NULL, NULL, 0, 0}};
    g_autofree const char **names = pd_calendars_names(calendars);
    PdJson *rows = pd_json_array();

    for (const char **name = names; *name != NULL; name++)
        pd_json_add(rows, describe(pd_calendars_find(calendars, *name)));
    pd_print_table(&cli->print, "calendars", rows, columns, "there are no calendars");
}

/* The days of a year that are worked, and those that are not what their weekday says. */
static void add_days(PdCalendar *calendar, guint year, PdJson *workdays, PdJson *special)
{
    gint64 end = pd_day_of_date(year + 1, 1, 1);

    for (gint64 day = pd_day_of_date(year, 1, 1); day < end; day++) {
        g_autofree char *date = pd_day_format(day);
        const char *name = NULL;
        PdDayKind kind = pd_calendar_day(calendar, day, &name);
        if (pd_calendar_is_workday(calendar, day))
            pd_json_add_text(workdays, date);
        if (kind != PD_DAY_OFF && kind != PD_DAY_MAKE_UP)
            continue;
        PdJson *entry = pd_json_object();
        pd_json_set_text(entry, "date", date);
        pd_json_set_text(entry, "name", name);
        pd_json_add(special, pd_json_set_bool(entry, "off", kind == PD_DAY_OFF));
    }
}

static void print_workdays(PdCli *cli, PdCalendar *calendar, guint year)
{
    g_autoptr(PdJson) document = describe(calendar);
    gboolean is_known = pd_calendar_knows_year(calendar, (gint)year);
    PdJson *workdays = pd_json_array();
    PdJson *special = pd_json_array();

    add_days(calendar, year, workdays, special);
    pd_json_set_int(document, "year", year);
    pd_json_set_bool(document, "holidays_known", is_known);
    pd_json_set(document, "workdays", workdays);
    pd_json_set(document, "special_days", special);
    if (cli->print.json)
        pd_print_json(document);
    for (gsize i = 0; !cli->print.json && i < pd_json_length(workdays); i++)
        puts(pd_json_string(pd_json_at(workdays, i)));
    if (is_known)
        return;
    fprintf(stderr,
            "postdesk: the holidays of %u are not known to the calendar '%s': these are its days "
            "by weekday alone\n",
            year, pd_calendar_name(calendar));
    cli->answer = PD_EXIT_NO;
}

PdStatus *pd_cmd_calendar(PdCli *cli)
{
    g_autoptr(PdCalendars) calendars = NULL;
    gint year = 0;
    const GOptionEntry entries[] = {
        {"workdays", 0, 0, G_OPTION_ARG_INT, &year, "The working days, one date a line", "YEAR"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    if (cli->count > 1)
        return pd_cli_usage("calendar takes one name");
    if (year != 0 && (year < FIRST_YEAR || year > LAST_YEAR))
        return pd_cli_usage("--workdays takes a year from %d to %d", FIRST_YEAR, LAST_YEAR);
    PD_TRY(load(cli, &calendars));
    const char *name = cli->count > 0 ? cli->arguments[0] : NULL;
    PdCalendar *calendar = pd_calendars_find(calendars, name);
    if (calendar == NULL)
        return unknown_calendar(calendars, name);
    if (year != 0)
        print_workdays(cli, calendar, (guint)year);
    else if (name != NULL)
        return pd_cli_usage("what of the calendar '%s'? Say --workdays YEAR", name);
    else
        print_calendars(cli, calendars);
    return NULL;
}
