/* desk.c: the desk's belongings, and what follows from the configuration. */
#include "desk/desk_private.h"

#include "postdesk/log.h"
#include <string.h>
#include <unistd.h>

static char *rules_cache(const PdConfig *config)
{
    return g_build_filename(config->state, "rules.cache", NULL);
}

/* The tests of a set that passed them before are not run again. That this cannot be noted (the
 * folder is another account's) costs time and nothing else. */
static void remember(PdDesk *desk, const char *cache)
{
    if (access(desk->config->state, W_OK) != 0)
        return;
    g_autoptr(PdStatus) status = pd_rule_set_remember(desk->rules, cache);
    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "rules-not-kept", NULL, status);
}

static gboolean load_rules(PdDesk *desk, PdDiagnostics *list)
{
    g_autofree char *cache = rules_cache(desk->config);
    guint errors = pd_diagnostics_errors(list);
    guint run = 0;

    desk->rules = pd_rule_set_load_cached(desk->config->rules, cache, list);
    if (desk->rules == NULL)
        return FALSE;
    if (pd_rule_set_passed(desk->rules))
        return TRUE;
    pd_rule_set_test(desk->rules, list, &run);
    if (pd_diagnostics_errors(list) != errors)
        return FALSE;
    remember(desk, cache);
    return TRUE;
}

PdStatus *pd_desk_compile_rules(const PdConfig *config, const PdRuleSet *rules)
{
    g_autofree char *cache = rules_cache(config);

    return pd_rule_set_compile(rules, cache);
}

static gboolean load_templates(PdDesk *desk, PdDiagnostics *list)
{
    const PdConfig *config = desk->config;
    g_autofree char *shipped = pd_config_shipped("templates");

    desk->templates =
        pd_templates_load(shipped, config->templates, (const char *const *)config->languages, list);
    return desk->templates != NULL;
}

static gboolean load_calendars(PdDesk *desk, PdDiagnostics *list)
{
    g_autofree char *folder = g_build_filename(desk->config->rules, "calendars", NULL);

    desk->calendars = pd_calendars_load(folder, list);
    return desk->calendars != NULL;
}

static gboolean load_targets(PdDesk *desk, PdDiagnostics *list)
{
    g_autofree char *path = g_build_filename(desk->config->rules, "targets.yaml", NULL);

    if (desk->calendars == NULL)
        return FALSE; /* which calendars there are is not known */
    desk->targets = pd_targets_load(path, desk->calendars, list);
    return desk->targets != NULL;
}

static gboolean load_people(PdDesk *desk, PdDiagnostics *list)
{
    const PdConfig *config = desk->config;

    desk->people = pd_people_load(config->rules, (const char *const *)config->languages, list);
    return desk->people != NULL;
}

static gboolean load_roster(PdDesk *desk, PdDiagnostics *list)
{
    g_autofree char *path = g_build_filename(desk->config->rules, "roster.yaml", NULL);

    if (desk->calendars == NULL || desk->people == NULL)
        return FALSE;
    desk->roster = pd_roster_load(path, desk->people, desk->calendars, list);
    return desk->roster != NULL;
}

static char *keys_path(PdStore *store)
{
    return g_build_filename(pd_store_folder(store), "token.key", NULL);
}

PdStatus *pd_desk_work_in(PdDesk *desk, PdStore *store)
{
    g_autofree char *path = keys_path(store);

    desk->store = store;
    return pd_token_keys_load(path, &desk->keys);
}

static gboolean load_keys(PdDesk *desk, PdStore *store, PdDiagnostics *list)
{
    if (store == NULL)
        return TRUE;
    g_autofree char *path = keys_path(store);
    g_autoptr(PdStatus) status = pd_desk_work_in(desk, store);
    if (status != NULL)
        pd_diagnostics_add(list, PD_ERROR, path, 0, 0, "%s", pd_status_text(status));
    return status == NULL;
}

static char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return g_strdup(at != NULL ? at + 1 : "localhost");
}

PdDesk *pd_desk_new(const PdConfig *config, PdStore *store, PdDiagnostics *list)
{
    g_autoptr(PdDesk) desk = g_new0(PdDesk, 1);

    desk->config = config;
    desk->domain = domain_of(config->desk_address);
    /* All of them, so that every mistake is told at once. */
    gboolean has_rules = load_rules(desk, list);
    gboolean has_templates = load_templates(desk, list);
    gboolean has_calendars = load_calendars(desk, list);
    gboolean has_targets = load_targets(desk, list);
    gboolean has_people = load_people(desk, list);
    gboolean has_roster = load_roster(desk, list);
    gboolean has_keys = load_keys(desk, store, list);
    return has_rules && has_templates && has_calendars && has_targets && has_people && has_roster &&
                   has_keys
               ? g_steal_pointer(&desk)
               : NULL;
}

void pd_desk_free(PdDesk *desk)
{
    if (desk == NULL)
        return;
    pd_rule_set_free(desk->rules);
    pd_templates_free(desk->templates);
    pd_targets_free(desk->targets);
    pd_roster_free(desk->roster);
    pd_calendars_free(desk->calendars);
    pd_people_free(desk->people);
    pd_token_keys_free(desk->keys);
    g_free(desk->domain);
    g_free(desk);
}

void pd_desk_set_verifier(PdDesk *desk, PdVerify verify, gpointer user)
{
    desk->verify = verify;
    desk->verify_user = user;
}

PdRuleSet *pd_desk_rules(const PdDesk *desk)
{
    return desk->rules;
}

PdCalendars *pd_desk_calendars(const PdDesk *desk)
{
    return desk->calendars;
}

PdPeople *pd_desk_people(const PdDesk *desk)
{
    return desk->people;
}

PdRoster *pd_desk_roster(const PdDesk *desk)
{
    return desk->roster;
}

const char *pd_desk_language(const PdDesk *desk, const char *wanted)
{
    if (wanted != NULL && g_strv_contains((const char *const *)desk->config->languages, wanted))
        return wanted;
    return desk->config->default_language;
}

/* All addresses of the desk; free the array, not the strings. */
static const char **own_addresses(const PdConfig *config)
{
    GPtrArray *own = g_ptr_array_new();

    g_ptr_array_add(own, config->desk_address);
    for (char **alias = config->desk_aliases; alias != NULL && *alias != NULL; alias++)
        g_ptr_array_add(own, *alias);
    if (config->bounce_address != NULL)
        g_ptr_array_add(own, config->bounce_address);
    g_ptr_array_add(own, NULL);
    return (const char **)g_ptr_array_free(own, FALSE);
}

void pd_desk_mail_options(const PdConfig *config, const char *mailbox, PdMailOptions *options)
{
    g_autofree char *name =
        mailbox != NULL ? g_strndup(mailbox, strcspn(mailbox, "/")) : g_strdup("");
    const PdMailbox *box = pd_config_mailbox(config, name);

    *options = (PdMailOptions){.own_addresses = own_addresses(config)};
    if (box == NULL)
        return;
    options->authserv_ids = (const char *const *)box->authserv_ids;
    options->default_charset = box->default_charset;
}

void pd_desk_mail_options_clear(PdMailOptions *options)
{
    g_free((gpointer)options->own_addresses);
    *options = (PdMailOptions){0};
}
