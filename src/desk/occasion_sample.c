/* occasion_sample.c: a value for all that an occasion declares, for looking at a template. */
#include "desk/occasions.h"

#include <string.h>

static PdJson *lines_of(const char *sample)
{
    PdJson *lines = pd_json_array();
    g_auto(GStrv) split = g_strsplit(sample, "\n", -1);

    for (char **line = split; *line != NULL; line++)
        pd_json_add_text(lines, *line);
    return lines;
}

static void set_value(PdJson *values, const char *key, PdValueKind kind, const char *sample)
{
    switch (kind) {
    case PD_VALUE_TEXT:
        pd_json_set_text(values, key, sample[0] != '\0' ? sample : NULL);
        break;
    case PD_VALUE_FLAG:
        pd_json_set_bool(values, key, strcmp(sample, "true") == 0);
        break;
    case PD_VALUE_LINES:
        pd_json_set(values, key, lines_of(sample));
        break;
    case PD_VALUE_LIST:
        pd_json_set(values, key, pd_json_array());
        break;
    }
}

/* A member's samples, one for each entry; lines are those of the only entry. */
static void set_member(PdJson *list, const char *key, PdValueKind kind, const char *sample)
{
    gboolean is_whole = kind == PD_VALUE_LINES || kind == PD_VALUE_LIST;
    g_auto(GStrv) each = g_strsplit(sample, "\n", is_whole ? 1 : -1);

    guint count = g_strv_length(each);

    for (guint i = 0; i < MAX(MAX(count, 1), pd_json_length(list)); i++) {
        if (i == pd_json_length(list))
            pd_json_add(list, pd_json_object());
        set_value(pd_json_at(list, i), key, kind, i < count ? each[i] : "");
    }
}

static void set_variable(PdJson *values, const PdVariable *variable, const char *language)
{
    gboolean chinese = g_str_has_prefix(language, "zh");
    const char *sample = chinese ? variable->sample_chinese : variable->sample;
    g_auto(GStrv) path = g_strsplit(variable->name, ".", 3);
    PdJson *list = path[1] != NULL ? pd_json_get(values, path[0]) : NULL;

    if (path[1] == NULL)
        set_value(values, path[0], variable->kind, sample);
    else if (path[2] == NULL)
        set_member(list, path[1], variable->kind, sample);
    else
        set_member(pd_json_get(pd_json_at(list, 0), path[1]), path[2], variable->kind, sample);
}

PdJson *pd_occasion_sample(const PdOccasion *occasion, const char *language)
{
    PdJson *values = pd_json_object();

    for (const PdVariable *const *list = occasion->variables; *list != NULL; list++) {
        for (const PdVariable *variable = *list; variable->name != NULL; variable++)
            set_variable(values, variable, language);
    }
    return values;
}
