/* maildir.c: see maildir.h. */
#include "wire/maildir.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/text.h"

#include <string.h>
#include <unistd.h>

static const char *const parts[] = {"new", "cur", "tmp"};

char *pd_maildir_folder(const char *maildir, const char *folder)
{
    if (g_ascii_strcasecmp(folder, "INBOX") == 0)
        return g_strdup(maildir);
    if (*folder == '\0' || *folder == '.' || !pd_text_is_one_line(folder) ||
        strstr(folder, "..") != NULL || strstr(folder, "//") != NULL)
        return NULL;
    g_autofree char *name = g_strdelimit(g_strdup(folder), "/", '.');
    return g_strconcat(maildir, "/.", name, NULL);
}

gboolean pd_maildir_is_there(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_build_filename(path, parts[i], NULL);
        if (!g_file_test(part, G_FILE_TEST_IS_DIR))
            return FALSE;
    }
    return TRUE;
}

PdStatus *pd_maildir_make(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_build_filename(path, parts[i], NULL);
        PD_TRY(pd_folder_make(part, 0700));
    }
    return NULL;
}

char *pd_maildir_unique_name(void)
{
    static guint count; /* of this process */
    gint64 now = pd_clock_now();
    g_autofree char *host = g_strdelimit(g_strdup(g_get_host_name()), "/:", '_');

    return g_strdup_printf("%" G_GINT64_FORMAT ".M%06dP%dQ%u.%s", now / PD_SECOND,
                           (int)(now % PD_SECOND), (int)getpid(), ++count, host);
}
