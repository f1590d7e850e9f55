/* beginnings.c: see beginnings.h. */
#include "beginnings.h"

#include <string.h>

void pd_beginnings_make(PdBeginnings *of)
{
    g_assert(of->count <= PD_MOST_BEGINNINGS);
    memset(of->first, 0, sizeof of->first);
    for (guint i = 0; i < of->count; i++) {
        guchar small = (guchar)g_ascii_tolower(*of->words[i]);
        guchar capital = (guchar)g_ascii_toupper(*of->words[i]);
        of->behind[i] = of->first[small];
        of->first[small] = of->first[capital] = (guint8)(i + 1);
    }
}

gboolean pd_line_begins_with_any(const PdLine *line, PdBeginnings *of)
{
    if (g_once_init_enter(&of->made)) {
        pd_beginnings_make(of);
        g_once_init_leave(&of->made, 1);
    }
    if (line->length == 0)
        return FALSE;
    for (guint i = of->first[(guchar)*line->text]; i > 0; i = of->behind[i - 1])
        if (pd_line_starts_with(line, of->words[i - 1]))
            return TRUE;
    return FALSE;
}
