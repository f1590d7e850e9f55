/* utf8.c: what is valid UTF-8; see postdesk/text.h.
 *
 * Most of what passes is ASCII, markup above all, and is passed eight bytes at a time. What is not
 * lies between such words, so that no character is ever cut by one.
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

/* How many of the bytes from here on lie in words that are ASCII, or that are not. */
static gsize words(const char *text, gsize length, gboolean ascii)
{
    gsize taken = 0;

    while (length - taken >= sizeof(guint64) && is_ascii_word(text + taken) == ascii)
        taken += sizeof(guint64);
    return taken;
}

gboolean pd_text_is_valid(const char *text, gsize length)
{
    while (length > 0) {
        gsize ascii = words(text, length, TRUE);
        gsize other = words(text + ascii, length - ascii, FALSE);
        if (length - ascii - other < sizeof(guint64))
            other = length - ascii; /* and the rest */
        if (!g_utf8_validate(text + ascii, (gssize)other, NULL))
            return FALSE;
        text += ascii + other;
        length -= ascii + other;
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
