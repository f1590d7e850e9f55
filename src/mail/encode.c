/* encode.c: see encode.h. Written for speed: one pass over each value, no parser. */
#include "encode.h"

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

static void append_base64(GString *out, const char *text, gsize length)
{
    gint state = 0, save = 0;
    gsize begin = out->len;

    g_string_set_size(out, begin + length / 3 * 4 + 8);
    gsize used =
        g_base64_encode_step((const guchar *)text, length, FALSE, out->str + begin, &state, &save);
    used += g_base64_encode_close(FALSE, out->str + begin + used, &state, &save);
    g_string_truncate(out, begin + used);
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

typedef struct {
    gsize length, encoded; /* bytes; those that quoted-printable must write in three */
    gsize longest;         /* line */
    gboolean seven_bit;
} Shape;

/* Bytes that quoted-printable writes as they are, but for blanks at the end of a line. */
static gboolean is_literal(guchar c)
{
    return c >= 0x20 ? c < 0x7f && c != '=' : c == '\t';
}

static Shape measure(const char *text)
{
    Shape shape = {.seven_bit = TRUE};

    while (*text != '\0') {
        gsize line = strcspn(text, "\n");
        for (gsize i = 0; i < line; i++) {
            guchar c = (guchar)text[i];
            if (is_literal(c))
                continue;
            shape.encoded++;
            shape.seven_bit &= c == '=';
        }
        shape.longest = MAX(shape.longest, line);
        shape.length += line + (text[line] == '\n');
        text += line + (text[line] == '\n');
    }
    return shape;
}

static void append_plain(GString *out, const char *text)
{
    for (gsize length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        g_string_append_len(out, text, (gssize)length);
        g_string_append(out, EOL);
    }
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

static char *put_line_end(char *at)
{
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

static void append_quoted_printable(GString *out, const char *text, gsize length)
{
    gsize begin = out->len;
    gsize column = 0;

    g_string_set_size(out, begin + most_quoted_printable(length));
    char *at = out->str + begin;
    for (const char *end = text + length; text < end; text++) {
        guchar c = (guchar)*text;
        if (c == '\n') {
            at = put_line_end(at);
            column = 0;
            continue;
        }
        gboolean last = text[1] == '\n' || text[1] == '\0';
        gboolean literal = is_literal(c) && !(last && (c == ' ' || c == '\t'));
        gsize cost = literal ? 1 : 3;
        if (column + cost > LINE - 1) {
            *at++ = '=';
            at = put_line_end(at);
            column = 0;
        }
        if (literal)
            *at++ = (char)c;
        else
            at = put_escaped(at, c);
        column += cost;
    }
    if (column > 0)
        at = put_line_end(at);
    g_string_truncate(out, (gsize)(at - out->str));
}

/* base64 carries the line ends themselves, which are CRLF in a text. */
static void append_base64_lines(GString *out, const char *text)
{
    g_autoptr(GString) lines = g_string_sized_new(strlen(text) + 64);

    append_plain(lines, text);
    for (gsize at = 0; at < lines->len; at += BASE64_LINE) {
        append_base64(out, lines->str + at, MIN(BASE64_LINE, lines->len - at));
        g_string_append(out, EOL);
    }
}

void pd_encode_body(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    const char *body = valid != NULL ? valid : text;
    Shape shape = measure(body);

    if (shape.seven_bit && shape.longest <= 900) {
        g_string_append(out, "Content-Transfer-Encoding: 7bit" EOL EOL);
        append_plain(out, body);
    } else if (shape.encoded * 2 <= shape.length / 3) {
        g_string_append(out, "Content-Transfer-Encoding: quoted-printable" EOL EOL);
        append_quoted_printable(out, body, shape.length);
    } else {
        g_string_append(out, "Content-Transfer-Encoding: base64" EOL EOL);
        append_base64_lines(out, body);
    }
}
