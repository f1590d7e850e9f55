/* html_strip.c: markup taken off without a parser, in one pass whatever the markup is. */
#include "html.h"

#include "html_parse.h"
#include "postdesk/limits.h"
#include <string.h>

#define MOST_DIGITS 8
#define MOST_NAME 10 /* letters: "thetasym" is the longest of HTML 4 */
#define NO_BREAK_SPACE 0xA0

/* Elements whose content is no text, with where that ends. */
static const struct {
    const char *name;
    const char *end;
} silent[] = {{"script", "</script"}, {"style", "</style"}, {"head", "</head"}, {"!--", "-->"}};

static gboolean breaks_line(const char *name, gsize left)
{
    static const char *const names[] = {"br", "p",  "div", "tr", "li",
                                        "h1", "h2", "h3",  "hr", "pre"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length = strlen(names[i]);
        if (left > length && g_ascii_strncasecmp(name, names[i], length) == 0 &&
            !g_ascii_isalnum(name[length]))
            return TRUE;
    }
    return FALSE;
}

static const char *find_caseless(const char *at, const char *limit, const char *word)
{
    gsize length = strlen(word);

    for (; (gsize)(limit - at) >= length; at++) {
        at = memchr(at, *word, (gsize)(limit - at));
        if (at == NULL || (gsize)(limit - at) < length)
            return NULL;
        if (g_ascii_strncasecmp(at, word, length) == 0)
            return at;
    }
    return NULL;
}

/* Behind the tag that begins at "<", and behind its content if that is no text. */
static const char *skip_tag(const char *at, const char *limit)
{
    for (gsize i = 0; i < G_N_ELEMENTS(silent); i++) {
        gsize length = strlen(silent[i].name);
        if ((gsize)(limit - at) <= length + 1 ||
            g_ascii_strncasecmp(at + 1, silent[i].name, length) != 0 ||
            g_ascii_isalnum(at[length + 1]))
            continue;
        const char *end = find_caseless(at, limit, silent[i].end);
        if (end == NULL)
            return limit;
        at = end;
        break;
    }
    const char *close = memchr(at, '>', (gsize)(limit - at));
    return close != NULL ? close + 1 : limit;
}

static void add_character(GString *out, gunichar c)
{
    g_string_append_unichar(out, c == NO_BREAK_SPACE ? ' ' : c);
}

/* Behind "&#228;" or "&#xE4;"; NULL if at names no character. */
static const char *add_number(GString *out, const char *at, const char *limit)
{
    gunichar number = 0;
    const char *digit = at + 2;
    gboolean hex = digit < limit && g_ascii_tolower(*digit) == 'x';
    const char *first = digit += hex;

    for (; digit < limit && digit - first < MOST_DIGITS; digit++) {
        if (!(hex ? g_ascii_isxdigit(*digit) : g_ascii_isdigit(*digit)))
            break;
        number = number * (hex ? 16 : 10) + (gunichar)g_ascii_xdigit_value(*digit);
    }
    if (digit == first || digit == limit || *digit != ';' || number < ' ' ||
        !g_unichar_validate(number))
        return NULL;
    add_character(out, number);
    return digit + 1;
}

/* Behind "&auml;"; NULL if at names no character. */
static const char *add_named(GString *out, const char *at, const char *limit)
{
    char name[MOST_NAME + 1];
    const char *end = at + 1;

    while (end < limit && end - at <= MOST_NAME && g_ascii_isalnum(*end))
        end++;
    if (end == limit || *end != ';')
        return NULL;
    g_strlcpy(name, at + 1, (gsize)(end - at));
    gunichar named = pd_html_entity(name);
    if (named == 0)
        return NULL;
    add_character(out, named);
    return end + 1;
}

static const char *add_entity(GString *out, const char *at, const char *limit)
{
    gboolean by_number = limit - at > 2 && at[1] == '#';
    const char *behind = by_number ? add_number(out, at, limit) : add_named(out, at, limit);

    if (behind != NULL)
        return behind;
    g_string_append_c(out, '&');
    return at + 1;
}

static void end_line(GString *out)
{
    while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '\t'))
        g_string_truncate(out, out->len - 1);
    if (out->len > 0 && out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
}

/* What stands between two tags, with its own lines but neither empty ones nor indentation: they
 * say nothing in HTML, and a page that is nested a thousand times has thousands. */
static void add_text(GString *out, const char *text, gsize length)
{
    const char *limit = text + length;

    while (text < limit) {
        while (text < limit && (*text == ' ' || *text == '\t') &&
               (out->len == 0 || out->str[out->len - 1] == '\n'))
            text++;
        const char *line = memchr(text, '\n', (gsize)(limit - text));
        const char *end = line != NULL ? line : limit;
        gsize size = (gsize)(end - text);
        if (size > 0 && end[-1] == '\r')
            size--;
        g_string_append_len(out, text, (gssize)size);
        if (line == NULL)
            break;
        end_line(out);
        text = line + 1;
    }
}

char *pd_html_strip(const char *html, gsize length)
{
    GString *out = g_string_sized_new(length / 2 + 1);
    const char *limit = html + length;
    const char *at = html;

    while (at < limit && out->len < PD_LIMIT_TEXT_BYTES) {
        gsize plain = 0;
        while (at + plain < limit && at[plain] != '<' && at[plain] != '&' && at[plain] != '\0')
            plain++;
        add_text(out, at, plain);
        at += plain;
        if (at == limit)
            break;
        if (*at == '&') {
            at = add_entity(out, at, limit);
        } else if (*at == '\0') {
            at++;
        } else {
            const char *name = at + 1 + (at + 1 < limit && at[1] == '/');
            if (breaks_line(name, (gsize)(limit - name)))
                end_line(out);
            at = skip_tag(at, limit);
        }
    }
    return g_string_free(out, FALSE);
}
