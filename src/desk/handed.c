/* handed.c: see handed.h. Names and types are foreign: what does not fit a header as it stands is
 * said in another way, or is plain bytes. */
#include "desk/handed.h"

#include "desk/mailread.h"
#include "postdesk/attachments.h"
#include "postdesk/compose.h"
#include "postdesk/hash.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_BYTES (10 * 1024 * 1024)    /* of all files: each reader's mail holds them */
#define MOST_RAW (4 * (gsize)MOST_BYTES) /* of a message that is read for its files once more */
#define MOST_FILES 50
#define LOGO_BYTES (20 * 1024)
#define MOST_NAME 200
#define MOST_PLAIN 80

typedef struct {
    GPtrArray *found; /* of PdEnclosure *, those of this message */
    GByteArray *open; /* what is arriving */
    GPtrArray *logos; /* of digests: what may be one, NULL else; as found */
    GHashTable *seen; /* SHA-256 in hex of what is not wanted again, or NULL */
    gsize size, most;
    gboolean is_left; /* what is arriving is too large */
} Reading;

static gboolean is_handed(const PdAttachment *attachment)
{
    static const char *const of_mail[] = {
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-keys",        "application/ms-tnef",           NULL};

    return attachment->type == NULL || !g_strv_contains(of_mail, attachment->type);
}

gboolean pd_handed_has(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        if (is_handed(g_ptr_array_index(mail->attachments, i)))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_handed_fits(const PdMail *mail)
{
    guint64 size = 0;

    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = g_ptr_array_index(mail->attachments, i);
        size += is_handed(attachment) ? attachment->size : 0;
    }
    return size <= MOST_BYTES;
}

/* A message within must not be encoded as one. */
static char *type_of(const PdAttachment *attachment)
{
    const char *type = attachment->type != NULL ? attachment->type : "";
    gboolean is_plain = strchr(type, '/') != NULL && strlen(type) < 80 &&
                        !g_str_has_prefix(type, "message/") &&
                        !g_str_has_prefix(type, "multipart/");

    for (const char *c = type; *c != '\0'; c++)
        is_plain = is_plain && (g_ascii_isalnum(*c) || strchr("._-+/", *c) != NULL);
    return g_strdup(is_plain ? type : "application/octet-stream");
}

/* What stands in a header as it is. */
static gboolean is_plain(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr("._-", *c) == NULL)
            return FALSE;
    }
    return name[0] != '\0' && strlen(name) <= MOST_PLAIN;
}

static void name_it(PdEnclosure *enclosure, const char *name, guint number)
{
    enclosure->name = is_plain(name) ? g_strdup(name) : g_strdup_printf("file-%u", number);
    enclosure->title = is_plain(name) || name[0] == '\0' ? NULL : pd_text_head(name, MOST_NAME);
}

static gboolean may_be_logo(const PdAttachment *attachment)
{
    return attachment->is_inline && attachment->size <= LOGO_BYTES && attachment->type != NULL &&
           g_str_has_prefix(attachment->type, "image/");
}

/* TRUE once for each. */
static gboolean is_new(Reading *reading, const PdAttachment *attachment)
{
    return reading->seen == NULL ||
           g_hash_table_add(reading->seen, pd_hash_hex(attachment->sha256));
}

static void keep(Reading *reading, const PdAttachment *attachment)
{
    g_autoptr(GByteArray) bytes = g_steal_pointer(&reading->open);

    if (!is_new(reading, attachment))
        return;
    PdEnclosure *enclosure = g_new0(PdEnclosure, 1);
    enclosure->type = type_of(attachment);
    name_it(enclosure, attachment->name, reading->found->len + 1);
    reading->size += bytes->len;
    enclosure->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    g_ptr_array_add(reading->found, enclosure);
    g_ptr_array_add(reading->logos,
                    may_be_logo(attachment) ? g_memdup2(attachment->sha256, PD_HASH_SIZE) : NULL);
}

/* What does not fit any more is left; pd_handed_fits() told it. */
static void sink(const PdAttachment *attachment, const char *bytes, gsize length, gpointer user)
{
    Reading *reading = user;

    if (!is_handed(attachment))
        return;
    if (reading->open == NULL && !reading->is_left)
        reading->open = g_byte_array_new();
    if (bytes == NULL) {
        if (!reading->is_left)
            keep(reading, attachment);
        reading->is_left = FALSE;
        return;
    }
    reading->is_left =
        reading->is_left || (reading->seen != NULL && reading->found->len >= MOST_FILES) ||
        length > reading->most || reading->size + reading->open->len > reading->most - length;
    if (reading->is_left)
        g_clear_pointer(&reading->open, g_byte_array_unref);
    else
        g_byte_array_append(reading->open, (const guint8 *)bytes, (guint)length);
}

static PdStatus *take(PdDesk *desk, const Reading *reading, const char *from, gint64 inbox,
                      GPtrArray *enclosures)
{
    for (guint i = 0; i < reading->found->len; i++) {
        const guint8 *logo = g_ptr_array_index(reading->logos, i);
        gboolean before = FALSE;
        if (logo != NULL && from != NULL)
            PD_TRY(pd_attachment_came_before(desk->store, logo, from, inbox, &before));
        if (!before)
            g_ptr_array_add(enclosures, g_steal_pointer(&reading->found->pdata[i]));
    }
    return NULL;
}

static void free_enclosure(gpointer enclosure)
{
    pd_enclosure_free(enclosure);
}

static PdStatus *read_message(PdDesk *desk, gint64 inbox, GHashTable *seen, gsize most,
                              GPtrArray *enclosures)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(free_enclosure);
    g_autoptr(GPtrArray) logos = g_ptr_array_new_with_free_func(g_free);
    Reading reading = {.found = found, .logos = logos, .seen = seen, .most = most};
    const PdMailOptions further = {.attachment_sink = sink, .sink_user = &reading};
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;

    PD_TRY(pd_inbox_get(desk->store, inbox, &row));
    if (row == NULL || (seen != NULL && row->raw.length > MOST_RAW))
        return NULL;
    PdStatus *status = pd_mail_read_row(desk, row, &further, &mail);
    if (reading.open != NULL)
        g_byte_array_unref(reading.open);
    if (status != NULL)
        return status;
    return take(desk, &reading, mail->from != NULL ? mail->from->address : NULL, inbox, enclosures);
}

PdStatus *pd_handed_read(PdDesk *desk, const PdJson *messages, GPtrArray *enclosures)
{
    for (gsize i = 0; messages != NULL && i < pd_json_length(messages); i++)
        PD_TRY(read_message(desk, pd_json_get_int(pd_json_at(messages, i), "message", 0), NULL,
                            MOST_BYTES, enclosures));
    return NULL;
}

PdStatus *pd_handed_read_new(PdDesk *desk, gint64 inbox, GHashTable *seen, GPtrArray *enclosures)
{
    gsize size = 0;

    for (guint i = 0; i < enclosures->len; i++)
        size += g_bytes_get_size(((const PdEnclosure *)g_ptr_array_index(enclosures, i))->bytes);
    return size < MOST_BYTES ? read_message(desk, inbox, seen, MOST_BYTES - size, enclosures)
                             : NULL;
}
