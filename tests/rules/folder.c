/* folder.c: see folder.h. */
#include "folder.h"

#include <glib/gstdio.h>
#include <string.h>

static const char matrix[] = "matrix:\n"
                             "  high: {high: P1, medium: P2, low: P3}\n"
                             "  medium: {high: P2, medium: P3, low: P4}\n"
                             "  low: {high: P3, medium: P4, low: P4}\n";

void folder_write(const char *folder, const char *name, const char *text, gsize length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    g_mkdir_with_parents(parent, 0700);
    if (!g_file_set_contents(path, text, (gssize)length, NULL))
        g_error("%s cannot be written", path);
}

char *folder_new(void)
{
    char *folder = g_dir_make_tmp("postdesk-rules-XXXXXX", NULL);

    if (folder == NULL)
        g_error("no folder for temporary files");
    folder_write(folder, "matrix.yaml", matrix, strlen(matrix));
    return folder;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        remove_tree(child);
    }
    g_remove(path);
}

void folder_remove(char *folder)
{
    remove_tree(folder);
    g_free(folder);
}

PdRuleSet *set_of(const char *text, PdDiagnostics *list)
{
    char *folder = folder_new();

    folder_write(folder, "a.yaml", text, strlen(text));
    PdRuleSet *set = pd_rule_set_load(folder, list);
    folder_remove(folder);
    return set;
}

static GPtrArray *texts(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static GPtrArray *addresses(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pd_address_free);
}

PdMail *mail_of(const char *from, const char *subject, const char *body)
{
    PdMail *mail = g_new0(PdMail, 1);

    mail->from = from != NULL ? pd_address_new("", from) : NULL;
    mail->subject = g_strdup(subject);
    mail->text = g_strdup(body);
    mail->full_text = g_strdup(body);
    mail->quoted = g_strdup("");
    mail->signature = g_strdup("");
    mail->language = g_strdup("en");
    mail->in_reply_to = texts();
    mail->references = texts();
    mail->delivered_to = texts();
    mail->evidence = texts();
    mail->defects = texts();
    mail->reply_to = addresses();
    mail->to = addresses();
    mail->cc = addresses();
    mail->attachments = g_ptr_array_new();
    mail->charsets = g_ptr_array_new();
    mail->headers = g_ptr_array_new();
    mail->bounce = g_ptr_array_new();
    mail->size = strlen(subject) + strlen(body);
    return mail;
}
