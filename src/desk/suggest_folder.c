/* suggest_folder.c: a folder of rules for a trial, beside the desk's own. */
#include "desk/suggest_private.h"

#include "postdesk/files.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void pd_trial_folder_clear(PdTrialFolder *folder)
{
    g_autoptr(GDir) dir = folder->path != NULL ? g_dir_open(folder->path, 0, NULL) : NULL;
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder->path, name, NULL);
        unlink(path);
    }
    if (folder->path != NULL)
        g_rmdir(folder->path);
    g_free(folder->path);
}
static PdStatus *failure(const char *what)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "%s: %s", what, g_strerror(errno));
}

static PdStatus *link_into(const PdTrialFolder *folder, const char *rules, const char *name)
{
    g_autofree char *from = g_build_filename(rules, name, NULL);
    g_autofree char *absolute = g_canonicalize_filename(from, NULL);
    g_autofree char *to = g_build_filename(folder->path, name, NULL);

    return symlink(absolute, to) == 0 ? NULL : failure(to);
}

PdStatus *pd_trial_folder_make(PdTrialFolder *folder, const char *rules, gboolean all)
{
    static const char *const facts[] = {"people.yaml", "people", "calendars", "matrix.yaml", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(rules, 0, NULL);
    const char *name;

    folder->path = g_dir_make_tmp("postdesk-suggest-XXXXXX", &error);
    if (folder->path == NULL)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "%s", error->message);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (*name != '.' && (all || g_strv_contains(facts, name)))
            PD_TRY(link_into(folder, rules, name));
    }
    return NULL;
}

PdStatus *pd_trial_folder_write(const PdTrialFolder *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    return pd_file_replace(path, text, strlen(text), 0600);
}
