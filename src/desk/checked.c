/* checked.c: files that were loaded once without a mistake need not be loaded to be trusted.
 *
 * A line in the state folder holds one digest of all that a desk is made of: this program's
 * version, the configuration, and every file of the rules and the templates, by name and content.
 * It is written after a load that found no mistake, of the files as they were before it; so files
 * that changed meanwhile are loaded again. Where the line is lost or cannot be written, that costs
 * a load.
 */
#include "postdesk/desk.h"
#include "postdesk/files.h"
#include "postdesk/hash.h"
#include "postdesk/limits.h"
#include "postdesk/log.h"

#include <string.h>
#include <unistd.h>

#define DEEPEST 8         /* folders in folders */
#define MOST_FILES 20000u /* more are nobody's rules: then nothing is noted */
#define LONGEST_LINE 256

typedef struct {
    PdHash *hash;
    guint files;
    gboolean complete;
} Walk;

static void add_text(Walk *walk, const char *text)
{
    pd_hash_add(walk->hash, text, strlen(text) + 1);
}

static void add_file(Walk *walk, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(PdStatus) status = pd_file_read(path, PD_LIMIT_CONFIG_BYTES, &bytes, &length);
    guint64 size = length;

    walk->complete &= status == NULL && ++walk->files <= MOST_FILES;
    add_text(walk, path);
    pd_hash_add(walk->hash, &size, sizeof size);
    if (status == NULL)
        pd_hash_add(walk->hash, bytes, length);
}

/* Of what is not hidden, in order; NULL where there is no such folder. */
static GPtrArray *names_in(const char *folder)
{
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    const char *name;

    if (open == NULL)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(open)) != NULL) {
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    }
    pd_names_sort(names);
    return names;
}

static void add_folder(Walk *walk, const char *folder, guint depth)
{
    g_autoptr(GPtrArray) names = names_in(folder);

    add_text(walk, folder);
    for (guint i = 0; names != NULL && i < names->len && walk->complete; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) /* a pipe would never end */
            add_file(walk, path);
        else if (g_file_test(path, G_FILE_TEST_IS_DIR) && depth < DEEPEST)
            add_folder(walk, path, depth + 1);
        else
            walk->complete = FALSE;
    }
}

/* NULL where not all of it could be read. */
static char *digest_of(const PdConfig *config)
{
    g_autoptr(PdHash) hash = pd_hash_new();
    g_autofree char *shipped = pd_config_shipped("templates");
    Walk walk = {.hash = hash, .complete = TRUE};
    guint8 digest[PD_HASH_SIZE];

    add_text(&walk, PD_VERSION);
    add_file(&walk, config->path);
    add_folder(&walk, config->rules, 0);
    add_folder(&walk, shipped, 0);
    if (config->templates != NULL)
        add_folder(&walk, config->templates, 0);
    pd_hash_finish(hash, digest);
    return walk.complete ? pd_hash_hex(digest) : NULL;
}

static char *place_of(const PdConfig *config)
{
    return g_build_filename(config->state, "checked", NULL);
}

static gboolean is_noted(const PdConfig *config, const char *digest)
{
    g_autofree char *place = place_of(config);
    g_autofree char *line = NULL;
    gsize length;
    g_autoptr(PdStatus) status = pd_file_read(place, LONGEST_LINE, &line, &length);

    return status == NULL && digest != NULL && strcmp(line, digest) == 0;
}

static void note(const PdConfig *config, const char *digest)
{
    g_autofree char *place = place_of(config);

    if (digest == NULL || access(config->state, W_OK) != 0)
        return;
    g_autoptr(PdStatus) status = pd_file_replace(place, digest, strlen(digest), 0600);
    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "check-not-kept", NULL, status);
}

/* The digest is of before the load: what changes meanwhile is not known to be right. */
static PdDesk *load_and_note(const PdConfig *config, const char *digest, PdDiagnostics *list)
{
    PdDesk *desk = pd_desk_new(config, NULL, list);

    if (desk != NULL)
        note(config, digest);
    return desk;
}

PdDesk *pd_desk_load(const PdConfig *config, PdDiagnostics *list)
{
    g_autofree char *digest = digest_of(config);

    return load_and_note(config, digest, list);
}

gboolean pd_desk_check(const PdConfig *config, PdDiagnostics *list)
{
    g_autofree char *digest = digest_of(config);

    if (is_noted(config, digest))
        return TRUE;
    g_autoptr(PdDesk) desk = load_and_note(config, digest, list);
    return desk != NULL;
}
