/* maildir_source.c: a local Maildir as a source of mail.
 *
 * Messages get UIDs in the order in which they are first seen. The numbers stand in the
 * file postdesk-uids ("uidvalidity uidnext", then "uid name" lines), which is durable
 * before a UID is told to anybody; without it, or if it is damaged, a new UIDVALIDITY begins.
 */
#include "wire/backend.h"
#include "wire/maildir.h"

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

#define NUMBERS "postdesk-uids"
#define NUMBERS_MOST (256 * 1024 * 1024)
#define PIECE (64 * 1024)

typedef struct {
    guint32 uid;
    char *name; /* without flags */
    char *file; /* "new/NAME" or "cur/NAME:2,S"; NULL: gone */
} Message;

typedef struct {
    char *root; /* of the whole Maildir */
    char *path; /* of this folder */
    gint64 poll;
    int watch; /* inotify on new, or -1 */
    PdSourceFolder folder;
    GHashTable *by_name; /* name → Message *, owns them */
    GPtrArray *by_uid;   /* borrowed, ascending */
} Maildir;

static void message_free(gpointer pointer)
{
    Message *message = pointer;

    g_free(message->name);
    g_free(message->file);
    g_free(message);
}

static void maildir_free(Maildir *maildir)
{
    if (maildir->watch >= 0)
        close(maildir->watch);
    g_ptr_array_unref(maildir->by_uid);
    g_hash_table_unref(maildir->by_name);
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

    return &maildir->folder;
}

static Message *add_message(Maildir *maildir, guint32 uid, const char *name)
{
    Message *message = g_new0(Message, 1);

    message->uid = uid;
    message->name = g_strdup(name);
    g_hash_table_insert(maildir->by_name, message->name, message);
    g_ptr_array_add(maildir->by_uid, message);
    return message;
}

static void forget_numbers(Maildir *maildir)
{
    g_ptr_array_set_size(maildir->by_uid, 0);
    g_hash_table_remove_all(maildir->by_name);
    maildir->folder.uidnext = 1;
    maildir->folder.uidvalidity = (guint32)(pd_clock_now() / PD_SECOND);
}

static gboolean parse_numbers(Maildir *maildir, char *text)
{
    char *rest = NULL;
    char *line = strtok_r(text, "\n", &rest);

    if (line == NULL ||
        sscanf(line, "%u %u", &maildir->folder.uidvalidity, &maildir->folder.uidnext) != 2)
        return FALSE;
    for (guint32 before = 0; (line = strtok_r(NULL, "\n", &rest)) != NULL;) {
        char *name = NULL;
        unsigned long uid = strtoul(line, &name, 10);
        if (uid <= before || uid >= maildir->folder.uidnext || *name != ' ' || name[1] == '\0')
            return FALSE;
        before = (guint32)uid;
        add_message(maildir, before, name + 1);
    }
    return TRUE;
}

static PdStatus *read_numbers(Maildir *maildir)
{
    g_autofree char *path = g_build_filename(maildir->path, NUMBERS, NULL);
    g_autofree char *text = NULL;
    gsize length;

    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        PD_TRY(pd_file_read(path, NUMBERS_MOST, &text, &length));
        if (parse_numbers(maildir, text))
            return NULL;
    }
    forget_numbers(maildir);
    return NULL;
}

static PdStatus *write_numbers(const Maildir *maildir)
{
    g_autofree char *path = g_build_filename(maildir->path, NUMBERS, NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%u %u\n", maildir->folder.uidvalidity, maildir->folder.uidnext);
    for (guint i = 0; i < maildir->by_uid->len; i++) {
        const Message *message = g_ptr_array_index(maildir->by_uid, i);
        g_string_append_printf(text, "%u %s\n", message->uid, message->name);
    }
    return pd_file_replace(path, text->str, text->len, 0600);
}

/* Notes where the known messages are; unknown ones go to *unknown as "part/file". */
static PdStatus *scan_part(Maildir *maildir, const char *part, GPtrArray *unknown)
{
    g_autofree char *path = g_build_filename(maildir->path, part, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *file;

    if (folder == NULL)
        return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, "check the Maildir's permissions",
                             "%s cannot be read", path);
    while ((file = g_dir_read_name(folder)) != NULL) {
        if (*file == '.' || strchr(file, '\n') != NULL)
            continue;
        g_autofree char *name = g_strndup(file, strcspn(file, ":"));
        Message *message = g_hash_table_lookup(maildir->by_name, name);
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

static void forget_gone(Maildir *maildir)
{
    guint kept = 0;

    for (guint i = 0; i < maildir->by_uid->len; i++) {
        Message *message = g_ptr_array_index(maildir->by_uid, i);
        if (message->file != NULL)
            maildir->by_uid->pdata[kept++] = message;
        else
            g_hash_table_remove(maildir->by_name, message->name);
    }
    g_ptr_array_set_size(maildir->by_uid, (int)kept);
}

static void add_unknown(Maildir *maildir, const GPtrArray *unknown)
{
    for (guint i = 0; i < unknown->len; i++) {
        const char *file = g_ptr_array_index(unknown, i);
        const char *base = file + strlen("new/");
        g_autofree char *name = g_strndup(base, strcspn(base, ":"));
        Message *message = g_hash_table_lookup(maildir->by_name, name);
        if (message == NULL)
            message = add_message(maildir, maildir->folder.uidnext++, name);
        g_free(message->file);
        message->file = g_strdup(file);
    }
}

static PdStatus *scan(Maildir *maildir)
{
    g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func(g_free);
    guint before = maildir->by_uid->len;

    for (guint i = 0; i < before; i++) {
        Message *message = g_ptr_array_index(maildir->by_uid, i);
        g_clear_pointer(&message->file, g_free);
    }
    PD_TRY(scan_part(maildir, "new", unknown));
    PD_TRY(scan_part(maildir, "cur", unknown));
    forget_gone(maildir);
    g_ptr_array_sort(unknown, by_file_name);
    add_unknown(maildir, unknown);
    maildir->folder.exists = maildir->by_uid->len;
    return unknown->len > 0 || before != maildir->by_uid->len ? write_numbers(maildir) : NULL;
}

static Message *find(const Maildir *maildir, guint32 uid)
{
    guint low = 0;
    guint high = maildir->by_uid->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        Message *message = g_ptr_array_index(maildir->by_uid, middle);
        if (message->uid == uid)
            return message;
        if (message->uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static char *path_of(const Maildir *maildir, const Message *message)
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

static PdStatus *source_list(gpointer self, guint32 first, GArray **entries)
{
    Maildir *maildir = self;

    drain_watch(maildir);
    PD_TRY(scan(maildir));
    *entries = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    for (guint i = 0; i < maildir->by_uid->len && (*entries)->len < PD_SOURCE_LIST_MOST; i++) {
        const Message *message = g_ptr_array_index(maildir->by_uid, i);
        g_autofree char *path = path_of(maildir, message);
        struct stat found;
        if (message->uid < first || stat(path, &found) != 0)
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
        const Message *message = find(maildir, uid);
        if (message == NULL)
            return NULL;
        g_autofree char *path = path_of(maildir, message);
        *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (*fd >= 0)
            return NULL;
        if (errno != ENOENT)
            return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL, "%s: %s", path,
                                 g_strerror(errno));
        PD_TRY(scan(maildir));
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
static char *seen_file(const Message *message)
{
    const char *info = strstr(message->file, ":2,");
    const char *flags = info != NULL ? info + 3 : "";
    gsize before = strspn(flags, "ABCDEFGHIJKLMNOPQR");

    return g_strdup_printf("cur/%s:2,%.*sS%s", message->name, (int)before, flags, flags + before);
}

static PdStatus *rename_message(const Maildir *maildir, const Message *message, const char *target)
{
    g_autofree char *path = path_of(maildir, message);

    if (rename(path, target) == 0 || errno == ENOENT)
        return NULL;
    return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, NULL, "%s cannot be renamed: %s", path,
                         g_strerror(errno));
}

static PdStatus *mark_one(Maildir *maildir, Message *message)
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

    PD_TRY(scan(maildir)); /* others may have renamed */
    for (guint i = 0; i < count; i++) {
        Message *message = find(maildir, uids[i]);
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
    PD_TRY(scan(maildir));
    for (guint i = 0; i < count; i++) {
        const Message *message = find(maildir, uids[i]);
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

    PD_TRY(scan(maildir));
    if (maildir->by_uid->len == 0)
        return NULL;
    g_autofree char *path =
        path_of(maildir, g_ptr_array_index(maildir->by_uid, maildir->by_uid->len - 1));
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
    maildir->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, message_free);
    maildir->by_uid = g_ptr_array_new();
    watch_new(maildir);
    PD_TRY(read_numbers(maildir));
    PD_TRY(scan(maildir));
    source->driver = &driver;
    source->self = g_steal_pointer(&maildir);
    return NULL;
}
