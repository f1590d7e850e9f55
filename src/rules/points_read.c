/* points_read.c: points/NAME.txt, words with points for categories.
 *
 * "least N" may stand before all. A category stands on a line of its own. Each line that begins
 * with white space is of the category before it: points, then words with commas between. "#" begins
 * a comment at a line's start or behind white space. The words are brought into the form of the
 * texts in which they are looked for.
 */
#include "rules/normal.h"
#include "rules/reader.h"

#include "postdesk/text.h"
#include <string.h>

#define PREFIX "@points/"
#define LEAST "least "
#define MOST_LEAST 10000

typedef enum { NONE, WRONG, GOOD } Category;

typedef struct {
    PdReader *reader;
    PdPoints *points;
    const char *file;
    guint line;
    Category category; /* that the words are of */
} Lines;

gboolean pd_is_points_list(const char *text)
{
    return g_str_has_prefix(text, PREFIX);
}

static void complain(const Lines *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void complain(const Lines *lines, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_diagnostics_add(lines->reader->list, PD_ERROR, lines->file, lines->line, 0, "%s", text);
}

static void read_category(Lines *lines, const char *name)
{
    lines->category = WRONG;
    if (!pd_is_category(name))
        complain(lines,
                 "'%s' is no category, such as system/database; words stand behind their points, "
                 "on a line that begins with white space",
                 name);
    else if (!pd_points_begin(lines->points, name))
        complain(lines, "'%s' stands in this list before; write all its words there", name);
    else
        lines->category = GOOD;
}

static void add_word(const Lines *lines, const char *from, const char *to, gint number)
{
    while (from < to && g_ascii_isspace(*from))
        from++;
    while (from < to && g_ascii_isspace(to[-1]))
        to--;
    if (from == to)
        complain(lines, "a word is missing before or behind a comma");
    else if (to - from > PD_LONGEST_POINTS_WORD)
        complain(lines, "'%.*s' is longer than %d bytes", (int)(to - from), from,
                 PD_LONGEST_POINTS_WORD);
    else if (!pd_points_add(lines->points, from, (gsize)(to - from), number))
        complain(lines, "'%.*s' has points for this category already", (int)(to - from), from);
}

/* "12 printer, toner": the points and the words. */
static void read_words(const Lines *lines, const char *line)
{
    char *words;
    gint64 number = g_ascii_strtoll(line, &words, 10);

    if (lines->category == NONE)
        complain(lines, "no category stands before these words");
    if (lines->category != GOOD)
        return;
    if (words == line || !g_ascii_isspace(*words) || number == 0 || ABS(number) > PD_MOST_POINTS) {
        complain(lines, "whole points from -%d to %d, without 0, are expected before the words",
                 PD_MOST_POINTS, PD_MOST_POINTS);
        return;
    }
    for (const char *from = words, *comma; from != NULL; from = comma != NULL ? comma + 1 : NULL) {
        comma = strchr(from, ',');
        add_word(lines, from, comma != NULL ? comma : from + strlen(from), (gint)number);
    }
}

/* "least 90": so many points a category needs. */
static void read_least(const Lines *lines, const char *text)
{
    char *end;
    gint64 least = g_ascii_strtoll(text, &end, 10);

    if (lines->category != NONE)
        complain(lines, "'least' stands before the first category");
    else if (end == text || *end != '\0' || least < 1 || least > MOST_LEAST)
        complain(lines, "'%s' are no points from 1 to %d", text, MOST_LEAST);
    else
        pd_points_set_least(lines->points, least);
}

static void read_line(Lines *lines, char *line)
{
    gboolean indented = g_ascii_isspace(*line);

    pd_cut_comment(line);
    g_strstrip(line);
    if (*line == '\0')
        return;
    if (indented)
        read_words(lines, line);
    else if (g_str_has_prefix(line, LEAST))
        read_least(lines, line + strlen(LEAST));
    else
        read_category(lines, line);
}

static void read_lines(Lines *lines, char *text)
{
    for (char *line = text, *end; line != NULL; line = end != NULL ? end + 1 : NULL) {
        end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        lines->line++;
        read_line(lines, line);
    }
}

/* NULL complained of. */
static GString *read_normal(PdReader *reader, const PdYamlNode *node, const char *name)
{
    gsize length;
    g_autofree char *bytes = pd_read_set_file(reader, node, name, &length);

    if (bytes == NULL)
        return NULL;
    if (strlen(bytes) != length || !g_utf8_validate(bytes, -1, NULL)) {
        pd_reader_complain(reader, node, "%s is not UTF-8 text", name);
        return NULL;
    }
    GString *text = g_string_sized_new(length);
    pd_normal_append(text, bytes);
    pd_han_fold_text(reader->set->han, text->str);
    return text;
}

PdPoints *pd_read_points(PdReader *reader, const PdYamlNode *node, const char *text)
{
    PdPoints *points = g_hash_table_lookup(reader->set->points, text);
    const char *name = text + strlen("@");

    if (points != NULL)
        return points;
    if (!pd_is_safe_list_name(text + strlen(PREFIX))) {
        pd_reader_complain(reader, node, "'%s' names no list of points; it should be %sNAME.txt",
                           text, PREFIX);
        return NULL;
    }
    GString *lines = read_normal(reader, node, name);
    if (lines == NULL)
        return NULL;
    g_autofree char *file = g_build_filename(reader->set->folder, name, NULL);
    points = pd_points_new(text);
    Lines state = {reader, points, file, 0, NONE};
    read_lines(&state, lines->str);
    g_string_free(lines, TRUE);
    if (pd_points_count(points) == 0)
        pd_diagnostics_add(reader->list, PD_ERROR, file, 0, 0, "there is no word in it");
    g_hash_table_insert(reader->set->points, (char *)pd_points_shown(points), points);
    return points;
}
