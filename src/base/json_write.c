/* json_write.c: see postdesk/json_write.h. */
#include "postdesk/json_write.h"

#include "postdesk/eight.h"
#include "postdesk/text.h"
#include <string.h>

#define LONGEST_ESCAPE 6 /* \u001F */
#define PIECE 4096

/* So many bytes can be written behind the end without a look at each. */
static char *make_room(GString *out, gsize bytes)
{
    gsize length = out->len;

    if (out->allocated_len - length <= bytes) {
        g_string_set_size(out, length + bytes);
        g_string_truncate(out, length);
    }
    return out->str + length;
}

static void end_at(GString *out, char *end)
{
    *end = '\0';
    out->len = (gsize)(end - out->str);
}

static gboolean is_first(const GString *out)
{
    char last = out->len > 0 ? out->str[out->len - 1] : '[';

    return last == '{' || last == '[' || last == ':';
}

static void put_char(GString *out, char c)
{
    char *at = make_room(out, 1);

    *at++ = c;
    end_at(out, at);
}

/* As the next value, or key. */
static void put_bytes(GString *out, const char *bytes, gsize length)
{
    gboolean first = is_first(out);
    char *at = make_room(out, length + 1);

    if (!first)
        *at++ = ',';
    end_at(out, mempcpy(at, bytes, length));
}

void pd_json_write_open(GString *out, char bracket)
{
    put_bytes(out, &bracket, 1);
}

void pd_json_write_close(GString *out, char bracket)
{
    put_char(out, bracket);
}

static char *put_escape(char *at, guchar c)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    static const char digits[] = "0123456789ABCDEF";

    *at++ = '\\';
    for (const char *pair = named; *pair != '\0'; pair += 2) {
        if ((guchar)*pair == c) {
            *at++ = pair[1];
            return at;
        }
    }
    memcpy(at, "u00", 3);
    at[3] = digits[c >> 4];
    at[4] = digits[c & 15];
    return at + 5;
}

static gboolean is_escaped(guchar c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Is one of the eight bytes? */
static gboolean has_escaped(guint64 eight)
{
    guint64 low = PD_EIGHT_LOW(eight);
    guint64 found =
        pd_eight_below(low, 0x20) | pd_eight_equal(low, '"') | pd_eight_equal(low, '\\');

    return (found & ~eight) != 0;
}

/* All as it is? Told eight bytes at a time, of which the last ones may be told twice. *seen gathers
 * the bits of all bytes, so that it tells whether they are ASCII. */
static gboolean is_plain(const char *text, gsize length, guint64 *seen)
{
    gsize at = 0;

    if (length < sizeof *seen) {
        for (; at < length && !is_escaped((guchar)text[at]); at++)
            *seen |= (guchar)text[at];
        return at == length;
    }
    for (; at < length; at += sizeof *seen) {
        guint64 eight = pd_eight_at(text + MIN(at, length - sizeof eight));
        if (has_escaped(eight))
            return FALSE;
        *seen |= eight;
    }
    return TRUE;
}

/* Returns the end. */
static char *put_escaped(char *at, const char *text, gsize length, guint64 *seen)
{
    if (is_plain(text, length, seen))
        return mempcpy(at, text, length);
    for (const char *end = text + length; text < end; text++) {
        guchar c = (guchar)*text;
        *seen |= c;
        if (G_UNLIKELY(is_escaped(c)))
            at = put_escape(at, c);
        else
            *at++ = (char)c;
    }
    return at;
}

/* Room for the worst case is made once for each piece, and bytes are put without asking again:
 * nearly all texts are short, and there are hundreds of them in a decision. Returns whether all
 * of it is ASCII. */
static gboolean put_string(GString *out, const char *text, gsize length)
{
    gboolean first = is_first(out);
    gsize piece = MIN(length, PIECE);
    guint64 seen = 0;
    char *at = make_room(out, piece * LONGEST_ESCAPE + 3);

    if (!first)
        *at++ = ',';
    *at++ = '"';
    at = put_escaped(at, text, piece, &seen);
    for (gsize done = piece; done < length; done += piece) {
        end_at(out, at);
        piece = MIN(length - done, PIECE);
        at = put_escaped(make_room(out, piece * LONGEST_ESCAPE + 1), text + done, piece, &seen);
    }
    *at++ = '"';
    end_at(out, at);
    return (seen & PD_EIGHT_HIGHEST) == 0;
}

void pd_json_write_bytes(GString *out, const char *text, gsize length)
{
    gsize before = out->len;

    if (put_string(out, text, length) || g_utf8_validate_len(text, length, NULL))
        return;
    g_autofree char *valid = pd_text_make_valid(text, length, NULL);
    g_string_truncate(out, before);
    put_string(out, valid, strlen(valid));
}

void pd_json_write_key(GString *out, const char *key)
{
    pd_json_write_bytes(out, key, strlen(key));
    put_char(out, ':');
}

void pd_json_write_text(GString *out, const char *text)
{
    if (text != NULL) {
        pd_json_write_bytes(out, text, strlen(text));
        return;
    }
    pd_json_write_raw(out, "null");
}

void pd_json_write_raw(GString *out, const char *json)
{
    put_bytes(out, json, strlen(json));
}

/* printf() takes ten times as long, and a decision holds dozens of numbers. */
void pd_json_write_int(GString *out, gint64 number)
{
    char digits[21]; /* and a sign */
    gsize at = sizeof digits;
    guint64 rest = number < 0 ? -(guint64)number : (guint64)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    put_bytes(out, digits + at, sizeof digits - at);
}

void pd_json_write_member(GString *out, const char *key, const char *text)
{
    pd_json_write_key(out, key);
    pd_json_write_text(out, text);
}

void pd_json_write_member_int(GString *out, const char *key, gint64 number)
{
    pd_json_write_key(out, key);
    pd_json_write_int(out, number);
}

void pd_json_write_open_member(GString *out, const char *key, char bracket)
{
    pd_json_write_key(out, key);
    pd_json_write_open(out, bracket);
}
