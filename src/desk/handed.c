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
#define MOST_FILES 40                    /* in one mail, of a whole ticket */
#define LOGO_BYTES (20 * 1024)
#define MOST_NAME 200
#define MOST_PLAIN 80

typedef struct {
    GPtrArray *found; /* of PdEnclosure *, those of this message */
    GArray *digests;  /* of Digest, as found */
    GByteArray *open; /* what is arriving */
    GHashTable *seen; /* SHA-256 in hex of what is not wanted again, or NULL */
    gsize size, most; /* bytes */
    guint most_files;
    gboolean is_left; /* what is arriving is too much */
} Reading;

typedef struct {
    guint8 sha256[PD_HASH_SIZE];
    gboolean may_be_logo;
} Digest;

static gboolean is_of_mail(const char *type)
{
    static const char *const of_mail[] = {
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-keys",        "application/ms-tnef",           NULL};

    return g_strv_contains(of_mail, type);
}

static gboolean is_handed(const PdAttachment *attachment)
{
    return attachment->type == NULL || !is_of_mail(attachment->type);
}

static gboolean is_like_logo(const char *type, gboolean is_inline, guint64 size)
{
    return is_inline && size <= LOGO_BYTES && g_str_has_prefix(type, "image/");
}

static gboolean may_be_logo(const PdAttachment *attachment)
{
    return attachment->type != NULL &&
           is_like_logo(attachment->type, attachment->is_inline, attachment->size);
}

gboolean pd_handed_is_news(const char *type, gboolean is_inline, guint64 size)
{
    return type == NULL || (!is_of_mail(type) && !is_like_logo(type, is_inline, size));
}

gboolean pd_handed_has(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        if (is_handed(g_ptr_array_index(mail->attachments, i)))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_handed_has_news(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = g_ptr_array_index(mail->attachments, i);
        if (pd_handed_is_news(attachment->type, attachment->is_inline, attachment->size))
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

/* Did it come with another message of the ticket, or with this one already? */
static gboolean was_seen(const Reading *reading, const PdAttachment *attachment)
{
    g_autofree char *hex = pd_hash_hex(attachment->sha256);

    for (guint i = 0; i < reading->digests->len; i++)
        if (memcmp(g_array_index(reading->digests, Digest, i).sha256, attachment->sha256,
                   PD_HASH_SIZE) == 0)
            return TRUE;
    return g_hash_table_contains(reading->seen, hex);
}

static void keep(Reading *reading, const PdAttachment *attachment)
{
    g_autoptr(GByteArray) bytes = g_steal_pointer(&reading->open);
    Digest digest = {.may_be_logo = may_be_logo(attachment)};

    if (reading->seen != NULL && was_seen(reading, attachment))
        return;
    PdEnclosure *enclosure = g_new0(PdEnclosure, 1);
    enclosure->type = type_of(attachment);
    name_it(enclosure, attachment->name, reading->found->len + 1);
    reading->size += bytes->len;
    enclosure->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    g_ptr_array_add(reading->found, enclosure);
    memcpy(digest.sha256, attachment->sha256, PD_HASH_SIZE);
    g_array_append_val(reading->digests, digest);
}

static gboolean is_too_much(const Reading *reading, gsize length)
{
    gsize used = reading->size + (reading->open != NULL ? reading->open->len : 0);

    return reading->found->len >= reading->most_files || used > reading->most ||
           length > reading->most - used;
}

/* What does not fit any more is left; pd_handed_fits() told it. */
static void sink(const PdAttachment *attachment, const char *bytes, gsize length, gpointer user)
{
    Reading *reading = user;

    if (!is_handed(attachment))
        return;
    reading->is_left = reading->is_left || is_too_much(reading, bytes != NULL ? length : 0);
    if (reading->is_left)
        g_clear_pointer(&reading->open, g_byte_array_unref);
    else if (reading->open == NULL)
        reading->open = g_byte_array_new();
    if (bytes != NULL && !reading->is_left)
        g_byte_array_append(reading->open, (const guint8 *)bytes, (guint)length);
    if (bytes != NULL)
        return;
    if (!reading->is_left)
        keep(reading, attachment);
    reading->is_left = FALSE;
}

static PdStatus *take(PdDesk *desk, const Reading *reading, const char *from, gint64 inbox,
                      GPtrArray *enclosures)
{
    for (guint i = 0; i < reading->found->len; i++) {
        const Digest *digest = &g_array_index(reading->digests, Digest, i);
        gboolean before = FALSE;
        if (digest->may_be_logo && from != NULL)
            PD_TRY(pd_attachment_came_before(desk->store, digest->sha256, from, inbox, &before));
        if (before)
            continue;
        g_ptr_array_add(enclosures, g_steal_pointer(&reading->found->pdata[i]));
        if (reading->seen != NULL)
            g_hash_table_add(reading->seen, pd_hash_hex(digest->sha256));
    }
    return NULL;
}

static void free_enclosure(gpointer enclosure)
{
    pd_enclosure_free(enclosure);
}

/* Reads as the limits of it are. */
static PdStatus *read_message(PdDesk *desk, gint64 inbox, Reading *reading, GPtrArray *enclosures)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(free_enclosure);
    g_autoptr(GArray) digests = g_array_new(FALSE, FALSE, sizeof(Digest));
    const PdMailOptions further = {.attachment_sink = sink, .sink_user = reading};
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;

    reading->found = found;
    reading->digests = digests;
    PD_TRY(pd_inbox_get(desk->store, inbox, &row));
    if (row == NULL || (reading->seen != NULL && row->raw.length > MOST_RAW))
        return NULL;
    PdStatus *status = pd_mail_read_row(desk, row, &further, &mail);
    g_clear_pointer(&reading->open, g_byte_array_unref);
    if (status != NULL)
        return status;
    return take(desk, reading, mail->from != NULL ? mail->from->address : NULL, inbox, enclosures);
}

/* Words go on without files that cannot be read any more. */
static PdStatus *read_what_is_there(PdDesk *desk, gint64 inbox, Reading *reading,
                                    GPtrArray *enclosures)
{
    return pd_mail_pass_over_lost("files-not-told", read_message(desk, inbox, reading, enclosures));
}

PdJson *pd_handed_list(gint64 inbox)
{
    return pd_json_add(pd_json_array(), pd_json_set_int(pd_json_object(), "message", inbox));
}

PdStatus *pd_handed_read(PdDesk *desk, const PdJson *messages, GPtrArray *enclosures)
{
    for (gsize i = 0; messages != NULL && i < pd_json_length(messages); i++) {
        Reading reading = {.most = MOST_BYTES, .most_files = G_MAXUINT};
        gint64 inbox = pd_json_get_int(pd_json_at(messages, i), "message", 0);
        PD_TRY(read_what_is_there(desk, inbox, &reading, enclosures));
    }
    return NULL;
}

/* Is there a file that is worth reading the message once more? */
static gboolean holds_one(const PdJson *attached, GHashTable *seen, gsize room)
{
    for (gsize i = 0; i < pd_json_length(attached); i++) {
        const PdJson *one = pd_json_at(attached, i);
        const char *hex = pd_json_get_text(one, "sha256");
        if (hex != NULL && !g_hash_table_contains(seen, hex) && !pd_attachment_may_be_logo(one) &&
            (guint64)pd_json_get_int(one, "size", 0) <= room)
            return TRUE;
    }
    return FALSE;
}

PdStatus *pd_handed_read_new(PdDesk *desk, const PdStoredMessage *message, GHashTable *seen,
                             GPtrArray *enclosures)
{
    g_autoptr(PdJson) attached = NULL;
    gsize size = 0;

    if (message->attachments == NULL)
        return NULL;
    PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &attached));
    for (guint i = 0; i < enclosures->len; i++)
        size += g_bytes_get_size(((const PdEnclosure *)g_ptr_array_index(enclosures, i))->bytes);
    if (size >= MOST_BYTES || enclosures->len >= MOST_FILES ||
        !holds_one(attached, seen, MOST_BYTES - size))
        return NULL;
    Reading reading = {
        .seen = seen, .most = MOST_BYTES - size, .most_files = MOST_FILES - enclosures->len};
    return read_what_is_there(desk, message->inbox, &reading, enclosures);
}
