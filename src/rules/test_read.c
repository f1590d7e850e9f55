/* test_read.c: the tests in rule files: a mail in short form or a file, and what is expected. */
#include "rules/reader.h"
#include "rules/shortmail.h"

#include "postdesk/files.h"
#include "postdesk/text.h"
#include <string.h>

static char *read_optional(PdReader *reader, const PdYamlNode *map, const char *key,
                           const char *what)
{
    const PdYamlNode *node = pd_yaml_get(map, key);

    return node != NULL ? g_strdup(pd_read_text(reader, node, what)) : NULL;
}

static void read_ticket_facts(PdReader *reader, PdRuleTest *test, const PdYamlNode *map)
{
    static const char *const keys[] = {"status", "category", "age", NULL};

    if (!pd_yaml_check_keys(reader->yaml, map, keys, "part of 'ticket'", reader->list))
        return;
    test->facts.ticket = 1;
    test->facts.status = read_optional(reader, map, "status", "a status");
    test->facts.category = read_optional(reader, map, "category", "a category");
    const PdYamlNode *age = pd_yaml_get(map, "age");
    if (age != NULL &&
        (pd_yaml_text(age) == NULL || !pd_text_parse_duration(pd_yaml_text(age), &test->facts.age)))
        pd_reader_complain(reader, age, "an age is expected, such as 3d or 12h");
}

static void add_expected(PdRuleTest *test, char *field, const char *text, gboolean any)
{
    PdExpected expected = {field, g_strdup(text), any};

    g_array_append_val(test->expected, expected);
}

/* A text; null or false: nothing shall be set; true: anything. */
static void read_expected(PdReader *reader, PdRuleTest *test, char *field, const PdYamlNode *node)
{
    gboolean any = FALSE;

    if (pd_yaml_kind(node) != PD_YAML_SCALAR)
        pd_reader_complain(reader, node, "a text, null or true is expected for '%s'", field);
    if (pd_yaml_kind(node) == PD_YAML_SCALAR && pd_yaml_boolean(node, &any))
        add_expected(test, field, NULL, any);
    else
        add_expected(test, field, pd_yaml_text(node), FALSE);
}

static void read_expected_fields(PdReader *reader, PdRuleTest *test, const PdYamlNode *map)
{
    if (pd_yaml_kind(map) != PD_YAML_MAP) {
        pd_reader_complain(reader, map, "'fields' expects names, each with a text");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const char *name = pd_read_text(reader, pd_yaml_key(map, i), "a field's name");
        if (name != NULL)
            read_expected(reader, test, g_strconcat("fields.", name, NULL), pd_yaml_value(map, i));
    }
}

static void read_expectation(PdReader *reader, PdRuleTest *test, const PdYamlNode *map)
{
    static const char *const keys[] = {"category",   "impact",  "urgency",       "priority",
                                       "queue",      "assign",  "language",      "template",
                                       "merge_key",  "resolve", "merge_persons", "drop",
                                       "quarantine", "tags",    "watchers",      "fields",
                                       "applies",    "applied", "not_applied",   NULL};
    struct {
        const char *name;
        char ***words;
    } lists[] = {{"tags", &test->tags},
                 {"watchers", &test->watchers},
                 {"applied", &test->applied},
                 {"not_applied", &test->not_applied}};

    if (!pd_yaml_check_keys(reader->yaml, map, keys, "expectation", reader->list))
        return;
    for (guint i = 0; strcmp(keys[i], "tags") != 0; i++) {
        const PdYamlNode *node = pd_yaml_get(map, keys[i]);
        if (node != NULL)
            read_expected(reader, test, g_strdup(keys[i]), node);
    }
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        const PdYamlNode *node = pd_yaml_get(map, lists[i].name);
        if (node != NULL)
            *lists[i].words = pd_read_words(reader, node, NULL, "a name");
    }
    const PdYamlNode *node = pd_yaml_get(map, "fields");
    if (node != NULL)
        read_expected_fields(reader, test, node);
    if ((node = pd_yaml_get(map, "applies")) != NULL && test->rule < 0)
        pd_reader_complain(reader, node,
                           "'applies' belongs to tests inside a rule; name rules in "
                           "'applied' here");
    else if (node != NULL)
        pd_read_flag(reader, node, &test->applies);
}

void pd_read_test(PdReader *reader, gint rule, const PdYamlNode *map)
{
    g_auto(GStrv) keys =
        pd_short_mail_keys((const char *const[]){"name", "file", "ticket", "expect", NULL});

    if (!pd_yaml_check_keys(reader->yaml, map, (const char *const *)keys, "part of a test",
                            reader->list))
        return;
    PdRuleTest *test = g_new0(PdRuleTest, 1);
    g_ptr_array_add(reader->set->tests, test);
    test->place = pd_reader_place(reader, map);
    test->rule = rule;
    test->applies = TRUE;
    test->expected = g_array_new(FALSE, FALSE, sizeof(PdExpected));
    g_array_set_clear_func(test->expected, (GDestroyNotify)pd_expected_clear);
    test->name = read_optional(reader, map, "name", "a name");
    g_autofree char *file = read_optional(reader, map, "file", "the path of a mail");
    if (file != NULL)
        test->file = pd_path_resolve(reader->set->folder, file);
    else
        test->mail = pd_short_mail_read(reader, map);
    if (pd_yaml_get(map, "ticket") != NULL)
        read_ticket_facts(reader, test, pd_yaml_get(map, "ticket"));
    if (pd_yaml_get(map, "expect") != NULL)
        read_expectation(reader, test, pd_yaml_get(map, "expect"));
    else if (rule < 0)
        pd_reader_complain(reader, map, "the test expects nothing; write 'expect'");
}
