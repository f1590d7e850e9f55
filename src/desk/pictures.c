/* pictures.c: see pictures.h. What is foreign is passed on as it came: a program that shows
 * pictures has to bear any. SVG is a document that may hold scripts, and is none. */
#include "desk/pictures.h"

#include "desk/mailread.h"
#include "postdesk/attachments.h"
#include <string.h>

#define MOST_RAW (8 * 1024 * 1024) /* bytes of a message that is read again for its pictures */
#define LEAST_BYTES 400            /* less is a dot that counts readers, or a line */

/* What every mail program shows. */
static const char *const shown_types[] = {"image/png", "image/jpeg", "image/gif", "image/bmp",
                                          NULL};

typedef struct {
    const char *type;
    GBytes *bytes;
} Picture;

struct pd_pictures {
    GHashTable *kept; /* SHA-256 in hex → Picture * */
    GByteArray *open; /* what is arriving, NULL if it is not kept */
    gboolean is_within;
    gsize size;
};

static void picture_free(Picture *picture)
{
    g_bytes_unref(picture->bytes);
    g_free(picture);
}

PdPictures *pd_pictures_new(void)
{
    PdPictures *pictures = g_new0(PdPictures, 1);

    pictures->kept =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)picture_free);
    return pictures;
}

void pd_pictures_free(PdPictures *pictures)
{
    if (pictures == NULL)
        return;
    g_hash_table_unref(pictures->kept);
    if (pictures->open != NULL)
        g_byte_array_unref(pictures->open);
    g_free(pictures);
}

gsize pd_pictures_size(const PdPictures *pictures)
{
    return pictures->size;
}

static const char *shown_type(const char *type)
{
    for (gsize i = 0; shown_types[i] != NULL; i++)
        if (g_strcmp0(shown_types[i], type) == 0)
            return shown_types[i];
    return NULL;
}

static void keep(PdPictures *pictures, const PdAttachment *attachment)
{
    const char *type = shown_type(attachment->found_type);
    char *hex = pd_hash_hex(attachment->sha256);
    GByteArray *open = g_steal_pointer(&pictures->open);

    if (type == NULL || g_hash_table_contains(pictures->kept, hex)) {
        g_byte_array_unref(open);
        g_free(hex);
        return;
    }
    Picture *picture = g_new0(Picture, 1);
    pictures->size += open->len;
    picture->type = type;
    picture->bytes = g_byte_array_free_to_bytes(open);
    g_hash_table_insert(pictures->kept, hex, picture);
}

/* TRUE if its beginning is worth keeping. */
static gboolean may_be_one(const PdPictures *pictures, const char *bytes, gsize length)
{
    static const char *const beginnings[] = {"\x89PNG", "\xff\xd8\xff", "GIF8", "BM"};

    if (g_hash_table_size(pictures->kept) >= PD_PICTURES_MOST)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        gsize begin = strlen(beginnings[i]);
        if (length < begin || memcmp(bytes, beginnings[i], begin) == 0)
            return TRUE;
    }
    return FALSE;
}

void pd_pictures_sink(const PdAttachment *attachment, const char *bytes, gsize length,
                      gpointer user)
{
    PdPictures *pictures = user;

    if (bytes == NULL) {
        if (pictures->open != NULL)
            keep(pictures, attachment);
        pictures->is_within = FALSE;
        return;
    }
    if (!pictures->is_within && may_be_one(pictures, bytes, length))
        pictures->open = g_byte_array_new();
    pictures->is_within = TRUE;
    if (pictures->open == NULL)
        return;
    if (pictures->open->len + length > PD_PICTURE_MOST_BYTES ||
        pictures->size + pictures->open->len + length > PD_PICTURES_MOST_BYTES) {
        g_clear_pointer(&pictures->open, g_byte_array_unref);
        return;
    }
    g_byte_array_append(pictures->open, (const guint8 *)bytes, (guint)length);
}

PdStatus *pd_picture_is_worth(const PdDesk *desk, const PdStoredMessage *message,
                              const PdJson *attachment, gboolean *is_worth)
{
    guint8 sha256[PD_HASH_SIZE];
    gint64 size = pd_json_get_int(attachment, "size", 0);
    gboolean before = FALSE;

    *is_worth = shown_type(pd_json_get_text(attachment, "found_type")) != NULL &&
                size >= LEAST_BYTES &&
                pd_attachment_digest(pd_json_get_text(attachment, "sha256"), sha256);
    if (!*is_worth || message->from == NULL || !pd_attachment_may_be_logo(attachment))
        return NULL;
    PD_TRY(pd_attachment_came_before(desk->store, sha256, message->from, message->inbox, &before));
    *is_worth = !before;
    return NULL;
}

GBytes *pd_pictures_get(const PdPictures *pictures, const char *sha256, const char **type)
{
    const Picture *picture = pictures != NULL ? g_hash_table_lookup(pictures->kept, sha256) : NULL;

    if (picture == NULL)
        return NULL;
    *type = picture->type;
    return picture->bytes;
}

PdStatus *pd_pictures_read(PdDesk *desk, gint64 inbox, PdPictures *pictures)
{
    const PdMailOptions further = {.attachment_sink = pd_pictures_sink, .sink_user = pictures};
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;

    PD_TRY(pd_inbox_get(desk->store, inbox, &row));
    if (row == NULL || row->raw.length > MOST_RAW)
        return NULL;
    return pd_mail_read_row(desk, row, &further, &mail);
}
