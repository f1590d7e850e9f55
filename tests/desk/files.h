/* files.h: files for a test, in a folder of its own, and what readers complain of. */
#ifndef TESTS_DESK_FILES_H
#define TESTS_DESK_FILES_H

#include "postdesk/diagnostics.h"
#include <check.h>
#include <glib/gstdio.h>

static inline void files_write(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    ck_assert_int_eq(g_mkdir_with_parents(parent, 0700), 0);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static inline void files_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        files_remove(inner);
    }
    g_remove(path);
}

/* All that is in the list, without the folder, one a line; caller frees. */
static inline char *files_complaints(PdDiagnostics *list, const char *folder)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *prefix = g_strconcat(folder, "/", NULL);

    pd_diagnostics_sort(list);
    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        g_string_append_printf(text, "%s\n", line);
    }
    g_string_replace(text, prefix, "", 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

#endif
