/* literal_reader.c: the pieces of a pattern that are more than a character. */
#include "rules/literal_reader.h"

#include "rules/pattern.h"

#include <string.h>

#define FIRST_WITHOUT_CASE 0x2e80 /* the blocks from CJK radicals to Vai */
#define LAST_WITHOUT_CASE 0xa63f

gboolean pd_literal_has_no_case(gunichar c)
{
    return c >= FIRST_WITHOUT_CASE && c <= LAST_WITHOUT_CASE;
}

static gsize read_number(const char **at)
{
    gsize number = 0;

    for (; g_ascii_isdigit(**at); (*at)++)
        number = MIN(number * 10 + (gsize)(**at - '0'), PD_ANYWHERE / 100);
    return number;
}

/* "{2}", "{2,}", "{2,5}" behind an item. FALSE: the brace is none of these. */
static gboolean read_braces(PdLiteralReader *r, PdRepeat *repeat)
{
    const char *at = r->at + 1;

    if (!g_ascii_isdigit(*at))
        return FALSE;
    repeat->least = repeat->most = read_number(&at);
    if (*at == ',') {
        at++;
        repeat->most = g_ascii_isdigit(*at) ? read_number(&at) : PD_ANYWHERE;
    }
    if (*at != '}')
        return FALSE;
    r->at = at + 1;
    return TRUE;
}

gboolean pd_literal_reader_quantifier(PdLiteralReader *r, PdRepeat *repeat)
{
    gboolean found = TRUE;

    *repeat = (PdRepeat){1, 1};
    if (*r->at == '?' || *r->at == '*' || *r->at == '+') {
        repeat->least = *r->at == '+';
        repeat->most = *r->at == '?' ? 1 : PD_ANYWHERE;
        r->at++;
    } else if (*r->at == '{') {
        r->lost |= !(found = read_braces(r, repeat)); /* versions differ about such braces */
    } else {
        found = FALSE;
    }
    if (found && (*r->at == '?' || *r->at == '+'))
        r->special |= *r->at++ == '+';
    return found;
}

void pd_literal_reader_skip_class(PdLiteralReader *r)
{
    const char *at = r->at + 1;

    at += *at == '^';
    at += *at == ']';
    while (*at != '\0' && *at != ']') {
        if (at[0] == '[' && at[1] != '\0' && strchr(":.=", at[1]) != NULL) {
            const char *end = at + 2 + strspn(at + 2, "^abcdefghijklmnopqrstuvwxyz");
            if (end[0] != at[1] || end[1] != ']')
                break;
            at = end + 1;
        } else if (at[0] == '\\' && (at[1] == 'Q' || at[1] == 'E' || at[1] == '\0')) {
            break;
        } else if (at[0] == '\\') {
            at++;
        }
        at++;
    }
    r->lost |= *at != ']'; /* something less usual */
    r->at = r->lost ? r->at : at + 1;
}

void pd_literal_reader_skip_property(PdLiteralReader *r)
{
    r->at += 2;
    if (*r->at == '{') {
        const char *end = strchr(r->at, '}');
        r->lost |= end == NULL;
        r->at = end != NULL ? end + 1 : r->at;
    } else if (*r->at != '\0') {
        r->at++;
    }
}

gboolean pd_literal_reader_group_start(PdLiteralReader *r, gboolean *asserts)
{
    const char *at = r->at;

    *asserts = g_str_has_prefix(at, "=") || g_str_has_prefix(at, "!") ||
               g_str_has_prefix(at, "<=") || g_str_has_prefix(at, "<!");
    if (*asserts) {
        r->at += *at == '<' ? 2 : 1;
        return TRUE;
    }
    r->special |= *at != ':';
    if (*at == '>' || *at == '|') {
        r->at++;
        return TRUE;
    }
    if (*at == '<' || *at == '\'' || g_str_has_prefix(at, "P<")) {
        const char *end = strchr(at + (*at == 'P' ? 2 : 1), *at == '\'' ? '\'' : '>');
        r->lost |= end == NULL;
        r->at = end != NULL ? end + 1 : at;
        return TRUE;
    }
    while (*r->at != '\0' && strchr("imsnUJ-", *r->at) != NULL)
        r->at++;
    if (*r->at == ':') {
        r->at++;
        return TRUE;
    }
    r->lost |= *r->at != ')';
    return FALSE;
}
