/* pattern_source.c: what an admin wrote, as it is handed to PCRE2.
 *
 * Text is matched in NFKC, so the characters of a pattern are brought into it too; what
 * becomes punctuation by that is escaped, for "（" is a character and no group. And "\b" is
 * made to hold beside Han characters: in "我的VPN断了" the word VPN begins and ends, though
 * Unicode counts the characters around it as letters.
 */
#include "rules/normal.h"
#include "rules/pattern.h"

#include <string.h>

#define WORD_BUT_HAN "[^\\W\\p{Han}]"
#define BEFORE_WORD "(?<!" WORD_BUT_HAN ")"
#define BEHIND_WORD "(?!" WORD_BUT_HAN ")"
#define ANY_BOUNDARY "(?:\\b|(?<=\\p{Han})|(?=\\p{Han}))"

/* Those that each version of Unicode says are Han. */
#define FIRST_HAN 0x4e00
#define LAST_HAN 0x9fa5

typedef struct {
    GString *out;
    const char *at;
    gboolean in_class, quoted; /* inside […], inside \Q…\E */
    gboolean after_letter;     /* the last thing was a plain ASCII letter or digit */
    gboolean after_escape;     /* letters and digits may belong to an escape before them */
} Rewriter;

gboolean pd_pattern_is_han(gunichar c)
{
    return c >= FIRST_HAN && c <= LAST_HAN;
}

static void append_escaped(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (g_ascii_ispunct(*text) || *text == ' ')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
}

char *pd_pattern_escape(const char *text)
{
    GString *out = g_string_new(NULL);

    append_escaped(out, text);
    return g_string_free(out, FALSE);
}

static void append_changed(Rewriter *r, const char *normal, gboolean single)
{
    g_string_append(r->out, r->quoted ? "\\E" : "");
    g_string_append(r->out, single ? "" : "(?:");
    append_escaped(r->out, normal);
    g_string_append(r->out, single ? "" : ")");
    g_string_append(r->out, r->quoted ? "\\Q" : "");
}

static void append_normalised(Rewriter *r, gsize size)
{
    g_autofree char *normal = g_utf8_normalize(r->at, (gssize)size, G_NORMALIZE_NFKC);
    gboolean same = strlen(normal) == size && memcmp(normal, r->at, size) == 0;
    gboolean single = g_utf8_strlen(normal, -1) == 1;

    if (same || (r->in_class && !single))
        g_string_append_len(r->out, r->at, (gssize)size);
    else
        append_changed(r, normal, single);
}

/* A character beyond ASCII, literal wherever it stands. */
static void rewrite_foreign(Rewriter *r)
{
    const char *next = g_utf8_next_char(r->at);

    if (pd_normal_is_stable(g_utf8_get_char(r->at)))
        g_string_append_len(r->out, r->at, next - r->at);
    else
        append_normalised(r, (gsize)(next - r->at));
    r->at = next;
    r->after_letter = FALSE;
}

static gboolean starts_with_letter(const char *at);

/* To the "]" of a plain class, or to the end of the text. */
static const char *skip_class(const char *at)
{
    const char *end = at[0] == '[' && strchr("]^[", at[1]) == NULL ? strpbrk(at + 1, "[]\\") : NULL;

    return end != NULL && *end == ']' ? end : at + strlen(at) - 1;
}

/* "(?:" … ")" of alternatives that all start with a letter, and that is not optional. */
static gboolean group_starts_with_letter(const char *at)
{
    guint depth = 0;

    if (!starts_with_letter(at + 3))
        return FALSE;
    for (at += 3; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0' && at[1] != 'Q')
            at++;
        else if (*at == '[' || *at == '\\')
            at = skip_class(at);
        else if (*at == '(')
            depth++;
        else if (*at == ')' && depth-- == 0)
            return strchr("?*{", at[1]) == NULL || at[1] == '\0';
        else if (*at == '|' && depth == 0 && !starts_with_letter(at + 1))
            return FALSE;
    }
    return FALSE;
}

static gboolean starts_with_letter(const char *at)
{
    if (g_str_has_prefix(at, "(?:"))
        return group_starts_with_letter(at);
    return g_ascii_isalnum(*at) && (at[1] == '\0' || strchr("?*{", at[1]) == NULL);
}

static void rewrite_boundary(Rewriter *r)
{
    r->at += 2;
    if (starts_with_letter(r->at))
        g_string_append(r->out, BEFORE_WORD);
    else if (r->after_letter)
        g_string_append(r->out, BEHIND_WORD);
    else
        g_string_append(r->out, ANY_BOUNDARY);
    r->after_letter = FALSE;
}

/* Who writes one of these himself may do so where "\b" would have become another. */
gsize pd_pattern_boundary(const char *rewritten, gsize at, gboolean *is_usual)
{
    const char *here = rewritten + at;

    *is_usual = TRUE;
    if (g_str_has_prefix(here, ANY_BOUNDARY))
        return strlen(ANY_BOUNDARY);
    if (g_str_has_prefix(here, BEFORE_WORD)) {
        *is_usual = starts_with_letter(here + strlen(BEFORE_WORD));
        return strlen(BEFORE_WORD);
    }
    if (g_str_has_prefix(here, BEHIND_WORD)) {
        *is_usual = at > 0 && g_ascii_isalnum(here[-1]) && (at == 1 || here[-2] != '\\');
        return strlen(BEHIND_WORD);
    }
    return 0;
}

static void rewrite_escape(Rewriter *r)
{
    if (r->at[1] == 'b' && !r->in_class) {
        rewrite_boundary(r);
        return;
    }
    if (r->at[1] == 'Q')
        r->quoted = TRUE;
    g_string_append_c(r->out, *r->at++);
    if (*r->at != '\0' && (guchar)*r->at < 0x80)
        g_string_append_c(r->out, *r->at++);
    else if (*r->at != '\0') { /* an escaped foreign character is just that character */
        g_string_truncate(r->out, r->out->len - 1);
        rewrite_foreign(r);
    }
    r->after_letter = FALSE;
    r->after_escape = TRUE;
}

/* "[", "[^", and a "]" that comes first are copied at once. */
static void rewrite_class_start(Rewriter *r)
{
    r->in_class = TRUE;
    g_string_append_c(r->out, *r->at++);
    if (*r->at == '^')
        g_string_append_c(r->out, *r->at++);
    if (*r->at == ']')
        g_string_append_c(r->out, *r->at++);
}

static void rewrite_plain(Rewriter *r)
{
    if (r->in_class && r->at[0] == '[' && r->at[1] == ':') {
        const char *end = strstr(r->at, ":]"); /* a POSIX class: its "]" ends nothing */
        if (end != NULL) {
            g_string_append_len(r->out, r->at, end + 1 - r->at);
            r->at = end + 1;
        }
    } else if (r->in_class && r->at[0] == ']')
        r->in_class = FALSE;
    r->after_escape = r->after_escape && g_ascii_isalnum(*r->at);
    r->after_letter = !r->in_class && !r->after_escape && g_ascii_isalnum(*r->at);
    g_string_append_c(r->out, *r->at++);
}

/* "\E": no letter. */
static void rewrite_quote_end(Rewriter *r)
{
    g_string_append_len(r->out, r->at, 2);
    r->at += 2;
    r->quoted = r->after_letter = r->after_escape = FALSE;
}

char *pd_pattern_rewrite(const char *source)
{
    Rewriter r = {.out = g_string_sized_new(strlen(source) + 32), .at = source};

    while (*r.at != '\0') {
        if ((guchar)*r.at >= 0x80)
            rewrite_foreign(&r);
        else if (r.quoted && g_str_has_prefix(r.at, "\\E"))
            rewrite_quote_end(&r);
        else if (!r.quoted && *r.at == '\\')
            rewrite_escape(&r);
        else if (!r.quoted && !r.in_class && *r.at == '[')
            rewrite_class_start(&r);
        else
            rewrite_plain(&r);
    }
    return g_string_free(r.out, FALSE);
}
