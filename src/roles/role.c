/* role.c: see role.h. */
#include "role.h"

#include "files.h"
#include "postdesk/secrets.h"
#include "postdesk/source.h"
#include "postdesk/wake.h"
#include "signals.h"
#include <string.h>
#include <unistd.h>

#define LONGEST_NAME 60 /* a socket's path is short */
#define KEPT_OF_LONGER 40

static gboolean stands_in_file_names(gunichar character)
{
    return g_unichar_isalnum(character) || character == '.' || character == '-';
}

/* Cut at a character, and told from its like by a digest of the whole name. */
static void cut_and_mark(GString *safe, const char *name)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    const char *end = safe->str;

    g_utf8_validate_len(safe->str, MIN(safe->len, KEPT_OF_LONGER), &end);
    g_string_truncate(safe, (gsize)(end - safe->str));
    g_string_append_printf(safe, "-%.12s", digest);
}

/* No two roles share a lock: of "collect.support/INBOX" nothing but the one separator is replaced,
 * and a name of which more is bears the digest. */
static char *file_name_of(const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    GString *safe = g_string_new(NULL);
    guint replaced = 0;

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        gboolean kept = stands_in_file_names(character);
        g_string_append_unichar(safe, kept ? character : '_');
        replaced += !kept;
    }
    if (replaced > 1 || safe->len > LONGEST_NAME)
        cut_and_mark(safe, name);
    return g_string_free(safe, FALSE);
}

static void add_collectors(GPtrArray *names, const PdMailbox *mailbox)
{
    for (char **folder = mailbox->folders; *folder != NULL; folder++) {
        g_autofree char *name = g_strdup_printf("collect.%s/%s", mailbox->name, *folder);
        g_ptr_array_add(names, file_name_of(name));
    }
}

GPtrArray *pd_role_names(const PdConfig *config)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(names, g_strdup("supervise"));
    for (guint i = 0; i < config->mailboxes->len; i++)
        add_collectors(names, g_ptr_array_index(config->mailboxes, i));
    for (guint i = 0; i < config->process_workers; i++)
        g_ptr_array_add(names, g_strdup_printf("process.%u", i));
    if (config->relays->len > 0)
        g_ptr_array_add(names, g_strdup("deliver"));
    g_ptr_array_add(names, g_strdup("clock"));
    return names;
}

PdStatus *pd_role_check_names(const PdConfig *config)
{
    g_autoptr(GPtrArray) names = pd_role_names(config);

    for (guint i = 0; i < names->len; i++)
        PD_TRY(pd_wake_check(config->state, g_ptr_array_index(names, i)));
    return NULL;
}

gboolean pd_role_is_running(const PdConfig *config, const char *role)
{
    g_autofree char *path = g_build_filename(config->state, "lock", role, NULL);

    return pd_lock_is_held(path);
}

static PdStatus *take_lock(PdRole *role)
{
    g_autofree char *folder = g_build_filename(role->config->state, "lock", NULL);
    g_autofree char *path = g_build_filename(folder, role->name, NULL);

    PD_TRY(pd_folder_make(folder, 0700));
    return pd_lock_take(path, &role->lock);
}

/* Who had this part before may have been cut off between a commit and the knock behind it. */
static void knock_for_predecessor(const PdRole *role)
{
    pd_wake_knock(role->config->state, "process");
    pd_wake_knock(role->config->state, "deliver");
    pd_wake_knock(role->config->state, "clock");
}

PdStatus *pd_role_begin(PdRole *role, const PdRoleContext *context, const char *name)
{
    memset(role, 0, sizeof *role);
    role->config = context->config;
    role->name = file_name_of(name);
    role->is_supervised = context->supervisor >= 0;
    role->wake = -1;
    PD_TRY(pd_folder_make(role->config->state, 0700));
    PD_TRY(take_lock(role));
    PD_TRY(pd_store_open(role->config->state, PD_STORE_CREATE, &role->store));
    PD_TRY(pd_wake_listen(role->config->state, role->name, &role->wake));
    pd_signals_install(role->wake);
    knock_for_predecessor(role);
    if (context->is_copy)
        pd_files_tell_mistakes(role, role->config->path, NULL);
    return NULL;
}

void pd_role_end(PdRole *role)
{
    if (role->config == NULL)
        return; /* it never began */
    if (role->wake >= 0)
        pd_wake_close(role->config->state, role->name, role->wake);
    role->wake = -1;
    g_clear_pointer(&role->store, pd_store_close);
    g_clear_pointer(&role->lock, pd_lock_free);
    g_clear_pointer(&role->name, g_free);
}

gboolean pd_role_password_was_refused(const PdServer *server, const PdStatus *status)
{
    return pd_source_was_refused(status) && !pd_secret_is_renewable(server);
}

gint64 pd_role_server_pause(const PdServer *server, guint failures, const PdStatus *last)
{
    if (pd_role_password_was_refused(server, last))
        return pd_clock_backoff(failures, PD_MINUTE, 30 * PD_MINUTE);
    return pd_clock_backoff(failures, PD_SECOND, 5 * PD_MINUTE);
}

static PdStatus *store_alarm(PdRole *role, const char *kind, const char *subject, const char *text,
                             const PdJson *facts, gboolean *is_new)
{
    PD_TRY(pd_store_begin(role->store));
    PdStatus *status = pd_store_alarm(role->store, kind, subject, text, facts, is_new);
    if (status == NULL)
        status = pd_store_commit(role->store);
    if (status != NULL)
        pd_store_rollback(role->store);
    return status;
}

gboolean pd_role_alarm(PdRole *role, const char *kind, const char *subject, const char *text,
                       PdJson *facts)
{
    g_autoptr(PdJson) taken = facts;
    const PdLogFields fields = {.mailbox = role->mailbox};
    gboolean is_new = FALSE;

    g_autoptr(PdStatus) status = store_alarm(role, kind, subject, text, taken, &is_new);
    if (is_new || status != NULL)
        pd_log(PD_LOG_WARNING, "alarm", &fields, "%s: %s", subject, text);
    if (status != NULL)
        pd_log_status(PD_LOG_ERROR, "alarm-lost", NULL, status);
    else if (is_new)
        pd_wake_knock(role->config->state, "clock");
    return status == NULL;
}

gboolean pd_role_alarm_of(PdRole *role, const char *kind, const char *what, const char *subject,
                          const char *before, const PdStatus *status)
{
    PdJson *facts = pd_json_set_text(pd_json_object(), what, subject);
    g_autofree char *told = pd_status_told(status);
    g_autofree char *text = g_strconcat(before, told, NULL);

    g_autofree char *reason = pd_status_line(status);
    pd_json_set_text(facts, "reason", reason);
    pd_json_set_text(facts, "advice", pd_status_advice(status));
    return pd_role_alarm(role, kind, subject, text, facts);
}
