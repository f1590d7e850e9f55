/* hours.c: see postdesk/hours.h. */
#include "postdesk/hours.h"

/* A number of one or two digits below a limit; goes behind it. -1 otherwise. */
static gint read_number(const char **text, gint limit)
{
    const char *begin = *text;
    gint value = 0;

    while (g_ascii_isdigit(**text) && *text - begin < 2)
        value = value * 10 + g_ascii_digit_value(*(*text)++);
    return *text > begin && value < limit ? value : -1;
}

/* "9:05" or "09:05": the minute of the day; goes behind it. -1 otherwise. */
static gint read_time(const char **text)
{
    gint hour = read_number(text, 24);

    if (hour < 0 || *(*text)++ != ':' || !g_ascii_isdigit((*text)[0]) ||
        !g_ascii_isdigit((*text)[1]))
        return -1;
    gint minute = read_number(text, 60);
    return minute >= 0 ? hour * 60 + minute : -1;
}

gboolean pd_hours_parse_time(const char *text, gint *minute)
{
    gint found = read_time(&text);

    if (found < 0 || *text != '\0')
        return FALSE;
    *minute = found;
    return TRUE;
}

gboolean pd_hours_parse(const char *text, PdDayHours *hours)
{
    PdDayHours found = {.from = read_time(&text)};

    if (found.from < 0 || *text++ != '-')
        return FALSE;
    found.until = read_time(&text);
    if (found.until < 0 || *text != '\0')
        return FALSE;
    *hours = found;
    return TRUE;
}

gint pd_hours_length(PdDayHours hours)
{
    return (hours.until - hours.from + PD_MINUTES_OF_DAY) % PD_MINUTES_OF_DAY;
}

gint pd_hours_into(PdDayHours hours, gint minute)
{
    gint into = (minute - hours.from + PD_MINUTES_OF_DAY) % PD_MINUTES_OF_DAY;

    return into < pd_hours_length(hours) ? into : -1;
}
