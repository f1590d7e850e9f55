/* meant.c: see meant.h. Nothing is guessed silently that could be another thing: what is not clear
 * becomes the nearest word of an answer. */
#include "desk/meant.h"

#include "postdesk/diagnostics.h"
#include "postdesk/rules.h"
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

char *pd_meant_bare(const char *value)
{
    static const char *const marks[] = {".", "!", ",", ";", "。", "！", "，", "；", NULL};
    char *bare = g_strchomp(g_strdup(value));

    for (gsize i = 0; marks[i] != NULL; i++) {
        if (!g_str_has_suffix(bare, marks[i]))
            continue;
        bare[strlen(bare) - strlen(marks[i])] = '\0';
        g_strchomp(bare);
        i = (gsize)-1; /* there may be another before it */
    }
    return bare;
}

const char *pd_meant_behind(const char *value, const char *const *fillers)
{
    const char *const *filler = fillers;

    while (*filler != NULL) {
        if (g_ascii_strncasecmp(value, *filler, strlen(*filler)) != 0) {
            filler++;
            continue;
        }
        value += strlen(*filler);
        while (g_ascii_isspace(*value))
            value++;
        filler = fillers; /* "到 #2" */
    }
    return value;
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

/* As it stands in mails, spaces aside: "紧急", "网络/VPN远程接入". */
static gboolean is_shown_as(const PdDesk *desk, const char *group, const char *word,
                            const char *value)
{
    g_autoptr(GString) written = g_string_new(value);

    g_string_replace(written, " ", "", 0);
    for (char **language = desk->config->languages; *language != NULL; language++) {
        const char *shown = pd_templates_find_word(desk->templates, *language, group, word);
        g_autoptr(GString) bare = g_string_new(shown);
        g_string_replace(bare, " ", "", 0);
        g_autofree char *one = g_utf8_casefold(bare->str, -1);
        g_autofree char *other = g_utf8_casefold(written->str, -1);
        if (shown != NULL && strcmp(one, other) == 0)
            return TRUE;
    }
    return FALSE;
}

const char *pd_meant_shown(const PdDesk *desk, const char *group, const char *value,
                           const char *const *words)
{
    for (; *words != NULL; words++)
        if (is_shown_as(desk, group, *words, value))
            return *words;
    return NULL;
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
