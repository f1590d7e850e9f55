/* json_cursor.c: see postdesk/json_cursor.h. */
#include "postdesk/json_cursor.h"

#include "postdesk/json.h"
#include <string.h>

PdJsonCursor pd_json_cursor(const char *text, gsize length)
{
    return (PdJsonCursor){text, text + length, FALSE};
}

static gboolean break_off(PdJsonCursor *cursor)
{
    cursor->broken = TRUE;
    return FALSE;
}

static void pass_space(PdJsonCursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL)
        cursor->at++;
}

/* The next byte that is no space; 0 at the end, or if broken. */
static char peek(PdJsonCursor *cursor)
{
    if (cursor->broken)
        return '\0';
    pass_space(cursor);
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

gboolean pd_json_cursor_open(PdJsonCursor *cursor, char bracket)
{
    if (peek(cursor) != bracket)
        return break_off(cursor);
    cursor->at++;
    return TRUE;
}

/* Past the quote that ends the text whose first quote is behind. */
static gboolean pass_text(PdJsonCursor *cursor)
{
    while (cursor->at < cursor->end) {
        char byte = *cursor->at++;
        if (byte == '"')
            return TRUE;
        if (byte == '\\' && cursor->at < cursor->end)
            cursor->at++;
    }
    return break_off(cursor);
}

/* Past the bracket that closes the one behind, which kind it may be of. */
static gboolean pass_nested(PdJsonCursor *cursor)
{
    guint depth = 1;

    while (cursor->at < cursor->end) {
        char byte = *cursor->at++;
        if (byte == '"' && !pass_text(cursor))
            return FALSE;
        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        if (depth == 0)
            return TRUE;
    }
    return break_off(cursor);
}

/* A number, true, false or null. */
static gboolean pass_word(PdJsonCursor *cursor)
{
    const char *begin = cursor->at;

    while (cursor->at < cursor->end &&
           (g_ascii_isalnum(*cursor->at) || strchr("+-.", *cursor->at) != NULL))
        cursor->at++;
    return cursor->at > begin || break_off(cursor);
}

PdJsonSlice pd_json_cursor_value(PdJsonCursor *cursor)
{
    char first = peek(cursor);
    const char *begin = cursor->at;
    gboolean passed;

    if (first == '\0') {
        break_off(cursor);
        return (PdJsonSlice){"", 0};
    }
    if (first == '"' || first == '{' || first == '[') {
        cursor->at++;
        passed = first == '"' ? pass_text(cursor) : pass_nested(cursor);
    } else {
        passed = pass_word(cursor);
    }
    return passed ? (PdJsonSlice){begin, (gsize)(cursor->at - begin)} : (PdJsonSlice){"", 0};
}

/* To the next of what stands between brackets; FALSE behind the closing one. */
static gboolean next_between(PdJsonCursor *cursor, char opening, char closing)
{
    gboolean is_first = !cursor->broken && cursor->at[-1] == opening;
    char byte = peek(cursor);

    if (byte == closing) {
        cursor->at++;
        return FALSE;
    }
    if (is_first)
        return byte != '\0' || break_off(cursor);
    if (byte != ',')
        return break_off(cursor);
    cursor->at++;
    return TRUE;
}

gboolean pd_json_cursor_member(PdJsonCursor *cursor, PdJsonSlice *key)
{
    if (!next_between(cursor, '{', '}'))
        return FALSE;
    if (peek(cursor) != '"')
        return break_off(cursor);
    *key = pd_json_cursor_value(cursor);
    if (peek(cursor) != ':')
        return break_off(cursor);
    cursor->at++;
    return TRUE;
}

gboolean pd_json_cursor_item(PdJsonCursor *cursor)
{
    return next_between(cursor, '[', ']');
}

gboolean pd_json_slice_is(PdJsonSlice slice, const char *text)
{
    gsize length = strlen(text);

    return slice.length == length + 2 && slice.text[0] == '"' &&
           memcmp(slice.text + 1, text, length) == 0;
}

char *pd_json_slice_text(PdJsonSlice slice)
{
    g_autoptr(PdJson) node = NULL;

    if (slice.length < 2 || slice.text[0] != '"')
        return NULL;
    if (memchr(slice.text, '\\', slice.length) == NULL)
        return g_strndup(slice.text + 1, slice.length - 2);
    g_autofree char *array = g_strdup_printf("[%.*s]", (int)slice.length, slice.text);
    g_autoptr(PdStatus) status = pd_json_parse(array, strlen(array), &node);
    return status == NULL ? g_strdup(pd_json_string(pd_json_at(node, 0))) : NULL;
}
