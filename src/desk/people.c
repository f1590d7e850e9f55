/* people.c: all the people, and who is behind an address; see postdesk/people.h. */
#include "desk/people_private.h"

#include "postdesk/files.h"
#include "postdesk/mail.h"
#include <string.h>

static PdPeople *new_people(void)
{
    PdPeople *people = g_new0(PdPeople, 1);

    people->persons = g_ptr_array_new_with_free_func((GDestroyNotify)pd_person_free);
    people->with_role = g_ptr_array_new();
    people->all_domains = g_ptr_array_new_with_free_func((GDestroyNotify)pd_people_domain_free);
    people->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return people;
}

void pd_people_free(PdPeople *people)
{
    if (people == NULL)
        return;
    g_hash_table_unref(people->addresses);
    g_hash_table_unref(people->domains);
    g_ptr_array_unref(people->with_role);
    g_ptr_array_unref(people->persons);
    g_ptr_array_unref(people->all_domains);
    g_free(people);
}

/* people.yaml first, then the imported ones in order of name. */
static GPtrArray *list_files(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *imported = g_build_filename(folder, "people", NULL);
    g_autofree char *own = g_build_filename(folder, "people.yaml", NULL);
    g_autoptr(GDir) dir = g_dir_open(imported, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ".yaml") && name[0] != '.')
            g_ptr_array_add(paths, g_build_filename(imported, name, NULL));
    }
    pd_names_sort(paths);
    if (g_file_test(own, G_FILE_TEST_EXISTS))
        g_ptr_array_insert(paths, 0, g_steal_pointer(&own));
    return paths;
}

PdPeople *pd_people_load(const char *folder, const char *const *languages, PdDiagnostics *list)
{
    g_autoptr(PdPeople) people = new_people();
    g_autoptr(GPtrArray) paths = list_files(folder);
    guint errors = pd_diagnostics_errors(list);

    for (guint i = 0; i < paths->len; i++)
        pd_people_read(people, g_ptr_array_index(paths, i), languages, list);
    for (guint i = 0; i < people->persons->len; i++) {
        PdPerson *person = g_ptr_array_index(people->persons, i);
        if (person->role != PD_ROLE_REPORTER)
            g_ptr_array_add(people->with_role, person);
    }
    return pd_diagnostics_errors(list) == errors ? g_steal_pointer(&people) : NULL;
}

const GPtrArray *pd_people_with_role(const PdPeople *people)
{
    return people->with_role;
}

guint pd_people_count(const PdPeople *people)
{
    return people->persons->len;
}

const PdPerson *pd_people_get(const PdPeople *people, guint index)
{
    return g_ptr_array_index(people->persons, index);
}

PdUnknownSenders pd_people_unknown_senders(const PdPeople *people)
{
    return people->unknown;
}

static const PdPerson *find_exact(const PdPeople *people, const char *address)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);

    return g_hash_table_lookup(people->addresses, folded);
}

const PdPerson *pd_people_find(const PdPeople *people, const char *address)
{
    const PdPerson *person = find_exact(people, address);

    if (person != NULL || strchr(address, '+') == NULL)
        return person;
    g_autofree char *base = pd_address_base(address);
    return base != NULL ? find_exact(people, base) : NULL;
}

gboolean pd_people_are_same(const PdPeople *people, const char *one, const char *other)
{
    const PdPerson *person = pd_people_find(people, one);

    return pd_address_equal(one, other) ||
           (person != NULL && pd_people_find(people, other) == person);
}

static gboolean is_of_desk(const PdPerson *person)
{
    return person->role == PD_ROLE_ENGINEER || person->role == PD_ROLE_DISPATCHER ||
           person->role == PD_ROLE_LEAD || person->role == PD_ROLE_ADMIN;
}

const PdPerson *pd_people_of_desk(const PdPeople *people, const char *meant, GPtrArray *names)
{
    const PdPerson *by_address = pd_people_find(people, meant);
    const PdPerson *exact = NULL;
    const PdPerson *begins = NULL;
    guint same = 0, beginning = 0;

    if (by_address != NULL && is_of_desk(by_address))
        return by_address;
    if (meant[0] == '\0')
        return NULL;
    g_autofree char *folded = g_utf8_casefold(meant, -1);
    for (guint i = 0; i < people->persons->len; i++) {
        const PdPerson *person = g_ptr_array_index(people->persons, i);
        g_autofree char *name = g_utf8_casefold(person->name, -1);
        if (!is_of_desk(person))
            continue;
        if (names != NULL)
            g_ptr_array_add(names, person->name);
        if (strcmp(name, folded) == 0) {
            exact = person;
            same++;
        }
        if (g_str_has_prefix(name, folded)) {
            begins = person;
            beginning++;
        }
    }
    if (same > 0)
        return same == 1 ? exact : NULL;
    return beginning == 1 ? begins : NULL;
}

static gboolean fits_caller(const PdPerson *person, const char *caller)
{
    return g_strcmp0(person->name, caller) == 0 || g_strcmp0(person->phone, caller) == 0;
}

/* Of several who fit, the phone may tell one. */
static const PdPerson *only_with_phone(const GPtrArray *fitting, const char *phone)
{
    const PdPerson *found = NULL;

    for (guint i = 0; phone != NULL && i < fitting->len; i++) {
        const PdPerson *person = g_ptr_array_index(fitting, i);
        if (g_strcmp0(person->phone, phone) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = person;
    }
    return found;
}

const PdPerson *pd_people_caller(const PdPeople *people, const char *caller, const char *phone,
                                 gboolean *several)
{
    const PdPerson *found = strchr(caller, '@') != NULL ? pd_people_find(people, caller) : NULL;
    g_autoptr(GPtrArray) fitting = g_ptr_array_new();

    *several = FALSE;
    for (guint i = 0; found == NULL && i < people->persons->len; i++) {
        PdPerson *person = g_ptr_array_index(people->persons, i);
        if (fits_caller(person, caller))
            g_ptr_array_add(fitting, person);
    }
    if (found == NULL && fitting->len > 0)
        found = fitting->len == 1 ? g_ptr_array_index(fitting, 0) : only_with_phone(fitting, phone);
    *several = found == NULL && fitting->len > 1;
    return found;
}

/* The domain itself, else the pattern nearest to it: for a.b.org "*.b.org", then "*.org". */
static const PdPeopleDomain *find_domain(const PdPeople *people, const char *address)
{
    const char *at = strrchr(address, '@');
    g_autofree char *domain = at != NULL ? g_ascii_strdown(at + 1, -1) : NULL;
    const PdPeopleDomain *found = NULL;

    if (domain == NULL || g_hash_table_size(people->domains) == 0)
        return NULL;
    found = g_hash_table_lookup(people->domains, domain);
    for (char *dot = strchr(domain, '.'); found == NULL && dot != NULL && dot > domain;
         dot = strchr(dot + 1, '.')) {
        g_autofree char *pattern = g_strconcat("*", dot, NULL);
        found = g_hash_table_lookup(people->domains, pattern);
    }
    return found;
}

PdWho pd_people_look_up(const PdPeople *people, const char *address)
{
    const PdPerson *person = pd_people_find(people, address);
    const PdPeopleDomain *domain = find_domain(people, address);
    PdWho who = {.is_known = person != NULL || domain != NULL, .person = person};

    if (domain != NULL) {
        who.domain = domain->pattern;
        who.department = domain->department;
        who.language = domain->language;
        who.role = domain->role;
    }
    if (person == NULL)
        return who;
    who.name = person->name;
    who.role = person->role;
    who.department = person->department != NULL ? person->department : who.department;
    who.language = person->language != NULL ? person->language : who.language;
    return who;
}
