/* textflow.c: see textflow.h. */
#include "textflow.h"

#include <string.h>

static gboolean is_signature(const char *line, gsize length)
{
    return length == 3 && memcmp(line, "-- ", 3) == 0;
}

static void append_marks(GString *out, guint depth)
{
    for (guint i = 0; i < depth; i++)
        g_string_append_c(out, '>');
    if (depth > 0)
        g_string_append_c(out, ' ');
}

char *pd_text_unflow(const char *text, gboolean delsp)
{
    GString *out = g_string_sized_new(strlen(text) + 16);
    gboolean flowing = FALSE; /* the line before goes on */
    guint depth_before = 0;

    while (*text != '\0') {
        gsize length = strcspn(text, "\n");
        const char *line = text;
        text += length + (text[length] == '\n');
        guint depth = 0;
        for (; length > 0 && *line == '>'; line++, length--)
            depth++;
        if (length > 0 && *line == ' ') /* space-stuffing */
            line++, length--;
        gboolean signature = is_signature(line, length);
        if (flowing && (depth != depth_before || signature)) {
            g_string_append_c(out, '\n');
            flowing = FALSE;
        }
        if (!flowing)
            append_marks(out, depth);
        flowing = length > 0 && line[length - 1] == ' ' && !signature;
        g_string_append_len(out, line, (gssize)(length - (flowing && delsp)));
        if (!flowing)
            g_string_append_c(out, '\n');
        depth_before = depth;
    }
    if (flowing)
        g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
