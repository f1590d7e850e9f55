/* utf8.c: what is valid UTF-8; see postdesk/text.h.
 *
 * Most of what passes is ASCII, markup above all, or Chinese: eight bytes of the one, or two
 * characters of the other, are passed at a time. What is neither is looked at by itself.
 */
#include "postdesk/text.h"

#include "postdesk/eight.h"
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Of bytes from 1 to 127: taking one off would borrow into the highest bit of a byte that is 0. */
static gboolean is_ascii_word(const char *text)
{
    guint64 eight = pd_eight_at(text);

    return ((eight | (eight - PD_EIGHT(1))) & PD_EIGHT_HIGHEST) == 0;
}

/* A character of three bytes is valid whatever their low bits are, unless it begins with one of
 * these: what follows could make it overlong, or a surrogate. */
static gboolean begins_three(char first)
{
    return first != '\xe0' && first != '\xed';
}

static gboolean is_two_characters(const char *text)
{
    guint64 kinds = pd_eight_at(text) & pd_eight_at("\xf0\xc0\xc0\xf0\xc0\xc0\0");

    return kinds == pd_eight_at("\xe0\x80\x80\xe0\x80\x80\0") && begins_three(text[0]) &&
           begins_three(text[3]);
}

static gboolean is_of_two_bytes(const char *text, gsize length)
{
    guchar first = (guchar)*text;

    return first >= 0xc2 && first < 0xe0 && length > 1 && ((guchar)text[1] & 0xc0) == 0x80;
}

/* The bytes of the character that begins here; 0: it is not valid. */
static gsize character(const char *text, gsize length)
{
    if ((guchar)*text < 0x80)
        return *text != '\0';
    if (is_of_two_bytes(text, length))
        return 2;
    if (g_utf8_get_char_validated(text, (gssize)length) >= (gunichar)-2)
        return 0;
    return (gsize)(g_utf8_next_char(text) - text);
}

/* So many valid bytes from here on, one at least; 0: those here are not. */
static gsize valid_bytes(const char *text, gsize length)
{
    gsize taken = 0;

    while (length - taken >= sizeof(guint64) && is_ascii_word(text + taken))
        taken += sizeof(guint64);
    while (length - taken >= sizeof(guint64) && is_two_characters(text + taken))
        taken += 6;
    return taken > 0 ? taken : character(text, length);
}

gboolean pd_text_is_valid(const char *text, gsize length)
{
    while (length > 0) {
        gsize valid = valid_bytes(text, length);
        if (valid == 0)
            return FALSE;
        text += valid;
        length -= valid;
    }
    return TRUE;
}

char *pd_text_make_valid(const char *bytes, gsize length, guint *replaced)
{
    guint count = 0;
    const char *bad;

    if (replaced != NULL)
        *replaced = 0;
    if (pd_text_is_valid(bytes, length))
        return g_strndup(bytes, length);
    GString *out = g_string_sized_new(length + 16);
    const char *end = bytes + length;
    while (!g_utf8_validate_len(bytes, (gsize)(end - bytes), &bad)) {
        g_string_append_len(out, bytes, bad - bytes);
        g_string_append(out, REPLACEMENT);
        count++;
        bytes = bad + 1;
    }
    g_string_append_len(out, bytes, end - bytes);
    if (replaced != NULL)
        *replaced = count;
    return g_string_free(out, FALSE);
}
