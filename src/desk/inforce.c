/* inforce.c: see postdesk/inforce.h.
 *
 *   in-force/now      "PLACE DIGEST TIME": which of the two places holds the copy
 *   in-force/a, b     postdesk.yaml, rules/, templates/
 *
 * A copy is made in the place that is free, and then pointed to; whatever ends the process before
 * leaves the older one. The files are not synced one by one: who takes a copy holds it against the
 * digest, and what the machine's power cut short is made anew at the next start.
 */
#include "postdesk/inforce.h"

#include "desk/walk.h"
#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/files.h"

#include <string.h>
#include <unistd.h>

#define LONGEST_LINE 256

/* What "now" says; clear it in any case. */
typedef struct {
    char *folder; /* in-force */
    char *copy;   /* NULL: there is none */
    char *digest;
    gint64 since;
} Kept;

static void kept_clear(Kept *kept)
{
    g_free(kept->folder);
    g_free(kept->copy);
    g_free(kept->digest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Kept, kept_clear)

static char *now_path(const Kept *kept)
{
    return g_build_filename(kept->folder, "now", NULL);
}

static gboolean is_place(const char *word)
{
    return strcmp(word, "a") == 0 || strcmp(word, "b") == 0;
}

static Kept find_kept(const char *state)
{
    Kept kept = {.folder = g_build_filename(state, "in-force", NULL)};
    g_autofree char *path = now_path(&kept);
    g_autofree char *line = NULL;
    gsize length;
    g_autoptr(PdStatus) absent = pd_file_read(path, LONGEST_LINE, &line, &length);
    g_auto(GStrv) words = g_strsplit(line != NULL ? line : "", " ", 3);

    if (g_strv_length(words) != 3 || !is_place(words[0]))
        return kept;
    kept.copy = g_build_filename(kept.folder, words[0], NULL);
    kept.digest = g_strdup(words[1]);
    kept.since = g_ascii_strtoll(words[2], NULL, 10);
    return kept;
}

static char *free_place(const Kept *kept)
{
    gboolean is_taken = kept->copy != NULL && g_str_has_suffix(kept->copy, "/a");

    return g_build_filename(kept->folder, is_taken ? "b" : "a", NULL);
}

static PdStatus *digest_of(const PdConfig *config, const char *from, const char *to, char **digest)
{
    g_autoptr(PdWalk) walk = pd_walk_new(config->state);

    pd_walk_config(walk, config, from, to);
    return pd_walk_end(walk, digest);
}

static void lead_into_copy(PdConfig *config, const char *copy)
{
    g_free(config->rules);
    config->rules = pd_walk_copied_rules(copy);
    if (config->templates == NULL)
        return;
    g_free(config->templates);
    config->templates = pd_walk_copied_templates(copy);
}

static PdStatus *damaged(const char *copy)
{
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL,
                         "the copy of the files in force in %s is not as it was made", copy);
}

static PdStatus *load_copy(const char *copy, const char *digest, const char *path,
                           PdConfig **loaded)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *file = pd_walk_copied_config(copy);
    g_autoptr(PdConfig) config = pd_config_load_copy(file, path, list);
    g_autofree char *found = NULL;

    if (config == NULL)
        return pd_diagnostics_status(list);
    PD_TRY(digest_of(config, copy, NULL, &found));
    if (strcmp(found, digest) != 0)
        return damaged(copy);
    lead_into_copy(config, copy);
    *loaded = g_steal_pointer(&config);
    return NULL;
}

PdStatus *pd_inforce_config(const char *state, const char *path, PdConfig **config, gint64 *since)
{
    g_auto(Kept) kept = find_kept(state);

    if (kept.copy == NULL)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL,
                             "there is no copy of the files in force in %s", kept.folder);
    PD_TRY(load_copy(kept.copy, kept.digest, path, config));
    *since = kept.since;
    return NULL;
}

static gboolean is_current(const PdConfig *config, const Kept *kept, const char *digest)
{
    g_autoptr(PdConfig) copied = NULL;

    if (kept->copy == NULL || strcmp(kept->digest, digest) != 0)
        return FALSE;
    g_autoptr(PdStatus) status = load_copy(kept->copy, digest, config->path, &copied);
    return status == NULL && pd_rules_same_commit(config->rules, copied->rules);
}

/* The files may have changed since they were found right, and while they were copied. Those that
 * were not are known to be right, so that nothing is loaded here. */
static PdStatus *check_copied(const PdConfig *config, const char *digest)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *now = NULL;

    if (!pd_desk_check(config, list))
        return pd_diagnostics_status(list);
    PD_TRY(digest_of(config, NULL, NULL, &now));
    if (strcmp(now, digest) != 0)
        return pd_status_new(PD_SPOILS_CONFIGURATION, PD_TRY_AGAIN, "tell the desk to reload",
                             "the files changed while they were copied");
    return NULL;
}

static PdStatus *point_to(const Kept *kept, const char *copy, const char *digest)
{
    g_autofree char *path = now_path(kept);
    g_autofree char *place = g_path_get_basename(copy);
    g_autofree char *line =
        g_strdup_printf("%s %s %" G_GINT64_FORMAT, place, digest, pd_clock_now());

    return pd_file_replace(path, line, strlen(line), 0600);
}

static PdStatus *make_copy(const PdConfig *config, const Kept *kept, const char *copy)
{
    g_autofree char *rules = pd_walk_copied_rules(copy);
    g_autofree char *digest = NULL;

    PD_TRY(pd_folder_make(kept->folder, 0700));
    pd_folder_remove(copy);
    PD_TRY(digest_of(config, NULL, copy, &digest));
    PD_TRY(pd_rules_copy_commit(config->rules, rules));
    PD_TRY(check_copied(config, digest));
    return point_to(kept, copy, digest);
}

static void forget(const Kept *kept)
{
    g_autofree char *path = now_path(kept);

    unlink(path);
}

PdStatus *pd_inforce_keep(const PdConfig *config)
{
    g_auto(Kept) kept = find_kept(config->state);
    g_autofree char *copy = free_place(&kept);
    g_autofree char *digest = NULL;
    PdStatus *status = digest_of(config, NULL, NULL, &digest);

    if (status == NULL && is_current(config, &kept, digest)) {
        pd_folder_remove(copy); /* that an earlier process could not remove */
        return NULL;
    }
    if (status == NULL)
        status = make_copy(config, &kept, copy);
    if (kept.copy != NULL)
        pd_folder_remove(kept.copy);
    if (status == NULL)
        return NULL;
    forget(&kept);
    pd_folder_remove(copy);
    return pd_status_prefix(status, "no copy of the files in force is kept");
}
