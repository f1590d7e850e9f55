/* yaml_quirks.c: texts that libfyaml 0.7 reads wrongly, known by their source.
 *
 * What can be mended is mended; what cannot is refused, because a pattern or a
 * template that is silently another one is worse than a message.
 */
#include "yaml_internal.h"

#include <string.h>

static gsize count_quotes(const char *text, gsize length)
{
    gsize quotes = 0;

    for (gsize i = 0; i < length; i++)
        quotes += text[i] == '\'';
    return quotes;
}

/* Each inner quote of a run of '' is counted twice, so that n of them give 2n - 1;
 * whether that happened shows in the source, which holds just 2n. */
void pd_yaml_mend_quotes(GString *text, const char *source, gsize length)
{
    gsize kept = 0, run = 0;

    if (count_quotes(text->str, text->len) == count_quotes(source, length) / 2)
        return;
    for (gsize i = 0; i < text->len; i++) {
        run = text->str[i] == '\'' ? run + 1 : 0;
        if (run % 2 == 1 || run == 0)
            text->str[kept++] = text->str[i];
    }
    g_string_truncate(text, kept);
}

/* "\\\" at a line's end: an escaped backslash, then a joined line. */
const char *pd_yaml_quirk_of_double_quoted(const char *source, gsize length)
{
    gsize run = 0;

    for (gsize i = 0; i < length; i++) {
        if (source[i] == '\n' && run >= 3 && run % 2 == 1)
            return "three backslashes at the end of a line; break this text elsewhere";
        run = source[i] == '\\' ? run + 1 : 0;
    }
    return NULL;
}

/* The empty line before a line that is indented deeper than the first is lost. */
const char *pd_yaml_quirk_of_folded(const char *source, gsize length, guint column)
{
    const char *end = source + length;
    gboolean after_empty = FALSE;
    gsize first = 0, before = column - 1;

    while (source < end) {
        const char *line_end = memchr(source, '\n', (gsize)(end - source));
        gsize width = (gsize)((line_end != NULL ? line_end : end) - source);
        gsize indent = 0;
        while (indent < width && source[indent] == ' ')
            indent++;
        gboolean is_empty = indent == width;
        if (first == 0 && !is_empty)
            first = before + indent + 1;
        else if (after_empty && !is_empty && (indent + 1 > first || source[indent] == '\t'))
            return "indented text after an empty line of a folded block (>); write it as |";
        after_empty = is_empty;
        before = 0;
        source += width + 1;
    }
    return NULL;
}
