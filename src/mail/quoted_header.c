/* quoted_header.c: see quoted_header.h. */
#include "quoted_header.h"

#include "attribution.h"
#include "quoted_label.h"

#define MOST_HEADER_LINES 14
#define MOST_FOREIGN_LABEL 30 /* bytes */
#define LEAST_FOREIGN_LINES 4
#define LEAST_BARE_KINDS 3

/* Lines of "From: … / Sent: … / To: … / Subject: …", folded values included. */
guint pd_quoted_header_lines(const PdLine *lines, guint count)
{
    guint seen = 0, kinds = 0, last = 0, strange = 0;

    if (!(pd_label_of(&lines[0]) & (PD_LABEL_FROM | PD_LABEL_DATE | PD_LABEL_SUBJECT)))
        return 0;
    for (guint i = 0; i < MIN(count, MOST_HEADER_LINES); i++) {
        PdLabel label = pd_label_of(&lines[i]);
        if (lines[i].length == 0 && i > 0 && pd_label_of(&lines[i - 1]) == PD_LABEL_NONE)
            break;
        if (label != PD_LABEL_NONE) {
            kinds += (seen & label) == 0;
            seen |= label;
            last = i;
            strange = 0;
        } else if (++strange > 2) {
            break;
        }
    }
    gboolean enough = kinds >= 3 || (kinds == 2 && (seen & PD_LABEL_FROM) && last <= 2 &&
                                     (seen & (PD_LABEL_DATE | PD_LABEL_SUBJECT)));
    return enough && (seen & PD_LABEL_FROM) ? last + 1 : 0;
}

/* Behind a rule, in a language that is not known: lines of "Label: value" as Outlook writes them,
 * the first with "Name <a@b>", the second with a time. Forms that people fill in have other lines.
 */
static guint foreign_block_lines(const PdLine *lines, guint count)
{
    guint found = 0;

    if (count < LEAST_FOREIGN_LINES || memchr(lines[0].text, '@', lines[0].length) == NULL ||
        memchr(lines[0].text, '<', lines[0].length) == NULL || !pd_line_tells_time(&lines[1]))
        return 0;
    while (found < MIN(count, MOST_HEADER_LINES) && lines[found].length > 0) {
        const char *end = pd_label_end(&lines[found]);
        if (end == NULL || end == lines[found].text || end - lines[found].text > MOST_FOREIGN_LABEL)
            break;
        found++;
    }
    return found >= LEAST_FOREIGN_LINES ? found : 0;
}

guint pd_quoted_header_behind_rule(const PdLine *lines, guint count)
{
    guint block = pd_quoted_header_lines(lines, count);

    return block > 0 ? block : foreign_block_lines(lines, count);
}

/* "From Ann <a@b>", "To …", "Date …", "Subject …", as eM Client writes them. */
static guint bare_block_lines(const PdLine *lines, guint count)
{
    guint seen = 0, kinds = 0, found = 0;

    for (; found < MIN(count, MOST_HEADER_LINES); found++) {
        PdLabel label = pd_label_bare(&lines[found]);
        if (label == PD_LABEL_NONE)
            break;
        kinds += (seen & label) == 0;
        seen |= label;
    }
    return (seen & PD_LABEL_FROM) && kinds >= LEAST_BARE_KINDS ? found : 0;
}

guint pd_quoted_header_behind_title(const PdLine *lines, guint count)
{
    guint block = pd_quoted_header_behind_rule(lines, count);

    return block > 0 ? block : bare_block_lines(lines, count);
}
