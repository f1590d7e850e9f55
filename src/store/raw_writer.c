/* raw_writer.c: appending messages to an owner's segments.
 *
 * Bytes [0, written) are in the file, the buffer holds [written, written + used). A message
 * that is abandoned moves the end back to where it began; a full disk does too, so that the
 * segment stays usable. Only a failed sync spoils the writer: what the kernel then holds is
 * not known, and the next writer begins at the last committed end.
 */
#include "postdesk/raw.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/killpoint.h"
#include "store_internal.h"
#include "writer_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (256u << 10)
#define PUSHED_BYTES (1u << 20)
#define LOCK_WAIT (10 * (gint64)PD_SECOND)

struct pd_raw_writer {
    PdStore *store;
    char *owner;
    int lock;
    int fd;
    PdSegment segment;
    guint64 written; /* bytes of the segment that are in its file */
    guint64 pushed;  /* of these, up to where the disk was told to begin with them */
    char *buffer;    /* what follows them */
    gsize used;
    guint64 start;   /* where the message in work begins */
    gboolean inside; /* a message is in work */
    gboolean unsynced;
    gboolean spoilt;
    PdHash *hash;
};

static PdStatus *fail(const PdRawWriter *writer, const char *what, int error)
{
    const char *advice = pd_file_room_advice(error);

    return pd_status_new(PD_SPOILS_STORE,
                         advice != NULL || error == EMFILE ? PD_TRY_AGAIN : PD_FINAL,
                         advice != NULL ? advice : "check the disk of the state folder",
                         "cannot %s raw segment %" G_GINT64_FORMAT ": %s", what, writer->segment.id,
                         g_strerror(error));
}

static guint64 end_of(const PdRawWriter *writer)
{
    return writer->written + writer->used;
}

/* The disk works at what came while more comes: the sync, which alone counts, waits for less. */
static void push(PdRawWriter *writer)
{
    guint64 begin = MIN(writer->pushed, writer->written);

    if (writer->written - begin < PUSHED_BYTES)
        return;
    sync_file_range(writer->fd, (off_t)begin, (off_t)(writer->written - begin),
                    SYNC_FILE_RANGE_WRITE);
    writer->pushed = writer->written;
}

static PdStatus *write_at(PdRawWriter *writer, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t got = pwrite(writer->fd, bytes, length, (off_t)writer->written);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(writer, "write", errno);
        writer->unsynced = TRUE;
        writer->written += (guint64)got;
        bytes += got;
        length -= (gsize)got;
    }
    push(writer);
    return NULL;
}

/* What could not be written stays in the buffer. */
static PdStatus *flush(PdRawWriter *writer)
{
    guint64 before = writer->written;
    PdStatus *status = write_at(writer, writer->buffer, writer->used);
    gsize gone = (gsize)(writer->written - before);

    memmove(writer->buffer, writer->buffer + gone, writer->used - gone);
    writer->used -= gone;
    return status;
}

/* Goes back to the committed end: what lies behind is the rest of an interrupted write. */
static PdStatus *resume(PdRawWriter *writer)
{
    g_autofree char *path = pd_segment_path(writer->store->folder, writer->segment.id);
    struct stat file;

    writer->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (writer->fd < 0 || fstat(writer->fd, &file) != 0)
        return fail(writer, "open", errno);
    if ((guint64)file.st_size < writer->segment.committed)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL,
                             "raw messages are lost: run 'postdesk verify' and restore a backup",
                             "%s is shorter than what was committed to it", path);
    if (ftruncate(writer->fd, (off_t)writer->segment.committed) != 0)
        return fail(writer, "truncate", errno);
    writer->written = writer->pushed = writer->segment.committed;
    return NULL;
}

static PdStatus *next_segment(PdRawWriter *writer)
{
    PdSegment segment;
    int fd;

    PD_TRY(pd_raw_sync(writer));
    PD_TRY(pd_segment_make(writer->store, writer->owner, &segment, &fd));
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = fd;
    writer->segment = segment;
    writer->written = writer->pushed = 0;
    return NULL;
}

static PdStatus *take_lock(PdRawWriter *writer)
{
    g_autofree char *name = g_strdup_printf("lock/raw.%016" G_GINT64_MODIFIER "x",
                                            (guint64)pd_key_of_text(writer->owner));
    g_autofree char *path = pd_store_path(writer->store, name);
    PdStatus *status = pd_lock_take_within(path, LOCK_WAIT, &writer->lock);

    return status != NULL ? pd_status_prefix(status, "raw mail of %s", writer->owner) : NULL;
}

PdStatus *pd_raw_writer_open(PdStore *store, const char *owner, PdRawWriter **writer)
{
    g_autoptr(PdRawWriter) opened = g_new0(PdRawWriter, 1);

    opened->store = store;
    opened->owner = g_strdup(owner);
    opened->fd = opened->lock = -1;
    opened->hash = pd_hash_new();
    opened->buffer = g_malloc(BUFFER_BYTES);
    if (store->writing || store->reading)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL,
                             "raw mail cannot be opened within a transaction");
    PD_TRY(take_lock(opened));
    PD_TRY(pd_segment_last(store, owner, &opened->segment));
    if (opened->segment.id != 0 && opened->segment.committed < PD_SEGMENT_FULL)
        PD_TRY(resume(opened));
    else
        PD_TRY(next_segment(opened));
    *writer = g_steal_pointer(&opened);
    return NULL;
}

void pd_raw_writer_free(PdRawWriter *writer)
{
    if (writer == NULL)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->lock >= 0)
        close(writer->lock);
    pd_hash_free(writer->hash);
    g_free(writer->buffer);
    g_free(writer->owner);
    g_free(writer);
}

static PdStatus *check_usable(const PdRawWriter *writer, gboolean inside)
{
    const char *wrong = NULL;

    if (writer->spoilt)
        wrong = "a sync failed before; open the raw mail anew";
    else if (writer->inside != inside)
        wrong = inside ? "no raw message was begun" : "a raw message is not ended yet";
    return wrong == NULL ? NULL : pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "%s", wrong);
}

PdStatus *pd_raw_begin(PdRawWriter *writer)
{
    PD_TRY(check_usable(writer, FALSE));
    /* Within a transaction the segment just grows on; the next message rolls over. */
    if (end_of(writer) >= PD_SEGMENT_FULL && !writer->store->writing && !writer->store->reading)
        PD_TRY(next_segment(writer));
    writer->start = end_of(writer);
    writer->inside = TRUE;
    return NULL;
}

static PdStatus *take_in(PdRawWriter *writer, const char *bytes, gsize length)
{
    if (writer->used + length > BUFFER_BYTES)
        PD_TRY(flush(writer));
    if (length > BUFFER_BYTES)
        return write_at(writer, bytes, length);
    memcpy(writer->buffer + writer->used, bytes, length);
    writer->used += length;
    return NULL;
}

PdStatus *pd_raw_write(PdRawWriter *writer, const char *bytes, gsize length)
{
    PD_TRY(check_usable(writer, TRUE));
    if (length == 0)
        return NULL;
    pd_hash_add(writer->hash, bytes, length);
    return take_in(writer, bytes, length);
}

PdStatus *pd_raw_end(PdRawWriter *writer, PdRawPlace *place, guint8 sha256[PD_HASH_SIZE])
{
    PD_TRY(check_usable(writer, TRUE));
    pd_hash_finish(writer->hash, sha256);
    place->segment = writer->segment.id;
    place->offset = writer->start;
    place->length = end_of(writer) - writer->start;
    writer->inside = FALSE;
    return NULL;
}

void pd_raw_abandon(PdRawWriter *writer)
{
    guint8 ignored[PD_HASH_SIZE];

    if (!writer->inside)
        return;
    pd_hash_finish(writer->hash, ignored);
    if (writer->start >= writer->written) {
        writer->used = (gsize)(writer->start - writer->written);
    } else {
        writer->written = writer->start;
        writer->used = 0;
    }
    writer->inside = FALSE;
}

PdStatus *pd_raw_sync(PdRawWriter *writer)
{
    PD_TRY(check_usable(writer, writer->inside));
    PD_TRY(flush(writer));
    if (!writer->unsynced)
        return NULL;
    pd_durable_step("raw.before-sync");
    if (fdatasync(writer->fd) != 0) {
        writer->spoilt = TRUE;
        return fail(writer, "sync", errno);
    }
    writer->unsynced = FALSE;
    pd_durable_step("raw.synced");
    return NULL;
}
