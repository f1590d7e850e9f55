/* tree.c: the MIME tree of a source.
 *
 * GMime is given the content headers alone and the body. A multipart whose declared boundary
 * occurs nowhere is read with the one that is really used, or else as plain text: nothing a
 * person wrote is lost for a broken declaration.
 */
#include "body.h"
#include "header.h"
#include "scan.h"
#include "source.h"
#include <gmime/gmime.h>
#include <string.h>

#define MOST_BOUNDARY 200
#define MOST_TAIL 512 /* bytes in which the last line is looked for */

static void append_text(GByteArray *block, const char *text)
{
    g_byte_array_append(block, (const guint8 *)text, (guint)strlen(text));
}

/* A multipart's type written anew: programs leave away the quotes that its boundary needs. */
static gboolean append_multipart_type(GByteArray *block, const char *raw)
{
    g_autofree char *type = pd_header_token(raw);
    g_autofree char *boundary = pd_header_parameter(raw, "boundary", NULL);
    g_autofree char *start = pd_header_parameter(raw, "start", NULL);

    if (!g_str_has_prefix(type, "multipart/") || boundary == NULL || *boundary == '\0' ||
        strpbrk(boundary, "\"\\") != NULL)
        return FALSE;
    append_text(block, "Content-Type: ");
    append_text(block, type);
    append_text(block, "; boundary=\"");
    append_text(block, boundary);
    append_text(block, "\"");
    if (start != NULL && strpbrk(start, "\"\\") == NULL) {
        append_text(block, "; start=\"");
        append_text(block, start);
        append_text(block, "\"");
    }
    append_text(block, "\n");
    return TRUE;
}

/* The content headers alone, as a block of their own. type: instead of the declared one. */
static GByteArray *content_headers(const GPtrArray *raw, const char *type, gsize room)
{
    static const char *const names[] = {"Content-Type", "Content-Transfer-Encoding",
                                        "Content-Disposition", "Content-ID"};
    GByteArray *block = g_byte_array_sized_new((guint)MIN(room + 512, G_MAXUINT));

    if (type != NULL) {
        append_text(block, "Content-Type: ");
        append_text(block, type);
        append_text(block, "\n");
    }
    for (gsize i = type != NULL; i < G_N_ELEMENTS(names); i++) {
        const PdRawHeader *header = pd_headers_find(raw, names[i]);
        if (header == NULL || (i == 0 && append_multipart_type(block, header->value)))
            continue;
        append_text(block, names[i]);
        append_text(block, ": ");
        append_text(block, header->value);
        append_text(block, "\n");
    }
    append_text(block, "\n");
    return block;
}

static GMimeStream *open_stream(PdReading *reading, const PdSource *source, gsize body,
                                const char *type)
{
    if (source->fd < 0) {
        gsize length = source->length - body;
        GByteArray *bytes = content_headers(reading->raw, type, length);
        g_byte_array_append(bytes, (const guint8 *)source->bytes + body, (guint)length);
        return g_mime_stream_mem_new_with_byte_array(bytes);
    }
    GMimeStream *whole = g_mime_stream_cat_new();
    GByteArray *block = content_headers(reading->raw, type, 0);
    GMimeStream *head = g_mime_stream_mem_new_with_byte_array(block);
    GMimeStream *rest = g_mime_stream_fs_new_with_bounds(source->fd, source->offset + (gint64)body,
                                                         source->offset + (gint64)source->length);
    g_mime_stream_fs_set_owner(GMIME_STREAM_FS(rest), FALSE);
    g_mime_stream_cat_add_source(GMIME_STREAM_CAT(whole), head);
    g_mime_stream_cat_add_source(GMIME_STREAM_CAT(whole), rest);
    g_object_unref(head);
    g_object_unref(rest);
    return whole;
}

/* The first line that looks like the beginning of a part: "--word", then a header. */
static char *find_boundary(const PdSource *source, gsize body)
{
    const char *limit = source->bytes + source->at_hand;
    const char *line = source->bytes + body;

    while (line < limit) {
        const char *end = memchr(line, '\n', (gsize)(limit - line));
        if (end == NULL)
            return NULL;
        gsize length = (gsize)(end - line);
        while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
            length--;
        if (length > 2 && length < MOST_BOUNDARY && line[0] == '-' && line[1] == '-' &&
            limit - end > 9 && g_ascii_strncasecmp(end + 1, "content-", 8) == 0 &&
            memchr(line, '"', length) == NULL && memchr(line, '\\', length) == NULL)
            return g_strndup(line + 2, length - 2);
        line = end + 1;
    }
    return NULL;
}

static GMimeObject *parse(GMimeStream *stream)
{
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);

    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeObject *root = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    return root;
}

/* The type that the body has in truth where the declared one gives no parts. */
static char *recovered_type(PdReading *reading, const PdSource *source, gsize body)
{
    g_autofree char *boundary = find_boundary(source, body);

    if (boundary == NULL) {
        pd_note(reading->mail->defects, "a multipart without parts is read as text");
        return g_strdup("text/plain");
    }
    pd_note(reading->mail->defects, "the declared boundary occurs nowhere");
    return g_strdup_printf("multipart/mixed; boundary=\"%s\"", boundary);
}

static GMimeObject *build(PdReading *reading, const PdSource *source, gsize body, const char *type,
                          GMimeStream **stream)
{
    *stream = open_stream(reading, source, body, type);
    return parse(*stream);
}

/* The message's last line that is not empty. Caller frees. */
static char *last_line(GMimeStream *stream)
{
    gint64 length = g_mime_stream_length(stream);
    GMimeStream *end = g_mime_stream_substream(stream, MAX(length - MOST_TAIL, 0), -1);
    char tail[MOST_TAIL + 1];
    gssize got = g_mime_stream_read(end, tail, MOST_TAIL);

    g_object_unref(end);
    while (got > 0 && strchr(" \t\r\n", tail[got - 1]) != NULL)
        got--;
    got = MAX(got, 0);
    const char *before = memrchr(tail, '\n', (gsize)got);
    const char *line = before != NULL ? before + 1 : tail;
    return g_strndup(line, (gsize)(tail + got - line));
}

/* A boundary, or one that is glued to the text before it. */
static gboolean is_boundary(const char *line, const char *boundary)
{
    g_autofree char *open = g_strconcat("--", boundary, NULL);
    g_autofree char *close = g_strconcat(open, "--", NULL);

    return strcmp(line, open) == 0 || g_str_has_suffix(line, close);
}

/* The part in which the message ends, where no boundary ends it: nobody knows whether it is
 * whole. NULL if one does. */
static GMimeObject *unfinished_part(GMimeObject *root, GMimeStream *stream)
{
    g_autofree char *line = NULL;
    GMimeObject *part = root;

    if (!GMIME_IS_MULTIPART(root) || GMIME_MULTIPART(root)->write_end_boundary)
        return NULL;
    line = last_line(stream);
    while (GMIME_IS_MULTIPART(part)) {
        const char *boundary = g_mime_multipart_get_boundary(GMIME_MULTIPART(part));
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        if (boundary != NULL && is_boundary(line, boundary))
            return NULL;
        if (count == 0)
            break;
        part = g_mime_multipart_get_part(GMIME_MULTIPART(part), count - 1);
    }
    return part;
}

PdStatus *pd_source_read_tree(PdReading *reading, const PdSource *source, gsize body)
{
    GMimeStream *stream;
    GMimeObject *root = build(reading, source, body, NULL, &stream);
    const char *verdict = NULL;
    PdStatus *status = NULL;
    gboolean recovered = root != NULL && GMIME_IS_MULTIPART(root) &&
                         g_mime_multipart_get_count(GMIME_MULTIPART(root)) == 0;

    if (recovered) {
        g_autofree char *type = recovered_type(reading, source, body);
        g_object_unref(root);
        g_object_unref(stream);
        status = pd_source_scan_as(type, source, body, &verdict);
        root = status == NULL && verdict == NULL ? build(reading, source, body, type, &stream)
                                                 : (stream = g_mime_stream_null_new(), NULL);
    }
    if (root != NULL) {
        reading->stream = stream;
        reading->unfinished =
            recovered && GMIME_IS_PART(root) ? root : unfinished_part(root, stream);
        pd_body_read(reading, root);
        reading->stream = NULL;
    } else if (status == NULL)
        pd_note(reading->mail->defects, "the body cannot be taken apart");
    g_clear_object(&root);
    g_object_unref(stream);
    return status;
}
