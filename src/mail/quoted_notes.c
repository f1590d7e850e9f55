/* quoted_notes.c: see quoted_notes.h.
 *
 *   Ann Li <a@b>
 *   Sent by: Ann Li
 *   03/06/24 10:00
 *   Please respond to …
 *
 *   To
 *   Desk <desk@c>
 *   cc
 *
 *   Subject
 *   the printer
 *
 * Few lines are looked at from each one, so the work grows with the text only. */
#include "quoted_notes.h"

#include "attribution.h"
#include "quoted_label.h"

#define MOST_NAME 200 /* bytes */
#define MOST_TIME 40
#define LINES_TO_TIME 5
#define LINES_TO_LABEL 12

static gboolean is_time(const PdLine *line)
{
    return line->length > 0 && line->length <= MOST_TIME && g_ascii_isdigit(*line->text) &&
           pd_line_tells_time(line);
}

/* The first line from this one on that is nothing but a label of this kind; count if none is. */
static guint find_label(const PdLine *lines, guint count, guint from, PdLabel label)
{
    for (guint i = from; i < MIN(count, from + LINES_TO_LABEL); i++) {
        if (pd_label_alone(&lines[i]) == label)
            return i;
    }
    return count;
}

guint pd_quoted_notes_lines(const PdLine *lines, guint count)
{
    guint at = 1;

    if (lines[0].length < 2 || lines[0].length > MOST_NAME || is_time(&lines[0]))
        return 0;
    while (at < MIN(count, LINES_TO_TIME) && lines[at].length > 0 && !is_time(&lines[at]))
        at++;
    if (at >= MIN(count, LINES_TO_TIME) || !is_time(&lines[at]))
        return 0;
    guint to = find_label(lines, count, at + 1, PD_LABEL_TO);
    guint subject = to < count ? find_label(lines, count, to + 1, PD_LABEL_SUBJECT) : count;
    return subject < count ? MIN(subject + 2, count) : 0;
}
