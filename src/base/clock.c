/* clock.c: see postdesk/clock.h. */
#include "postdesk/clock.h"

static gint64 injected; /* the time a test or a replay has set; 0: none */

gint64 pd_clock_now(void)
{
    return injected != 0 ? injected : g_get_real_time();
}

gint64 pd_clock_monotonic(void)
{
    return g_get_monotonic_time();
}

void pd_clock_set(gint64 now)
{
    injected = now;
}

static char *format_time(GDateTime *time, const char *format)
{
    char *text = time != NULL ? g_date_time_format(time, format) : NULL;

    return text != NULL ? text : g_strdup("?");
}

char *pd_clock_format_utc(gint64 at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / PD_SECOND);

    return format_time(time, "%Y-%m-%dT%H:%M:%SZ");
}

gboolean pd_clock_parse_utc(const char *text, gint64 *at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    if (time == NULL || !g_str_has_suffix(text, "Z"))
        return FALSE;
    *at = g_date_time_to_unix(time) * PD_SECOND;
    return TRUE;
}

/* Looked up once: GLib asks the file system for the machine's zone at each use of it. */
static GTimeZone *local_zone(void)
{
    static GTimeZone *zone;

    if (g_once_init_enter(&zone))
        g_once_init_leave(&zone, g_time_zone_new_local());
    return zone;
}

GDateTime *pd_clock_local(gint64 at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / PD_SECOND);

    return utc != NULL ? g_date_time_to_timezone(utc, local_zone()) : NULL;
}

char *pd_clock_format_local(gint64 at)
{
    g_autoptr(GDateTime) time = pd_clock_local(at);

    if (time == NULL)
        return g_strdup("?");
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d", g_date_time_get_year(time),
                           g_date_time_get_month(time), g_date_time_get_day_of_month(time),
                           g_date_time_get_hour(time), g_date_time_get_minute(time));
}

gint64 pd_clock_backoff(guint attempt, gint64 first, gint64 most)
{
    gint64 pause = first;

    for (guint i = 1; i < attempt && pause < most; i++)
        pause *= 2;
    pause = MIN(pause, most);
    return pause - (gint64)(g_random_double() * (double)pause / 4);
}
