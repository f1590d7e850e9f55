/* maildir_uids.c: see maildir_uids.h.
 *
 * Messages get UIDs in the order in which they are first seen. The numbers stand in the
 * file postdesk-uids ("uidvalidity uidnext", then "uid name" lines), which is durable
 * before a UID is told to anybody; without it, or if it is damaged, a new UIDVALIDITY begins.
 */
#include "wire/maildir_uids.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS "postdesk-uids"
#define NUMBERS_MOST (256 * 1024 * 1024)

struct pd_maildir_uids {
    char *path;
    PdSourceFolder folder;
    GHashTable *by_name; /* name → PdMaildirMessage *, owns them */
    GPtrArray *by_uid;   /* borrowed, ascending */
};

static void message_free(gpointer pointer)
{
    PdMaildirMessage *message = pointer;

    g_free(message->name);
    g_free(message->file);
    g_free(message);
}

static PdMaildirMessage *add_message(PdMaildirUids *uids, guint32 uid, const char *name)
{
    PdMaildirMessage *message = g_new0(PdMaildirMessage, 1);

    message->uid = uid;
    message->name = g_strdup(name);
    g_hash_table_insert(uids->by_name, message->name, message);
    g_ptr_array_add(uids->by_uid, message);
    return message;
}

static void forget_numbers(PdMaildirUids *uids)
{
    g_ptr_array_set_size(uids->by_uid, 0);
    g_hash_table_remove_all(uids->by_name);
    uids->folder.uidnext = 1;
    uids->folder.uidvalidity = (guint32)(pd_clock_now() / PD_SECOND);
}

static gboolean parse_numbers(PdMaildirUids *uids, char *text)
{
    char *rest = NULL;
    char *line = strtok_r(text, "\n", &rest);

    if (line == NULL ||
        sscanf(line, "%u %u", &uids->folder.uidvalidity, &uids->folder.uidnext) != 2 ||
        uids->folder.uidvalidity == 0)
        return FALSE;
    for (guint32 before = 0; (line = strtok_r(NULL, "\n", &rest)) != NULL;) {
        char *name = NULL;
        unsigned long uid = strtoul(line, &name, 10);
        if (uid <= before || uid >= uids->folder.uidnext || *name != ' ' || name[1] == '\0' ||
            g_hash_table_contains(uids->by_name, name + 1))
            return FALSE;
        before = (guint32)uid;
        add_message(uids, before, name + 1);
    }
    return TRUE;
}

static PdStatus *read_numbers(PdMaildirUids *uids)
{
    g_autofree char *path = g_build_filename(uids->path, NUMBERS, NULL);
    g_autofree char *text = NULL;
    gsize length;

    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        PD_TRY(pd_file_read(path, NUMBERS_MOST, &text, &length));
        if (parse_numbers(uids, text))
            return NULL;
    }
    forget_numbers(uids);
    return NULL;
}

static PdStatus *write_numbers(const PdMaildirUids *uids)
{
    g_autofree char *path = g_build_filename(uids->path, NUMBERS, NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%u %u\n", uids->folder.uidvalidity, uids->folder.uidnext);
    for (guint i = 0; i < uids->by_uid->len; i++) {
        const PdMaildirMessage *message = g_ptr_array_index(uids->by_uid, i);
        g_string_append_printf(text, "%u %s\n", message->uid, message->name);
    }
    return pd_file_replace(path, text->str, text->len, 0600);
}

/* Notes where the known messages are; unknown ones go to *unknown as "part/file". */
static PdStatus *scan_part(PdMaildirUids *uids, const char *part, GPtrArray *unknown)
{
    g_autofree char *path = g_build_filename(uids->path, part, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *file;

    if (folder == NULL)
        return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, "check the Maildir's permissions",
                             "%s cannot be read", path);
    while ((file = g_dir_read_name(folder)) != NULL) {
        if (*file == '.' || strchr(file, '\n') != NULL)
            continue;
        g_autofree char *name = g_strndup(file, strcspn(file, ":"));
        PdMaildirMessage *message = g_hash_table_lookup(uids->by_name, name);
        char *found = g_strconcat(part, "/", file, NULL);
        if (message == NULL) {
            g_ptr_array_add(unknown, found);
            continue;
        }
        g_free(message->file);
        message->file = found;
    }
    return NULL;
}

static int by_file_name(gconstpointer left, gconstpointer right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;

    return strcmp(a + strlen("new/"), b + strlen("new/")); /* begins with the time */
}

static void forget_gone(PdMaildirUids *uids)
{
    guint kept = 0;

    for (guint i = 0; i < uids->by_uid->len; i++) {
        PdMaildirMessage *message = g_ptr_array_index(uids->by_uid, i);
        if (message->file != NULL)
            uids->by_uid->pdata[kept++] = message;
        else
            g_hash_table_remove(uids->by_name, message->name);
    }
    g_ptr_array_set_size(uids->by_uid, (int)kept);
}

static void add_unknown(PdMaildirUids *uids, const GPtrArray *unknown)
{
    for (guint i = 0; i < unknown->len; i++) {
        const char *file = g_ptr_array_index(unknown, i);
        const char *base = file + strlen("new/");
        g_autofree char *name = g_strndup(base, strcspn(base, ":"));
        PdMaildirMessage *message = g_hash_table_lookup(uids->by_name, name);
        if (message == NULL)
            message = add_message(uids, uids->folder.uidnext++, name);
        g_free(message->file);
        message->file = g_strdup(file);
    }
}

PdStatus *pd_maildir_uids_scan(PdMaildirUids *uids)
{
    g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func(g_free);
    guint before = uids->by_uid->len;

    for (guint i = 0; i < before; i++) {
        PdMaildirMessage *message = g_ptr_array_index(uids->by_uid, i);
        g_clear_pointer(&message->file, g_free);
    }
    PD_TRY(scan_part(uids, "new", unknown));
    PD_TRY(scan_part(uids, "cur", unknown));
    forget_gone(uids);
    g_ptr_array_sort(unknown, by_file_name);
    add_unknown(uids, unknown);
    uids->folder.exists = uids->by_uid->len;
    return unknown->len > 0 || before != uids->by_uid->len ? write_numbers(uids) : NULL;
}

PdMaildirMessage *pd_maildir_uids_find(const PdMaildirUids *uids, guint32 uid)
{
    guint low = 0;
    guint high = uids->by_uid->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        PdMaildirMessage *message = g_ptr_array_index(uids->by_uid, middle);
        if (message->uid == uid)
            return message;
        if (message->uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const PdSourceFolder *pd_maildir_uids_folder(const PdMaildirUids *uids)
{
    return &uids->folder;
}

PdMaildirMessage *pd_maildir_uids_get(const PdMaildirUids *uids, guint index)
{
    return g_ptr_array_index(uids->by_uid, index);
}

void pd_maildir_uids_free(PdMaildirUids *uids)
{
    if (uids == NULL)
        return;
    g_ptr_array_unref(uids->by_uid);
    g_hash_table_unref(uids->by_name);
    g_free(uids->path);
    g_free(uids);
}

PdStatus *pd_maildir_uids_open(const char *path, PdMaildirUids **uids)
{
    PdMaildirUids *made = g_new0(PdMaildirUids, 1);

    made->path = g_strdup(path);
    made->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, message_free);
    made->by_uid = g_ptr_array_new();
    *uids = made;
    PD_TRY(read_numbers(made));
    return pd_maildir_uids_scan(made);
}
