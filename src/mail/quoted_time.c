/* quoted_time.c: does a head of what is quoted tell this time? See postdesk/quoted.h.
 *
 * The words are of any language and of any order, so they are not read: the time that is held
 * against them is looked for in them, its day, its month, its hour and its minute, as it is in one
 * time zone after the other. A month that is spelt is not looked at. */
#include "postdesk/quoted.h"

#include <string.h>

#define MOST_NUMBERS 24
#define MINUTE 60
#define QUARTER (15 * MINUTE) /* Nepal and the Chatham Islands have such zones */
#define QUARTERS_WEST 48
#define QUARTERS_EAST 56
#define SLACK 1 /* minutes between what the writer's program and the reader's one call its time */

typedef struct {
    guint numbers[MOST_NUMBERS]; /* but those of the clock time */
    guint count;
    gboolean has_year, has_clock;
    guint hour, minute;
} Told;

/* Then what follows the clock time is an offset, or a name: no part of the date. */
static gboolean has_date(const Told *told)
{
    return told->has_year || told->count >= 2;
}

/* "9:15", "9点15", "9時15", "9h15", behind a date "09.15": where the minutes begin. NULL where none
 * follow. */
static const char *minutes_behind(const Told *told, const char *at)
{
    static const char *const marks[] = {":", "：", "点", "點", "時", "时", "h"};

    if (*at == '.' && has_date(told) && strspn(at + 1, "0123456789") == 2)
        return at + 1;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        gsize length = strlen(marks[i]);
        if (strncmp(at, marks[i], length) == 0 && strspn(at + length, "0123456789") == 2)
            return at + length;
    }
    return NULL;
}

static void take_number(Told *told, guint number, gsize digits)
{
    if (told->count < MOST_NUMBERS && digits <= 4) {
        told->has_year = told->has_year || digits == 4;
        told->numbers[told->count++] = number;
    }
}

/* Behind the seconds. */
static const char *skip_seconds(const char *at)
{
    return (*at == ':' || *at == '.') && strspn(at + 1, "0123456789") == 2 ? at + 3 : at;
}

static gboolean begins_with_any(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        gsize length = strlen(*words);
        if (g_ascii_strncasecmp(text, *words, length) == 0 && !g_ascii_isalpha(text[length]))
            return TRUE;
    }
    return FALSE;
}

static gboolean ends_with_any(const char *text, gsize length, const char *const *words)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (; *words != NULL; words++) {
        gsize word = strlen(*words);
        if (length >= word && memcmp(text + length - word, *words, word) == 0)
            return TRUE;
    }
    return FALSE;
}

/* "9:15 PM", also behind the narrow space of some programs; "下午9:15". */
static guint hour_of_day(guint hour, const char *when, gsize before, const char *behind)
{
    static const char *const first[] = {"am", "a.m", NULL}, *const second[] = {"pm", "p.m", NULL};
    static const char *const mornings[] = {"上午", "早上", "凌晨", "午前", "오전", NULL};
    static const char *const evenings[] = {"下午", "晚上", "午後", "오후", NULL};

    while (*behind == ' ' || g_str_has_prefix(behind, "\u00a0") ||
           g_str_has_prefix(behind, "\u202f"))
        behind = g_utf8_next_char(behind);
    if (hour == 12 && (begins_with_any(behind, first) || ends_with_any(when, before, mornings)))
        return 0;
    return hour < 12 && (begins_with_any(behind, second) || ends_with_any(when, before, evenings))
               ? hour + 12
               : hour;
}

static void read_told(const char *when, Told *told)
{
    for (const char *at = when; (at = strpbrk(at, "0123456789")) != NULL;) {
        gsize digits = strspn(at, "0123456789");
        guint number = digits <= 4 ? (guint)g_ascii_strtoull(at, NULL, 10) : 0;
        const char *minutes = digits <= 2 ? minutes_behind(told, at + digits) : NULL;
        if (told->has_clock && at > when && (at[-1] == '+' || at[-1] == '-') && digits == 4) {
            at += digits; /* an offset from UTC */
            continue;
        }
        if (minutes == NULL || told->has_clock) {
            take_number(told, number, digits);
            at = minutes != NULL ? minutes + 2 : at + digits;
            continue;
        }
        const char *behind = skip_seconds(minutes + 2);
        told->has_clock = TRUE;
        told->hour = hour_of_day(number, when, (gsize)(at - when), behind);
        told->minute = (guint)g_ascii_strtoull(minutes, NULL, 10);
        if (has_date(told))
            return;
        at = behind;
    }
}

static gboolean holds(const Told *told, guint number)
{
    for (guint i = 0; i < told->count; i++) {
        if (told->numbers[i] == number)
            return TRUE;
    }
    return FALSE;
}

/* Besides year and day there is a number that may be a month: then it must be this one. */
static gboolean month_fits(const Told *told, guint year, guint month, guint day)
{
    gboolean day_seen = FALSE, any = FALSE;

    for (guint i = 0; i < told->count; i++) {
        guint number = told->numbers[i];
        if (number == month && (month != day || day_seen))
            return TRUE;
        if (number == day && !day_seen)
            day_seen = TRUE;
        else
            any = any || (number >= 1 && number <= 12 && number != year % 100);
    }
    return !any;
}

static gboolean fits(const Told *told, gint64 local)
{
    if (told->minute != (guint)(local / MINUTE % 60))
        return FALSE;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(local);
    if (time == NULL)
        return FALSE;
    guint year = (guint)g_date_time_get_year(time), day = (guint)g_date_time_get_day_of_month(time);
    return told->hour == (guint)g_date_time_get_hour(time) && holds(told, day) &&
           (!told->has_year || holds(told, year)) &&
           month_fits(told, year, (guint)g_date_time_get_month(time), day);
}

PdTimeFits pd_quoted_time_fits(const char *when, gint64 time)
{
    Told told = {.count = 0};

    if (when == NULL)
        return PD_TIME_UNTOLD;
    read_told(when, &told);
    if (!told.has_clock || told.count == 0)
        return PD_TIME_UNTOLD;
    for (gint zone = -QUARTERS_WEST; zone <= QUARTERS_EAST; zone++) {
        for (gint slack = -SLACK; slack <= SLACK; slack++) {
            if (fits(&told, time / G_USEC_PER_SEC + zone * QUARTER + slack * MINUTE))
                return PD_TIME_SAME;
        }
    }
    return PD_TIME_OTHER;
}
