/* files.c: see files.h. */
#include "files.h"

#include "postdesk/inforce.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_TOLD 600 /* bytes of mistakes in an alarm */

/* state: the folder that is worked in. */
static PdStatus *load_config(const char *path, const char *state, PdConfig **config)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) loaded = pd_config_load(path, list);

    if (loaded == NULL)
        return pd_diagnostics_status(list);
    if (strcmp(loaded->state, state) != 0)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, "restart instead",
                             "%s: the state folder cannot change while running", path);
    *config = g_steal_pointer(&loaded);
    return NULL;
}

static PdStatus *load_desk(const PdConfig *config, PdStore *store, PdDesk **desk)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    *desk = pd_desk_new(config, store, list);
    return *desk != NULL ? NULL : pd_diagnostics_status(list);
}

/* Takes the mistakes; returns them where there is nothing to go on with, which kept tells. */
static PdStatus *go_on(PdStatus *mistakes, PdStatus *kept, gint64 since)
{
    g_autoptr(PdStatus) no_copy = kept;

    if (no_copy != NULL) {
        pd_log_status(PD_LOG_WARNING, "files-not-kept", NULL, no_copy);
        return mistakes;
    }
    g_autofree char *told = pd_status_told(mistakes);
    g_autofree char *at = pd_clock_format_utc(since);
    pd_log(PD_LOG_WARNING, "files-refused", NULL, "going on with the files in force since %s: %s",
           at, told);
    pd_status_free(mistakes);
    return NULL;
}

static PdStatus *check(const PdConfig *config)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();

    return pd_desk_check(config, list) ? NULL : pd_diagnostics_status(list);
}

/* *config is there, too, where postdesk.yaml is right and a file that it names is not. */
static PdStatus *load_right(const char *path, const char *state, PdConfig **config)
{
    PD_TRY(load_config(path, state, config));
    return check(*config);
}

/* A right postdesk.yaml beside wrong rules was refused with them: a role that reads nothing else
 * must not be the only one that works by it. It does so where there is no copy. */
PdStatus *pd_role_config(const char *path, const char *state, PdConfig **config, gboolean *is_copy)
{
    g_autoptr(PdConfig) own = NULL;
    gint64 since = 0;
    PdStatus *mistakes = load_right(path, state, &own);

    *is_copy = FALSE;
    if (mistakes != NULL) {
        PdStatus *kept = pd_inforce_config(state, path, config, &since);
        mistakes = go_on(mistakes, kept, since);
        *is_copy = mistakes == NULL;
    }
    if (*is_copy || own == NULL)
        return mistakes;
    pd_status_free(mistakes);
    *config = g_steal_pointer(&own);
    return NULL;
}

static PdStatus *load_copy(const PdRole *role, PdStore *store, PdConfig **config, PdDesk **desk,
                           gint64 *since)
{
    g_autoptr(PdConfig) copied = NULL;

    PD_TRY(pd_inforce_config(role->config->state, role->config->path, &copied, since));
    PD_TRY(load_desk(copied, store, desk));
    *config = g_steal_pointer(&copied);
    return NULL;
}

/* Takes the mistakes of the files; as go_on(). */
static PdStatus *fall_back(const PdRole *role, PdStatus *mistakes, PdConfig **config, PdDesk **desk)
{
    gint64 since = 0;

    if (!role->is_supervised)
        return mistakes;
    PdStatus *kept = load_copy(role, role->store, config, desk, &since);
    return go_on(mistakes, kept, since);
}

PdStatus *pd_files_desk(PdRole *role, PdConfig **own, PdDesk **desk)
{
    *own = NULL;
    if (*desk != NULL)
        return pd_desk_work_in(*desk, role->store);
    PdStatus *mistakes = load_desk(role->config, role->store, desk);
    if (mistakes == NULL)
        return NULL;
    PD_TRY(fall_back(role, mistakes, own, desk));
    pd_files_tell_mistakes(role, role->config->path, NULL);
    return NULL;
}

static PdStatus *load_anew(const PdRole *role, PdConfig **config, PdDesk **desk)
{
    g_autoptr(PdConfig) loaded = NULL;

    PD_TRY(load_config(role->config->path, role->config->state, &loaded));
    PD_TRY(load_desk(loaded, role->store, desk));
    *config = g_steal_pointer(&loaded);
    return NULL;
}

static void log_refused(const PdStatus *mistakes)
{
    pd_log_status(PD_LOG_ERROR, "reload-refused", NULL, mistakes);
}

PdDesk *pd_files_desk_anew(const PdRole *role, PdConfig **config)
{
    PdDesk *desk = NULL;
    PdStatus *mistakes = load_anew(role, config, &desk);

    if (mistakes != NULL)
        mistakes = fall_back(role, mistakes, config, &desk);
    if (mistakes == NULL)
        return desk;
    log_refused(mistakes);
    pd_status_free(mistakes);
    return NULL;
}

PdStatus *pd_files_check(const PdConfig *in_force, PdConfig **config)
{
    g_autoptr(PdConfig) loaded = NULL;
    PdStatus *mistakes = load_right(in_force->path, in_force->state, &loaded);

    if (mistakes == NULL)
        *config = g_steal_pointer(&loaded);
    else
        log_refused(mistakes);
    return mistakes;
}

void pd_files_keep(const PdConfig *config)
{
    g_autoptr(PdStatus) status = pd_inforce_keep(config);

    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "files-not-kept", NULL, status);
}

/* Whether a role that must be started anew could; if not, why is logged. A dry desk tells, for one
 * with a store reads the token key, which is not for roles with a connection. */
static gboolean has_copy(const PdRole *role, gint64 *since)
{
    g_autoptr(PdConfig) copied = NULL;
    PdDesk *desk = NULL;
    g_autoptr(PdStatus) status = load_copy(role, NULL, &copied, &desk, since);

    pd_desk_free(desk);
    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "files-not-kept", NULL, status);
    return status == NULL;
}

/* What has no advice of its own are mistakes that check lists, each with its place. */
static char *why_not_used(const PdStatus *mistakes)
{
    if (mistakes == NULL)
        return g_strdup("The files have mistakes, which the log names (postdesk check lists them), "
                        "and are not used.");
    g_autofree char *told = pd_status_told(mistakes);
    g_autofree char *shown = pd_text_shorten(told, MOST_TOLD);
    const char *more = pd_status_advice(mistakes) == NULL ? " (postdesk check lists all)" : "";
    return g_strdup_printf("The files are not used: %s%s.", shown, more);
}

void pd_files_tell_mistakes(PdRole *role, const char *path, const PdStatus *mistakes)
{
    gint64 since = 0;
    g_autofree char *why = why_not_used(mistakes);
    g_autofree char *at = has_copy(role, &since) ? pd_clock_format_local(since) : NULL;
    g_autofree char *text =
        at != NULL
            ? g_strdup_printf("%s The roles go on with the files in force since %s, those too that "
                              "must be started anew.",
                              why, at)
            : g_strdup_printf("%s The roles that run go on with what they had, but there is no "
                              "copy of that (the log says why): a role that must be started anew "
                              "cannot start before the files are mended.",
                              why);
    PdJson *facts = pd_json_set_text(pd_json_object(), "file", path);

    if (at != NULL)
        pd_json_set_text(facts, "since", at);
    pd_role_alarm(role, "reload", path, text, facts);
}
