/* transfer.c: see transfer.h. */
#include "transfer.h"

#include <string.h>

#define LEAST_LINE 4 /* characters of base64 that stand for something */
#define LEAST_STRANGE 3

void pd_transfer_begin(PdTransfer *transfer, GMimeContentEncoding encoding, gboolean is_text)
{
    memset(transfer, 0, sizeof(*transfer));
    transfer->encoding = encoding;
    transfer->is_text = is_text;
    g_mime_encoding_init_decode(&transfer->state, encoding);
}

static gboolean is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Bytes of "=", and of the white space behind; *ended: a line end is among them. */
static gsize padding_length(const char *at, gsize length, gboolean *ended)
{
    gsize i = 0;

    for (; i < length && (at[i] == '=' || is_space(at[i])); i++)
        *ended |= at[i] == '\n';
    return i;
}

/* The first line from here is base64, as far as it is at hand. */
static gboolean goes_on(const char *at, gsize length)
{
    const char *end = memchr(at, '\n', length);
    gsize line = end != NULL ? (gsize)(end - at) : length;
    gsize letters = 0, padding = 0;

    while (line > 0 && is_space(at[line - 1]))
        line--;
    while (letters < line &&
           (g_ascii_isalnum(at[letters]) || at[letters] == '+' || at[letters] == '/'))
        letters++;
    while (letters + padding < line && at[letters + padding] == '=')
        padding++;
    return letters + padding == line && line >= LEAST_LINE && (end == NULL || line % 4 == 0);
}

/* "--", "staff mailing list": no line of base64 that something broke. */
static gboolean is_prose(const char *line, gsize length)
{
    gsize strange = 0;

    while (length > 0 && is_space(line[length - 1]))
        length--;
    while (length > 0 && is_space(*line)) {
        line++;
        length--;
    }
    for (gsize i = 0; i < length; i++)
        strange += !g_ascii_isalnum(line[i]) && strchr("+/=", line[i]) == NULL;
    return strange >= LEAST_STRANGE || (strange == length && length > 1);
}

/* Bytes before the footer; all if there is none. */
static gsize before_footer(PdTransfer *transfer, const char *raw, gsize length)
{
    for (gsize at = 0; at < length;) {
        const char *end = memchr(raw + at, '\n', length - at);
        gsize line = end != NULL ? (gsize)(end - raw) + 1 - at : length - at;
        if (!transfer->in_line && is_prose(raw + at, line)) {
            transfer->ended = TRUE;
            return at;
        }
        transfer->in_line = end == NULL;
        at += line;
    }
    return length;
}

static gsize step_base64(PdTransfer *transfer, const char *raw, gsize length, char *out)
{
    gsize made = 0;

    while (length > 0) {
        if (transfer->padded) {
            gsize skip = padding_length(raw, length, &transfer->new_line);
            raw += skip;
            length -= skip;
            if (length == 0 || !transfer->new_line || !goes_on(raw, length))
                return made;
            transfer->padded = transfer->new_line = FALSE;
            g_mime_encoding_init_decode(&transfer->state, transfer->encoding);
        }
        const char *padding = memchr(raw, '=', length);
        gsize piece = padding != NULL ? (gsize)(padding - raw) : length;
        if (padding != NULL)
            piece += padding_length(padding, length - piece, &transfer->new_line);
        made += g_mime_encoding_step(&transfer->state, raw, piece, out + made);
        transfer->padded = padding != NULL;
        raw += piece;
        length -= piece;
    }
    return made;
}

/* Is there a blank before a line end? Of a kind: a line feed, a carriage return. */
static gboolean has_blank_before(const char *raw, gsize length, char kind)
{
    const char *from = raw, *end = raw + length, *at;

    while ((at = memchr(from, kind, (gsize)(end - from))) != NULL) {
        if (at > raw && (at[-1] == ' ' || at[-1] == '\t'))
            return TRUE;
        from = at + 1;
    }
    return FALSE;
}

/* "=", blanks and a line end: the blanks came on the way. */
static gsize close_soft_breaks(char *raw, gsize length)
{
    gsize to = 0;

    if (!has_blank_before(raw, length, '\n') && !has_blank_before(raw, length, '\r'))
        return length;
    for (gsize from = 0; from < length;) {
        char c = raw[to++] = raw[from++];
        gsize blanks = from;
        while (c == '=' && blanks < length && (raw[blanks] == ' ' || raw[blanks] == '\t'))
            blanks++;
        if (blanks < length && (raw[blanks] == '\r' || raw[blanks] == '\n'))
            from = blanks;
    }
    return to;
}

gsize pd_transfer_step(PdTransfer *transfer, char *raw, gsize length, char *out)
{
    if (transfer->ended)
        return 0;
    if (transfer->encoding == GMIME_CONTENT_ENCODING_BASE64) {
        if (transfer->is_text)
            length = before_footer(transfer, raw, length);
        return step_base64(transfer, raw, length, out);
    }
    if (transfer->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        length = close_soft_breaks(raw, length);
    return g_mime_encoding_step(&transfer->state, raw, length, out);
}

gsize pd_transfer_end(PdTransfer *transfer, char *out)
{
    return g_mime_encoding_flush(&transfer->state, "", 0, out);
}
