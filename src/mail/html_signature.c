/* html_signature.c: see html_signature.h.
 *
 * Outlook on the web has id="Signature", Gmail class="gmail_signature", Thunderbird
 * "moz-signature", Word "MsoSignature", NetEase "ntes-pcmac-signature": programs agree on the word
 * only.
 */
#include "html_signature.h"

#include "html_parse.h"
#include "separator.h"

#define LOOK_AHEAD 24 /* lines behind the signature */
#define MARK "-- \n"

static gboolean names_signature(const char *value)
{
    return value != NULL && strcasestr(value, "signature") != NULL &&
           strcasestr(value, "prefix") == NULL;
}

gboolean pd_html_is_signature(const char *const *attributes)
{
    return names_signature(pd_html_attribute(attributes, "id")) ||
           names_signature(pd_html_attribute(attributes, "class"));
}

static PdLine line_at(const char *at)
{
    PdLine line = {.whole = at, .whole_length = strcspn(at, "\n")};

    line.text = at + MIN(strspn(at, " \t"), line.whole_length);
    line.length = line.whole_length - (gsize)(line.text - at);
    return line;
}

/* Nothing, quoted lines, or what a program begins its quote with. */
static gboolean quote_follows(const char *text)
{
    PdLine lines[LOOK_AHEAD];
    guint count = 0;

    text += strspn(text, " \t\n");
    if (*text == '\0')
        return TRUE;
    while (*text != '\0' && count < LOOK_AHEAD) {
        lines[count] = line_at(text);
        text += lines[count].whole_length;
        text += *text == '\n';
        count++;
    }
    return pd_line_is_quoted(&lines[0]) || pd_separator_lines(lines, count) > 0;
}

/* Where a mark that the program wrote itself lost its space; 0 if there is none. */
static gsize end_of_mark(const char *text, gsize begin)
{
    while (begin > 0 && g_ascii_isspace(text[begin - 1]))
        begin--;
    gboolean marked = begin >= 2 && memcmp(text + begin - 2, "--", 2) == 0 &&
                      (begin == 2 || text[begin - 3] == '\n');
    return marked ? begin : 0;
}

void pd_html_mark_signature(GString *text, gsize begin, gsize end)
{
    while (begin < end && g_ascii_isspace(text->str[begin]))
        begin++;
    if (begin >= end || !quote_follows(text->str + end))
        return;
    gsize mark = end_of_mark(text->str, begin);
    if (mark > 0)
        g_string_insert_c(text, (gssize)mark, ' ');
    else if (begin > 0 && text->str[begin - 1] == '\n')
        g_string_insert(text, (gssize)begin, MARK);
}
