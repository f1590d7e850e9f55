/* part.c: see part.h. GMime's own conversions of text are not used: they lose bytes. */
#include "part.h"

#include "header.h"
#include "transfer.h"
#include <string.h>

#define CHUNK 16384
#define MOST_GREETING 20 /* bytes of a word that stands alone */

char *pd_part_header(GMimeObject *part, const char *name)
{
    GMimeHeader *header = g_mime_header_list_get_header(part->headers, name);
    const char *raw = header != NULL ? g_mime_header_get_raw_value(header) : NULL;

    if (raw == NULL)
        return NULL;
    raw += strspn(raw, " \t\r\n");
    GString *value = g_string_sized_new(strlen(raw) + 1);
    for (; *raw != '\0'; raw++) {
        if (*raw != '\r' && *raw != '\n')
            g_string_append_c(value, *raw);
    }
    return g_string_free(value, FALSE);
}

char *pd_part_type(GMimeObject *part)
{
    const char *type = g_mime_content_type_get_media_type(part->content_type);
    const char *subtype = g_mime_content_type_get_media_subtype(part->content_type);
    g_autofree char *name =
        g_strconcat(type != NULL ? type : "text", "/", subtype != NULL ? subtype : "plain", NULL);

    if (!g_utf8_validate(name, -1, NULL) || strlen(name) > 127)
        return g_strdup("application/octet-stream");
    return g_ascii_strdown(name, -1);
}

/* "Content-Type: text; …": GMime makes a file of it. */
static gboolean is_bare_text(GMimeObject *part)
{
    if (!g_mime_content_type_is_type(part->content_type, "application", "octet-stream"))
        return FALSE;
    g_autofree char *raw = pd_part_header(part, "Content-Type");
    g_autofree char *token = pd_header_token(raw);
    return strcmp(token, "text") == 0;
}

gboolean pd_part_is(GMimeObject *part, const char *type, const char *subtype)
{
    if (g_mime_content_type_is_type(part->content_type, type, subtype))
        return TRUE;
    return strcmp(type, "text") == 0 &&
           (strcmp(subtype, "plain") == 0 || strcmp(subtype, "*") == 0) && is_bare_text(part);
}

/* The first line that is not empty, up to its padding, at most size - 1 bytes. Does another follow,
 * where all is so short? */
static gboolean first_line(GMimeStream *stream, char *line, gsize size)
{
    ssize_t got;

    g_mime_stream_reset(stream);
    got = g_mime_stream_read(stream, line, size - 1);
    line[MAX(got, 0)] = '\0';
    gsize blank = strspn(line, " \t\r\n");
    memmove(line, line + blank, strlen(line + blank) + 1);
    gsize end = strcspn(line, "=\r\n");
    gboolean more = line[end + strspn(line + end, "= \t\r\n")] != '\0';
    line[end] = '\0';
    g_strchomp(line);
    return more;
}

/* "Hello": no base64 stands so alone on the first of several lines. */
static gboolean is_greeting(const char *line)
{
    gsize length = strlen(line);

    for (gsize i = 1; i < length; i++) {
        if (!g_ascii_islower(line[i]))
            return FALSE;
    }
    return length > 1 && length <= MOST_GREETING;
}

/* A mailing list may have put lines behind the base64: the first one tells. */
gboolean pd_part_is_misencoded(GMimeObject *part)
{
    GMimeDataWrapper *content =
        GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
    char line[200];

    if (content == NULL || !pd_part_is(part, "text", "*") ||
        g_mime_data_wrapper_get_encoding(content) != GMIME_CONTENT_ENCODING_BASE64)
        return FALSE;
    if (first_line(g_mime_data_wrapper_get_stream(content), line, sizeof(line)) &&
        is_greeting(line))
        return TRUE;
    for (const char *at = line; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '+' && *at != '/')
            return TRUE;
    }
    return FALSE;
}

static GMimeContentEncoding encoding_of(GMimePart *part)
{
    return pd_part_is_misencoded(GMIME_OBJECT(part))
               ? GMIME_CONTENT_ENCODING_DEFAULT
               : g_mime_data_wrapper_get_encoding(g_mime_part_get_content(part));
}

void pd_part_decode(GMimePart *part, PdPartSink sink, gpointer user)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    char raw[CHUNK];
    char decoded[CHUNK + CHUNK / 2];
    PdTransfer transfer;
    ssize_t got;

    if (content == NULL)
        return;
    GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
    pd_transfer_begin(&transfer, encoding_of(part), pd_part_is(GMIME_OBJECT(part), "text", "*"));
    g_mime_stream_reset(stream);
    while ((got = g_mime_stream_read(stream, raw, sizeof(raw))) > 0) {
        gsize length = pd_transfer_step(&transfer, raw, (gsize)got, decoded);
        if (length > 0 && !sink(decoded, length, user))
            return;
    }
    gsize length = pd_transfer_end(&transfer, decoded);
    if (length > 0)
        sink(decoded, length, user);
}

typedef struct {
    GByteArray *bytes;
    gsize most;
    gboolean cut;
} Collected;

static gboolean collect(const char *bytes, gsize length, gpointer user)
{
    Collected *collected = user;
    gsize room = collected->most - collected->bytes->len;

    collected->cut = length > room;
    g_byte_array_append(collected->bytes, (const guint8 *)bytes, (guint)MIN(length, room));
    return !collected->cut;
}

GByteArray *pd_part_bytes(GMimePart *part, gsize most, gboolean *cut)
{
    Collected collected = {g_byte_array_new(), most, FALSE};

    pd_part_decode(part, collect, &collected);
    *cut = collected.cut;
    return collected.bytes;
}
