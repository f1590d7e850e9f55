/* condition_read.c: the conditions of a rule. A table says what each name means. */
#include "rules/reader.h"

#include "postdesk/text.h"
#include <string.h>

typedef struct row Row;
struct row {
    const char *name;
    PdCondition *(*read)(PdReader *reader, const Row *row, const PdYamlNode *node);
    guint detail; /* the slot or the fact */
};

static PdCondition *read_map(PdReader *reader, const PdYamlNode *map, const Row *rows,
                             const char *what);

static PdCondition *new_condition(PdReader *reader, PdConditionKind kind, const char *name,
                                  const PdYamlNode *node)
{
    PdCondition *condition = g_new0(PdCondition, 1);

    condition->kind = kind;
    condition->name = g_strdup(name);
    condition->line = pd_yaml_line(node);
    condition->index = reader->set->conditions->len;
    g_ptr_array_add(reader->set->conditions, condition);
    return condition;
}

/* The same pattern on the same slot is one use, in however many conditions. */
static guint slot_use(PdReader *reader, const PdPattern *pattern, guint slot)
{
    g_autofree char *key = g_strdup_printf("%u %s", slot, pd_pattern_shown(pattern));
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(reader->uses, key));

    if (known != 0)
        return known - 1;
    guint id = pd_use_new(reader->set, pattern, slot);
    g_hash_table_insert(reader->uses, g_steal_pointer(&key), GUINT_TO_POINTER(id + 1));
    return id;
}

static void add_use(PdReader *reader, GArray *uses, const PdYamlNode *node, guint slot)
{
    PdUse use = {.pattern = pd_read_pattern(reader, node)};

    if (use.pattern == NULL)
        return;
    use.id = slot == PD_NO_SLOT ? pd_use_new(reader->set, use.pattern, slot)
                                : slot_use(reader, use.pattern, slot);
    g_array_append_val(uses, use);
}

static GArray *read_uses(PdReader *reader, const PdYamlNode *node, guint slot)
{
    GArray *uses = g_array_new(FALSE, FALSE, sizeof(PdUse));

    if (pd_yaml_kind(node) != PD_YAML_LIST) {
        add_use(reader, uses, node, slot);
        return uses;
    }
    for (guint i = 0; i < pd_yaml_count(node); i++)
        add_use(reader, uses, pd_yaml_item(node, i), slot);
    if (pd_yaml_count(node) == 0)
        pd_reader_complain(reader, node, "the list is empty; a pattern is expected");
    return uses;
}

static PdCondition *read_slot(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    PdCondition *condition = new_condition(reader, PD_CONDITION_TEXT, row->name, node);

    condition->slot = row->detail;
    condition->uses = read_uses(reader, node, row->detail);
    return condition;
}

static guint header_slot(PdReader *reader, const char *name)
{
    GPtrArray *headers = reader->set->headers;

    for (guint i = 0; i < headers->len; i++) {
        if (g_ascii_strcasecmp(g_ptr_array_index(headers, i), name) == 0)
            return PD_SLOT_HEADERS + i;
    }
    g_ptr_array_add(headers, g_strdup(name));
    return PD_SLOT_HEADERS + headers->len - 1;
}

static gboolean is_header_name(const char *name)
{
    return strpbrk(name, " :\t\r\n") == NULL && *name != '\0';
}

static PdCondition *read_header(PdReader *reader, const PdYamlNode *key, const PdYamlNode *node)
{
    g_autofree char *label = g_strconcat("header ", pd_yaml_text(key), NULL);
    gboolean wanted;

    if (pd_yaml_kind(node) == PD_YAML_SCALAR && pd_yaml_boolean(node, &wanted)) {
        PdCondition *present = new_condition(reader, PD_CONDITION_PRESENT, label, key);
        present->fact = PD_FACT_HEADER;
        present->wanted = wanted;
        present->slot = header_slot(reader, pd_yaml_text(key));
        return present;
    }
    PdCondition *condition = new_condition(reader, PD_CONDITION_TEXT, label, key);
    condition->slot = header_slot(reader, pd_yaml_text(key));
    condition->uses = read_uses(reader, node, condition->slot);
    return condition;
}

static PdCondition *new_parent(PdReader *reader, PdConditionKind kind, const char *name,
                               const PdYamlNode *node)
{
    PdCondition *parent = new_condition(reader, kind, name, node);

    parent->children = g_ptr_array_new_with_free_func((GDestroyNotify)pd_condition_free);
    return parent;
}

static void add_child(PdCondition *parent, PdCondition *child)
{
    if (child != NULL)
        g_ptr_array_add(parent->children, child);
}

static PdCondition *read_headers(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    if (pd_yaml_kind(node) != PD_YAML_MAP || pd_yaml_count(node) == 0) {
        pd_reader_complain(reader, node, "'header' expects names of headers, each with a pattern");
        return NULL;
    }
    PdCondition *all = new_parent(reader, PD_CONDITION_ALL, row->name, node);
    for (guint i = 0; i < pd_yaml_count(node); i++) {
        const PdYamlNode *key = pd_yaml_key(node, i);
        if (pd_yaml_text(key) == NULL || !is_header_name(pd_yaml_text(key)))
            pd_reader_complain(reader, key, "this is no name of a header");
        else
            add_child(all, read_header(reader, key, pd_yaml_value(node, i)));
    }
    return all;
}

static PdCondition *read_attachment(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    static const char *const keys[] = {"name", "type", "text", NULL};
    gboolean wanted;

    if (pd_yaml_kind(node) == PD_YAML_SCALAR && pd_yaml_boolean(node, &wanted)) {
        PdCondition *present = new_condition(reader, PD_CONDITION_PRESENT, row->name, node);
        present->fact = PD_FACT_ATTACHMENT;
        present->wanted = wanted;
        return present;
    }
    PdCondition *condition = new_condition(reader, PD_CONDITION_ATTACHMENT, row->name, node);
    if (pd_yaml_kind(node) != PD_YAML_MAP) {
        condition->uses = read_uses(reader, node, PD_NO_SLOT);
        return condition;
    }
    pd_yaml_check_keys(reader->yaml, node, keys, "part of 'attachment'", reader->list);
    const PdYamlNode *name = pd_yaml_get(node, "name"), *type = pd_yaml_get(node, "type"),
                     *text = pd_yaml_get(node, "text");
    condition->uses = name != NULL ? read_uses(reader, name, PD_NO_SLOT) : NULL;
    condition->types = type != NULL ? read_uses(reader, type, PD_NO_SLOT) : NULL;
    condition->texts = text != NULL ? read_uses(reader, text, PD_NO_SLOT) : NULL;
    reader->set->reads_attachments |= text != NULL;
    if (name == NULL && type == NULL && text == NULL)
        pd_reader_complain(reader, node, "'attachment' expects 'name', 'type' or 'text'");
    return condition;
}

static PdCondition *read_domain(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    PdCondition *condition = new_condition(reader, PD_CONDITION_DOMAIN, row->name, node);

    condition->words = pd_read_words(reader, node, NULL, "a domain");
    for (guint i = 0; condition->words[i] != NULL; i++) {
        if (strpbrk(condition->words[i], "@\\*?^$|()[] ") != NULL)
            pd_reader_complain(reader, node,
                               "'%s' is no domain; write it plainly, such as example.org (what is "
                               "below it counts too)",
                               condition->words[i]);
    }
    return condition;
}

/* The words that a fact can be; NULL: any. Kept for the life of the program. */
static const char *const *fact_choices(guint fact)
{
    static const char *origins[PD_ORIGIN_SELF + 2], *ways[PD_VIA_BCC + 2],
        *results[PD_AUTH_RESULT_OTHER + 2];
    static const char *const statuses[] = {"new",    "open", "waiting", "resolved",
                                           "closed", "spam", "merged",  NULL};

    for (guint i = 0; i <= PD_ORIGIN_SELF; i++)
        origins[i] = pd_origin_name((PdOrigin)i);
    for (guint i = 0; i <= PD_VIA_BCC; i++)
        ways[i] = pd_via_name((PdVia)i);
    for (guint i = 0; i <= PD_AUTH_RESULT_OTHER; i++)
        results[i] = pd_auth_result_name((PdAuthResult)i);
    switch (fact) {
    case PD_FACT_ORIGIN:
        return origins;
    case PD_FACT_VIA:
        return ways;
    case PD_FACT_SPF:
    case PD_FACT_DKIM:
    case PD_FACT_DMARC:
        return results;
    case PD_FACT_TICKET_STATUS:
        return statuses;
    default:
        return NULL;
    }
}

static PdCondition *read_fact(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    PdCondition *condition = new_condition(reader, PD_CONDITION_FACT, row->name, node);
    g_autofree char *what = g_strdup_printf("a value of '%s'", row->name);

    condition->fact = (PdFact)row->detail;
    condition->words = pd_read_words(reader, node, fact_choices(row->detail), what);
    return condition;
}

/* "> 5M", "< 2d": a bound and a side. */
static PdCondition *read_range(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    PdCondition *condition = new_condition(reader, PD_CONDITION_RANGE, row->name, node);
    const char *text = pd_yaml_text(node);
    gboolean is_size = row->detail == PD_FACT_SIZE, good = FALSE;
    gint64 bound = 0;
    guint64 bytes = 0;

    condition->fact = (PdFact)row->detail;
    condition->most = G_MAXINT64;
    if (text != NULL && (*text == '<' || *text == '>')) {
        const char *number = text + 1 + strspn(text + 1, " ");
        good =
            is_size ? pd_text_parse_size(number, &bytes) : pd_text_parse_duration(number, &bound);
        bound = is_size ? (gint64)bytes : bound;
    }
    if (!good)
        pd_reader_complain(reader, node, "'%s' expects a bound, such as '%s'", row->name,
                           is_size ? "> 5M" : "< 2d");
    else if (*text == '<')
        condition->most = bound - 1;
    else
        condition->least = bound + 1;
    return condition;
}

static PdCondition *read_trust(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    static const Row rows[] = {
        {"spf", read_fact, PD_FACT_SPF},
        {"dkim", read_fact, PD_FACT_DKIM},
        {"dmarc", read_fact, PD_FACT_DMARC},
        {NULL, NULL, 0},
    };

    (void)row;
    return read_map(reader, node, rows, "part of 'trust'");
}

static PdCondition *read_ticket(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    static const Row rows[] = {
        {"status", read_fact, PD_FACT_TICKET_STATUS},
        {"category", read_fact, PD_FACT_TICKET_CATEGORY},
        {"age", read_range, PD_FACT_AGE},
        {NULL, NULL, 0},
    };
    gboolean wanted;

    if (pd_yaml_kind(node) != PD_YAML_SCALAR || !pd_yaml_boolean(node, &wanted))
        return read_map(reader, node, rows, "part of 'ticket'");
    PdCondition *condition = new_condition(reader, PD_CONDITION_PRESENT, row->name, node);
    condition->fact = PD_FACT_TICKET;
    condition->wanted = wanted;
    return condition;
}

/* Calendars in whose hours the mail came, or in none of whose. */
static PdCondition *read_inside(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    const Row inside = {"inside", read_fact, PD_FACT_INSIDE};
    PdCondition *condition = read_fact(reader, &inside, node);
    GPtrArray *calendars = reader->set->calendars;

    for (guint i = 0; condition->words[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)calendars->pdata, condition->words[i]))
            g_ptr_array_insert(calendars, 0, condition->words[i]);
    }
    if (strcmp(row->name, inside.name) == 0)
        return condition;
    PdCondition *none = new_parent(reader, PD_CONDITION_NOT, row->name, node);
    g_ptr_array_add(none->children, condition);
    return none;
}

static PdCondition *read_time(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    static const Row rows[] = {
        {"inside", read_inside, PD_FACT_INSIDE},
        {"outside", read_inside, PD_FACT_INSIDE},
        {NULL, NULL, 0},
    };

    (void)row;
    return read_map(reader, node, rows, "part of 'time'");
}

static PdCondition *read_list(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    PdCondition *parent = new_parent(reader, (PdConditionKind)row->detail, row->name, node);

    if (pd_yaml_kind(node) != PD_YAML_LIST || pd_yaml_count(node) == 0) {
        pd_reader_complain(reader, node, "'%s' expects a list of conditions", row->name);
        return parent;
    }
    for (guint i = 0; i < pd_yaml_count(node); i++)
        add_child(parent, pd_read_conditions(reader, pd_yaml_item(node, i)));
    return parent;
}

/* Of a list: none of them may hold. */
static PdCondition *read_not(PdReader *reader, const Row *row, const PdYamlNode *node)
{
    static const Row any = {"any", read_list, PD_CONDITION_ANY};
    PdCondition *parent = new_parent(reader, PD_CONDITION_NOT, row->name, node);

    if (pd_yaml_kind(node) == PD_YAML_LIST)
        add_child(parent, read_list(reader, &any, node));
    else
        add_child(parent, pd_read_conditions(reader, node));
    return parent;
}

static const Row condition_rows[] = {
    {"subject", read_slot, PD_SLOT_SUBJECT},
    {"body", read_slot, PD_SLOT_BODY},
    {"text", read_slot, PD_SLOT_TEXT},
    {"full_text", read_slot, PD_SLOT_FULL_TEXT},
    {"from", read_slot, PD_SLOT_FROM},
    {"from_name", read_slot, PD_SLOT_FROM_NAME},
    {"to", read_slot, PD_SLOT_TO},
    {"cc", read_slot, PD_SLOT_CC},
    {"domain", read_domain, 0},
    {"header", read_headers, 0},
    {"attachment", read_attachment, 0},
    {"language", read_fact, PD_FACT_LANGUAGE},
    {"origin", read_fact, PD_FACT_ORIGIN},
    {"via", read_fact, PD_FACT_VIA},
    {"trust", read_trust, 0},
    {"department", read_fact, PD_FACT_DEPARTMENT},
    {"time", read_time, 0},
    {"size", read_range, PD_FACT_SIZE},
    {"ticket", read_ticket, 0},
    {"all", read_list, PD_CONDITION_ALL},
    {"any", read_list, PD_CONDITION_ANY},
    {"not", read_not, PD_CONDITION_NOT},
    {NULL, NULL, 0},
};

static const Row *find_row(const Row *rows, const char *name)
{
    for (; rows->name != NULL; rows++) {
        if (name != NULL && strcmp(rows->name, name) == 0)
            return rows;
    }
    return NULL;
}

static gboolean check_names(PdReader *reader, const PdYamlNode *map, const Row *rows,
                            const char *what)
{
    const char *names[G_N_ELEMENTS(condition_rows)] = {NULL};

    for (guint i = 0; rows[i].name != NULL; i++)
        names[i] = rows[i].name;
    return pd_yaml_check_keys(reader->yaml, map, names, what, reader->list);
}

static PdCondition *read_map(PdReader *reader, const PdYamlNode *map, const Row *rows,
                             const char *what)
{
    if (!check_names(reader, map, rows, what))
        return NULL;
    if (pd_yaml_count(map) == 0) {
        pd_reader_complain(reader, map, "there is no %s here", what);
        return NULL;
    }
    gboolean single = pd_yaml_count(map) == 1;
    PdCondition *all = single ? NULL : new_parent(reader, PD_CONDITION_ALL, "all", map);
    for (guint i = 0; i < pd_yaml_count(map); i++) {
        const Row *row = find_row(rows, pd_yaml_text(pd_yaml_key(map, i)));
        if (row == NULL)
            continue;
        PdCondition *condition = row->read(reader, row, pd_yaml_value(map, i));
        if (single)
            return condition;
        add_child(all, condition);
    }
    return all;
}

PdCondition *pd_read_conditions(PdReader *reader, const PdYamlNode *map)
{
    return read_map(reader, map, condition_rows, "condition");
}
