/* sparse.c: files with holes (postdesk/files.h). A hole reads as zeros and takes no room. */
#include "postdesk/files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HOLE_BLOCK ((gsize)4096)

static PdStatus *fail(const char *what)
{
    return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "%s a file: %s", what, g_strerror(errno));
}

/* Up to the next border of a block, or all that is left. */
static gsize to_border(off_t at, gsize length)
{
    return MIN(HOLE_BLOCK - (gsize)(at % HOLE_BLOCK), length);
}

static gboolean is_hole(const char *bytes, gsize length)
{
    return length == HOLE_BLOCK && bytes[0] == '\0' && memcmp(bytes, bytes + 1, length - 1) == 0;
}

gsize pd_file_run(off_t at, const char *bytes, gsize length, gboolean *zeros)
{
    gsize used = to_border(at, length);

    *zeros = is_hole(bytes, used);
    while (used < length) {
        gsize next = to_border(at + (off_t)used, length - used);
        if (is_hole(bytes + used, next) != *zeros)
            break;
        used += next;
    }
    return used;
}

PdStatus *pd_file_write_sparse(int fd, const char *bytes, gsize length)
{
    off_t at = lseek(fd, 0, SEEK_CUR);

    while (at >= 0 && length > 0) {
        gboolean zeros;
        gsize run = pd_file_run(at, bytes, length, &zeros);
        if (!zeros)
            PD_TRY(pd_file_write_all(fd, bytes, run));
        else if (lseek(fd, (off_t)run, SEEK_CUR) < 0)
            break;
        at += (off_t)run;
        bytes += run;
        length -= run;
    }
    return length == 0 ? NULL : fail("cannot seek in");
}

PdStatus *pd_file_end_sparse(int fd)
{
    off_t end = lseek(fd, 0, SEEK_CUR);

    return end >= 0 && ftruncate(fd, end) == 0 ? NULL : fail("cannot end");
}
