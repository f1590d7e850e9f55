/* people_ldif.c: what a directory exported, read into an import (import.h).
 *
 * A directory holds more than people: what has no mail address, groups, machines and accounts that
 * are switched off are passed over. It gives nobody a role: that is for people.yaml to say. */
#include "desk/import.h"
#include "desk/ldif.h"

#include "postdesk/text.h"
#include <string.h>

#define DISABLED 2 /* a bit of Active Directory's userAccountControl */
#define MOST_GROUPS 200

static const char *const no_person[] = {"group",
                                        "groupofnames",
                                        "groupofuniquenames",
                                        "posixgroup",
                                        "organizationalunit",
                                        "organization",
                                        "computer",
                                        "mailgroup",
                                        "publicfolder",
                                        "organizationalrole",
                                        NULL};

static gboolean is_passed_over(const PdLdifEntry *entry)
{
    const PdLdifAttribute *control = pd_ldif_find(entry, "useraccountcontrol");

    if (control != NULL && control->value != NULL &&
        (g_ascii_strtoll(control->value, NULL, 10) & DISABLED) != 0)
        return TRUE;
    for (guint i = 0; i < entry->attributes->len; i++) {
        const PdLdifAttribute *attribute = g_ptr_array_index(entry->attributes, i);
        if (strcmp(attribute->name, "objectclass") != 0 || attribute->value == NULL)
            continue;
        g_autofree char *class = g_ascii_strdown(attribute->value, -1);
        if (g_strv_contains(no_person, class))
            return TRUE;
    }
    return FALSE;
}

/* The value in the desk's first language, else the one of no language, else the first. */
static const PdLdifAttribute *best_of(const PdImport *import, const PdLdifEntry *entry,
                                      const char *name)
{
    const char *wanted = import->languages != NULL ? import->languages[0] : NULL;
    const PdLdifAttribute *plain = NULL, *any = NULL;

    for (guint i = 0; i < entry->attributes->len; i++) {
        const PdLdifAttribute *attribute = g_ptr_array_index(entry->attributes, i);
        if (strcmp(attribute->name, name) != 0 || attribute->value == NULL ||
            attribute->value[0] == '\0')
            continue;
        if (attribute->language != NULL && wanted != NULL &&
            g_ascii_strncasecmp(attribute->language, wanted, 2) == 0)
            return attribute;
        any = any != NULL ? any : attribute;
        if (attribute->language == NULL && plain == NULL)
            plain = attribute;
    }
    return plain != NULL ? plain : any;
}

/* Of the first of the names that has a value. */
static void take_first(const PdImport *import, const PdLdifEntry *entry, const char *member,
                       const char *const *names, PdJson *person)
{
    for (; *names != NULL; names++) {
        const PdLdifAttribute *attribute = best_of(import, entry, *names);
        if (attribute == NULL)
            continue;
        g_autofree char *line = pd_text_fold_space(attribute->value);
        pd_import_text(import, attribute->line, member, line, person);
        return;
    }
}

/* An address of this attribute, NULL if it holds none ("x500:…", "sip:…"). */
static const char *address_in(const PdLdifAttribute *attribute, gboolean *is_primary)
{
    static const char *const plain[] = {
        "mail", "rfc822mailbox", "mailalternateaddress", "maillocaladdress", "othermailbox", NULL};
    const char *value = attribute->value;

    *is_primary = FALSE;
    if (value == NULL || value[0] == '\0')
        return NULL;
    if (g_strv_contains(plain, attribute->name))
        return value;
    if (strcmp(attribute->name, "proxyaddresses") != 0 ||
        g_ascii_strncasecmp(value, "smtp:", 5) != 0)
        return NULL;
    *is_primary = g_str_has_prefix(value, "SMTP:");
    return value + 5;
}

typedef struct {
    const char *address; /* borrowed */
    guint line;
} Found;

static gboolean is_among(const GArray *found, const char *address)
{
    for (guint i = 0; i < found->len; i++)
        if (g_ascii_strcasecmp(g_array_index(found, Found, i).address, address) == 0)
            return TRUE;
    return FALSE;
}

/* Each once; the primary one first, for that is where the person reads. */
static GArray *addresses_of(const PdLdifEntry *entry)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Found));

    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < entry->attributes->len; i++) {
            const PdLdifAttribute *attribute = g_ptr_array_index(entry->attributes, i);
            gboolean is_primary;
            const char *address = address_in(attribute, &is_primary);
            const Found one = {address, attribute->line};
            if (address != NULL && is_primary == (pass == 0) && !is_among(found, address))
                g_array_append_val(found, one);
        }
    }
    return found;
}

/* "zh-CN, en;q=0.8": the first of the desk's languages; a directory may hold others. */
static void take_language(const PdImport *import, const PdLdifEntry *entry, PdJson *person)
{
    const PdLdifAttribute *attribute = pd_ldif_find(entry, "preferredlanguage");

    if (attribute == NULL || attribute->value == NULL || import->languages == NULL)
        return;
    g_auto(GStrv) ranges = g_strsplit(attribute->value, ",", -1);
    for (char **range = ranges; *range != NULL; range++) {
        const char *tag = g_strstrip(*range);
        for (const char *const *known = import->languages; *known != NULL; known++) {
            if (g_ascii_strncasecmp(tag, *known, 2) == 0 && !g_ascii_isalnum(tag[2])) {
                pd_json_set_text(person, "language", *known);
                return;
            }
        }
    }
}

/* "CN=Net\, core,OU=Groups,…": its own name. Caller frees. */
static char *first_name_of(const char *dn)
{
    GString *name = g_string_new(NULL);
    const char *equals = strchr(dn, '=');

    for (const char *c = equals != NULL ? equals + 1 : ""; *c != '\0' && *c != ','; c++) {
        if (*c == '\\' && g_ascii_isxdigit(c[1]) && g_ascii_isxdigit(c[2])) {
            g_string_append_c(name,
                              (char)(g_ascii_xdigit_value(c[1]) * 16 + g_ascii_xdigit_value(c[2])));
            c += 2;
        } else {
            c += *c == '\\' && c[1] != '\0';
            g_string_append_c(name, *c);
        }
    }
    return g_strstrip(g_string_free(name, FALSE));
}

static void take_groups(const PdLdifEntry *entry, PdJson *person)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(PdJson) groups = pd_json_array();

    for (guint i = 0; i < entry->attributes->len; i++) {
        const PdLdifAttribute *attribute = g_ptr_array_index(entry->attributes, i);
        if (strcmp(attribute->name, "memberof") != 0 || attribute->value == NULL)
            continue;
        g_autofree char *name = first_name_of(attribute->value);
        if (g_utf8_validate(name, -1, NULL) && name[0] != '\0' && pd_text_is_one_line(name) &&
            g_hash_table_size(seen) < MOST_GROUPS && g_hash_table_add(seen, g_strdup(name)))
            pd_json_add_text(groups, name);
    }
    if (pd_json_length(groups) > 0)
        pd_json_set(person, "groups", pd_json_ref(groups));
}

static void read_entry(PdImport *import, const PdLdifEntry *entry)
{
    static const char *const names[] = {"displayname", "cn", NULL};
    static const char *const departments[] = {"department", "ou", NULL};
    static const char *const phones[] = {"telephonenumber", "mobile", NULL};
    g_autoptr(GArray) found = addresses_of(entry);

    if (found->len == 0 || is_passed_over(entry))
        return;
    PdJson *person = pd_json_object();
    PdJson *addresses = pd_json_array();
    take_first(import, entry, "name", names, person);
    if (pd_json_get(person, "name") == NULL)
        pd_import_complain(import, entry->line,
                           "the entry has neither displayName nor cn in UTF-8");
    for (guint i = 0; i < found->len; i++) {
        const Found *one = &g_array_index(found, Found, i);
        pd_import_address(import, one->line, one->address, addresses);
    }
    pd_json_set(person, "addresses", addresses);
    take_first(import, entry, "department", departments, person);
    take_language(import, entry, person);
    take_groups(entry, person);
    take_first(import, entry, "phone", phones, person);
    pd_json_add(import->people, person);
}

void pd_import_ldif(PdImport *import)
{
    g_autoptr(GPtrArray) entries = pd_ldif_read(import->path, import->list);

    for (guint i = 0; entries != NULL && i < entries->len; i++)
        read_entry(import, g_ptr_array_index(entries, i));
    if (entries != NULL && pd_json_length(import->people) == 0)
        pd_import_complain(import, 0,
                           "no person with a mail address is in it; export 'mail' and "
                           "'displayName' as well");
}
