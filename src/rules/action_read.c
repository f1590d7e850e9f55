/* action_read.c: what a rule does. Captures are checked against its conditions. */
#include "rules/expand.h"
#include "rules/reader.h"

#include "postdesk/text.h"
#include <string.h>

gboolean pd_is_category(const char *text)
{
    gboolean inside = FALSE;

    for (; *text != '\0'; text++) {
        if (*text == '/' && !inside)
            return FALSE;
        if (*text == '/')
            inside = FALSE;
        else if (g_ascii_islower(*text) || g_ascii_isdigit(*text) || *text == '-' || *text == '_')
            inside = TRUE;
        else
            return FALSE;
    }
    return inside;
}

/* A name without white space, safe in lists, paths and command lines. */
static gboolean is_name(const char *text)
{
    return *text != '-' && *text != '.' && strpbrk(text, " \t/\\\"'<>|&;$`*?()[]{}") == NULL;
}

static const char *read_checked(PdReader *reader, const PdYamlNode *node, const char *what,
                                gboolean (*is_good)(const char *), const char *advice)
{
    const char *text = pd_read_text(reader, node, what);

    if (text == NULL || is_good(text))
        return text;
    pd_reader_complain(reader, node, "'%s' is not %s; %s", text, what, advice);
    return NULL;
}

char *pd_read_set_value(PdReader *reader, guint field, const PdYamlNode *node)
{
    gboolean flag = FALSE;

    switch (field) {
    case PD_SET_CATEGORY:
        return g_strdup(read_checked(reader, node, "a category", pd_is_category,
                                     "write lower-case words with slashes, as in system/database"));
    case PD_SET_IMPACT:
        return g_strdup(pd_read_choice(reader, node, pd_levels, "an impact"));
    case PD_SET_URGENCY:
        return g_strdup(pd_read_choice(reader, node, pd_levels, "an urgency"));
    case PD_SET_MERGE_KEY:
        return g_strdup(pd_read_text(reader, node, "a merge key"));
    case PD_SET_RESOLVE:
    case PD_SET_MERGE_PERSONS:
        pd_read_flag(reader, node, &flag);
        return flag ? g_strdup("true") : NULL;
    case PD_SET_ASSIGN:
        return g_strdup(pd_read_text(reader, node, "a person or a group"));
    default:
        return g_strdup(read_checked(reader, node, "a name", is_name,
                                     "write one word without blanks and punctuation"));
    }
}

/* ${…} must be a capture of the rule. */
static void check_captures(PdReader *reader, const PdRule *rule, const PdYamlNode *node,
                           const char *template)
{
    g_autoptr(GPtrArray) known = pd_condition_captures(rule->when);
    g_autofree char *bad = pd_expand_unknown(template, (const char *const *)known->pdata);

    if (bad == NULL)
        return;
    const char *nearest = pd_nearest_word(bad, (const char *const *)known->pdata);
    if (nearest != NULL)
        pd_reader_complain(reader, node, "no condition captures '%s'; did you mean '%s'?", bad,
                           nearest);
    else
        pd_reader_complain(reader, node,
                           "no condition captures '%s'; write (?<%s>…) in a pattern of this rule",
                           bad, bad);
}

static void read_vote_map(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    rule->then.votes = g_array_new(FALSE, FALSE, sizeof(PdVote));
    if (pd_yaml_kind(map) != PD_YAML_MAP || pd_yaml_count(map) == 0) {
        pd_reader_complain(reader, map,
                           "'votes' expects categories, each with its points, or "
                           "'@points/NAME.txt'");
        return;
    }
    g_array_set_clear_func(rule->then.votes, (GDestroyNotify)pd_vote_clear);
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        PdVote vote = {.category = pd_read_set_value(reader, PD_SET_CATEGORY, pd_yaml_key(map, i))};
        const PdYamlNode *points = pd_yaml_value(map, i);
        if (!pd_yaml_integer(points, &vote.points) || vote.points == 0 ||
            ABS(vote.points) > PD_MOST_POINTS)
            pd_reader_complain(reader, points, "points are whole numbers from -%d to %d, without 0",
                               PD_MOST_POINTS, PD_MOST_POINTS);
        g_array_append_val(rule->then.votes, vote);
    }
}

static void read_votes(PdReader *reader, PdRule *rule, const PdYamlNode *node)
{
    const char *text = pd_yaml_text(node);

    if (text != NULL && pd_is_points_list(text))
        rule->then.points = pd_read_points(reader, node, text);
    else
        read_vote_map(reader, rule, node);
}

static gboolean is_field_name(const char *text)
{
    return g_ascii_islower(*text) &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void read_fields(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    rule->then.fields = g_array_new(FALSE, FALSE, sizeof(PdCustomField));
    g_array_set_clear_func(rule->then.fields, (GDestroyNotify)pd_custom_field_clear);
    if (pd_yaml_kind(map) != PD_YAML_MAP || pd_yaml_count(map) == 0) {
        pd_reader_complain(reader, map, "'fields' expects names, each with a text");
        return;
    }
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const char *name = read_checked(reader, pd_yaml_key(map, i), "a field's name",
                                        is_field_name, "write a-z, 0-9 and _");
        const char *text = pd_read_text(reader, pd_yaml_value(map, i), "the field's text");
        if (name == NULL || text == NULL)
            continue;
        PdCustomField field = {g_strdup(name), g_strdup(text)};
        check_captures(reader, rule, pd_yaml_value(map, i), text);
        g_array_append_val(rule->then.fields, field);
    }
}

static void check_each(PdReader *reader, const PdYamlNode *node, char **words,
                       gboolean (*is_good)(const char *), const char *what)
{
    for (; *words != NULL; words++) {
        if (!is_good(*words))
            pd_reader_complain(reader, node, "'%s' is not %s", *words, what);
    }
}

static void check_watchers(PdReader *reader, const PdYamlNode *node, char **addresses)
{
    for (; *addresses != NULL; addresses++) {
        g_autofree char *mistake = pd_text_address_mistake(*addresses);
        if (mistake != NULL)
            pd_reader_complain(reader, node, "'%s' is %s", *addresses, mistake);
    }
}

static void read_set_values(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    for (guint field = 0; field < PD_SET_COUNT; field++) {
        const PdYamlNode *node = pd_yaml_get(map, pd_set_names[field]);
        if (node != NULL)
            rule->then.set[field] = pd_read_set_value(reader, field, node);
        if (field == PD_SET_MERGE_KEY && rule->then.set[field] != NULL)
            check_captures(reader, rule, node, rule->then.set[field]);
    }
    const PdYamlNode *persons = pd_yaml_get(map, "merge_persons");
    if (persons != NULL && rule->then.set[PD_SET_MERGE_KEY] == NULL)
        pd_reader_complain(reader, persons,
                           "'merge_persons' belongs to a 'merge_key' of the same rule");
}

static void read_lists(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    const PdYamlNode *node;

    if ((node = pd_yaml_get(map, "tags")) != NULL) {
        rule->then.tags = pd_read_words(reader, node, NULL, "a tag");
        check_each(reader, node, rule->then.tags, is_name, "a tag; write one word");
    }
    if ((node = pd_yaml_get(map, "watchers")) != NULL) {
        rule->then.watchers = pd_read_words(reader, node, NULL, "a watcher's address");
        check_watchers(reader, node, rule->then.watchers);
    }
    if ((node = pd_yaml_get(map, "votes")) != NULL)
        read_votes(reader, rule, node);
    if ((node = pd_yaml_get(map, "fields")) != NULL)
        read_fields(reader, rule, node);
}

void pd_read_action(PdReader *reader, PdRule *rule, const PdYamlNode *map)
{
    static const char *const keys[] = {
        "category", "impact",    "urgency", "queue",      "assign",        "language",
        "template", "merge_key", "drop",    "quarantine", "tags",          "watchers",
        "votes",    "fields",    "stop",    "resolve",    "merge_persons", NULL};
    const PdYamlNode *node;

    if (!pd_yaml_check_keys(reader->yaml, map, keys, "action", reader->list))
        return;
    if (pd_yaml_count(map) == 0)
        pd_reader_complain(reader, map, "the rule does nothing; write at least one action");
    read_set_values(reader, rule, map);
    read_lists(reader, rule, map);
    if ((node = pd_yaml_get(map, "drop")) != NULL)
        rule->then.drop = g_strdup(pd_read_text(reader, node, "the reason for dropping"));
    if ((node = pd_yaml_get(map, "quarantine")) != NULL)
        rule->then.quarantine = g_strdup(pd_read_text(reader, node, "the reason for quarantine"));
    if ((node = pd_yaml_get(map, "stop")) != NULL)
        pd_read_flag(reader, node, &rule->then.stop);
}
