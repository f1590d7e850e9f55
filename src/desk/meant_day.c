/* meant_day.c: a day as people write it; see meant.h. What could be either of two days is none. */
#include "desk/meant.h"

#include "postdesk/calendar.h"
#include "postdesk/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gboolean day_by_name(const char *value, gint64 today, gint64 *day)
{
    static const struct {
        const char *name;
        gint64 ahead;
    } names[] = {{"today", 0}, {"tomorrow", 1}, {"今天", 0}, {"明天", 1}, {"后天", 2}};
    g_autofree char *small = g_utf8_strdown(value, -1);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(small, names[i].name) != 0)
            continue;
        *day = today + names[i].ahead;
        return TRUE;
    }
    return FALSE;
}

static gboolean day_of(int year, int month, int date, gint64 *day)
{
    g_autofree char *text = g_strdup_printf("%04d-%02d-%02d", year, month, date);

    return year > 0 && month > 0 && date > 0 && pd_day_parse(text, day);
}

/* "2026年12月1日" and "2026/12/1" as "2026-12-1". Caller frees. */
static char *with_hyphens(const char *value)
{
    static const char *const signs[][2] = {{"年", "-"}, {"月", "-"}, {"日", ""}, {"号", ""},
                                           {"/", "-"},  {".", "-"},  {" ", ""}};
    g_autoptr(GString) text = g_string_new(value);

    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
        g_string_replace(text, signs[i][0], signs[i][1], 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "一" of "周一", "monday": Monday is 0; -1: it is none. */
static gint64 weekday_called(const char *name)
{
    static const char *const names[][7] = {
        {"一", "二", "三", "四", "五", "六", "日"},
        {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
        {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}};

    for (gsize row = 0; row < G_N_ELEMENTS(names); row++)
        for (gint64 i = 0; i < 7; i++)
            if (strcmp(names[row][i], name) == 0)
                return i;
    return strcmp(name, "天") == 0 ? 6 : -1;
}

/* "周五" and "Friday" are the next one, but today's name could be either of two; "下周五" is next
 * week's, "本周五" this week's. Weeks begin on Mondays. */
static gboolean day_of_week(const char *value, gint64 today, gint64 *day)
{
    static const char *const next[] = {"下个", "下", NULL};
    static const char *const this[] = {"本", "这个", "这", NULL};
    static const char *const weeks[] = {"周", "星期", "礼拜", NULL};
    g_autofree char *small = g_utf8_strdown(value, -1);
    const char *in_next = pd_text_behind(small, next), *in_this = pd_text_behind(small, this);
    const char *text = in_next != NULL ? in_next : in_this != NULL ? in_this : small;
    const char *name = pd_text_behind(text, weeks);
    gint64 wanted = weekday_called(name != NULL ? name : text);
    gint64 now = pd_weekday_of_day(today);

    if (wanted < 0 || (name == NULL && (text != small || !g_str_is_ascii(small))))
        return FALSE;
    if (in_next != NULL || in_this != NULL) {
        *day = today - now + wanted + (in_next != NULL ? 7 : 0);
        return TRUE;
    }
    *day = today + (wanted - now + 7) % 7;
    return wanted != now;
}

/* "dec", "december": 12; 0: it is none. */
static int month_called(const char *word)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};

    for (int i = 0; i < 12; i++)
        if (strlen(word) >= 3 && g_ascii_strncasecmp(months[i], word, strlen(word)) == 0)
            return i + 1;
    return 0;
}

/* "Dec 1", "1 December 2026", "Dec. 1st, 2026". */
static gboolean day_with_month(const char *value, gint64 today, gint64 *day)
{
    g_auto(GStrv) words = g_strsplit_set(value, " ,.\t", -1);
    g_autofree char *now = pd_day_format(today);
    int year = 0, month = 0, date = 0;

    for (char **word = words; *word != NULL; word++) {
        char *end = *word;
        long number = strtol(*word, &end, 10);
        gboolean is_figure =
            end != *word && (*end == '\0' || (number < 32 && strlen(end) == 2 &&
                                              g_ascii_isalpha(end[0]))); /* "1st" */
        if (**word == '\0')
            continue;
        if (is_figure && number > 1900 && number < 10000 && year == 0)
            year = (int)number;
        else if (is_figure && number > 0 && number < 32 && date == 0)
            date = (int)number;
        else if (month == 0 && month_called(*word) != 0)
            month = month_called(*word);
        else
            return FALSE;
    }
    if (month == 0 || date == 0)
        return FALSE;
    if (year != 0)
        return day_of(year, month, date, day);
    year = atoi(now);
    return day_of(year, month, date, day) && (*day >= today || day_of(year + 1, month, date, day));
}

/* A day without a year is the next one; "1/12" alone could be either of two, and is none. */
gboolean pd_meant_day(const char *value, gint64 today, gint64 *day)
{
    g_autofree char *text = with_hyphens(value);
    g_autofree char *now = pd_day_format(today);
    int year = atoi(now), month = 0, date = 0, end = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &date, &end) == 3 && end > 0 &&
        text[end] == '\0')
        return year > 1900 && day_of(year, month, date, day);
    year = atoi(now);
    if (strstr(value, "月") == NULL || sscanf(text, "%2d-%2d%n", &month, &date, &end) != 2 ||
        text[end] != '\0')
        return day_by_name(value, today, day) || day_of_week(value, today, day) ||
               day_with_month(value, today, day);
    return day_of(year, month, date, day) && (*day >= today || day_of(year + 1, month, date, day));
}
