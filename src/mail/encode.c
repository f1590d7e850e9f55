/* encode.c: see encode.h. Written for speed: one pass over each value, no parser. */
#include "encode.h"
#include "postdesk/text.h"
#include "shape.h"

#include <string.h>

#define LINE 76
#define WORD 75
#define PLAIN_LINE 78
#define FRAME 12 /* "=?UTF-8?B?" and "?=" */
#define BASE64_LINE 57
#define EOL "\r\n"

static const char hex[] = "0123456789ABCDEF";

static gboolean is_clean(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((guchar)*c < 0x20 || (guchar)*c >= 0x7f)
            return FALSE;
    }
    return strstr(text, "=?") == NULL;
}

/* One line, whatever was in it. */
static char *without_controls(const char *text)
{
    char *line = g_utf8_make_valid(text, -1);

    for (char *c = line; *c != '\0'; c++) {
        if ((guchar)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    }
    return g_strstrip(line);
}

static gboolean is_q_safe(guchar c)
{
    return g_ascii_isalnum((char)c) || c == ' ' || (c != '\0' && strchr("!*+-/", c) != NULL);
}

static gsize q_length(const char *text, gsize length)
{
    gsize total = 0;

    for (gsize i = 0; i < length; i++)
        total += is_q_safe((guchar)text[i]) ? 1 : 3;
    return total;
}

static void append_q(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)text[i];
        if (c == ' ')
            g_string_append_c(out, '_');
        else if (is_q_safe(c))
            g_string_append_c(out, (char)c);
        else
            g_string_append_printf(out, "=%c%c", hex[c >> 4], hex[c & 15]);
    }
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

typedef struct {
    char of[1 << 12][2];
} Pairs;

/* The two digits of each twelve bits. */
static const Pairs *digit_pairs(void)
{
    static Pairs pairs;
    static gsize once;

    if (g_once_init_enter(&once)) {
        for (guint i = 0; i < G_N_ELEMENTS(pairs.of); i++) {
            pairs.of[i][0] = digits[i >> 6];
            pairs.of[i][1] = digits[i & 63];
        }
        g_once_init_leave(&once, 1);
    }
    return &pairs;
}

static char *put_base64(char *at, const char *text, gsize length)
{
    const guchar *bytes = (const guchar *)text;
    const Pairs *pairs = digit_pairs();

    for (; length >= 3; bytes += 3, length -= 3, at += 4) {
        guint32 three = (guint32)bytes[0] << 16 | (guint32)bytes[1] << 8 | bytes[2];
        memcpy(at, pairs->of[three >> 12], 2);
        memcpy(at + 2, pairs->of[three & 0xfff], 2);
    }
    if (length == 0)
        return at;
    guint32 rest = (guint32)bytes[0] << 16 | (length == 2 ? (guint32)bytes[1] << 8 : 0);
    *at++ = digits[rest >> 18];
    *at++ = digits[rest >> 12 & 63];
    *at++ = length == 2 ? digits[rest >> 6 & 63] : '=';
    *at++ = '=';
    return at;
}

static void append_base64(GString *out, const char *text, gsize length)
{
    gsize begin = out->len;

    g_string_set_size(out, begin + (length + 2) / 3 * 4);
    put_base64(out->str + begin, text, length);
}

/* Bytes of whole characters from text on whose encoding fits the room. */
static gsize fitting(const char *text, gsize room, gboolean quoted)
{
    gsize taken = 0, used = 0;

    while (text[taken] != '\0') {
        gsize next = (gsize)(g_utf8_next_char(text + taken) - (text + taken));
        gsize cost = quoted ? q_length(text + taken, next) : 0;
        gsize total = quoted ? used + cost : (taken + next + 2) / 3 * 4;
        if (total > room)
            break;
        used = total;
        taken += next;
    }
    return taken;
}

static void append_words(GString *out, const char *text, gsize column)
{
    gsize length = strlen(text);
    gboolean quoted = q_length(text, length) <= (length + 2) / 3 * 4;

    while (*text != '\0') {
        gsize room = MIN(WORD, LINE - MIN(column, LINE)) - MIN(FRAME, LINE - MIN(column, LINE));
        gsize taken = fitting(text, room, quoted);
        if (taken == 0) {
            g_string_append(out, EOL " ");
            column = 1;
            continue;
        }
        gsize begin = out->len;
        g_string_append(out, quoted ? "=?UTF-8?Q?" : "=?UTF-8?B?");
        if (quoted)
            append_q(out, text, taken);
        else
            append_base64(out, text, taken);
        g_string_append(out, "?=");
        text += taken;
        column += out->len - begin;
        if (*text != '\0') {
            g_string_append(out, EOL " ");
            column = 1;
        }
    }
}

/* FALSE if a word is too long to stay unencoded. */
static gboolean has_short_words(const char *text)
{
    for (gsize length; *text != '\0'; text += length + (text[length] == ' ')) {
        length = strcspn(text, " ");
        if (length > 500)
            return FALSE;
    }
    return TRUE;
}

static void append_folded(GString *out, const char *text, gsize column)
{
    while (*text != '\0') {
        gsize word = strspn(text, " ");
        word += strcspn(text + word, " ");
        if (column + word > PLAIN_LINE && *text == ' ') {
            g_string_append(out, EOL);
            column = 0;
        }
        g_string_append_len(out, text, (gssize)word);
        column += word;
        text += word;
    }
}

void pd_encode_unstructured(GString *out, const char *name, const char *text)
{
    g_autofree char *line = without_controls(text);

    g_string_append_printf(out, "%s: ", name);
    if (is_clean(line) && has_short_words(line))
        append_folded(out, line, strlen(name) + 2);
    else
        append_words(out, line, strlen(name) + 2);
    g_string_append(out, EOL);
}

static gboolean is_atoms(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr(" !#$%&'*+-/=?^_`{|}~", *c) == NULL)
            return FALSE;
    }
    return TRUE;
}

void pd_encode_phrase(GString *out, const char *text, gsize column)
{
    g_autofree char *line = without_controls(text);

    if (!is_clean(line) || strlen(line) > LINE) {
        append_words(out, line, column);
    } else if (is_atoms(line)) {
        g_string_append(out, line);
    } else {
        g_string_append_c(out, '"');
        for (const char *c = line; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                g_string_append_c(out, '\\');
            g_string_append_c(out, *c);
        }
        g_string_append_c(out, '"');
    }
}

/* Quoted-printable writes these as they are, but for blanks at the end of a line. */
static const gboolean literal[256] = {
    ['\t'] = TRUE,
    [' ' ... '<'] = TRUE,
    ['>' ... '~'] = TRUE,
};

static char *put_line_end(char *at)
{
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

static void append_plain(GString *out, const char *text, gsize length)
{
    const char *end = text + length;
    gsize begin = out->len;

    g_string_set_size(out, begin + 2 * length + 2);
    char *at = out->str + begin;
    while (text < end) {
        const char *line_end = memchr(text, '\n', (gsize)(end - text));
        gsize line = (gsize)((line_end != NULL ? line_end : end) - text);
        at = put_line_end(mempcpy(at, text, line));
        text += line + (line_end != NULL);
    }
    g_string_truncate(out, (gsize)(at - out->str));
}

/* Three bytes for each, and a soft line end for each seventy written, at the most. */
static gsize most_quoted_printable(gsize length)
{
    return 4 * length + 16;
}

static char *put_escaped(char *at, guchar c)
{
    *at++ = '=';
    *at++ = hex[c >> 4];
    *at++ = hex[c & 15];
    return at;
}

/* How many bytes from text on are written as they are, at most so many. */
static gsize literal_run(const char *text, gsize most)
{
    gsize run = 0;

    while (run < most && literal[(guchar)text[run]])
        run++;
    if (run > 0 && (text[run] == '\n' || text[run] == '\0') && g_ascii_isspace(text[run - 1]))
        run--;
    return run;
}

static void append_quoted_printable(GString *out, const char *text, gsize length)
{
    const char *end = text + length;
    gsize begin = out->len;
    gsize column = 0;

    g_string_set_size(out, begin + most_quoted_printable(length));
    char *at = out->str + begin;
    while (text < end) {
        gsize run = literal_run(text, LINE - 1 - column);
        at = mempcpy(at, text, run);
        text += run;
        column += run;
        if (*text == '\n') {
            at = put_line_end(at);
            text++;
            column = 0;
        } else if (text < end && column + 3 <= LINE - 1) {
            at = put_escaped(at, (guchar)*text++);
            column += 3;
        } else if (text < end) {
            at = put_line_end(mempcpy(at, "=", 1));
            column = 0;
        }
    }
    if (column > 0)
        at = put_line_end(at);
    g_string_truncate(out, (gsize)(at - out->str));
}

static void append_base64_lines(GString *out, const char *bytes, gsize length)
{
    gsize begin = out->len;

    g_string_set_size(out, begin + (length / BASE64_LINE + 1) * (LINE + 2));
    char *end = out->str + begin;
    for (gsize at = 0; at < length; at += BASE64_LINE) {
        end = put_base64(end, bytes + at, MIN(BASE64_LINE, length - at));
        end = put_line_end(end);
    }
    g_string_truncate(out, (gsize)(end - out->str));
}

/* base64 carries the line ends themselves, which are CRLF in a text. */
static void append_base64_text(GString *out, const char *text, gsize length)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    append_plain(lines, text, length);
    append_base64_lines(out, lines->str, lines->len);
}

void pd_encode_bytes(GString *out, const char *bytes, gsize length)
{
    g_string_append(out, "Content-Transfer-Encoding: base64" EOL EOL);
    append_base64_lines(out, bytes, length);
}

void pd_encode_body(GString *out, const char *text)
{
    PdShape shape = pd_shape_of(text);
    g_autofree char *valid = NULL;
    const char *body = text;

    if (!shape.ascii && !pd_text_is_valid(text, shape.length)) {
        body = valid = g_utf8_make_valid(text, -1);
        shape = pd_shape_of(body);
    }
    if (shape.seven_bit) {
        g_string_append(out, "Content-Transfer-Encoding: 7bit" EOL EOL);
        append_plain(out, body, shape.length);
    } else if (shape.encoded * 2 <= shape.length / 3) {
        g_string_append(out, "Content-Transfer-Encoding: quoted-printable" EOL EOL);
        append_quoted_printable(out, body, shape.length);
    } else {
        g_string_append(out, "Content-Transfer-Encoding: base64" EOL EOL);
        append_base64_text(out, body, shape.length);
    }
}
