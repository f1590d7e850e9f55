/* html_strip.c: markup taken off without a parser, in one pass whatever the markup is. */
#include "html.h"

#include "postdesk/limits.h"
#include <string.h>

/* Elements whose content is no text, with where that ends. */
static const struct {
    const char *name;
    const char *end;
} silent[] = {{"script", "</script"}, {"style", "</style"}, {"head", "</head"}, {"!--", "-->"}};

static const struct {
    const char *name;
    const char *text;
} entities[] = {{"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"nbsp;", " "}};

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

static const char *add_entity(GString *out, const char *at, const char *limit)
{
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
        gsize length = strlen(entities[i].name);
        if ((gsize)(limit - at) > length && memcmp(at + 1, entities[i].name, length) == 0) {
            g_string_append(out, entities[i].text);
            return at + 1 + length;
        }
    }
    g_string_append_c(out, '&');
    return at + 1;
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
        g_string_append_len(out, at, (gssize)plain);
        at += plain;
        if (at == limit)
            break;
        if (*at == '&') {
            at = add_entity(out, at, limit);
        } else if (*at == '\0') {
            at++;
        } else {
            const char *name = at + 1 + (at + 1 < limit && at[1] == '/');
            if (breaks_line(name, (gsize)(limit - name)) && out->len > 0 &&
                out->str[out->len - 1] != '\n')
                g_string_append_c(out, '\n');
            at = skip_tag(at, limit);
        }
    }
    return g_string_free(out, FALSE);
}
