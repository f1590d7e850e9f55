/* rewrap.c: see rewrap.h. A text that is not broken is one line that never ends. */
#include "rewrap.h"

#include <string.h>

#define NEVER_ENDS ((guint64)1 << 62)

static guint64 width_of(const PdLines *lines)
{
    return lines->width != 0 ? lines->width : NEVER_ENDS;
}

static guint64 with_end(const PdLines *lines)
{
    return width_of(lines) + lines->end;
}

guint64 pd_lines_bare(const PdLines *lines, guint64 bytes)
{
    guint64 width = width_of(lines), at = lines->column + bytes;

    return at / with_end(lines) * width + MIN(at % with_end(lines), width) -
           MIN(lines->column, width);
}

guint64 pd_lines_place(const PdLines *lines, guint64 bare)
{
    guint64 width = width_of(lines), at = MIN(lines->column, width) + bare;

    return at / width * with_end(lines) + at % width - lines->column;
}

PdLines pd_lines_behind(const PdLines *lines, guint64 bytes)
{
    PdLines left = *lines;

    if (lines->width != 0)
        left.column = (lines->column + bytes) % with_end(lines);
    return left;
}

guint64 pd_lines_needed(const PdLines *to, guint64 length, const PdLines *from)
{
    guint64 bare = pd_lines_bare(to, length);

    return bare != 0 ? pd_lines_place(from, bare - 1) + 1 : 0;
}

void pd_lines_rewrap(const PdLines *to, char *bytes, gsize length, const PdLines *from,
                     const char *text)
{
    guint64 to_column = to->column, from_column = from->column;

    for (gsize done = 0; done < length;) {
        if (to_column >= width_of(to)) {
            gboolean is_last = to_column + 1 >= with_end(to);
            bytes[done++] = is_last ? '\n' : '\r';
            to_column = is_last ? 0 : to_column + 1;
            continue;
        }
        gsize run = (gsize)MIN(MIN(width_of(to) - to_column, width_of(from) - from_column),
                               (guint64)(length - done));
        memcpy(bytes + done, text, run);
        done += run;
        to_column += run;
        from_column += run;
        text += run;
        if (from_column == width_of(from) && done < length) {
            text += from->end;
            from_column = 0;
        }
    }
}
