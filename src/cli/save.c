/* save.c: see save.h.
 *
 * Each file is created with O_EXCL by its last name alone, relative to the open folder: a name
 * that is taken gets a number. A file with the same bytes that is there already under one of
 * these names is left as it is and counts as written, so that a second run adds nothing.
 */
#include "save.h"

#include "postdesk/files.h"
#include "postdesk/hash.h"
#include "postdesk/text.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_NAMES 10000 /* of files that would have the same one */
#define MOST_STEM 200    /* bytes: a number and an ending fit behind */
#define MOST_SUFFIX 16

struct pd_save {
    char *path;
    int folder;
    int fd; /* of the file being written, -1 between files */
    char *name;
    guint number; /* behind its name, 1: none */
    guint count;
    PdStatus *failure;
    PdJson *files;
};

PdStatus *pd_save_open(const char *folder, PdSave **save)
{
    *save = NULL;
    PD_TRY(pd_folder_make(folder, 0700));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "name a folder that can be written to",
                             "%s: %s", folder, g_strerror(errno));
    *save = g_new0(PdSave, 1);
    (*save)->path = g_strdup(folder);
    (*save)->folder = fd;
    (*save)->fd = -1;
    (*save)->files = pd_json_array();
    return NULL;
}

void pd_save_free(PdSave *save)
{
    if (save == NULL)
        return;
    if (save->fd >= 0)
        close(save->fd);
    close(save->folder);
    pd_status_free(save->failure);
    pd_json_free(save->files);
    g_free(save->name);
    g_free(save->path);
    g_free(save);
}

PdStatus *pd_save_failure(PdSave *save)
{
    return g_steal_pointer(&save->failure);
}

PdJson *pd_save_files(PdSave *save)
{
    return save->files;
}

static void fail(PdSave *save, const char *what)
{
    if (save->failure == NULL)
        save->failure =
            pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, "is there room, and may it be written to?",
                          "%s/%s: %s: %s", save->path, save->name, what, g_strerror(errno));
}

/* One path component that is visible and no option of a command; "attachment-3" for none. */
static char *safe_name(const PdAttachment *attachment, guint count)
{
    g_autofree char *name = pd_text_printable(attachment->name);

    g_strdelimit(name, "/\\", '_');
    if (strchr(".- ", name[0]) != NULL && name[0] != '\0')
        name[0] = '_';
    if (name[0] != '\0')
        return g_steal_pointer(&name);
    return g_strdup_printf("attachment-%u", count);
}

/* "report.pdf", "report-2.pdf", "report-3.pdf", … */
static char *numbered(const char *name, guint number)
{
    const char *dot = strrchr(name, '.');
    const char *suffix = dot != NULL && strlen(dot) <= MOST_SUFFIX ? dot : "";
    g_autofree char *whole = g_strndup(name, strlen(name) - strlen(suffix));
    g_autofree char *stem = pd_text_shorten(whole, MOST_STEM);

    if (number == 1)
        return g_strconcat(stem, suffix, NULL);
    return g_strdup_printf("%s-%u%s", stem, number, suffix);
}

static void begin(PdSave *save, const PdAttachment *attachment)
{
    g_free(save->name);
    save->name = safe_name(attachment, ++save->count);
    for (save->number = 1; save->number < MOST_NAMES; save->number++) {
        g_autofree char *name = numbered(save->name, save->number);
        save->fd =
            openat(save->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (save->fd >= 0 || errno != EEXIST)
            break;
    }
    if (save->fd < 0)
        fail(save, "cannot be made");
}

static gboolean hash_of(int fd, guint8 digest[PD_HASH_SIZE])
{
    g_autoptr(PdHash) hash = pd_hash_new();
    char buffer[16384];
    ssize_t got;

    while ((got = read(fd, buffer, sizeof(buffer))) > 0)
        pd_hash_add(hash, buffer, (gsize)got);
    pd_hash_finish(hash, digest);
    return got == 0;
}

static gboolean holds(const PdSave *save, const char *name, const PdAttachment *attachment)
{
    guint8 digest[PD_HASH_SIZE];
    struct stat facts;
    int fd = openat(save->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return FALSE;
    gboolean same = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
                    (guint64)facts.st_size == attachment->size && hash_of(fd, digest) &&
                    memcmp(digest, attachment->sha256, PD_HASH_SIZE) == 0;
    close(fd);
    return same;
}

/* The name of a file with the same bytes that was there before, or NULL. */
static char *same_file(const PdSave *save, const PdAttachment *attachment)
{
    for (guint number = 1; number < save->number; number++) {
        g_autofree char *name = numbered(save->name, number);
        if (holds(save, name, attachment))
            return g_steal_pointer(&name);
    }
    return NULL;
}

static void note(PdSave *save, const PdAttachment *attachment, const char *file, gboolean is_new)
{
    g_autofree char *hash = pd_hash_hex(attachment->sha256);
    PdJson *object = pd_json_object();

    pd_json_set_text(object, "name", attachment->name);
    pd_json_set_text(object, "type", attachment->type);
    pd_json_set_int(object, "size", (gint64)attachment->size);
    pd_json_set_text(object, "sha256", hash);
    pd_json_set_text(object, "file", file);
    pd_json_set_bool(object, "new", is_new);
    pd_json_add(save->files, object);
}

static void finish(PdSave *save, const PdAttachment *attachment)
{
    g_autofree char *name = numbered(save->name, save->number);
    g_autofree char *known = same_file(save, attachment);

    if (save->failure == NULL && fsync(save->fd) != 0)
        fail(save, "cannot be written");
    close(save->fd);
    save->fd = -1;
    if (known != NULL || save->failure != NULL)
        unlinkat(save->folder, name, 0);
    if (save->failure == NULL)
        note(save, attachment, known != NULL ? known : name, known == NULL);
}

void pd_save_attachment(const PdAttachment *attachment, const char *bytes, gsize length,
                        gpointer user)
{
    PdSave *save = user;

    if (save->fd < 0 && save->failure == NULL)
        begin(save, attachment);
    if (save->fd < 0)
        return;
    if (bytes == NULL) {
        finish(save, attachment);
        return;
    }
    g_autoptr(PdStatus) status =
        save->failure == NULL ? pd_file_write_all(save->fd, bytes, length) : NULL;
    if (status != NULL)
        save->failure = pd_status_prefix(g_steal_pointer(&status), "%s/%s", save->path, save->name);
}
