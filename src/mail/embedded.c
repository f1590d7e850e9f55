/* embedded.c: see embedded.h. */
#include "embedded.h"

#include "part.h"
#include "postdesk/limits.h"
#include "source.h"
#include <string.h>

#define MOST_LINE_HEAD 300 /* bytes of a line that can be a boundary */

/* "--boundary" or "--boundary--", and nothing but white space behind. */
static gboolean is_boundary(const char *line, gsize length, const char *boundary)
{
    gsize wanted = strlen(boundary);

    if (length < wanted + 2 || memcmp(line, "--", 2) != 0 ||
        memcmp(line + 2, boundary, wanted) != 0)
        return FALSE;
    const char *rest = line + 2 + wanted, *end = line + length;
    if (end - rest >= 2 && memcmp(rest, "--", 2) == 0)
        rest += 2;
    while (rest < end && strchr(" \t\r\n", *rest) != NULL)
        rest++;
    return rest == end;
}

static gboolean ends_part(const PdReading *reading, const char *line, gsize length)
{
    for (guint i = 0; i < reading->boundaries->len; i++) {
        if (is_boundary(line, length, reading->boundaries->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

/* Bytes before the boundary that ends this part, without the line end that belongs to it. */
static gint64 measure(const PdReading *reading, GMimeStream *stream)
{
    GMimeStream *lines = g_mime_stream_buffer_new(stream, GMIME_STREAM_BUFFER_BLOCK_READ);
    char line[MOST_LINE_HEAD];
    gint64 length = 0;
    gboolean at_start = TRUE;
    guint line_end = 0;
    ssize_t got;

    while ((got = g_mime_stream_buffer_gets(lines, line, sizeof(line))) > 0) {
        if (at_start && ends_part(reading, line, (gsize)got)) {
            length -= line_end;
            break;
        }
        length += got;
        at_start = line[got - 1] == '\n';
        line_end = at_start ? 1 + (got > 1 && line[got - 2] == '\r') : 0;
    }
    g_object_unref(lines);
    return length;
}

GMimeStream *pd_embedded_bytes(const PdReading *reading, GMimeMessage *message)
{
    GMimeHeaderList *headers = GMIME_OBJECT(message)->headers;
    GMimeHeader *first = g_mime_header_list_get_count(headers) > 0
                             ? g_mime_header_list_get_header_at(headers, 0)
                             : NULL;
    gint64 start = first != NULL ? g_mime_header_get_offset(first) : -1;

    /* what an encoded message holds has no place in the stream */
    if (reading->stream == NULL || reading->embedded > 0 || start < 0)
        return NULL;
    GMimeStream *rest = g_mime_stream_substream(reading->stream, start, -1);
    gint64 length = measure(reading, rest);
    g_object_unref(rest);
    return g_mime_stream_substream(reading->stream, start, start + length);
}

GMimeMessage *pd_embedded_parse(GByteArray *bytes)
{
    const PdSource source = {(const char *)bytes->data, bytes->len, bytes->len, -1, 0};
    const char *verdict = NULL;
    g_autoptr(PdStatus) status = pd_source_scan_as("message/rfc822", &source, 0, &verdict);

    if (status != NULL || verdict != NULL)
        return NULL;
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, FALSE); /* the bytes go away before the message */
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

GMimeMessage *pd_embedded_open(PdReading *reading, GMimeObject *part)
{
    gboolean cut;

    if (!GMIME_IS_PART(part) || reading->embedded >= PD_EMBEDDED_DEPTH ||
        !(pd_part_is(part, "message", "rfc822") || pd_part_is(part, "message", "global")))
        return NULL;
    g_autoptr(GByteArray) bytes = pd_part_bytes(GMIME_PART(part), PD_LIMIT_EMBEDDED_BYTES, &cut);
    GMimeMessage *message = cut || bytes->len == 0 ? NULL : pd_embedded_parse(bytes);
    if (message == NULL)
        pd_note(reading->mail->defects, "an encoded message is not opened: kept as it is");
    return message;
}
