/* calendar_json.c: a year of public holidays in the holiday-cn form:
 * {"year": 2026, "days": [{"name": …, "date": "2026-01-01", "isOffDay": true}, …]}.
 *
 * A file without days says that the year is not published yet: it is as if it were not there. */
#include "desk/calendar_private.h"

#include "postdesk/json.h"

#define MOST_DAYS 1000

#define complain(list, path, ...) pd_diagnostics_add(list, PD_ERROR, path, 0, 0, __VA_ARGS__)

static void add_day(PdCalendar *calendar, const char *path, const PdJson *entry, gsize index,
                    PdDiagnostics *list)
{
    const char *date = pd_json_get_text(entry, "date");
    const PdJson *off = pd_json_get(entry, "isOffDay");
    gint64 day;

    if (date == NULL || !pd_day_parse(date, &day))
        complain(list, path, "entry %zu of 'days' has no 'date' such as \"2026-01-01\"", index + 1);
    else if (off == NULL)
        complain(list, path, "the entry of %s has no 'isOffDay', true or false", date);
    else
        pd_calendar_set_day(calendar, day, pd_json_is_true(off), pd_json_get_text(entry, "name"));
}

void pd_calendar_add_json(PdCalendar *calendar, const char *path, const char *bytes, gsize length,
                          PdDiagnostics *list)
{
    g_autoptr(PdJson) root = NULL;
    g_autoptr(PdStatus) status = pd_json_parse(bytes, length, &root);

    if (status != NULL) {
        complain(list, path, "%s", pd_status_text(status));
        return;
    }
    gint64 year = pd_json_get_int(root, "year", 0);
    const PdJson *days = pd_json_get(root, "days");
    if (year < 1900 || year > 2199 || !pd_json_is_array(days)) {
        complain(list, path, "holidays of a year have a number 'year' and a list 'days'");
        return;
    }
    if (pd_json_length(days) > MOST_DAYS) {
        complain(list, path, "%zu days are more than a year can have", pd_json_length(days));
        return;
    }
    for (gsize i = 0; i < pd_json_length(days); i++)
        add_day(calendar, path, pd_json_at(days, i), i, list);
    if (pd_json_length(days) > 0)
        pd_calendar_know_year(calendar, (gint)year);
}
