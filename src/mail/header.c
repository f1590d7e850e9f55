/* header.c: header blocks into fields. */
#include "header.h"

#include "postdesk/limits.h"
#include <gmime/gmime.h>
#include <string.h>

void pd_raw_header_free(PdRawHeader *header)
{
    if (header == NULL)
        return;
    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

/* Line ends and NULs out, the folding's white space kept as it is. */
static char *unfold(const char *bytes, gsize length, gsize *out_length)
{
    char *value = g_malloc(length + 1);
    gsize used = 0;

    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\0')
            value[used++] = ' ';
        else if (bytes[i] != '\r' && bytes[i] != '\n')
            value[used++] = bytes[i];
    }
    while (used > 0 && (value[used - 1] == ' ' || value[used - 1] == '\t'))
        used--;
    value[used] = '\0';
    *out_length = used;
    return value;
}

/* End of the field that begins here: the first line end that no white space follows. */
static const char *field_end(const char *at, const char *limit)
{
    for (;;) {
        const char *line_end = memchr(at, '\n', (gsize)(limit - at));
        if (line_end == NULL || line_end + 1 >= limit)
            return limit;
        if (line_end[1] != ' ' && line_end[1] != '\t')
            return line_end + 1;
        at = line_end + 1;
    }
}

/* The colon behind the field's name, or NULL if this line is no field. */
static const char *name_end(const char *at, const char *end)
{
    const char *c = at;

    while (c < end && (guchar)*c > 0x20 && (guchar)*c < 0x7f && *c != ':')
        c++;
    const char *after = c;
    while (after < end && (*after == ' ' || *after == '\t'))
        after++;
    return c > at && after < end && *after == ':' ? after : NULL;
}

/* White space alone, and what follows is no field: a gateway's idea of an empty line. */
static gboolean is_blank_end(const char *at, const char *line_end, const char *limit)
{
    while (at < line_end && strchr(" \t\r", *at) != NULL)
        at++;
    const char *next = line_end + 1;
    if (at < line_end || next >= limit || *next == ' ' || *next == '\t')
        return FALSE;
    const char *next_end = memchr(next, '\n', (gsize)(limit - next));
    return next_end != NULL && name_end(next, next_end) == NULL;
}

gboolean pd_headers_end(const char *bytes, gsize length, gsize *end)
{
    const char *at = bytes;
    const char *limit = bytes + length;

    while (at < limit) {
        const char *line_end = memchr(at, '\n', (gsize)(limit - at));
        if (line_end == NULL)
            return FALSE;
        if (line_end == at || (line_end == at + 1 && *at == '\r') ||
            is_blank_end(at, line_end, limit)) {
            *end = (gsize)(line_end + 1 - bytes);
            return TRUE;
        }
        at = line_end + 1;
    }
    return FALSE;
}

static void add_field(GPtrArray *headers, const char *at, const char *colon, const char *end)
{
    PdRawHeader *header = g_new(PdRawHeader, 1);
    const char *name_last = colon;
    const char *value = colon + 1;

    while (name_last > at && (name_last[-1] == ' ' || name_last[-1] == '\t'))
        name_last--;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    header->name = g_strndup(at, (gsize)(name_last - at));
    header->value = unfold(value, (gsize)(end - value), &header->length);
    g_ptr_array_add(headers, header);
}

GPtrArray *pd_headers_parse(const char *block, gsize length, GPtrArray *defects)
{
    GPtrArray *headers = g_ptr_array_new_with_free_func((GDestroyNotify)pd_raw_header_free);
    const char *at = block;
    const char *limit = block + length;
    guint broken = 0;

    while (at < limit && headers->len < PD_LIMIT_HEADERS) {
        const char *end = field_end(at, limit);
        const char *colon = name_end(at, end);
        if (colon != NULL)
            add_field(headers, at, colon, end);
        else if (end - at > 2)
            broken++;
        at = end;
    }
    if (broken > 0)
        g_ptr_array_add(defects, g_strdup_printf("%u broken header lines", broken));
    if (at < limit && limit - at > 2)
        g_ptr_array_add(defects, g_strdup_printf("more than %d headers", PD_LIMIT_HEADERS));
    return headers;
}

/* Fields that mail programs write; what only looks like a field may be a line of text. */
static gboolean is_usual_field(const char *name)
{
    static const char *const starts[] = {"From:",
                                         "To:",
                                         "Cc:",
                                         "Subject:",
                                         "Date:",
                                         "Message-ID:",
                                         "Reply-To:",
                                         "Sender:",
                                         "Received:",
                                         "Return-Path:",
                                         "Content-",
                                         "MIME-Version:",
                                         "X-",
                                         "References:",
                                         "List-",
                                         "DKIM-",
                                         "Delivered-To:",
                                         "In-Reply-To:",
                                         "Authentication-Results:",
                                         "ARC-",
                                         "Resent-",
                                         "Importance:",
                                         "Thread-"};

    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_ascii_strncasecmp(name, starts[i], strlen(starts[i])) == 0)
            return TRUE;
    }
    return FALSE;
}

gsize pd_headers_text(const char *block, gsize length)
{
    const char *limit = block + length, *text = NULL;

    for (const char *at = block; at < limit;) {
        const char *end = field_end(at, limit);
        g_autofree char *start = g_strndup(at, MIN((gsize)(end - at), 32));
        if (name_end(at, end) != NULL && is_usual_field(start))
            text = NULL; /* only a line among the headers was broken */
        else if (text == NULL && name_end(at, end) == NULL && end - at > 2)
            text = at;
        at = end;
    }
    return text != NULL && text > block ? (gsize)(text - block) : length;
}

const PdRawHeader *pd_headers_find(const GPtrArray *headers, const char *name)
{
    for (guint i = 0; i < headers->len; i++) {
        const PdRawHeader *header = headers->pdata[i];
        if (pd_header_is_named(header->name, name))
            return header;
    }
    return NULL;
}

const char *pd_headers_get(const GPtrArray *headers, const char *name)
{
    const PdRawHeader *header = pd_headers_find(headers, name);

    return header != NULL ? header->value : NULL;
}

/* Ids are what stands between angle brackets; programs that leave those away write
 * words with an "@". */
GPtrArray *pd_header_message_ids(const char *raw)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

    while (raw != NULL && *raw != '\0') {
        gsize length;
        while (*raw == ' ' || *raw == '\t' || *raw == ',')
            raw++;
        gboolean bracketed = *raw == '<';
        if (bracketed)
            length = strcspn(++raw, ">< \t");
        else
            length = strcspn(raw, "< \t,");
        gboolean is_id = bracketed || memchr(raw, '@', length) != NULL;
        if (is_id && length > 0 && length <= PD_LIMIT_MESSAGE_ID &&
            g_utf8_validate_len(raw, length, NULL)) {
            if (ids->len >= PD_LIMIT_REFERENCES)
                g_ptr_array_remove_index(ids, 0);
            g_ptr_array_add(ids, g_strndup(raw, length));
        }
        raw += length;
        if (*raw == '>')
            raw++;
    }
    return ids;
}

gint64 pd_header_date(const char *raw)
{
    g_autoptr(GDateTime) date = NULL;

    if (raw == NULL || strlen(raw) > 256)
        return 0;
    date = g_mime_utils_header_decode_date(raw);
    if (date == NULL)
        return 0;
    gint64 seconds = g_date_time_to_unix(date);
    /* before mail existed or beyond any calendar: senseless */
    return seconds > 0 && seconds < G_GINT64_CONSTANT(7258118400) ? seconds * G_USEC_PER_SEC : 0;
}

char *pd_header_token(const char *raw)
{
    if (raw == NULL)
        return g_strdup("");
    gsize length = strcspn(raw, ";");
    g_autofree char *token = g_strndup(raw, length);
    g_strstrip(token);
    char *lower = g_ascii_strdown(token, -1);
    if (!g_utf8_validate(lower, -1, NULL))
        *lower = '\0';
    return lower;
}
