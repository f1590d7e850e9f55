/* section.c: one map of the file into one record, driven by the section's tables. */
#include "settings.h"

#include <string.h>

typedef void (*Visit)(const PdSetting *setting, gpointer field, gpointer user);

static void for_each_setting(const PdSection *section, gpointer record, Visit visit, gpointer user)
{
    for (gsize part = 0; part < G_N_ELEMENTS(section->rows); part++) {
        const PdSettingRows *rows = &section->rows[part];
        for (gsize i = 0; i < rows->count; i++)
            visit(&rows->rows[i], (char *)record + rows->base + rows->rows[i].offset, user);
    }
}

static void tell(const PdReading *reading, const PdYamlNode *node, const char *mistake)
{
    pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list, "%s", mistake);
}

/* The word null is a value where it is one of the choices, else nothing was given. */
static const char *value_text(const PdSetting *setting, const PdYamlNode *node)
{
    const char *text = pd_yaml_text(node);

    if (text != NULL || setting->choices == NULL || pd_yaml_kind(node) != PD_YAML_SCALAR)
        return text;
    for (const PdChoice *choice = setting->choices; choice->word != NULL; choice++) {
        if (strcmp(choice->word, "null") == 0)
            return choice->word;
    }
    return NULL;
}

static gboolean read_scalar(const PdReading *reading, const PdSetting *setting,
                            const PdYamlNode *node, gpointer field)
{
    const char *text = value_text(setting, node);
    g_autofree char *mistake = NULL;

    if (text != NULL) {
        mistake = pd_setting_parse(setting, text, reading->folder, field);
    } else {
        g_autofree char *whole = pd_setting_describe_type(setting);
        const char *type = setting->is_list ? whole + strlen(PD_SETTING_LIST_OF) : whole;
        mistake = pd_yaml_kind(node) == PD_YAML_SCALAR
                      ? g_strdup_printf("%s has no value; expected: %s", setting->key, type)
                      : g_strdup_printf("%s is a list or a map; expected one value: %s",
                                        setting->key, type);
    }
    if (mistake != NULL)
        tell(reading, node, mistake);
    return mistake == NULL;
}

static gboolean is_among(GPtrArray *items, const char *text)
{
    return g_ptr_array_find_with_equal_func(items, text, g_str_equal, NULL);
}

static void read_item(const PdReading *reading, const PdSetting *setting, const PdYamlNode *node,
                      GPtrArray *items)
{
    g_autofree char *item = NULL;

    if (pd_yaml_kind(node) == PD_YAML_SCALAR && pd_yaml_text(node) == NULL) {
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "%s has an empty entry; remove it", setting->key);
        return;
    }
    if (!read_scalar(reading, setting, node, &item))
        return;
    if (!setting->is_argv && is_among(items, item))
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "%s holds '%s' twice; keep one", setting->key, item);
    else
        g_ptr_array_add(items, g_steal_pointer(&item));
}

static char **end_list(GPtrArray *items)
{
    g_ptr_array_add(items, NULL);
    return (char **)g_ptr_array_free(items, FALSE);
}

static void read_list(const PdReading *reading, const PdSetting *setting, const PdYamlNode *node,
                      char ***field)
{
    if (pd_yaml_kind(node) != PD_YAML_LIST) {
        g_autofree char *type = pd_setting_describe_type(setting);
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "%s is no list; expected a %s, written as [one, two]", setting->key, type);
        return;
    }
    GPtrArray *items = g_ptr_array_new();
    for (guint i = 0; i < pd_yaml_count(node); i++)
        read_item(reading, setting, pd_yaml_item(node, i), items);
    if (pd_yaml_count(node) == 0 && (setting->required || setting->is_argv))
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "%s is empty; name at least one", setting->key);
    *field = end_list(items);
}

static void use_default_list(const PdSetting *setting, char ***field)
{
    if (setting->is_argv)
        return;
    *field = g_strsplit(setting->fallback != NULL ? setting->fallback : "", " ", -1);
}

/* The tests hold that every default of the tables is accepted. */
static void use_default(const PdReading *reading, const PdSetting *setting, gpointer field)
{
    if (setting->is_list) {
        use_default_list(setting, field);
    } else if (setting->fallback != NULL) {
        g_autofree char *mistake =
            pd_setting_parse(setting, setting->fallback, reading->folder, field);
        if (mistake != NULL)
            tell(reading, NULL, mistake);
    }
}

typedef struct {
    const PdReading *reading;
    const PdSection *section;
    const PdYamlNode *map; /* or NULL */
} Task;

static void tell_missing(const Task *task, const PdSetting *setting)
{
    const char *section = task->map == NULL ? task->section->path : "";

    pd_yaml_complain(task->reading->yaml,
                     task->map != NULL ? task->map : pd_yaml_root(task->reading->yaml), PD_ERROR,
                     task->reading->list, "%s%s%s is missing; %s", section,
                     *section != '\0' ? "." : "", setting->key, setting->help);
}

static void read_setting(const PdSetting *setting, gpointer field, gpointer user)
{
    const Task *task = user;
    const PdYamlNode *node = task->map != NULL ? pd_yaml_get(task->map, setting->key) : NULL;

    if (node == NULL && setting->required && setting->fallback == NULL)
        tell_missing(task, setting);
    else if (node == NULL)
        use_default(task->reading, setting, field);
    else if (setting->is_list)
        read_list(task->reading, setting, node, field);
    else
        read_scalar(task->reading, setting, node, field);
}

static void add_key(const PdSetting *setting, gpointer field, gpointer user)
{
    (void)field;
    g_ptr_array_add(user, (gpointer)setting->key);
}

static gboolean check_keys(const PdReading *reading, const PdSection *section,
                           const PdYamlNode *map, const char *const *extra)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for_each_setting(section, NULL, add_key, words);
    for (; extra != NULL && *extra != NULL; extra++)
        g_ptr_array_add(words, (gpointer)*extra);
    g_ptr_array_add(words, NULL);
    return pd_yaml_check_keys(reading->yaml, map, (const char *const *)words->pdata, "setting",
                              reading->list);
}

void pd_section_read(const PdReading *reading, const PdSection *section, const PdYamlNode *map,
                     const char *const *extra, gpointer record)
{
    Task task = {.reading = reading, .section = section, .map = map};

    if (map != NULL && !check_keys(reading, section, map, extra))
        return;
    for_each_setting(section, record, read_setting, &task);
}

static void clear_setting(const PdSetting *setting, gpointer field, gpointer user)
{
    (void)user;
    if (setting->is_list)
        g_clear_pointer((char ***)field, g_strfreev);
    else if (pd_setting_is_text(setting))
        g_clear_pointer((char **)field, g_free);
}

void pd_section_clear(const PdSection *section, gpointer record)
{
    for_each_setting(section, record, clear_setting, NULL);
}
