/* meant.c: see meant.h. Nothing is guessed silently that could be another thing: what is not clear
 * becomes the nearest word of an answer. */
#include "desk/meant.h"

#include "postdesk/calendar.h"
#include "postdesk/diagnostics.h"
#include "postdesk/rules.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_BEGINNING 2
#define MOST_CHOICES 6
#define MOST_CHARACTERS 20

char *pd_meant_plain(const char *value)
{
    g_autofree char *narrow = g_utf8_normalize(value, -1, G_NORMALIZE_ALL_COMPOSE);

    return narrow != NULL && g_str_is_ascii(narrow) ? g_strstrip(g_steal_pointer(&narrow))
                                                    : g_strdup(value);
}

const char *pd_meant_word(const char *value, const char *const *words)
{
    for (; *words != NULL; words++)
        if (g_ascii_strcasecmp(value, *words) == 0)
            return *words;
    return NULL;
}

const char *pd_meant_nearest(const char *value, const char *const *words)
{
    g_autofree char *small = g_utf8_strdown(value, -1);
    const char *begun = NULL;
    guint count = 0;

    for (const char *const *word = words; *word != NULL; word++) {
        if (strlen(small) < LEAST_BEGINNING ||
            g_ascii_strncasecmp(*word, small, strlen(small)) != 0)
            continue;
        begun = *word;
        count++;
    }
    if (count == 1)
        return begun;
    const char *near = pd_nearest_word(value, words);
    return near != NULL ? near : pd_nearest_word(small, words);
}

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
        return day_by_name(value, today, day);
    return day_of(year, month, date, day) && (*day >= today || day_of(year + 1, month, date, day));
}

/* "vpn" of "network/vpn", "VPN" of "网络 / VPN 远程接入". */
static gboolean is_called(const PdDesk *desk, const char *category, const char *value)
{
    const char *slash = strrchr(category, '/');

    if (slash != NULL && g_ascii_strcasecmp(slash + 1, value) == 0)
        return TRUE;
    for (char **language = desk->config->languages; *language != NULL; language++) {
        const char *name =
            pd_templates_find_word(desk->templates, *language, "categories", category);
        g_autofree char *one = name != NULL ? g_utf8_casefold(name, -1) : NULL;
        g_autofree char *other = g_utf8_casefold(value, -1);
        if (one != NULL && strlen(other) >= LEAST_BEGINNING && strstr(one, other) != NULL)
            return TRUE;
    }
    return FALSE;
}

gboolean pd_meant_category(const PdDesk *desk, const char *value, PdProblem *problem)
{
    g_autofree const char **names = pd_rule_set_category_names(desk->rules);
    g_autoptr(GPtrArray) called = g_ptr_array_new();

    if (pd_rule_set_has_category(desk->rules, value))
        return TRUE;
    pd_problem_set(problem, PD_PROBLEM_CATEGORY, NULL, value);
    const char *near = pd_meant_word(value, names);
    for (guint i = 0; names[i] != NULL && called->len < MOST_CHOICES; i++)
        if (is_called(desk, names[i], value))
            g_ptr_array_add(called, (gpointer)names[i]);
    if (near == NULL)
        near = called->len == 1   ? g_ptr_array_index(called, 0)
               : called->len == 0 ? pd_meant_nearest(value, names)
                                  : NULL;
    problem->nearest = g_strdup(near);
    g_ptr_array_add(called, NULL);
    if (near == NULL && called->len > 1)
        problem->choices = g_strjoinv(", ", (char **)called->pdata);
    return FALSE;
}

guint pd_meant_distance(const char *one, const char *other)
{
    guint common[MOST_CHARACTERS + 1] = {0};
    g_autofree gunichar *a = g_utf8_to_ucs4_fast(one, -1, NULL);
    g_autofree gunichar *b = g_utf8_to_ucs4_fast(other, -1, NULL);
    guint rows = 0, columns = 0;

    for (; b[columns] != 0; columns++)
        if (columns == MOST_CHARACTERS)
            return G_MAXUINT;
    for (; a[rows] != 0; rows++) {
        guint corner = 0;
        for (guint i = 1; i <= columns; i++) {
            guint above = common[i];
            common[i] = a[rows] == b[i - 1] ? corner + 1 : MAX(above, common[i - 1]);
            corner = above;
        }
    }
    return MAX(rows, columns) - common[columns];
}
