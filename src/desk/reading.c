/* reading.c: see reading.h. */
#include "desk/reading.h"

#include "postdesk/text.h"
#include <string.h>

void pd_reading_complain(const PdReading *reading, const PdYamlNode *node, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list, "%s", text);
}

void pd_reading_warn(const PdReading *reading, const PdYamlNode *node, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_yaml_complain(reading->yaml, node, PD_WARNING, reading->list, "%s", text);
}

const char *pd_reading_text(const PdReading *reading, const PdYamlNode *node, const char *what)
{
    const char *text = pd_yaml_text(node);

    if (text != NULL && *text != '\0' && pd_text_is_one_line(text))
        return text;
    pd_reading_complain(reading, node, "%s is expected here, as text on one line", what);
    return NULL;
}

const char *pd_reading_member(const PdReading *reading, const PdYamlNode *map, const char *key,
                              const char *what)
{
    const PdYamlNode *node = pd_yaml_get(map, key);

    return node != NULL ? pd_reading_text(reading, node, what) : NULL;
}

char *pd_reading_suggestion(const char *word, const char *const *words)
{
    const char *nearest = pd_nearest_word(word, words);

    if (nearest != NULL)
        return g_strdup_printf("did you mean '%s'?", nearest);
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    return g_strdup_printf("there are: %s", all);
}

gint pd_reading_choice(const PdReading *reading, const PdYamlNode *node, const char *const *words,
                       const char *what)
{
    const char *text = pd_reading_text(reading, node, what);

    for (gint i = 0; text != NULL && words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    if (text == NULL)
        return -1;
    g_autofree char *suggestion = pd_reading_suggestion(text, words);
    pd_reading_complain(reading, node, "'%s' is not %s; %s", text, what, suggestion);
    return -1;
}

const PdYamlNode **pd_reading_items(const PdYamlNode *node)
{
    gboolean is_list = node != NULL && pd_yaml_kind(node) == PD_YAML_LIST;
    guint count = is_list ? pd_yaml_count(node) : node != NULL ? 1 : 0;
    const PdYamlNode **items = g_new0(const PdYamlNode *, count + 1);

    for (guint i = 0; i < count; i++)
        items[i] = is_list ? pd_yaml_item(node, i) : node;
    return items;
}
