/* people_file.c: people.yaml and what lies in people/, as postdesk-people(5) describes them. */
#include "desk/people_private.h"
#include "desk/reading.h"
#include "desk/wish.h"

#include "postdesk/text.h"
#include "postdesk/yaml.h"
#include <string.h>

typedef struct {
    PdReading reading;
    PdPeople *people;
    const char *const *languages; /* or NULL */
    GHashTable *own;              /* addresses and patterns of this file → their node */
} Reader;

/* A language that the desk writes; NULL complained of. */
static const char *read_language(const Reader *reader, const PdYamlNode *map)
{
    const PdYamlNode *node = pd_yaml_get(map, "language");

    if (node == NULL)
        return NULL;
    if (reader->languages == NULL)
        return pd_reading_text(&reader->reading, node, "a language");
    gint index = pd_reading_choice(&reader->reading, node, reader->languages,
                                   "a language of this desk (desk.languages)");
    return index >= 0 ? reader->languages[index] : NULL;
}

static PdPersonRole read_role(const Reader *reader, const PdYamlNode *map)
{
    const PdYamlNode *node = pd_yaml_get(map, "role");
    gint index = node != NULL
                     ? pd_reading_choice(&reader->reading, node, pd_person_role_names(), "a role")
                     : -1;

    return index >= 0 ? (PdPersonRole)index : PD_ROLE_REPORTER;
}

/* FALSE, complained of, if this file has it already. */
static gboolean is_first(const Reader *reader, const PdYamlNode *node, const char *folded)
{
    const PdYamlNode *earlier = g_hash_table_lookup(reader->own, folded);

    if (earlier != NULL)
        pd_reading_complain(&reader->reading, node, "'%s' was given before, in line %u",
                            pd_yaml_text(node), pd_yaml_line(earlier));
    else
        g_hash_table_insert(reader->own, g_strdup(folded), (gpointer)node);
    return earlier == NULL;
}

static void add_address(const Reader *reader, const PdYamlNode *node, PdPerson *person,
                        GPtrArray *addresses)
{
    const char *address = pd_reading_text(&reader->reading, node, "an address");

    g_autofree char *mistake = address != NULL ? pd_text_address_mistake(address) : NULL;
    if (address == NULL)
        return;
    if (!pd_text_is_address(address)) {
        pd_reading_complain(&reader->reading, node, "'%s' is %s", address, mistake);
        return;
    }
    if (mistake != NULL) /* who writes from it is known by it all the same */
        pd_reading_warn(&reader->reading, node, "'%s' is never mailed: it is %s", address, mistake);
    g_autofree char *folded = g_ascii_strdown(address, -1);
    if (!is_first(reader, node, folded))
        return;
    g_ptr_array_add(addresses, g_strdup(address));
    if (!g_hash_table_contains(reader->people->addresses, folded))
        g_hash_table_insert(reader->people->addresses, g_steal_pointer(&folded), person);
}

/* "address" for one, "addresses" for several. */
static void read_addresses(const Reader *reader, const PdYamlNode *map, PdPerson *person)
{
    const PdYamlNode *one = pd_yaml_get(map, "address");
    const PdYamlNode *several = pd_yaml_get(map, "addresses");
    g_autofree const PdYamlNode **items = pd_reading_items(several != NULL ? several : one);
    GPtrArray *addresses = g_ptr_array_new();

    if (one != NULL && several != NULL)
        pd_reading_complain(&reader->reading, one, "write all of them under 'addresses'");
    if (items[0] == NULL)
        pd_reading_complain(&reader->reading, map,
                            "the person has no address; write 'address: name@example.org'");
    for (guint i = 0; items[i] != NULL; i++)
        add_address(reader, items[i], person, addresses);
    g_ptr_array_add(addresses, NULL);
    person->addresses = (char **)g_ptr_array_free(addresses, FALSE);
}

static char **read_groups(const Reader *reader, const PdYamlNode *node)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);
    GPtrArray *groups = g_ptr_array_new();

    for (guint i = 0; items[i] != NULL; i++) {
        const char *group = pd_reading_text(&reader->reading, items[i], "the name of a group");
        if (group != NULL)
            g_ptr_array_add(groups, g_strdup(group));
    }
    g_ptr_array_add(groups, NULL);
    return (char **)g_ptr_array_free(groups, FALSE);
}

static void read_person(const Reader *reader, const PdYamlNode *map)
{
    static const char *const keys[] = {"name", "address", "addresses", "department", "language",
                                       "role", "groups",  "phone",     PD_WISH_KEYS, NULL};
    const PdReading *reading = &reader->reading;

    if (!pd_yaml_check_keys(reading->yaml, map, keys, "part of a person", reading->list))
        return;
    PdPerson *person = g_new0(PdPerson, 1);
    g_ptr_array_add(reader->people->persons, person);
    person->name = g_strdup(pd_reading_member(reading, map, "name", "a name"));
    if (pd_yaml_get(map, "name") == NULL)
        pd_reading_complain(reading, map, "the person has no 'name'");
    read_addresses(reader, map, person);
    person->department = g_strdup(pd_reading_member(reading, map, "department", "a department"));
    person->language = g_strdup(read_language(reader, map));
    person->role = read_role(reader, map);
    person->groups = read_groups(reader, pd_yaml_get(map, "groups"));
    person->phone = g_strdup(pd_reading_member(reading, map, "phone", "a telephone number"));
    pd_wish_read(reading, map, &person->wish);
}

/* Names with dots between, "*." in front for all below. */
static gboolean is_pattern(const char *text)
{
    const char *domain = g_str_has_prefix(text, "*.") ? text + 2 : text;

    return *domain != '\0' && strpbrk(domain, "*@ \t/") == NULL && *domain != '.' &&
           !g_str_has_suffix(domain, ".") && strstr(domain, "..") == NULL;
}

static void read_domain(const Reader *reader, const PdYamlNode *key, const PdYamlNode *map)
{
    static const char *const keys[] = {"department", "language", "role", NULL};
    const PdReading *reading = &reader->reading;
    const char *text = pd_yaml_text(key);

    if (text == NULL || !is_pattern(text)) {
        pd_reading_complain(reading, key,
                            "this is no domain; write example.org, or \"*.example.org\" for all "
                            "below it");
        return;
    }
    g_autofree char *folded = g_ascii_strdown(text, -1);
    if (!is_first(reader, key, folded) ||
        !pd_yaml_check_keys(reading->yaml, map, keys, "part of a domain", reading->list))
        return;
    PdPeopleDomain *domain = g_new0(PdPeopleDomain, 1);
    g_ptr_array_add(reader->people->all_domains, domain);
    domain->pattern = g_strdup(text);
    domain->department = g_strdup(pd_reading_member(reading, map, "department", "a department"));
    domain->language = g_strdup(read_language(reader, map));
    domain->role = read_role(reader, map);
    if (!g_hash_table_contains(reader->people->domains, folded))
        g_hash_table_insert(reader->people->domains, g_steal_pointer(&folded), domain);
}

static gboolean is_null(const PdYamlNode *node)
{
    return pd_yaml_kind(node) == PD_YAML_SCALAR && pd_yaml_text(node) == NULL;
}

static void read_persons(const Reader *reader, const PdYamlNode *node)
{
    if (node == NULL || is_null(node))
        return;
    if (pd_yaml_kind(node) != PD_YAML_LIST)
        pd_reading_complain(&reader->reading, node, "'people' expects a list of persons");
    for (guint i = 0; pd_yaml_kind(node) == PD_YAML_LIST && i < pd_yaml_count(node); i++)
        read_person(reader, pd_yaml_item(node, i));
}

static void read_domains(const Reader *reader, const PdYamlNode *node)
{
    if (node == NULL || is_null(node))
        return;
    if (pd_yaml_kind(node) != PD_YAML_MAP)
        pd_reading_complain(&reader->reading, node,
                            "'domains' expects domains: example.org: {department: …}");
    for (guint i = 0; pd_yaml_kind(node) == PD_YAML_MAP && i < pd_yaml_count(node); i++)
        read_domain(reader, pd_yaml_key(node, i), pd_yaml_value(node, i));
}

static void read_unknown_senders(const Reader *reader, const PdYamlNode *node)
{
    static const char *const words[] = {"allow", "hold", "refuse", NULL};
    gint index = node != NULL ? pd_reading_choice(&reader->reading, node, words, "a policy") : -1;

    if (index < 0)
        return;
    reader->people->unknown = (PdUnknownSenders)index;
}

void pd_people_read(PdPeople *people, const char *path, const char *const *languages,
                    PdDiagnostics *list)
{
    static const char *const keys[] = {"people", "domains", "unknown_senders", NULL};
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(path, list);
    g_autoptr(GHashTable) own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const PdYamlNode *root = yaml != NULL ? pd_yaml_root(yaml) : NULL;
    const Reader reader = {{yaml, list}, people, languages, own};

    if (root == NULL || !pd_yaml_check_keys(yaml, root, keys, "part of the file", list))
        return;
    read_unknown_senders(&reader, pd_yaml_get(root, "unknown_senders"));
    read_persons(&reader, pd_yaml_get(root, "people"));
    read_domains(&reader, pd_yaml_get(root, "domains"));
}
