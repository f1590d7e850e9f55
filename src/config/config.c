/* config.c: postdesk.yaml as a whole; see postdesk/config.h.
 *
 * Reading goes on after every mistake; a record leaves here only if there was none.
 */
#include "postdesk/config.h"

#include "settings.h"

#include <string.h>
#include <unistd.h>

#define FILE_NAME "postdesk.yaml"

static const char *const section_names[] = {"desk",    "mailboxes", "relays",
                                            "answers", "limits",    NULL};

static void mailbox_free(gpointer data)
{
    pd_section_clear(&pd_section_mailbox, data);
    g_free(data);
}

static void relay_free(gpointer data)
{
    pd_section_clear(&pd_section_relay, data);
    g_free(data);
}

static PdConfig *config_new(const char *path)
{
    PdConfig *config = g_new0(PdConfig, 1);

    config->path = g_canonicalize_filename(path, NULL);
    config->mailboxes = g_ptr_array_new_with_free_func(mailbox_free);
    config->relays = g_ptr_array_new_with_free_func(relay_free);
    return config;
}

void pd_config_free(PdConfig *config)
{
    static const PdSection *const sections[] = {&pd_section_root, &pd_section_desk,
                                                &pd_section_answers, &pd_section_limits};

    if (config == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
        pd_section_clear(sections[i], config);
    g_ptr_array_unref(config->mailboxes);
    g_ptr_array_unref(config->relays);
    g_free(config->path);
    g_free(config);
}

/* Names stand in lock and socket names: one of each kind. */
static void check_name(const PdReading *reading, const PdYamlNode *map, const char *what,
                       const char *name, GHashTable *names)
{
    if (name == NULL || g_hash_table_add(names, (gpointer)name))
        return;
    pd_yaml_complain(reading->yaml, pd_yaml_get(map, "name"), PD_ERROR, reading->list,
                     "a %s named '%s' stands above already; names are unique", what, name);
}

static void read_mailbox(const PdReading *reading, const PdYamlNode *map, GHashTable *names,
                         GPtrArray *mailboxes)
{
    PdMailbox *mailbox = g_new0(PdMailbox, 1);

    g_ptr_array_add(mailboxes, mailbox);
    pd_section_read(reading, &pd_section_mailbox, map, NULL, mailbox);
    if (pd_yaml_kind(map) != PD_YAML_MAP)
        return;
    pd_settings_check_mailbox(reading, map, mailbox);
    check_name(reading, map, "mailbox", mailbox->name, names);
}

static void read_relay(const PdReading *reading, const PdYamlNode *map, GHashTable *names,
                       GPtrArray *relays)
{
    PdRelayConfig *relay = g_new0(PdRelayConfig, 1);

    g_ptr_array_add(relays, relay);
    pd_section_read(reading, &pd_section_relay, map, NULL, relay);
    if (pd_yaml_kind(map) != PD_YAML_MAP)
        return;
    pd_settings_check_relay(reading, map, relay);
    check_name(reading, map, "relay", relay->name, names);
    if (relays->len == 2)
        pd_yaml_complain(reading->yaml, map, PD_ERROR, reading->list,
                         "a second relay; this version knows one");
}

typedef void (*ReadEntry)(const PdReading *reading, const PdYamlNode *map, GHashTable *names,
                          GPtrArray *entries);

static void read_entries(const PdReading *reading, const char *key, ReadEntry read,
                         GPtrArray *entries)
{
    const PdYamlNode *list = pd_yaml_get(pd_yaml_root(reading->yaml), key);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    if (list != NULL && pd_yaml_kind(list) != PD_YAML_LIST) {
        pd_yaml_complain(reading->yaml, list, PD_ERROR, reading->list,
                         "%s is no list; begin each entry with '- name: …'", key);
        return;
    }
    for (guint i = 0; list != NULL && i < pd_yaml_count(list); i++)
        read(reading, pd_yaml_item(list, i), names, entries);
}

static gboolean is_without(const PdYamlNode *root, const char *key)
{
    const PdYamlNode *list = pd_yaml_get(root, key);

    return list == NULL || (pd_yaml_kind(list) == PD_YAML_LIST && pd_yaml_count(list) == 0);
}

/* Where nothing comes in or goes out the admin may mean it (inject, a test). */
static void warn_of_silence(const PdReading *reading)
{
    const PdYamlNode *root = pd_yaml_root(reading->yaml);

    if (is_without(root, "mailboxes"))
        pd_yaml_complain(reading->yaml, root, PD_WARNING, reading->list,
                         "no mailbox: mail comes in by 'postdesk inject' only");
    if (is_without(root, "relays"))
        pd_yaml_complain(reading->yaml, root, PD_WARNING, reading->list,
                         "no relay: no mail goes out");
}

static const PdYamlNode *find(const PdReading *reading, const char *section, const char *key)
{
    const PdYamlNode *map = pd_yaml_get(pd_yaml_root(reading->yaml), section);

    return map != NULL ? pd_yaml_get(map, key) : NULL;
}

static void complete_languages(const PdReading *reading, PdConfig *config)
{
    const PdYamlNode *node = find(reading, "desk", "default_language");

    if (config->languages == NULL || config->languages[0] == NULL)
        return;
    if (node == NULL)
        config->default_language = g_strdup(config->languages[0]);
    else if (config->default_language != NULL &&
             !g_strv_contains((const char *const *)config->languages, config->default_language))
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "default_language '%s' is not among the languages; add it there",
                         config->default_language);
}

static void complete_bounce_address(const PdReading *reading, PdConfig *config)
{
    const PdYamlNode *node = find(reading, "answers", "bounce_address");

    if (node == NULL && config->desk_address != NULL)
        config->bounce_address = g_strconcat("bounces", strrchr(config->desk_address, '@'), NULL);
    if (config->bounce_address != NULL && strchr(config->bounce_address, '+') != NULL)
        pd_yaml_complain(reading->yaml, node, PD_ERROR, reading->list,
                         "bounce_address holds a '+'; leave it out, the token is added behind one");
}

/* What the desk mails itself is no alarm for anybody (alarm.c). */
static void warn_of_own_admin(const PdReading *reading, const PdConfig *config)
{
    if (config->admin != NULL && pd_config_is_own_address(config, config->admin))
        pd_yaml_complain(reading->yaml, find(reading, "desk", "admin"), PD_WARNING, reading->list,
                         "desk.admin is an address of the desk itself, so that no alarm would be "
                         "mailed; name somebody's own");
}

static void complete_workers(PdConfig *config)
{
    if (config->process_workers == 0)
        config->process_workers = MAX(g_get_num_processors(), 1);
}

static void read_root(const PdReading *reading, PdConfig *config)
{
    const PdYamlNode *root = pd_yaml_root(reading->yaml);

    pd_section_read(reading, &pd_section_root, root, section_names, config);
    if (pd_yaml_kind(root) != PD_YAML_MAP)
        return;
    pd_section_read(reading, &pd_section_desk, pd_yaml_get(root, "desk"), NULL, config);
    pd_section_read(reading, &pd_section_answers, pd_yaml_get(root, "answers"), NULL, config);
    pd_section_read(reading, &pd_section_limits, pd_yaml_get(root, "limits"), NULL, config);
    read_entries(reading, "mailboxes", read_mailbox, config->mailboxes);
    read_entries(reading, "relays", read_relay, config->relays);
    pd_settings_check_folders(reading, pd_yaml_get(root, "mailboxes"), config->mailboxes);
    warn_of_silence(reading);
    complete_languages(reading, config);
    complete_bounce_address(reading, config);
    warn_of_own_admin(reading, config);
    complete_workers(config);
}

PdConfig *pd_config_load_copy(const char *copy, const char *path, PdDiagnostics *list)
{
    guint errors_before = pd_diagnostics_errors(list);
    g_autoptr(PdYaml) yaml = pd_yaml_read_file(copy, list);

    if (yaml == NULL)
        return NULL;
    if (pd_yaml_root(yaml) == NULL) {
        pd_diagnostics_add(list, PD_ERROR, copy, 0, 0,
                           "the file is empty; 'postdesk init' writes one to begin with");
        return NULL;
    }
    g_autoptr(PdConfig) config = config_new(path);
    g_autofree char *folder = g_path_get_dirname(config->path);
    PdReading reading = {.yaml = yaml, .list = list, .folder = folder};
    read_root(&reading, config);
    return pd_diagnostics_errors(list) == errors_before ? g_steal_pointer(&config) : NULL;
}

PdConfig *pd_config_load(const char *path, PdDiagnostics *list)
{
    return pd_config_load_copy(path, path, list);
}

char *pd_config_find(const char *given)
{
    const char *named = given != NULL ? given : g_getenv("POSTDESK_CONFIG");

    if (named != NULL && *named != '\0')
        return g_strdup(named);
    if (access(FILE_NAME, F_OK) == 0)
        return g_strdup(FILE_NAME);
    return g_build_filename(PD_SYSCONF_DIR, FILE_NAME, NULL);
}

char *pd_config_shipped(const char *name)
{
    const char *given = g_getenv("POSTDESK_DATA");

    return g_build_filename(given != NULL ? given : PD_DATA_DIR, name, NULL);
}

const PdMailbox *pd_config_mailbox(const PdConfig *config, const char *name)
{
    for (guint i = 0; i < config->mailboxes->len; i++) {
        const PdMailbox *mailbox = config->mailboxes->pdata[i];
        if (strcmp(mailbox->name, name) == 0)
            return mailbox;
    }
    return NULL;
}

/* Nearly all addresses are ASCII, and several of each mail are asked about. */
static char *fold_address(const char *address)
{
    return g_str_is_ascii(address) ? g_ascii_strdown(address, -1) : g_utf8_casefold(address, -1);
}

/* Most are no address of the desk's, and tell so by their first letter; however they are folded,
 * ASCII stays ASCII. */
static gboolean begins_otherwise(const char *address, const char *own)
{
    return (guchar)*own < 0x80 && g_ascii_tolower(*own) != *address;
}

/* The address itself, or it with a plus detail; it is folded already. */
static gboolean leads_to(const char *address, const char *own)
{
    if (begins_otherwise(address, own))
        return FALSE;
    g_autofree char *folded = fold_address(own);
    const char *domain = strrchr(folded, '@');
    gsize local = (gsize)(domain - folded);

    if (strncmp(address, folded, local) != 0)
        return FALSE;
    const char *address_domain = strrchr(address, '@');
    return (address[local] == '@' || address[local] == '+') && address_domain != NULL &&
           address_domain >= address + local && strcmp(address_domain, domain) == 0;
}

gboolean pd_config_is_own_address(const PdConfig *config, const char *address)
{
    if (!g_utf8_validate(address, -1, NULL))
        return FALSE;
    g_autofree char *folded = fold_address(address);
    if (leads_to(folded, config->desk_address) || leads_to(folded, config->bounce_address))
        return TRUE;
    for (char **alias = config->desk_aliases; *alias != NULL; alias++) {
        if (leads_to(folded, *alias))
            return TRUE;
    }
    return FALSE;
}
