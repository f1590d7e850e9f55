/* maildir_source.c: a local Maildir as a source of mail.
 * Other programs may rename its files at any
 * time: they are looked for again where that matters.
 */
#include "wire/backend.h"
#include "wire/maildir.h"
#include "wire/maildir_uids.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (64 * 1024)

typedef struct {
    char *root; /* of the whole Maildir */
    char *path; /* of this folder */
    gint64 poll;
    int watch; /* inotify on new, or -1 */
    PdMaildirUids *uids;
} Maildir;

static void maildir_free(Maildir *maildir)
{
    if (maildir->watch >= 0)
        close(maildir->watch);
    pd_maildir_uids_free(maildir->uids);
    g_free(maildir->root);
    g_free(maildir->path);
    g_free(maildir);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Maildir, maildir_free)

static void source_close(gpointer self)
{
    maildir_free(self);
}

static const PdSourceFolder *source_folder(gconstpointer self)
{
    const Maildir *maildir = self;

    return pd_maildir_uids_folder(maildir->uids);
}

static char *path_of(const Maildir *maildir, const PdMaildirMessage *message)
{
    return g_build_filename(maildir->path, message->file, NULL);
}

static gboolean has_flag(const char *file, char flag)
{
    const char *flags = strstr(file, ":2,");

    return flags != NULL && strchr(flags + 3, flag) != NULL;
}

static void drain_watch(const Maildir *maildir)
{
    char events[4096];

    while (maildir->watch >= 0 && read(maildir->watch, events, sizeof events) > 0)
        ;
}

/* Only a file of its own is a message: a pipe would be waited at for ever, and a link leads out. */
static gboolean is_message(const char *path, struct stat *found)
{
    return lstat(path, found) == 0 && S_ISREG(found->st_mode);
}

static PdStatus *source_list(gpointer self, guint32 first, GArray **entries)
{
    Maildir *maildir = self;

    drain_watch(maildir);
    PD_TRY(pd_maildir_uids_scan(maildir->uids));
    guint count = source_folder(maildir)->exists;
    *entries = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    for (guint i = 0; i < count && (*entries)->len < PD_SOURCE_LIST_MOST; i++) {
        const PdMaildirMessage *message = pd_maildir_uids_get(maildir->uids, i);
        g_autofree char *path = path_of(maildir, message);
        struct stat found;
        if (message->uid < first || !is_message(path, &found))
            continue;
        PdSourceEntry entry = {.uid = message->uid,
                               .size = (guint64)found.st_size,
                               .arrived_at = (gint64)found.st_mtime * PD_SECOND,
                               .seen = has_flag(message->file, 'S')};
        g_array_append_val(*entries, entry);
    }
    return NULL;
}

/* Opens the message, wherever another program has moved it meanwhile; -1 if it is gone. */
static PdStatus *open_message(Maildir *maildir, guint32 uid, int *fd)
{
    *fd = -1;
    for (int attempt = 0; attempt < 2; attempt++) {
        const PdMaildirMessage *message = pd_maildir_uids_find(maildir->uids, uid);
        if (message == NULL)
            return NULL;
        g_autofree char *path = path_of(maildir, message);
        *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (*fd >= 0)
            return NULL;
        if (errno != ENOENT)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%s: %s", path,
                                 g_strerror(errno));
        PD_TRY(pd_maildir_uids_scan(maildir->uids));
    }
    return NULL;
}

static PdStatus *pass_on(int fd, guint64 most, const PdFetchSink *sink)
{
    g_autofree char *piece = g_malloc(PIECE);

    while (most > 0) {
        ssize_t got = read(fd, piece, MIN(PIECE, most));
        if (got < 0)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "cannot read a message: %s",
                                 g_strerror(errno));
        if (got == 0)
            break;
        most -= (guint64)got;
        PD_TRY(sink->bytes(piece, (gsize)got, sink->user));
    }
    return NULL;
}

static PdStatus *fetch_one(Maildir *maildir, guint32 uid, guint64 most, const PdFetchSink *sink)
{
    int fd;

    PD_TRY(open_message(maildir, uid, &fd));
    if (fd < 0)
        return NULL; /* vanished */
    PdStatus *status = sink->begin(sink->user);
    if (status == NULL)
        status = pass_on(fd, most, sink);
    close(fd);
    if (status != NULL) {
        sink->abandon(sink->user);
        return status;
    }
    return sink->end(uid, sink->user);
}

static PdStatus *source_fetch(gpointer self, const PdSourceEntry *entries, guint count,
                              const PdFetchSink *sink)
{
    for (guint i = 0; i < count; i++)
        PD_TRY(fetch_one(self, entries[i].uid, G_MAXUINT64, sink));
    return NULL;
}

/* The header block ends somewhere within these bytes; what follows does no harm. */
static PdStatus *source_fetch_headers(gpointer self, const PdSourceEntry *entry,
                                      const PdFetchSink *sink)
{
    return fetch_one(self, entry->uid, MIN(entry->size, PD_LIMIT_HEADER_BYTES), sink);
}

/* "cur/NAME:2,FLAGS" with S among them, in order. */
static char *seen_file(const PdMaildirMessage *message)
{
    const char *info = strstr(message->file, ":2,");
    const char *flags = info != NULL ? info + 3 : "";
    gsize before = strspn(flags, "ABCDEFGHIJKLMNOPQR");

    return g_strdup_printf("cur/%s:2,%.*sS%s", message->name, (int)before, flags, flags + before);
}

static PdStatus *rename_message(const Maildir *maildir, const PdMaildirMessage *message,
                                const char *target)
{
    g_autofree char *path = path_of(maildir, message);

    if (rename(path, target) == 0 || errno == ENOENT)
        return NULL;
    return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, NULL, "%s cannot be renamed: %s", path,
                         g_strerror(errno));
}

static PdStatus *mark_one(Maildir *maildir, PdMaildirMessage *message)
{
    if (has_flag(message->file, 'S'))
        return NULL;
    char *file = seen_file(message);
    g_autofree char *target = g_build_filename(maildir->path, file, NULL);
    PdStatus *status = rename_message(maildir, message, target);
    g_free(message->file);
    message->file = file;
    return status;
}

static PdStatus *sync_part(const char *path, const char *part)
{
    g_autofree char *folder = g_build_filename(path, part, NULL);

    return pd_folder_sync(folder);
}

static PdStatus *source_mark_seen(gpointer self, const guint32 *uids, guint count)
{
    Maildir *maildir = self;

    PD_TRY(pd_maildir_uids_scan(maildir->uids)); /* others may have renamed */
    for (guint i = 0; i < count; i++) {
        PdMaildirMessage *message = pd_maildir_uids_find(maildir->uids, uids[i]);
        if (message != NULL)
            PD_TRY(mark_one(maildir, message));
    }
    return sync_part(maildir->path, "cur");
}

static PdStatus *no_folder(const char *folder)
{
    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL, "check the folder's name, or create it",
                         "the folder %s is not there", folder);
}

static PdStatus *source_move(gpointer self, const guint32 *uids, guint count, const char *folder)
{
    Maildir *maildir = self;
    g_autofree char *other = pd_maildir_folder(maildir->root, folder);

    if (other == NULL || !pd_maildir_is_there(other))
        return no_folder(folder);
    PD_TRY(pd_maildir_uids_scan(maildir->uids));
    for (guint i = 0; i < count; i++) {
        const PdMaildirMessage *message = pd_maildir_uids_find(maildir->uids, uids[i]);
        if (message == NULL)
            continue;
        g_autofree char *file = seen_file(message);
        g_autofree char *target = g_build_filename(other, file, NULL);
        PD_TRY(rename_message(maildir, message, target));
    }
    return sync_part(other, "cur");
}

static PdStatus *source_wait(gpointer self, int wake_fd, gboolean *woken)
{
    const Maildir *maildir = self;
    struct pollfd waited[] = {{.fd = maildir->watch, .events = POLLIN},
                              {.fd = wake_fd, .events = POLLIN}};
    int found = poll(waited, G_N_ELEMENTS(waited), (int)MIN(maildir->poll / 1000, G_MAXINT));

    *woken = found < 0 || waited[1].revents != 0;
    return NULL;
}

static PdStatus *source_newest(gpointer self, gint64 *arrived_at)
{
    Maildir *maildir = self;
    struct stat found;

    PD_TRY(pd_maildir_uids_scan(maildir->uids));
    guint count = source_folder(maildir)->exists;
    if (count == 0)
        return NULL;
    g_autofree char *path = path_of(maildir, pd_maildir_uids_get(maildir->uids, count - 1));
    if (stat(path, &found) == 0)
        *arrived_at = (gint64)found.st_mtime * PD_SECOND;
    return NULL;
}

static const PdSourceDriver driver = {
    .close = source_close,
    .folder = source_folder,
    .list = source_list,
    .fetch = source_fetch,
    .fetch_headers = source_fetch_headers,
    .mark_seen = source_mark_seen,
    .move = source_move,
    .wait = source_wait,
    .newest = source_newest,
};

/* Without inotify (its descriptors are limited) the poll interval does. */
static void watch_new(Maildir *maildir)
{
    g_autofree char *path = g_build_filename(maildir->path, "new", NULL);

    maildir->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (maildir->watch >= 0)
        inotify_add_watch(maildir->watch, path, IN_MOVED_TO | IN_CREATE);
}

PdStatus *pd_maildir_source_open(const PdMailbox *mailbox, const char *folder, PdSource *source)
{
    g_autofree char *path = pd_maildir_folder(mailbox->maildir, folder);

    if (path == NULL || !pd_maildir_is_there(path))
        return no_folder(path != NULL ? path : folder);
    g_autoptr(Maildir) maildir = g_new0(Maildir, 1);
    maildir->root = g_strdup(mailbox->maildir);
    maildir->path = g_steal_pointer(&path);
    maildir->poll = mailbox->poll;
    watch_new(maildir);
    PD_TRY(pd_maildir_uids_open(maildir->path, &maildir->uids));
    source->driver = &driver;
    source->self = g_steal_pointer(&maildir);
    return NULL;
}
