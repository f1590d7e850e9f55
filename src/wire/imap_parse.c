/* imap_parse.c: the cursor over a server's answer; see imap.h. */
#include "wire/imap.h"

#include "postdesk/limits.h"
#include "postdesk/text.h"

#include <string.h>

#define SHOWN_BYTES 80

static const char *here(const PdImap *imap)
{
    return imap->line->str + imap->cursor;
}

PdStatus *pd_imap_not_understood(PdImap *imap)
{
    g_autofree char *valid = pd_text_make_valid(imap->line->str, imap->line->len, NULL);
    g_autofree char *cut = pd_text_shorten(valid, SHOWN_BYTES);
    g_autofree char *shown = pd_text_printable(cut);

    pd_stream_give_up(imap->stream);
    return pd_stream_broken("the server's answer is not understood: %s", shown);
}

PdStatus *pd_imap_next_line(PdImap *imap)
{
    imap->cursor = 0;
    return pd_stream_read_line(imap->stream, imap->line);
}

gboolean pd_imap_take(PdImap *imap, char character)
{
    if (*here(imap) != character)
        return FALSE;
    imap->cursor++;
    return TRUE;
}

gboolean pd_imap_take_number(PdImap *imap, guint64 *number)
{
    const char *at = here(imap);
    guint64 value = 0;

    if (!g_ascii_isdigit(*at))
        return FALSE;
    for (; g_ascii_isdigit(*at); at++) {
        guint64 digit = (guint64)g_ascii_digit_value(*at);
        if (value > (G_MAXINT64 - digit) / 10)
            return FALSE;
        value = value * 10 + digit;
    }
    imap->cursor = (gsize)(at - imap->line->str);
    *number = value;
    return TRUE;
}

gboolean pd_imap_take_uint32(PdImap *imap, guint32 *number)
{
    gsize before = imap->cursor;
    guint64 value;

    if (pd_imap_take_number(imap, &value) && value <= G_MAXUINT32) {
        *number = (guint32)value;
        return TRUE;
    }
    imap->cursor = before;
    return FALSE;
}

/* RFC 9051, 2.3.1.1: not 0; and behind the greatest no message could come any more. */
PdStatus *pd_imap_take_uid(PdImap *imap, guint32 *uid)
{
    if (pd_imap_take_uint32(imap, uid) && *uid != 0 && *uid != G_MAXUINT32)
        return NULL;
    return pd_stream_broken("the server sent a UID that is none");
}

gboolean pd_imap_take_word(PdImap *imap, char *word, gsize size)
{
    const char *start = here(imap);
    const char *at = start;
    gboolean bracket = FALSE;

    for (; *at != '\0' && (bracket || strchr(" ()\"{", *at) == NULL); at++)
        bracket = *at == '[' || (bracket && *at != ']');
    if (at == start)
        return FALSE;
    g_strlcpy(word, start, MIN(size, (gsize)(at - start) + 1));
    imap->cursor += (gsize)(at - start);
    return TRUE;
}

gboolean pd_imap_take_quoted(PdImap *imap, char *text, gsize size)
{
    const char *at = here(imap);
    gsize length = 0;

    if (*at != '"')
        return FALSE;
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (*at == '\0')
            return FALSE;
        if (length + 1 < size)
            text[length++] = *at;
    }
    text[length] = '\0';
    imap->cursor = (gsize)(at + 1 - imap->line->str);
    return TRUE;
}

gboolean pd_imap_take_literal(PdImap *imap, guint64 *length)
{
    gsize before = imap->cursor;

    if (pd_imap_take(imap, '{') && pd_imap_take_number(imap, length) && pd_imap_take(imap, '}') &&
        *here(imap) == '\0')
        return TRUE;
    imap->cursor = before;
    return FALSE;
}

PdStatus *pd_imap_drop_literal(PdImap *imap, guint64 length)
{
    char dropped[4096];
    gsize got;

    for (; length > 0; length -= got)
        PD_TRY(pd_stream_read(imap->stream, dropped, MIN(sizeof dropped, length), &got));
    return pd_imap_next_line(imap);
}

static PdStatus *skip_string_or_word(PdImap *imap)
{
    char ignored[2];
    guint64 length;

    if (pd_imap_take_literal(imap, &length))
        return pd_imap_drop_literal(imap, length);
    if (pd_imap_take_quoted(imap, ignored, sizeof ignored) ||
        pd_imap_take_word(imap, ignored, sizeof ignored))
        return NULL;
    return pd_imap_not_understood(imap);
}

/* Parentheses are counted, not followed: their depth costs nothing. */
PdStatus *pd_imap_skip_value(PdImap *imap)
{
    gsize depth = 0;

    do {
        if (pd_imap_take(imap, '('))
            depth++;
        else if (depth > 0 && pd_imap_take(imap, ')'))
            depth--;
        else if (depth == 0 || !pd_imap_take(imap, ' '))
            PD_TRY(skip_string_or_word(imap));
    } while (depth > 0);
    return NULL;
}

PdStatus *pd_imap_each_item(PdImap *imap, PdImapItem item, gpointer user)
{
    char name[64];

    if (!pd_imap_take(imap, '('))
        return pd_imap_not_understood(imap);
    while (!pd_imap_take(imap, ')')) {
        pd_imap_take(imap, ' ');
        if (!pd_imap_take_word(imap, name, sizeof name) || !pd_imap_take(imap, ' '))
            return pd_imap_not_understood(imap);
        PD_TRY(item(imap, name, user));
    }
    return *here(imap) == '\0' ? NULL : pd_imap_not_understood(imap);
}
