/* quote.c: tells what a person wrote from what the mail program added.
 *
 * Every line gets one mark. A separator that quoted lines follow ends with them, so that
 * answers between quoted lines are kept; one that plain lines follow takes all the rest. A
 * separator before which nothing was written is taken off alone. If nothing would be left,
 * nothing is taken off. In a message that answers nothing, lines of "From: … To: …" with no rule
 * above them are its writer's own: a form, or the mail that did not arrive. Nobody types what
 * Outlook writes there ("a@b [mailto:a@b]").
 */
#include "quote.h"

#include "attribution.h"
#include "quoted_header.h"
#include "signoff.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_SIGNATURE 25 /* lines */
#define MOST_DEVICE_NOTE 4
#define LONG_RULE 10
#define RULED_SIGNATURE 6
#define MOST_CARD 16
#define LEAST_FRAMES 3

typedef enum { MARK_NEW, MARK_QUOTE, MARK_SIGNATURE, MARK_RULE } Mark;

typedef struct {
    PdLine *lines;
    guint8 *marks;
    guint count;
    gboolean is_answer;
} Text;

/* Bytes of a mark of direction, which Hebrew and Arabic lines have around them; else 0. */
static gsize direction_length(const char *at, const char *end)
{
    if (end - at < 3 || (guchar)at[0] != 0xE2)
        return 0;
    guchar middle = (guchar)at[1], last = (guchar)at[2];
    gboolean marks =
        middle == 0x80 && (last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE));
    gboolean isolates = middle == 0x81 && last >= 0xA6 && last <= 0xA9;
    return marks || isolates ? 3 : 0;
}

static void trim(PdLine *line)
{
    const char *at = line->whole;
    const char *end = at + line->whole_length;

    while (at < end) {
        if (*at == ' ' || *at == '\t' || *at == '\r')
            at++;
        else if (end - at >= 2 && memcmp(at, "\xc2\xa0", 2) == 0)
            at += 2;
        else if (direction_length(at, end) > 0)
            at += 3;
        else
            break;
    }
    while (end > at) {
        if (strchr(" \t\r", end[-1]) != NULL)
            end--;
        else if (end - at >= 2 && memcmp(end - 2, "\xc2\xa0", 2) == 0)
            end -= 2;
        else if (end - at >= 3 && direction_length(end - 3, end) > 0)
            end -= 3;
        else
            break;
    }
    line->text = at;
    line->length = (gsize)(end - at);
}

static void split_lines(const char *text, Text *split)
{
    guint count = 1;

    for (const char *c = text; (c = strchr(c, '\n')) != NULL; c++)
        count++;
    split->lines = g_new(PdLine, count);
    split->marks = g_new0(guint8, count);
    split->count = count;
    for (guint i = 0; i < count; i++) {
        gsize length = strcspn(text, "\n");
        split->lines[i].whole = text;
        split->lines[i].whole_length = length;
        trim(&split->lines[i]);
        text += length + 1;
    }
}

static void mark(Text *split, guint from, guint to, Mark mark)
{
    for (guint i = from; i < to; i++)
        split->marks[i] = (guint8)mark;
}

/* The next line that is not empty is a quoted one. */
static gboolean quote_follows(const Text *split, guint from)
{
    while (from < split->count && split->lines[from].length == 0)
        from++;
    return from < split->count && pd_line_is_quoted(&split->lines[from]);
}

static gboolean is_typed_header(const PdLine *lines, guint count)
{
    return lines[0].length > 0 && pd_quoted_header_lines(lines, count) > 0 &&
           pd_text_find(lines[0].text, lines[0].length, "[mailto:") == NULL;
}

/* "Ann wrote to me on 3/6/2024 at 10:00:", "---- Mail returned ----" in a message that answers
 * nothing, and neither a header nor marked lines below: what a person tells, and goes on with. */
static gboolean is_told(const Text *split, guint line, guint separator)
{
    const PdLine *lines = &split->lines[line];
    guint count = split->count - line;

    return !split->is_answer && !quote_follows(split, line + separator) &&
           pd_quoted_header_lines(lines, count) == 0 &&
           (separator == 1 || pd_attribution_lines(lines, count) == separator);
}

static guint separator_at(const Text *split, guint line, gboolean written)
{
    const PdLine *lines = &split->lines[line];
    guint count = split->count - line;

    if (written && !split->is_answer && is_typed_header(lines, count))
        return 0;
    guint separator = pd_separator_lines(lines, count);
    return separator > 0 && is_told(split, line, separator) ? 0 : separator;
}

/* What a mail that was quoted has, and what a person marks so does not: marks within marks, an
 * address, who wrote. */
static gboolean is_of_mail(const PdLine *line)
{
    PdLine inner = {.text = line->text + 1, .length = line->length - 1};

    if (memchr(line->text, '@', line->length) != NULL)
        return TRUE;
    if (pd_line_starts_with(line, ">>> ")) /* Python's prompt */
        return FALSE;
    while (inner.length > 0 && *inner.text == ' ') {
        inner.text++;
        inner.length--;
    }
    return inner.length > 0 && (*inner.text == '>' || inner.text[inner.length - 1] == ':');
}

/* Behind the marked lines that begin here, and the empty ones among them. */
static guint marked_end(const Text *split, guint from)
{
    while (from < split->count &&
           (split->lines[from].length == 0 || pd_line_is_quoted(&split->lines[from])))
        from++;
    return from;
}

/* Marked lines in a message that answers nothing, under no line that says who wrote them: what
 * was typed at a prompt, "> 80 %", an indented paragraph. */
static gboolean is_own(const Text *split, guint from, guint to)
{
    if (split->is_answer)
        return FALSE;
    for (guint i = from; i < to; i++) {
        if (split->lines[i].length > 0 && is_of_mail(&split->lines[i]))
            return FALSE;
    }
    return TRUE;
}

static void mark_quotes(Text *split)
{
    gboolean written = FALSE; /* something new stands before */
    gboolean separated = FALSE;

    for (guint i = 0; i < split->count;) {
        if (pd_line_is_quoted(&split->lines[i])) {
            guint to = marked_end(split, i);
            gboolean own = !separated && is_own(split, i, to);
            for (written |= own; i < to; i++) {
                if (!own && split->lines[i].length > 0)
                    mark(split, i, i + 1, MARK_QUOTE);
            }
            continue;
        }
        guint separator = separator_at(split, i, written);
        if (separator == 0) {
            written |= split->lines[i].length > 0 && !pd_line_is_rule(&split->lines[i]);
            i++;
            continue;
        }
        gboolean all = written && !quote_follows(split, i + separator);
        guint end = all ? split->count : i + separator;
        mark(split, i, end, MARK_QUOTE);
        separated = TRUE;
        i = end;
    }
}

/* A long rule and at most a few lines with an address: what Foxmail and others sign with. */
static gboolean is_ruled_signature(const Text *split, guint at, guint to)
{
    if (!pd_line_is_rule(&split->lines[at]) || split->lines[at].length < LONG_RULE)
        return FALSE;
    while (to > at && split->lines[to - 1].length == 0)
        to--;
    if (to - at > RULED_SIGNATURE + 1)
        return FALSE;
    gboolean any_address = FALSE;
    for (guint i = at + 1; i < to; i++) {
        if (pd_line_tells_matter(&split->lines[i]))
            return FALSE;
        any_address |= memchr(split->lines[i].text, '@', split->lines[i].length) != NULL;
    }
    return any_address;
}

/* Nothing but what a table's borders leave. */
static gboolean is_frame(const PdLine *line)
{
    for (gsize i = 0; i < line->length; i++) {
        if (line->text[i] != '|' && line->text[i] != ' ')
            return FALSE;
    }
    return line->length > 0;
}

/* A business card laid out as a table, which comes as text: names between "|", and an address. */
static gboolean is_framed_card(const Text *split, guint at, guint to)
{
    guint frames = 0;
    gboolean any_address = FALSE;

    if (!is_frame(&split->lines[at]) || to - at > MOST_CARD)
        return FALSE;
    for (guint i = at; i < to; i++) {
        if (pd_line_tells_matter(&split->lines[i]))
            return FALSE;
        frames += is_frame(&split->lines[i]);
        any_address |= memchr(split->lines[i].text, '@', split->lines[i].length) != NULL;
    }
    return frames >= LEAST_FRAMES && any_address;
}

/* "-- " is the mark by agreement; "--" may rule off what a person pastes. */
static gboolean is_marked_signature(const Text *split, guint at, guint to)
{
    if (!pd_line_is_signature_mark(&split->lines[at]) || to - at > MOST_SIGNATURE + 1)
        return FALSE;
    if (split->lines[at].whole_length == 3 && memcmp(split->lines[at].whole, "-- ", 3) == 0)
        return TRUE;
    for (guint i = at + 1; i < to; i++) {
        const PdLine *line = &split->lines[i];
        if (pd_line_tells_matter(line) || memchr(line->text, '?', line->length) != NULL ||
            pd_text_find(line->text, line->length, "？") != NULL)
            return FALSE;
    }
    return TRUE;
}

/* Within the new lines from here to the next quoted one: where the signature begins. */
static guint signature_begin(const Text *split, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (is_marked_signature(split, i, to))
            return i;
        if (i > from && (pd_line_is_disclaimer(&split->lines[i]) ||
                         is_ruled_signature(split, i, to) || is_framed_card(split, i, to)))
            return i;
    }
    return to;
}

static guint device_note_lines(const Text *split, guint from, guint to)
{
    guint count = 0;

    while (from + count < to && count < MOST_DEVICE_NOTE && split->lines[from + count].length > 0)
        count++;
    /* a paragraph of its own, not the beginning of a longer one */
    return from + count == to || split->lines[from + count].length == 0 ? count : 1;
}

/* A device signs behind a text or before it; a line among others is a person's. */
static gboolean is_at_edge(const Text *split, guint line, guint from, guint to)
{
    return line == from || split->lines[line - 1].length == 0 || line + 1 == to ||
           split->lines[line + 1].length == 0 || pd_line_is_rule(&split->lines[line + 1]) ||
           pd_line_is_device_note(&split->lines[line - 1]);
}

static void mark_signatures(Text *split)
{
    for (guint i = 0; i < split->count;) {
        guint end = i;
        while (end < split->count && split->marks[end] != MARK_QUOTE)
            end++;
        guint sign = signature_begin(split, i, end);
        mark(split, sign, end, MARK_SIGNATURE);
        for (guint line = i; line < sign; line++) {
            if (pd_line_is_device_note(&split->lines[line]) && is_at_edge(split, line, i, sign))
                mark(split, line, line + device_note_lines(split, line, sign), MARK_SIGNATURE);
        }
        i = MAX(end, i + 1);
        while (i < split->count && split->marks[i] == MARK_QUOTE)
            i++;
    }
}

/* Rules and empty lines at the end of what is new say nothing. */
static void mark_trailing_rules(Text *split)
{
    for (guint i = split->count; i > 0; i--) {
        if (split->marks[i - 1] != MARK_NEW || split->lines[i - 1].length == 0)
            continue;
        if (!pd_line_is_rule(&split->lines[i - 1]) &&
            !(split->lines[i - 1].length == 3 && memcmp(split->lines[i - 1].text, "ᐧ", 3) == 0))
            break;
        split->marks[i - 1] = MARK_RULE;
    }
}

static void strip_blank_lines(GString *text)
{
    gsize begin = 0;

    while (text->len > 0 && g_ascii_isspace(text->str[text->len - 1]))
        g_string_truncate(text, text->len - 1);
    for (gsize i = 0; i < text->len && g_ascii_isspace(text->str[i]); i++) {
        if (text->str[i] == '\n')
            begin = i + 1;
    }
    g_string_erase(text, 0, (gssize)begin);
}

static char *gather(const Text *split, Mark wanted)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < split->count; i++) {
        if (split->marks[i] != wanted)
            continue;
        g_string_append_len(text, split->lines[i].whole, (gssize)split->lines[i].whole_length);
        g_string_append_c(text, '\n');
    }
    strip_blank_lines(text);
    return g_string_free(text, FALSE);
}

static gboolean anything_new(const Text *split)
{
    for (guint i = 0; i < split->count; i++) {
        if (split->marks[i] == MARK_NEW && split->lines[i].length > 0)
            return TRUE;
    }
    return FALSE;
}

void pd_quote_split(const char *text, gboolean is_answer, PdQuoteSplit *result)
{
    Text split;

    split_lines(text, &split);
    split.is_answer = is_answer;
    mark_quotes(&split);
    mark_signatures(&split);
    mark_trailing_rules(&split);
    if (!anything_new(&split))
        mark(&split, 0, split.count, MARK_NEW);
    result->text = gather(&split, MARK_NEW);
    result->quoted = gather(&split, MARK_QUOTE);
    result->signature = gather(&split, MARK_SIGNATURE);
    g_free(split.lines);
    g_free(split.marks);
}
