/* words.c: see words.h. */
#include "desk/words.h"

#include "desk/alarm_words.h"
#include "postdesk/yaml.h"
#include <string.h>

#define ALARM_TEXTS "alarm_texts"

static const char *const groups[] = {
    "categories", "priorities", "levels", "expectations", "statuses", "phrases",
    "alarms",     "history",    "fields", "labels",       "actions",  "problems",
    "targets",    "forms",      "advice", ALARM_TEXTS,    NULL};

struct pd_words {
    GHashTable *words; /* "group key" → word */
};

PdWords *pd_words_new(void)
{
    PdWords *words = g_new0(PdWords, 1);

    words->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return words;
}

void pd_words_free(PdWords *words)
{
    if (words == NULL)
        return;
    g_hash_table_unref(words->words);
    g_free(words);
}

static void check_alarm_text(const PdYaml *yaml, const PdYamlNode *key, const char *text,
                             PdDiagnostics *list)
{
    g_autofree char *mistake = pd_alarm_text_mistake(pd_yaml_text(key), text);

    if (mistake != NULL)
        pd_yaml_complain(yaml, key, PD_ERROR, list, "%s", mistake);
}

static void read_group(PdWords *words, const PdYaml *yaml, const char *group, PdDiagnostics *list)
{
    const PdYamlNode *map = pd_yaml_get(pd_yaml_root(yaml), group);

    if (map == NULL)
        return;
    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_yaml_complain(yaml, map, PD_ERROR, list, "'%s' is no map; write key: word", group);
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const char *key = pd_yaml_text(pd_yaml_key(map, i));
        const char *word = pd_yaml_text(pd_yaml_value(map, i));
        if (key == NULL || word == NULL)
            pd_yaml_complain(yaml, pd_yaml_key(map, i), PD_ERROR, list,
                             "this is no word; write key: word");
        else
            g_hash_table_insert(words->words, g_strconcat(group, " ", key, NULL), g_strdup(word));
        if (key != NULL && word != NULL && strcmp(group, ALARM_TEXTS) == 0)
            check_alarm_text(yaml, pd_yaml_key(map, i), word, list);
    }
}

void pd_words_read(PdWords *words, const char *path, PdDiagnostics *list)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return;
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);
    if (yaml == NULL || pd_yaml_root(yaml) == NULL)
        return;
    if (!pd_yaml_check_keys(yaml, pd_yaml_root(yaml), groups, "group of words", list))
        return;
    for (const char *const *group = groups; *group != NULL; group++)
        read_group(words, yaml, *group, list);
}

const char *pd_words_get(const PdWords *words, const char *group, const char *key)
{
    g_autofree char *full = g_strconcat(group, " ", key, NULL);

    return g_hash_table_lookup(words->words, full);
}
