/* container_write.c: see container.h. */
#include "container.h"

#include "postdesk/files.h"
#include "postdesk/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256u << 10)

struct pd_container {
    char *file;
    char *beside;
    int fd;
    guint count;
    PdHash *lines; /* of all lines so far */
};

void pd_meter_advance(PdMeter *meter, guint64 by)
{
    meter->done = MIN(meter->done + by, meter->total);
    if (meter->progress != NULL)
        meter->progress(meter->done, meter->total, meter->user);
}

static PdStatus *fail(const char *what, const char *path)
{
    int error = errno;
    gboolean full = error == ENOSPC || error == EDQUOT;

    return pd_status_new(PD_SPOILS_STORE, full ? PD_TRY_AGAIN : PD_FINAL,
                         full ? "make room on the disk" : "check the path and its permissions",
                         "cannot %s %s: %s", what, path, g_strerror(error));
}

static PdStatus *write_line(PdContainer *container, const char *line)
{
    pd_hash_add(container->lines, line, strlen(line));
    return pd_file_write_all(container->fd, line, strlen(line));
}

PdStatus *pd_container_create(const char *file, PdContainer **container)
{
    g_autoptr(PdContainer) created = g_new0(PdContainer, 1);

    created->file = g_strdup(file);
    created->beside = g_strdup_printf("%s.%d.new", file, (int)getpid());
    created->lines = pd_hash_new();
    created->fd = open(created->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (created->fd < 0) {
        PdStatus *status = fail("create", created->beside);
        g_clear_pointer(&created->beside, g_free); /* not ours to remove */
        return status;
    }
    PD_TRY(write_line(created, "postdesk-backup 2\n"));
    *container = g_steal_pointer(&created);
    return NULL;
}

/* What is a hole in the file takes a line. It is known by its zeros: what a file system says of
 * holes in a file that grows just now was wrong before. */
static PdStatus *write_parts(PdContainer *container, off_t at, const char *bytes, gsize length)
{
    while (length > 0) {
        gboolean zeros;
        gsize part = pd_file_run(at, bytes, length, &zeros);
        g_autofree char *line = g_strdup_printf("%s %zu\n", zeros ? "zeros" : "bytes", part);
        PD_TRY(write_line(container, line));
        if (!zeros)
            PD_TRY(pd_file_write_all(container->fd, bytes, part));
        at += (off_t)part;
        bytes += part;
        length -= part;
    }
    return NULL;
}

static PdStatus *copy_bytes(PdContainer *container, int from, const char *path, guint64 length,
                            PdHash *hash, PdMeter *meter)
{
    g_autofree char *piece = g_malloc(PIECE);
    off_t at = 0;

    while (length > 0) {
        ssize_t got = read(from, piece, (size_t)MIN(length, PIECE));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail("read", path);
        if (got == 0)
            return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "run 'postdesk verify'",
                                 "%s is shorter than it should be", path);
        pd_hash_add(hash, piece, (gsize)got);
        PD_TRY(write_parts(container, at, piece, (gsize)got));
        at += got;
        pd_meter_advance(meter, (guint64)got);
        length -= (guint64)got;
    }
    return NULL;
}

static PdStatus *write_hash(PdContainer *container, PdHash *hash)
{
    guint8 digest[PD_HASH_SIZE];

    pd_hash_finish(hash, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_autofree char *line = g_strdup_printf("sha256 %s\n", hex);
    return write_line(container, line);
}

PdStatus *pd_container_add(PdContainer *container, const char *name, const char *path,
                           guint64 length, PdMeter *meter)
{
    g_autoptr(PdHash) hash = pd_hash_new();
    g_autofree char *line = g_strdup_printf("file %" G_GUINT64_FORMAT " %s\n", length, name);
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (from < 0)
        return fail("open", path);
    PdStatus *status = write_line(container, line);
    if (status == NULL)
        status = copy_bytes(container, from, path, length, hash, meter);
    close(from);
    if (status != NULL)
        return status;
    container->count++;
    return write_hash(container, hash);
}

PdStatus *pd_container_commit(PdContainer *container)
{
    guint8 digest[PD_HASH_SIZE];
    g_autofree char *folder = g_path_get_dirname(container->file);

    pd_hash_finish(container->lines, digest);
    g_autofree char *hex = pd_hash_hex(digest);
    g_autofree char *line = g_strdup_printf("end %u %s\n", container->count, hex);
    PD_TRY(pd_file_write_all(container->fd, line, strlen(line)));
    if (fsync(container->fd) != 0)
        return fail("sync", container->beside);
    if (rename(container->beside, container->file) != 0)
        return fail("rename over", container->file);
    g_clear_pointer(&container->beside, g_free);
    return pd_folder_sync(folder);
}

void pd_container_free(PdContainer *container)
{
    if (container == NULL)
        return;
    if (container->fd >= 0)
        close(container->fd);
    if (container->beside != NULL)
        unlink(container->beside);
    pd_hash_free(container->lines);
    g_free(container->beside);
    g_free(container->file);
    g_free(container);
}
