/* expand.c: see expand.h. */
#include "rules/expand.h"

#include <string.h>

static void add_names(GPtrArray *names, const GArray *uses)
{
    for (guint i = 0; uses != NULL && i < uses->len; i++) {
        const char *const *name = pd_pattern_names(g_array_index(uses, PdUse, i).pattern);
        for (; name != NULL && *name != NULL; name++)
            g_ptr_array_add(names, (gpointer)*name);
    }
}

static void collect(GPtrArray *names, const PdCondition *condition)
{
    if (condition == NULL)
        return;
    add_names(names, condition->uses);
    add_names(names, condition->types);
    add_names(names, condition->texts);
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        collect(names, g_ptr_array_index(condition->children, i));
}

GPtrArray *pd_condition_captures(const PdCondition *condition)
{
    GPtrArray *names = g_ptr_array_new();

    collect(names, condition);
    g_ptr_array_add(names, NULL);
    return names;
}

/* The next "${name}" from at on: where it begins, the name, and *end behind it. */
static const char *next_capture(const char *at, char **name, const char **end)
{
    const char *open = strstr(at, "${");
    const char *close = open != NULL ? strchr(open, '}') : NULL;

    if (close == NULL)
        return NULL;
    *name = g_strndup(open + 2, (gsize)(close - open - 2));
    *end = close + 1;
    return open;
}

char *pd_expand_unknown(const char *template, const char *const *words)
{
    char *name;

    while (next_capture(template, &name, &template) != NULL) {
        if (!g_strv_contains(words, name))
            return name;
        g_free(name);
    }
    return NULL;
}

char *pd_expand(const char *template, const char *(*lookup)(const char *name, gconstpointer data),
                gconstpointer data)
{
    GString *out = g_string_new(NULL);
    const char *open, *end = template;
    char *name;

    while ((open = next_capture(template, &name, &end)) != NULL) {
        const char *value = lookup(name, data);
        g_free(name);
        if (value == NULL) {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append_len(out, template, open - template);
        g_string_append(out, value);
        template = end;
    }
    g_string_append(out, template);
    return g_string_free(out, FALSE);
}
