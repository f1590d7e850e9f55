/* raw.c: reading raw messages, where they lie or put together.
 *
 * Who reads a place holds a lock on its bytes until he is done: what is shared is given back only
 * while nobody holds one (sharing.c). So the look-up of shared ranges comes after the lock: it
 * shows every range whose bytes may be gone.
 */
#include "postdesk/raw.h"

#include "postdesk/files.h"
#include "raw_view.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECE (64u << 10)
#define MOST_IN_MEMORY (16u << 20) /* what is larger is put together in a file */

static PdStatus *turn_to(PdStore *store, gint64 segment)
{
    int fd;

    if (store->open_segment == segment)
        return NULL;
    PD_TRY(pd_segment_open(store->folder, segment, &fd));
    if (store->open_segment_fd >= 0)
        close(store->open_segment_fd);
    store->open_segment_fd = fd;
    store->open_segment = segment;
    return NULL;
}

static PdStatus *lease(PdStore *store, const PdRawPlace *place)
{
    pd_raw_close(store);
    PD_TRY(turn_to(store, place->segment));
    if (place->length == 0)
        return NULL;
    PD_TRY(pd_segment_lock(store->open_segment_fd, F_RDLCK, place->offset, place->length, NULL));
    store->leased = TRUE;
    return NULL;
}

void pd_raw_close(PdStore *store)
{
    if (store->put_together >= 0)
        close(store->put_together);
    store->put_together = -1;
    if (store->leased) /* the whole file; cannot fail */
        pd_status_free(pd_segment_lock(store->open_segment_fd, F_UNLCK, 0, 0, NULL));
    store->leased = FALSE;
}

/* A file without a name. Large ones are not held in memory, where the disk can take them. */
static PdStatus *make_nameless(const PdStore *store, guint64 length, int *fd)
{
    g_autofree char *folder = pd_store_path(store, PD_RAW_FOLDER);

    *fd = length > MOST_IN_MEMORY ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
    if (*fd < 0)
        *fd = memfd_create("raw", MFD_CLOEXEC);
    if (*fd >= 0)
        return NULL;
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no file to read a message from: %s",
                         g_strerror(errno));
}

/* Each byte at the offset where it would lie in its segment. */
static PdStatus *copy(PdRawView *view, const PdRawPlace *place, int fd)
{
    g_autofree char *piece = g_malloc(PIECE);

    if (lseek(fd, (off_t)place->offset, SEEK_SET) < 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL, "cannot seek: %s",
                             g_strerror(errno));
    for (guint64 at = 0; at < place->length;) {
        gsize part = (gsize)MIN(place->length - at, PIECE);
        PD_TRY(pd_raw_view_read(view, at, piece, part));
        PD_TRY(pd_file_write_all(fd, piece, part));
        at += part;
    }
    return NULL;
}

static PdStatus *put_together(PdStore *store, const PdRawPlace *place, const GArray *ranges)
{
    g_autoptr(PdRawView) view = pd_raw_view_new(store, place, ranges);

    PD_TRY(make_nameless(store, place->length, &store->put_together));
    return copy(view, place, store->put_together);
}

PdStatus *pd_raw_open(PdStore *store, const PdRawPlace *place, int *fd)
{
    g_autoptr(GArray) ranges = NULL;

    PD_TRY(lease(store, place));
    PdStatus *status = pd_shared_ranges(store, place, &ranges);
    if (status == NULL && ranges != NULL)
        status = put_together(store, place, ranges);
    if (status != NULL) {
        pd_raw_close(store);
        return status;
    }
    *fd = ranges != NULL ? store->put_together : store->open_segment_fd;
    return NULL;
}

static PdStatus *read_leased(PdStore *store, const PdRawPlace *place, char *bytes, gsize length)
{
    g_autoptr(GArray) ranges = NULL;

    PD_TRY(pd_shared_ranges(store, place, &ranges));
    if (ranges == NULL)
        return pd_segment_read(store->open_segment_fd, place->segment, place->offset, bytes,
                               length);
    g_autoptr(PdRawView) view = pd_raw_view_new(store, place, ranges);
    return pd_raw_view_read(view, 0, bytes, length);
}

PdStatus *pd_raw_read(PdStore *store, const PdRawPlace *place, gsize most, char **bytes,
                      gsize *length)
{
    gsize wanted = (gsize)MIN(place->length, (guint64)most);
    g_autofree char *all = g_malloc(wanted + 1);

    PD_TRY(lease(store, place));
    PdStatus *status = read_leased(store, place, all, wanted);
    pd_raw_close(store);
    if (status != NULL)
        return status;
    all[wanted] = '\0';
    *bytes = g_steal_pointer(&all);
    *length = wanted;
    return NULL;
}
