/* rulefile.c: one rule file: categories, rules, tests, defaults. */
#include "rules/reader.h"

#include <string.h>

/* Names that decisions give as the source of a field, so that no rule may have them. */
static const char *const reserved_ids[] = {"default", "matrix", "votes", "category", NULL};

static gboolean is_id(const char *text)
{
    return text[strspn(text,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")] ==
               '\0' &&
           g_ascii_isalnum(text[0]);
}

static void check_id(PdReader *reader, const PdYamlNode *node, const PdRule *rule)
{
    const PdRule *earlier = g_hash_table_lookup(reader->ids, rule->id);

    if (!is_id(rule->id))
        pd_reader_complain(reader, node,
                           "'%s' is no id; write letters, digits, '-', '_', '.' and '/'", rule->id);
    else if (g_strv_contains(reserved_ids, rule->id))
        pd_reader_complain(reader, node, "'%s' has a meaning of its own; choose another id",
                           rule->id);
    else if (earlier != NULL)
        pd_reader_complain(reader, node, "the id '%s' was given before, at %s:%u", rule->id,
                           earlier->place.file, earlier->place.line);
    else
        g_hash_table_insert(reader->ids, rule->id, (gpointer)rule);
}

static void read_id(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    const PdYamlNode *node = pd_yaml_get(map, "id");

    if (node == NULL)
        pd_reader_complain(reader, map, "the rule has no 'id'");
    else
        rule->id = g_strdup(pd_read_text(reader, node, "an id"));
    if (rule->id != NULL)
        check_id(reader, node, rule);
}

static void read_tests(PdReader *reader, gint rule, const PdYamlNode *list)
{
    if (pd_yaml_kind(list) != PD_YAML_LIST) {
        pd_reader_complain(reader, list, "'tests' expects a list");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(list); i++)
        pd_read_test(reader, rule, pd_yaml_item(list, i));
}

static void read_rule(PdReader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"id",     "description", "when", "then",
                                       "shadow", "tests",       NULL};
    const PdYamlNode *node;

    if (!pd_yaml_check_keys(reader->yaml, map, keys, "part of a rule", reader->list))
        return;
    PdRule *rule = g_new0(PdRule, 1);
    rule->place = pd_reader_place(reader, map);
    rule->index = reader->set->rules->len;
    g_ptr_array_add(reader->set->rules, rule);
    read_id(reader, rule, map);
    if ((node = pd_yaml_get(map, "when")) != NULL)
        rule->when = pd_read_conditions(reader, node);
    if ((node = pd_yaml_get(map, "then")) != NULL)
        pd_read_action(reader, rule, node);
    else
        pd_reader_complain(reader, map, "the rule does nothing; write 'then' with what it does");
    if ((node = pd_yaml_get(map, "shadow")) != NULL)
        pd_read_flag(reader, node, &rule->shadow);
    if ((node = pd_yaml_get(map, "tests")) != NULL)
        read_tests(reader, (gint)rule->index, node);
}

static void read_rules(PdReader *reader, const PdYamlNode *list)
{
    if (pd_yaml_kind(list) != PD_YAML_LIST) {
        pd_reader_complain(reader, list, "'rules' expects a list");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(list); i++)
        read_rule(reader, pd_yaml_item(list, i));
}

/* Fields that a category or the defaults may set, by name. */
static const char *const brought[] = {"impact",   "urgency",  "queue", "assign",
                                      "language", "template", NULL};

static void read_brought(PdReader *reader, char *set[PD_SET_COUNT], const PdYamlNode *map)
{
    for (guint field = 0; field < PD_SET_COUNT; field++) {
        const PdYamlNode *node = pd_yaml_get(map, pd_set_names[field]);
        if (node != NULL)
            set[field] = pd_read_set_value(reader, field, node);
    }
}

static void add_category(PdReader *reader, const PdYamlNode *key, const PdYamlNode *value)
{
    char *name = pd_read_set_value(reader, PD_SET_CATEGORY, key);

    if (name == NULL)
        return;
    const PdCategory *earlier = pd_rule_set_category(reader->set, name);
    if (earlier != NULL) {
        pd_reader_complain(reader, key, "the category '%s' was given before, at %s:%u", name,
                           earlier->place.file, earlier->place.line);
        g_free(name);
        return;
    }
    PdCategory *category = g_new0(PdCategory, 1);
    category->name = name;
    category->place = pd_reader_place(reader, key);
    g_ptr_array_add(reader->set->categories, category);
    g_hash_table_insert(reader->set->by_category, name, category);
    gboolean is_plain =
        value == NULL || (pd_yaml_kind(value) == PD_YAML_SCALAR && pd_yaml_text(value) == NULL);
    if (!is_plain && pd_yaml_check_keys(reader->yaml, value, brought, "field", reader->list))
        read_brought(reader, category->set, value);
}

/* A list of names, or a map of them with what each brings. */
static void read_categories(PdReader *reader, const PdYamlNode *node)
{
    if (pd_yaml_kind(node) == PD_YAML_SCALAR)
        pd_reader_complain(reader, node, "'categories' expects names");
    for (guint i = 0; pd_yaml_kind(node) == PD_YAML_LIST && i < pd_yaml_count(node); i++)
        add_category(reader, pd_yaml_item(node, i), NULL);
    for (guint i = 0; pd_yaml_kind(node) == PD_YAML_MAP && i < pd_yaml_count(node); i++)
        add_category(reader, pd_yaml_key(node, i), pd_yaml_value(node, i));
}

static void read_defaults(PdReader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"category", "impact",   "urgency",  "queue",
                                       "assign",   "language", "template", NULL};
    PdRuleSet *set = reader->set;

    if (set->defaults_place.file != NULL) {
        pd_reader_complain(reader, map, "defaults were given before, at %s:%u",
                           set->defaults_place.file, set->defaults_place.line);
        return;
    }
    if (!pd_yaml_check_keys(reader->yaml, map, keys, "field", reader->list))
        return;
    set->defaults_place = pd_reader_place(reader, map);
    read_brought(reader, set->defaults, map);
}

/* One file that says so is enough. */
void pd_read_switches(PdReader *reader, const PdYamlNode *root)
{
    const PdYamlNode *node =
        pd_yaml_kind(root) == PD_YAML_MAP ? pd_yaml_get(root, "fold_chinese") : NULL;
    gboolean fold = FALSE;

    if (node != NULL)
        pd_read_flag(reader, node, &fold);
    if (fold && reader->set->han == NULL)
        reader->set->han = pd_han_fold_new();
}

void pd_read_rule_file(PdReader *reader, const PdYamlNode *root)
{
    static const struct {
        const char *key;
        void (*read)(PdReader *reader, const PdYamlNode *node);
    } parts[] = {
        {"categories", read_categories}, {"rules", read_rules}, {"defaults", read_defaults}};
    static const char *const keys[] = {"fold_chinese", "categories", "rules",
                                       "defaults",     "tests",      NULL};

    if (!pd_yaml_check_keys(reader->yaml, root, keys, "part of a rule file", reader->list))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        const PdYamlNode *node = pd_yaml_get(root, parts[i].key);
        if (node != NULL)
            parts[i].read(reader, node);
    }
    const PdYamlNode *tests = pd_yaml_get(root, "tests");
    if (tests != NULL)
        read_tests(reader, -1, tests);
}
