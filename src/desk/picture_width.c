/* picture_width.c: how wide a picture is, by its head alone; see pictures.h. Outlook shows a
 * picture as wide as it is unless its width is told, and a screenshot is wider than a mail. */
#include "desk/pictures.h"

#include <string.h>

typedef struct {
    const guint8 *at;
    gsize left;
} Bytes;

static guint big(const guint8 *at)
{
    return (guint)at[0] << 8 | at[1];
}

static guint little(const guint8 *at)
{
    return (guint)at[1] << 8 | at[0];
}

/* The next marker of a JPEG, behind what it says of its length; FALSE at the end. */
static gboolean skip_segment(Bytes *bytes)
{
    gsize length = bytes->left >= 4 ? 2 + (gsize)big(bytes->at + 2) : 0;

    if (length < 4 || length > bytes->left)
        return FALSE;
    bytes->at += length;
    bytes->left -= length;
    return TRUE;
}

/* SOF0 to SOF15, but for three that begin something else: they hold the size. */
static gboolean is_frame(guint8 marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static guint width_of_jpeg(Bytes bytes)
{
    bytes.at += 2;
    bytes.left -= 2;
    while (bytes.left >= 9 && bytes.at[0] == 0xff) {
        if (is_frame(bytes.at[1]))
            return big(bytes.at + 7);
        if (!skip_segment(&bytes))
            break;
    }
    return 0;
}

guint pd_picture_width(GBytes *picture)
{
    Bytes bytes = {NULL, 0};

    bytes.at = g_bytes_get_data(picture, &bytes.left);
    if (bytes.left < 24)
        return 0;
    if (memcmp(bytes.at, "\x89PNG", 4) == 0)
        return big(bytes.at + 16) != 0 ? G_MAXUINT16 : big(bytes.at + 18);
    if (memcmp(bytes.at, "GIF8", 4) == 0)
        return little(bytes.at + 6);
    if (memcmp(bytes.at, "BM", 2) == 0)
        return little(bytes.at + 18);
    return memcmp(bytes.at, "\xff\xd8\xff", 3) == 0 ? width_of_jpeg(bytes) : 0;
}
