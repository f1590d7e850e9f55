/* weaken.c: see weaken.h.
 *
 * What another library may see otherwise than PCRE2 is not left to it: assertions are taken
 * out, and whatever depends on Unicode's tables (classes such as \w, letters with case beyond
 * ASCII) becomes any character. Text is NFKC, where no other character is equal to an ASCII
 * letter but for its case. So a match of the pattern is always one of the weaker pattern.
 */
#include "rules/weaken.h"

#include <glib.h>
#include <string.h>

#define DEEPEST 60
#define MOST_REPEATS 500          /* beyond, the number is taken as any */
#define FIRST_WITHOUT_CASE 0x2e80 /* the blocks from CJK radicals to Vai */
#define LAST_WITHOUT_CASE 0xa63f
#define ANY "."

typedef struct {
    GString *out;
    const char *at;
    guint depth;
    gboolean lost; /* not understood */
} Weakener;

static void weaken_alternatives(Weakener *w);

static gboolean is_plain(gunichar c)
{
    return c < 0x80 || (c >= FIRST_WITHOUT_CASE && c <= LAST_WITHOUT_CASE);
}

/* Bytes, so that nobody has to read them as UTF-8 or as something special. */
static void put_char(Weakener *w, gunichar c)
{
    if (g_ascii_isalnum((char)MIN(c, 0x7f)) || c >= 0x80)
        g_string_append_unichar(w->out, c);
    else
        g_string_append_printf(w->out, "\\x%02x", c);
}

static void take_char(Weakener *w)
{
    gunichar c = g_utf8_get_char(w->at);

    w->at = g_utf8_next_char(w->at);
    if (is_plain(c))
        put_char(w, c);
    else
        g_string_append(w->out, ANY);
}

static guint read_number(const char **at)
{
    guint number = 0;

    for (; g_ascii_isdigit(**at); (*at)++)
        number = MIN(number * 10 + (guint)(**at - '0'), 100000);
    return number;
}

/* "{2}", "{2,}", "{2,5}". */
static void take_braces(Weakener *w)
{
    const char *at = w->at + 1;
    guint least = read_number(&at), most = least;
    gboolean open = FALSE;

    w->lost |= !g_ascii_isdigit(w->at[1]);
    if (*at == ',') {
        at++;
        open = !g_ascii_isdigit(*at);
        most = read_number(&at);
    }
    w->lost |= *at != '}' || (!open && most < least);
    if (w->lost)
        return;
    w->at = at + 1;
    least = MIN(least, MOST_REPEATS);
    if (open || most > MOST_REPEATS)
        g_string_append_printf(w->out, "{%u,}", least);
    else
        g_string_append_printf(w->out, "{%u,%u}", least, most);
}

/* What comes first, or is taken as much of as can be, changes where a match ends, not whether
 * there is one; what gives nothing back matches less. */
static void take_quantifier(Weakener *w)
{
    if (*w->at == '?' || *w->at == '*' || *w->at == '+')
        g_string_append_c(w->out, *w->at++);
    else if (*w->at == '{')
        take_braces(w);
    else
        return;
    if (*w->at == '?' || *w->at == '+')
        w->at++;
}

/* A quantifier of what was taken out. */
static void skip_quantifier(Weakener *w)
{
    gsize length = w->out->len;

    take_quantifier(w);
    g_string_truncate(w->out, length);
}

/* One character of a class, or the end of a range. 0: nothing that is surely understood. */
static gunichar class_char(const char **at)
{
    if (**at == '\\') {
        (*at)++;
        if (**at == '\0' || g_ascii_isalnum(**at))
            return 0;
    } else if (**at == '[' || **at == '\0') {
        return 0; /* perhaps "[:alpha:]" */
    }
    gunichar c = g_utf8_get_char(*at);
    *at = g_utf8_next_char(*at);
    return is_plain(c) ? c : 0;
}

/* The inside of a class to out. FALSE: not surely understood. */
static gboolean copy_class(Weakener *w, const char **at)
{
    while (**at != ']') {
        gunichar from = class_char(at), to = from;
        if (**at == '-' && (*at)[1] != ']') {
            (*at)++;
            to = class_char(at);
        }
        if (from == 0 || to == 0 || from > to || (from < 0x80) != (to < 0x80))
            return FALSE;
        put_char(w, from);
        g_string_append_c(w->out, '-');
        put_char(w, to);
    }
    return TRUE;
}

/* To behind the class, whatever is in it. */
static void pass_class(Weakener *w)
{
    const char *at = w->at + 1;

    at += *at == '^';
    at += *at == ']';
    while (*at != '\0' && *at != ']') {
        if (*at == '[' && at[1] != '\0' && strchr(":.=", at[1]) != NULL) {
            const char *end = at + 2 + strspn(at + 2, "^abcdefghijklmnopqrstuvwxyz");
            w->lost |= end[0] != at[1] || end[1] != ']';
            at = w->lost ? at + 1 : end + 2;
        } else if (*at == '\\') {
            w->lost |= at[1] == '\0' || at[1] == 'Q' || at[1] == 'E';
            at += at[1] != '\0' ? 2 : 1;
        } else {
            at++;
        }
    }
    w->lost |= *at == '\0';
    w->at = *at != '\0' ? at + 1 : at;
}

static void take_class(Weakener *w)
{
    const char *at = w->at + 1;
    gsize length = w->out->len;

    g_string_append_c(w->out, '[');
    if (*at == '^')
        g_string_append_c(w->out, *at++);
    pass_class(w);
    if (*at != ']' && !w->lost && copy_class(w, &at) && at + 1 == w->at) {
        g_string_append_c(w->out, ']');
    } else {
        g_string_truncate(w->out, length);
        g_string_append(w->out, ANY);
    }
    take_quantifier(w);
}

static void skip_property(Weakener *w)
{
    w->at += 2;
    if (*w->at == '{') {
        const char *end = strchr(w->at, '}');
        w->lost |= end == NULL;
        w->at = end != NULL ? end + 1 : w->at;
    } else {
        w->lost |= *w->at == '\0';
        w->at += *w->at != '\0';
    }
}

static void take_quoted(Weakener *w)
{
    w->at += 2;
    w->lost |= g_str_has_prefix(w->at, "\\E"); /* a quantifier behind it is of what was before */
    while (*w->at != '\0' && !g_str_has_prefix(w->at, "\\E"))
        take_char(w);
    w->at += *w->at != '\0' ? 2 : 0;
    take_quantifier(w);
}

static void take_escape(Weakener *w)
{
    char c = w->at[1];

    if (c == 'Q') {
        take_quoted(w);
        return;
    }
    if (c == 'p' || c == 'P') {
        skip_property(w);
        g_string_append(w->out, ANY);
    } else if (c == '\0' || (c == 'N' && w->at[2] == '{')) {
        w->lost = TRUE;
    } else if (!g_ascii_isalnum(c)) {
        w->at++;
        take_char(w);
    } else if (strchr("dDwWsShHvVN", c) != NULL) {
        w->at += 2;
        g_string_append(w->out, ANY);
    } else if (strchr("tnrfea", c) != NULL) {
        g_string_append_c(w->out, '\\');
        g_string_append_c(w->out, c);
        w->at += 2;
    } else if (strchr("bBAzZK", c) != NULL) {
        w->at += 2;
        skip_quantifier(w);
        return;
    } else if (c == 'R' || c == 'X') {
        w->at += 2;
        g_string_append(w->out, "(?:" ANY "+)");
    } else {
        w->lost = TRUE;
    }
    take_quantifier(w);
}

/* Behind "(?": where the group's own pattern begins; asserts: it takes no text. */
static void take_group_start(Weakener *w, gboolean *asserts)
{
    const char *at = w->at;

    *asserts = g_str_has_prefix(at, "=") || g_str_has_prefix(at, "!") ||
               g_str_has_prefix(at, "<=") || g_str_has_prefix(at, "<!");
    if (*asserts) {
        w->at += *at == '<' ? 2 : 1;
    } else if (*at == '>' || *at == '|' || *at == ':') {
        w->at++;
    } else if (*at == '<' || *at == '\'' || g_str_has_prefix(at, "P<")) {
        const char *end = strchr(at + (*at == 'P' ? 2 : 1), *at == '\'' ? '\'' : '>');
        w->lost |= end == NULL;
        w->at = end != NULL ? end + 1 : at;
    } else {
        w->at += strspn(at, "iUJn-"); /* all is read caseless; the others do not matter */
        w->lost |= *w->at != ':' && *w->at != ')'; /* comments, conditions, calls, more options */
        *asserts = *w->at == ')';
        w->at += *w->at == ':';
    }
}

static void take_group(Weakener *w)
{
    gboolean asserts = FALSE;
    gsize length = w->out->len;

    w->at++;
    if (*w->at == '*') {
        w->lost = TRUE;
    } else if (*w->at == '?') {
        w->at++;
        take_group_start(w, &asserts);
    }
    g_string_append(w->out, "(?:");
    if (!w->lost)
        weaken_alternatives(w);
    w->lost |= *w->at != ')';
    if (w->lost)
        return;
    w->at++;
    g_string_append_c(w->out, ')');
    if (!asserts) {
        take_quantifier(w);
        return;
    }
    skip_quantifier(w);
    g_string_truncate(w->out, length);
}

static void take_item(Weakener *w)
{
    switch (*w->at) {
    case '\\':
        take_escape(w);
        break;
    case '[':
        take_class(w);
        break;
    case '(':
        take_group(w);
        break;
    case '.':
        w->at++;
        g_string_append(w->out, "[^\\n]");
        take_quantifier(w);
        break;
    case '^':
    case '$':
        g_string_append_c(w->out, *w->at++);
        w->lost |= *w->at != '\0' && strchr("?*+{", *w->at) != NULL;
        break;
    case '?':
    case '*':
    case '+':
    case '{':
        w->lost = TRUE;
        break;
    default:
        take_char(w);
        take_quantifier(w);
    }
}

static void weaken_alternatives(Weakener *w)
{
    w->lost |= ++w->depth > DEEPEST;
    while (!w->lost && *w->at != '\0' && *w->at != ')') {
        if (*w->at == '|')
            g_string_append_c(w->out, *w->at++);
        else
            take_item(w);
    }
    w->depth--;
}

char *pd_pattern_weaken(const char *rewritten)
{
    Weakener w = {.out = g_string_new(NULL), .at = rewritten};

    weaken_alternatives(&w);
    w.lost |= *w.at != '\0';
    return g_string_free(w.out, w.lost);
}
