/* html_tidy.c: see html_tidy.h.
 *
 * To a browser "<![if !vml]>", "<!>" and "</>" are comments, and what stands behind "</html>" is
 * part of the page: gateways put their notices there, and programs whole second documents. The
 * library shows the first, loses all behind the others, and stops at the end of the first page. One
 * pass; what is taken out can make no harm, since nothing but the library's reading of the rest is
 * used.
 */
#include "html_tidy.h"

#include <string.h>

typedef struct {
    GString *out;
    const char *limit;
    gboolean no_comment_end; /* none comes any more: looked for once */
} Tidy;

static const char *behind(const char *at, const char *limit, char byte)
{
    const char *found = memchr(at, byte, (gsize)(limit - at));

    return found != NULL ? found + 1 : limit;
}

static gboolean begins(const char *at, const char *limit, const char *word)
{
    gsize length = strlen(word);

    return (gsize)(limit - at) >= length && g_ascii_strncasecmp(at, word, length) == 0;
}

/* Behind the comment that begins at "<!--", which is kept for the library to leave out. */
static const char *copy_comment(Tidy *tidy, const char *at)
{
    gsize left = (gsize)(tidy->limit - at);
    const char *end = tidy->no_comment_end ? NULL : memmem(at + 4, left - 4, "-->", 3);

    tidy->no_comment_end = end == NULL;
    if (end == NULL) { /* a comment for a browser, too, but only its beginning is one for certain */
        g_string_append_len(tidy->out, at, (gssize)left);
        return tidy->limit;
    }
    g_string_append_len(tidy->out, at, end + 3 - at);
    return end + 3;
}

/* "</html>", "</body>": the page goes on. */
static gboolean is_end_of_page(const char *at, const char *limit)
{
    static const char *const ends[] = {"</html", "</body"};

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        gsize length = strlen(ends[i]);
        if (begins(at, limit, ends[i]) && at + length < limit && !g_ascii_isalnum(at[length]))
            return TRUE;
    }
    return FALSE;
}

/* What follows stands on lines of its own. */
static const char *leave_page(Tidy *tidy, const char *at)
{
    const char *next = behind(at, tidy->limit, '>');
    const char *text = next;

    while (text < tidy->limit && g_ascii_isspace(*text))
        text++;
    if (text < tidy->limit && !is_end_of_page(text, tidy->limit))
        g_string_append(tidy->out, "<div></div>");
    return next;
}

/* From a "<" on; gives where to go on, at least one byte further. */
static const char *tidy_tag(Tidy *tidy, const char *at)
{
    const char *limit = tidy->limit;

    if (begins(at, limit, "<!-->") || begins(at, limit, "<!--->"))
        return behind(at, limit, '>');
    if (begins(at, limit, "<!--"))
        return copy_comment(tidy, at);
    if (begins(at, limit, "<!") && !begins(at, limit, "<!doctype"))
        return behind(at, limit, '>');
    if (begins(at, limit, "</") && at + 2 < limit && !g_ascii_isalpha(at[2]))
        return behind(at, limit, '>');
    if (is_end_of_page(at, limit))
        return leave_page(tidy, at);
    g_string_append_c(tidy->out, '<');
    return at + 1;
}

GString *pd_html_tidy(const char *html, gsize length)
{
    Tidy tidy = {.out = g_string_sized_new(length + 1), .limit = html + length};

    for (const char *at = html; at < tidy.limit;) {
        const char *tag = memchr(at, '<', (gsize)(tidy.limit - at));
        const char *end = tag != NULL ? tag : tidy.limit;
        g_string_append_len(tidy.out, at, end - at);
        at = tag != NULL ? tidy_tag(&tidy, tag) : tidy.limit;
    }
    return tidy.out;
}
