/* wrap.c: see wrap.h. */
#include "desk/wrap.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_INDENT 16 /* columns; a label that is longer is no label */
#define QUOTE_MARK 2   /* columns of "> " */

static gsize width_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* What must not begin a line, and what must not end one. */
static gboolean is_closing(gunichar c)
{
    return c != 0 && g_utf8_strchr("，。、；：？！）”’》」』】〉…·,.;:?!)]}%", -1, c) != NULL;
}

static gboolean is_opening(gunichar c)
{
    return g_utf8_strchr("（“‘《「『【〈([{#", -1, c) != NULL;
}

static gboolean may_part(gunichar before, gunichar after)
{
    if (before == ' ')
        return after != ' ';
    if (!g_unichar_iswide(before) && !g_unichar_iswide(after))
        return FALSE;
    return after != ' ' && !is_closing(after) && !is_opening(before);
}

/* How many bytes of the line stand on the first of its lines. */
static gsize first_part(const char *line, gsize columns)
{
    gsize used = 0, fold = 0;
    gunichar before = 0;

    for (const char *at = line; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (before != 0 && may_part(before, c))
            fold = (gsize)(at - line);
        if (c != ' ' && used + width_of(c) > columns && fold > 0)
            return fold;
        used += width_of(c);
        before = c;
    }
    return strlen(line);
}

/* The bytes before the text itself: quote marks, indent, and a label in its column. */
static gsize lead_of(const char *line)
{
    gsize lead = strspn(line, "> ");

    if (g_str_has_prefix(line + lead, "- "))
        return lead + 2;
    if (lead == 0 || line[0] == '>')
        return lead;
    const char *gap = strstr(line + lead, "  ");
    return gap != NULL ? (gsize)(gap - line) + strspn(gap, " ") : lead;
}

/* The same columns with nothing in them but the quote marks. */
static char *lead_of_the_rest(const char *line, gsize *columns)
{
    g_autoptr(GString) lead = g_string_new(NULL);
    gsize bytes = lead_of(line);

    for (const char *at = line; at < line + bytes; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        g_string_append(lead, c == '>' ? ">" : width_of(c) == 2 ? "  " : " ");
    }
    if (lead->len > MOST_INDENT)
        g_string_truncate(lead, MIN(strspn(line, "> "), MOST_INDENT));
    *columns = lead->len;
    return g_string_free(g_steal_pointer(&lead), FALSE);
}

/* No character of one byte is wider than one column, and none wider than two. */
static gboolean surely_fits(const char *line, gsize length, gsize columns)
{
    gsize most = 0;

    for (gsize i = 0; i < length; i++)
        most += (guchar)line[i] < 0x80 ? 1 : (guchar)line[i] >= 0xc0 ? 2 : 0;
    return most <= columns;
}

/* A line that fitted where it was written is quoted as it is: a mark may stand out by its width,
 * and no word is left over on a line of its own. */
static gboolean is_quoted_whole(const char *line, gsize columns)
{
    return line[0] == '>' && pd_text_width(line) <= columns + QUOTE_MARK;
}

static void wrap_line(GString *out, const char *line, gsize columns)
{
    gsize indent = 0;
    g_autofree char *lead = lead_of_the_rest(line, &indent);
    gsize skipped = MIN(lead_of(line), strlen(line));
    gsize taken = skipped + first_part(line + skipped, columns - indent);

    g_string_append_len(out, line, (gssize)taken);
    for (line += taken; *line != '\0'; line += taken) {
        while (out->len > 0 && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 1);
        taken = first_part(line, columns - indent);
        g_string_append_c(out, '\n');
        g_string_append(out, lead);
        g_string_append_len(out, line, (gssize)taken);
    }
}

char *pd_wrap_text(const char *text, gsize columns)
{
    GString *out = g_string_sized_new(strlen(text) + 64);

    g_return_val_if_fail(columns > MOST_INDENT * 2, NULL);
    while (*text != '\0') {
        gsize length = strcspn(text, "\n");
        if (surely_fits(text, length, columns)) {
            g_string_append_len(out, text, (gssize)length);
        } else {
            g_autofree char *line = g_strndup(text, length);
            if (is_quoted_whole(line, columns))
                g_string_append(out, line);
            else
                wrap_line(out, line, columns);
        }
        text += length;
        if (*text == '\n')
            g_string_append_c(out, *text++);
    }
    return g_string_free(out, FALSE);
}
