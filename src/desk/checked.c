/* checked.c: files that were loaded once without a mistake need not be loaded to be trusted.
 *
 * A line in the state folder holds one digest of all that a desk is made of: this program's
 * version, the configuration, and every file of the rules and the templates, by name and content.
 * It is written after a load that found no mistake, of the files as they were before it; so files
 * that changed meanwhile are loaded again. Where the line is lost or cannot be written, that costs
 * a load.
 */
#include "desk/walk.h"
#include "postdesk/desk.h"
#include "postdesk/files.h"
#include "postdesk/log.h"

#include <string.h>
#include <unistd.h>

#define LONGEST_LINE 256

/* NULL where not all of it could be read: then nothing is noted. */
static char *digest_of(const PdConfig *config)
{
    g_autoptr(PdWalk) walk = pd_walk_new(config->state);
    g_autofree char *shipped = pd_config_shipped("templates");
    char *digest = NULL;

    pd_walk_text(walk, PD_VERSION);
    pd_walk_config(walk, config, NULL, NULL);
    pd_walk_folder(walk, shipped);
    g_autoptr(PdStatus) status = pd_walk_end(walk, &digest);
    return digest;
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
