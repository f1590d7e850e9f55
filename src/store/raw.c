/* raw.c: reading raw messages where they lie. */
#include "postdesk/raw.h"

#include "store_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char lost_advice[] = "run 'postdesk verify' and restore a backup";

PdStatus *pd_raw_open(PdStore *store, const PdRawPlace *place, int *fd)
{
    if (store->open_segment != place->segment) {
        g_autofree char *path = pd_segment_path(store->folder, place->segment);
        int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (opened < 0)
            return pd_status_new(PD_SPOILS_STORE, errno == EMFILE ? PD_TRY_AGAIN : PD_FINAL,
                                 lost_advice, "cannot open %s: %s", path, g_strerror(errno));
        if (store->open_segment_fd >= 0)
            close(store->open_segment_fd);
        store->open_segment_fd = opened;
        store->open_segment = place->segment;
    }
    *fd = store->open_segment_fd;
    return NULL;
}

static PdStatus *read_at(int fd, const PdRawPlace *place, char *bytes, gsize length)
{
    gsize done = 0;

    while (done < length) {
        ssize_t got = pread(fd, bytes + done, length - done, (off_t)(place->offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return pd_status_new(PD_SPOILS_STORE, PD_FINAL, lost_advice,
                                 "raw segment %" G_GINT64_FORMAT " cannot be read: %s",
                                 place->segment, got < 0 ? g_strerror(errno) : "it is too short");
        done += (gsize)got;
    }
    return NULL;
}

PdStatus *pd_raw_read(PdStore *store, const PdRawPlace *place, gsize most, char **bytes,
                      gsize *length)
{
    gsize wanted = (gsize)MIN(place->length, (guint64)most);
    g_autofree char *all = g_malloc(wanted + 1);
    int fd;

    PD_TRY(pd_raw_open(store, place, &fd));
    PD_TRY(read_at(fd, place, all, wanted));
    all[wanted] = '\0';
    *bytes = g_steal_pointer(&all);
    *length = wanted;
    return NULL;
}
