/* yaml_node.c: asking the nodes of a document; see postdesk/yaml.h. */
#include "yaml_internal.h"

#include "postdesk/text.h"
#include <stdarg.h>
#include <string.h>

static void node_free(gpointer data)
{
    PdYamlNode *node = data;

    g_free(node->text);
    g_clear_pointer(&node->children, g_ptr_array_unref);
    g_free(node);
}

PdYaml *pd_yaml_new(const char *file)
{
    PdYaml *yaml = g_new0(PdYaml, 1);

    yaml->file = g_strdup(file);
    yaml->nodes = g_ptr_array_new_with_free_func(node_free);
    return yaml;
}

void pd_yaml_free(PdYaml *yaml)
{
    if (yaml == NULL)
        return;
    g_ptr_array_unref(yaml->nodes);
    g_free(yaml->file);
    g_free(yaml);
}

PdYamlNode *pd_yaml_add_node(PdYaml *yaml, PdYamlKind kind, char *text, guint line, guint column)
{
    PdYamlNode *node = g_new0(PdYamlNode, 1);

    node->kind = kind;
    node->text = text;
    node->line = line;
    node->column = column;
    node->weight = 1;
    if (kind != PD_YAML_SCALAR)
        node->children = g_ptr_array_new();
    g_ptr_array_add(yaml->nodes, node);
    return node;
}

const PdYamlNode *pd_yaml_root(const PdYaml *yaml)
{
    return yaml->root;
}

const char *pd_yaml_file(const PdYaml *yaml)
{
    return yaml->file;
}

PdYamlKind pd_yaml_kind(const PdYamlNode *node)
{
    return node->kind;
}

guint pd_yaml_line(const PdYamlNode *node)
{
    return node->line;
}

guint pd_yaml_column(const PdYamlNode *node)
{
    return node->column;
}

static gboolean is_one_of(const PdYamlNode *node, const char *const *words)
{
    return node->kind == PD_YAML_SCALAR && !node->quoted && g_strv_contains(words, node->text);
}

const char *pd_yaml_text(const PdYamlNode *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};

    return node->kind != PD_YAML_SCALAR || is_one_of(node, nulls) ? NULL : node->text;
}

gboolean pd_yaml_is_quoted(const PdYamlNode *node)
{
    return node->quoted;
}

gboolean pd_yaml_boolean(const PdYamlNode *node, gboolean *value)
{
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};

    if (!is_one_of(node, yes) && !is_one_of(node, no))
        return FALSE;
    *value = is_one_of(node, yes);
    return TRUE;
}

/* Decimal only: a leading 0x or 0o is more often a slip than meant. */
gboolean pd_yaml_integer(const PdYamlNode *node, gint64 *value)
{
    if (node->kind != PD_YAML_SCALAR || node->quoted)
        return FALSE;
    return g_ascii_string_to_signed(node->text, 10, G_MININT64, G_MAXINT64, value, NULL);
}

guint pd_yaml_count(const PdYamlNode *node)
{
    if (node->kind == PD_YAML_SCALAR)
        return 0;
    return node->kind == PD_YAML_MAP ? node->children->len / 2 : node->children->len;
}

const PdYamlNode *pd_yaml_item(const PdYamlNode *list, guint index)
{
    return g_ptr_array_index(list->children, index);
}

const PdYamlNode *pd_yaml_key(const PdYamlNode *map, guint index)
{
    return g_ptr_array_index(map->children, 2 * index);
}

const PdYamlNode *pd_yaml_value(const PdYamlNode *map, guint index)
{
    return g_ptr_array_index(map->children, 2 * index + 1);
}

const PdYamlNode *pd_yaml_get(const PdYamlNode *map, const char *key)
{
    if (map->kind != PD_YAML_MAP)
        return NULL;
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        if (strcmp(pd_yaml_key(map, i)->text, key) == 0)
            return pd_yaml_value(map, i);
    }
    return NULL;
}

void pd_yaml_complain(const PdYaml *yaml, const PdYamlNode *node, PdSeverity severity,
                      PdDiagnostics *list, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *printable = pd_text_printable(text);
    pd_diagnostics_add(list, severity, yaml->file, node != NULL ? node->line : 0,
                       node != NULL ? node->column : 0, "%s", printable);
}

static void complain_of_key(const PdYaml *yaml, const PdYamlNode *key, const char *const *words,
                            const char *what, PdDiagnostics *list)
{
    g_autofree char *shown = pd_text_shorten(key->text, 64);
    const char *nearest = pd_nearest_word(key->text, words);

    if (nearest != NULL) {
        pd_yaml_complain(yaml, key, PD_ERROR, list, "unknown %s '%s'; did you mean '%s'?", what,
                         shown, nearest);
        return;
    }
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    pd_yaml_complain(yaml, key, PD_ERROR, list, "unknown %s '%s'; known here: %s", what, shown,
                     all);
}

gboolean pd_yaml_check_keys(const PdYaml *yaml, const PdYamlNode *map, const char *const *words,
                            const char *what, PdDiagnostics *list)
{
    if (map->kind != PD_YAML_MAP) {
        g_autofree char *all = g_strjoinv(", ", (char **)words);
        pd_yaml_complain(yaml, map, PD_ERROR, list,
                         "expected a map of %ss ('%s: value'); known "
                         "here: %s",
                         what, words[0] != NULL ? words[0] : "name", all);
        return FALSE;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const PdYamlNode *key = pd_yaml_key(map, i);
        if (!g_strv_contains(words, key->text))
            complain_of_key(yaml, key, words, what, list);
    }
    return TRUE;
}
