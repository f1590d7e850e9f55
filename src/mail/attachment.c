/* attachment.c: see attachment.h. */
#include "attachment.h"

#include "charset.h"
#include "embedded.h"
#include "filetype.h"
#include "header.h"
#include "html.h"
#include "part.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include "sinkstream.h"
#include <string.h>

#define MOST_LOCATION 1000 /* bytes */

void pd_attachment_free(PdAttachment *attachment)
{
    if (attachment == NULL)
        return;
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->content_id);
    g_free(attachment->found_type);
    g_free(attachment->text);
    g_free(attachment);
}

/* Turns text around, or is not seen at all. */
static gboolean is_deceiving(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

char *pd_attachment_clean_name(const char *name)
{
    g_autoptr(GString) clean = g_string_new(NULL);
    const char *base = name;

    for (const char *c = name; *c != '\0'; c++) {
        if ((*c == '/' || *c == '\\') && c[1] != '\0')
            base = c + 1;
    }
    for (const char *c = base; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (is_deceiving(character))
            continue;
        if (character < 0x80 && strchr("/\\:*?\"<>|", (char)character) != NULL)
            character = '_';
        if (clean->len > 0 || (character != '.' && character != ' '))
            g_string_append_unichar(clean, character);
    }
    while (clean->len > 0 && strchr(". ", clean->str[clean->len - 1]) != NULL)
        g_string_truncate(clean, clean->len - 1);
    if (clean->len <= PD_LIMIT_NAME_BYTES)
        return g_string_free(g_steal_pointer(&clean), FALSE);
    const char *suffix = strrchr(clean->str, '.');
    if (suffix == NULL || strlen(suffix) > 16)
        suffix = "";
    g_autofree char *head = pd_text_shorten(clean->str, PD_LIMIT_NAME_BYTES - strlen(suffix));
    return g_strconcat(head, suffix, NULL);
}

/* "%E6%B5%8B.doc" in a plain parameter: a web mail's idea of RFC 2231. Takes name. */
static char *without_percents(char *name)
{
    g_autofree char *plain = strchr(name, '%') != NULL ? g_uri_unescape_string(name, NULL) : NULL;

    /* a name that holds a "%" is left alone, unless what it spells is no ASCII and proper UTF-8 */
    if (plain == NULL || g_str_is_ascii(plain) || !g_str_is_ascii(name) ||
        !g_utf8_validate(plain, -1, NULL))
        return name;
    g_free(name);
    return g_steal_pointer(&plain);
}

char *pd_attachment_declared_name(GMimeObject *part, const char *prior)
{
    static const char *const places[][2] = {{"Content-Disposition", "filename"},
                                            {"Content-Type", "name"},
                                            {"Content-Disposition", "name"},
                                            {"Content-Type", "filename"}};

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *raw = pd_part_header(part, places[i][0]);
        g_autofree char *name = pd_header_parameter(raw, places[i][1], prior);
        if (name != NULL && *name != '\0')
            return without_percents(g_steal_pointer(&name));
    }
    return NULL;
}

typedef struct {
    PdReading *reading;
    PdAttachment *attachment;
    PdHash *hash;
    guint8 head[PD_FILETYPE_HEAD];
    gsize head_length;
    GString *text; /* its beginning, where that is asked for; or NULL */
} Measured;

static gboolean measure(const char *bytes, gsize length, gpointer user)
{
    Measured *measured = user;
    const PdMailOptions *options = measured->reading->options;
    gsize room = MIN(sizeof(measured->head) - measured->head_length, length);

    pd_hash_add(measured->hash, bytes, length);
    measured->attachment->size += length;
    memcpy(measured->head + measured->head_length, bytes, room);
    measured->head_length += room;
    if (measured->text != NULL)
        g_string_append_len(measured->text, bytes,
                            (gssize)MIN(length, PD_LIMIT_ATTACHMENT_TEXT - measured->text->len));
    if (options->attachment_sink != NULL)
        options->attachment_sink(measured->attachment, bytes, length, options->sink_user);
    return TRUE;
}

/* A message or a multipart that is kept as a file: as it is written. */
static void measure_whole(GMimeObject *part, Measured *measured)
{
    GMimeStream *stream = pd_sink_stream_new(measure, measured);

    g_mime_object_write_to_stream(part, NULL, stream);
    g_object_unref(stream);
}

/* A message inside this one: byte for byte. */
static void measure_message(GMimeMessage *message, Measured *measured)
{
    GMimeStream *bytes = pd_embedded_bytes(measured->reading, message);

    if (bytes == NULL) {
        measure_whole(GMIME_OBJECT(message), measured);
        return;
    }
    GMimeStream *sink = pd_sink_stream_new(measure, measured);
    g_mime_stream_write_to_stream(bytes, sink);
    g_object_unref(sink);
    g_object_unref(bytes);
}

static void measure_part(GMimeObject *part, Measured *measured)
{
    if (GMIME_IS_PART(part)) {
        pd_part_decode(GMIME_PART(part), measure, measured);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (message != NULL)
            measure_message(message, measured);
    } else {
        measure_whole(part, measured);
    }
}

static void judge_type(const Measured *measured)
{
    PdAttachment *attachment = measured->attachment;
    const char *found = pd_filetype_of(measured->head, measured->head_length);

    if (found == NULL)
        return;
    attachment->found_type = g_strdup(found);
    attachment->differs = pd_filetype_differs(found, attachment->type, attachment->name);
    if (!attachment->differs)
        return;
    if (g_ascii_strcasecmp(attachment->type, found) == 0)
        pd_note(measured->reading->mail->defects,
                "attachment \"%s\": not what its name says, is %s", attachment->name, found);
    else
        pd_note(measured->reading->mail->defects, "attachment \"%s\": declared as %s, is %s",
                attachment->name, attachment->type, found);
}

static gboolean says_text(const PdAttachment *attachment)
{
    static const char *const types[] = {
        "text/plain", "text/csv", "text/html", "text/tab-separated-values", "text/markdown", NULL};

    return g_strv_contains(types, attachment->type);
}

/* All of a mail's together are bounded, too. */
static gboolean wants_text(const PdReading *reading, const PdAttachment *attachment)
{
    gsize taken = 0;

    if (!reading->options->with_attachment_text || !says_text(attachment))
        return FALSE;
    for (guint i = 0; i < reading->mail->attachments->len; i++) {
        const PdAttachment *earlier = g_ptr_array_index(reading->mail->attachments, i);
        taken += earlier->text != NULL ? strlen(earlier->text) : 0;
    }
    return taken < PD_LIMIT_ATTACHMENT_TEXTS;
}

/* The bytes as a reader sees them. */
static void keep_text(Measured *measured)
{
    PdDecoding decoding;
    gboolean plainly;
    g_autofree char *text = pd_charset_decode(measured->text->str, measured->text->len, NULL,
                                              pd_reading_prior(measured->reading), &decoding);

    if (strcmp(measured->attachment->type, "text/html") == 0)
        measured->attachment->text = pd_html_to_text(text, strlen(text), &plainly);
    else
        measured->attachment->text = g_steal_pointer(&text);
    g_string_free(measured->text, TRUE);
}

/* What is attached passes by here, whole, between these two. */
static void begin(Measured *measured, PdReading *reading, PdAttachment *attachment)
{
    *measured = (Measured){.reading = reading, .attachment = attachment, .hash = pd_hash_new()};
    if (wants_text(reading, attachment))
        measured->text = g_string_new(NULL);
}

static void finish(Measured *measured, gboolean is_file)
{
    const PdMailOptions *options = measured->reading->options;

    pd_hash_finish(measured->hash, measured->attachment->sha256);
    pd_hash_free(measured->hash);
    if (measured->text != NULL)
        keep_text(measured);
    if (is_file)
        judge_type(measured);
    if (options->attachment_sink != NULL)
        options->attachment_sink(measured->attachment, NULL, 0, options->sink_user);
    g_ptr_array_add(measured->reading->mail->attachments, measured->attachment);
}

/* "Photo25.jpg", "http://host/path/logo.gif?size=2": where it comes from ends with a file's name.
 * Caller frees. */
static char *name_in_location(GMimeObject *part)
{
    g_autofree char *raw = pd_part_header(part, "Content-Location");

    if (raw == NULL || !g_utf8_validate(raw, -1, NULL) || strlen(raw) > MOST_LOCATION)
        return NULL;
    g_strstrip(raw);
    raw[strcspn(raw, "?#\r\n\t ")] = '\0';
    const char *slash = strrchr(raw, '/');
    const char *name = slash != NULL ? slash + 1 : raw;
    const char *suffix = strrchr(name, '.');
    if (suffix == NULL || suffix == name || suffix[1] == '\0' || strchr(name, ':') != NULL)
        return NULL;
    return g_strdup(name);
}

static char *name_of(PdReading *reading, GMimeObject *part)
{
    g_autofree char *declared = pd_attachment_declared_name(part, pd_reading_prior(reading));

    if (declared == NULL && GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        g_autofree char *raw =
            message != NULL ? pd_part_header(GMIME_OBJECT(message), "Subject") : NULL;
        if (raw != NULL) {
            g_autofree char *subject =
                pd_header_decode(raw, strlen(raw), pd_reading_prior(reading), NULL);
            /* a subject is no path: its slashes are just characters */
            g_strdelimit(subject, "/\\", '_');
            declared = g_strconcat(subject, ".eml", NULL);
        }
    }
    if (declared == NULL)
        declared = name_in_location(part);
    return pd_attachment_clean_name(declared != NULL ? declared : "");
}

static char *content_id_of(GMimeObject *part)
{
    g_autofree char *raw = pd_part_header(part, "Content-ID");

    if (raw == NULL || !g_utf8_validate(raw, -1, NULL) || strlen(raw) > PD_LIMIT_MESSAGE_ID)
        return NULL;
    g_strstrip(raw);
    char *id = raw + (*raw == '<');
    id[strcspn(id, "> \t")] = '\0';
    return *id != '\0' ? g_strdup(id) : NULL;
}

void pd_attachment_add(PdReading *reading, GMimeObject *part, gboolean is_inline)
{
    PdAttachment *attachment = g_new0(PdAttachment, 1);
    Measured measured;

    attachment->name = name_of(reading, part);
    attachment->type = pd_part_type(part);
    attachment->content_id = content_id_of(part);
    attachment->is_inline = is_inline;
    begin(&measured, reading, attachment);
    measure_part(part, &measured);
    finish(&measured, GMIME_IS_PART(part));
}

void pd_attachment_add_bytes(PdReading *reading, const PdAttachmentBytes *content)
{
    PdAttachment *attachment = g_new0(PdAttachment, 1);
    Measured measured;

    attachment->name = pd_attachment_clean_name(content->name != NULL ? content->name : "");
    attachment->type = content->type != NULL ? g_ascii_strdown(content->type, -1)
                                             : g_strdup("application/octet-stream");
    attachment->content_id = g_strdup(content->content_id);
    attachment->is_inline = content->content_id != NULL;
    begin(&measured, reading, attachment);
    measure(content->bytes, content->length, &measured);
    finish(&measured, TRUE);
}
