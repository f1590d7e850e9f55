/* files.c: see postdesk/files.h. */
#include "postdesk/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

const char *pd_file_room_advice(int error)
{
    if (error == EFBIG)
        return "raise the limit on the size of files for what starts postdesk (ulimit -f; in "
               "Postfix mailbox_size_limit)";
    return error == ENOSPC || error == EDQUOT ? "make room on the disk" : NULL;
}

static PdStatus *fail(const char *what, const char *path)
{
    int error = errno;
    const char *advice = pd_file_room_advice(error);
    PdRetry retry =
        advice != NULL || error == EINTR || error == EAGAIN || error == EMFILE || error == ENFILE
            ? PD_TRY_AGAIN
            : PD_FINAL;

    if (error == EACCES || error == EPERM)
        advice = "check the owner and the permissions of the file and its folder";
    return pd_status_new(PD_SPOILS_STORE, retry, advice, "%s %s: %s", what, path,
                         g_strerror(error));
}

static PdStatus *read_all(int fd, const char *name, gsize most, char **bytes, gsize *length)
{
    g_autoptr(GString) content = g_string_new(NULL);
    char buffer[65536];

    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail("cannot read", name);
        if (got == 0)
            break;
        if (content->len + (gsize)got > most)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                                 "%s is larger than the %zu bytes allowed", name, most);
        g_string_append_len(content, buffer, got);
    }
    *length = content->len;
    *bytes = g_string_free(g_steal_pointer(&content), FALSE);
    return NULL;
}

PdStatus *pd_file_read(const char *path, gsize most, char **bytes, gsize *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return fail("cannot open", path);
    PdStatus *status = read_all(fd, path, most, bytes, length);
    close(fd);
    return status;
}

PdStatus *pd_file_read_fd(int fd, gsize most, char **bytes, gsize *length)
{
    return read_all(fd, "the input", most, bytes, length);
}

PdStatus *pd_file_write_all(int fd, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail("cannot write", "a file");
        bytes += written;
        length -= (gsize)written;
    }
    return NULL;
}

static PdStatus *write_and_sync(int fd, const char *path, const char *bytes, gsize length)
{
    PdStatus *status = pd_file_write_all(fd, bytes, length);

    if (status != NULL)
        return pd_status_prefix(status, "%s", path);
    return fsync(fd) == 0 ? NULL : fail("cannot sync", path);
}

/* The owner of the folder that path lies in, where that is not root and we are: FALSE otherwise. */
static gboolean is_guest(const char *path, struct stat *host)
{
    g_autofree char *folder = g_path_get_dirname(path);

    return geteuid() == 0 && stat(folder, host) == 0 && host->st_uid != 0;
}

/* Only what was made just now is given away: a file that was there may be somebody's trap. */
static int make_file(const char *path, int flags, mode_t mode)
{
    struct stat host;
    int fd = open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, mode);

    if (fd >= 0 && is_guest(path, &host) && fchown(fd, host.st_uid, host.st_gid) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

int pd_file_open_or_make(const char *path, int flags)
{
    int fd = make_file(path, flags, 0600);

    return fd >= 0 || errno != EEXIST ? fd : open(path, flags | O_CREAT | O_CLOEXEC, 0600);
}

/* Moves what was written beside to its name. */
typedef int (*Place)(const char *beside, const char *path);

static PdStatus *write_and_place(const char *path, const char *bytes, gsize length, mode_t mode,
                                 Place place)
{
    g_autofree char *beside = g_strdup_printf("%s.%d.new", path, (int)getpid());
    g_autofree char *folder = g_path_get_dirname(path);

    unlink(beside); /* of a process that had our number and was killed */
    int fd = make_file(beside, O_WRONLY, mode);
    if (fd < 0)
        return fail("cannot create", beside);
    PdStatus *status = write_and_sync(fd, beside, bytes, length);
    close(fd);
    if (status == NULL && place(beside, path) != 0)
        status = fail("cannot rename over", path);
    if (status != NULL) {
        unlink(beside);
        return status;
    }
    return pd_folder_sync(folder);
}

PdStatus *pd_file_replace(const char *path, const char *bytes, gsize length, mode_t mode)
{
    return write_and_place(path, bytes, length, mode, rename);
}

/* Not every file system has links. */
static int place_where_absent(const char *beside, const char *path)
{
    if (link(beside, path) == 0 || errno == EEXIST)
        return unlink(beside);
    return rename(beside, path);
}

PdStatus *pd_file_make(const char *path, const char *bytes, gsize length, mode_t mode)
{
    return write_and_place(path, bytes, length, mode, place_where_absent);
}

PdStatus *pd_folder_make(const char *path, mode_t mode)
{
    struct stat host;
    gboolean is_new = mkdir(path, mode) == 0;

    if (is_new && is_guest(path, &host) && lchown(path, host.st_uid, host.st_gid) != 0)
        return fail("cannot hand over folder", path);
    if (is_new || g_mkdir_with_parents(path, (int)mode) == 0)
        return NULL;
    return fail("cannot make folder", path);
}

static int remove_entry(const char *path, const struct stat *file, int kind, struct FTW *place)
{
    (void)file;
    (void)kind;
    (void)place;
    return remove(path);
}

void pd_folder_remove(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static gint compare_names(gconstpointer one, gconstpointer other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

void pd_names_sort(GPtrArray *names)
{
    g_ptr_array_sort(names, compare_names);
}

PdStatus *pd_folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return fail("cannot open folder", path);
    PdStatus *status = fsync(fd) == 0 ? NULL : fail("cannot sync folder", path);
    close(fd);
    return status;
}

guint64 pd_folder_free_space(const char *path)
{
    struct statvfs file_system;

    if (statvfs(path, &file_system) != 0)
        return G_MAXUINT64;
    return (guint64)file_system.f_bavail * file_system.f_frsize;
}

PdStatus *pd_path_look(const char *path, gboolean *there)
{
    struct stat found;

    *there = stat(path, &found) == 0;
    if (*there || errno == ENOENT || errno == ENOTDIR)
        return NULL;
    const char *advice = errno == EACCES
                             ? "use the account that the desk runs under, as in: sudo -u postdesk"
                             : NULL;
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, advice, "%s: %s", path, g_strerror(errno));
}

char *pd_path_resolve(const char *base, const char *path)
{
    return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(base, path, NULL);
}

struct pd_lock {
    int fd;
};

static struct flock whole_file(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

static PdStatus *held_by_another(int fd, const char *path)
{
    char holder[32] = "";
    ssize_t got = pread(fd, holder, sizeof holder - 1, 0);

    holder[got > 0 ? got : 0] = '\0';
    g_strchomp(holder);
    return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN,
                         "stop the other process first, or use another state folder",
                         "%s is held by process %s", path, holder[0] != '\0' ? holder : "?");
}

static PdStatus *name_holder(int fd, const char *path)
{
    g_autofree char *holder = g_strdup_printf("%d\n", (int)getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, strlen(holder), 0) < 0)
        return fail("cannot write lock", path);
    return NULL;
}

/* A lock of the open file: the kernel releases it whatever ends the process, and
 * others can ask about it without taking it. */
PdStatus *pd_lock_take(const char *path, PdLock **lock)
{
    struct flock wanted = whole_file(F_WRLCK);
    int fd = pd_file_open_or_make(path, O_RDWR);
    PdStatus *status = NULL;

    if (fd < 0)
        return fail("cannot open lock", path);
    if (fcntl(fd, F_OFD_SETLK, &wanted) != 0)
        status = errno == EAGAIN || errno == EACCES ? held_by_another(fd, path)
                                                    : fail("cannot lock", path);
    else
        status = name_holder(fd, path);
    if (status != NULL) {
        close(fd);
        return status;
    }
    *lock = g_new0(PdLock, 1);
    (*lock)->fd = fd;
    return NULL;
}

gboolean pd_lock_is_held(const char *path)
{
    struct flock wanted = whole_file(F_WRLCK);
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return FALSE;
    gboolean held = fcntl(fd, F_OFD_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
    close(fd);
    return held;
}

void pd_lock_free(PdLock *lock)
{
    if (lock == NULL)
        return;
    close(lock->fd);
    g_free(lock);
}
