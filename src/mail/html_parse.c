/* html_parse.c: libxml2's push parser, fenced in.
 *
 * The library compares each attribute with those before it and each end tag with all open
 * elements, so both numbers are bounded here; then its work grows with the size only.
 */
#include "html_parse.h"

#include "html_tidy.h"
#include "postdesk/limits.h"
#include <libxml/HTMLparser.h>
#include <string.h>

#define MOST_ATTRIBUTES 400 /* equal signs and gaps between words of one tag */

typedef struct {
    const PdHtmlEvents *events;
    gpointer user;
    htmlParserCtxtPtr context;
    guint depth;
    gboolean too_deep;
} Parse;

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
    Parse *parse = data;

    if (parse->too_deep)
        return;
    if (++parse->depth > PD_LIMIT_HTML_DEPTH) {
        parse->too_deep = TRUE;
        xmlStopParser(parse->context);
        return;
    }
    parse->events->start(parse->user, (const char *)name, (const char *const *)attributes);
}

static void on_end(void *data, const xmlChar *name)
{
    Parse *parse = data;

    if (parse->depth > 0)
        parse->depth--;
    if (!parse->too_deep)
        parse->events->end(parse->user, (const char *)name);
}

static void on_text(void *data, const xmlChar *text, int length)
{
    Parse *parse = data;

    if (!parse->too_deep && length > 0)
        parse->events->text(parse->user, (const char *)text, (gsize)length);
}

/* FALSE if some tag has more attributes than any program writes. */
static gboolean is_tame(const char *html, gsize length)
{
    const char *limit = html + length;
    const char *at = html;

    while ((at = memchr(at, '<', (gsize)(limit - at))) != NULL) {
        guint words = 0;
        char quote = '\0';
        for (at++; at < limit && (quote != '\0' || *at != '>'); at++) {
            if (quote != '\0')
                quote = *at == quote ? '\0' : quote;
            else if (at[-1] == '=' && (*at == '"' || *at == '\''))
                quote = *at;
            else if (*at == '<')
                break;
            else if (*at == '=' && ++words > MOST_ATTRIBUTES)
                return FALSE;
            else if (g_ascii_isspace(*at) && !g_ascii_isspace(at[-1]) && ++words > MOST_ATTRIBUTES)
                return FALSE;
        }
    }
    return TRUE;
}

gboolean pd_html_parse(const char *html, gsize length, const PdHtmlEvents *events, gpointer user)
{
    Parse parse = {.events = events, .user = user};
    htmlSAXHandler handler = {.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .ignorableWhitespace = on_text,
                              .cdataBlock = on_text};

    g_autoptr(GString) tidy = pd_html_tidy(html, length);

    if (!is_tame(tidy->str, tidy->len))
        return FALSE;
    parse.context =
        htmlCreatePushParserCtxt(&handler, &parse, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (parse.context == NULL)
        return FALSE;
    htmlCtxtUseOptions(parse.context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                          HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                          HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT);
    htmlParseChunk(parse.context, tidy->str, (int)tidy->len, 0);
    if (!parse.too_deep)
        htmlParseChunk(parse.context, tidy->str, 0, 1);
    htmlFreeParserCtxt(parse.context);
    return !parse.too_deep;
}

const char *pd_html_attribute(const char *const *attributes, const char *name)
{
    for (; attributes != NULL && *attributes != NULL; attributes += 2) {
        if (g_ascii_strcasecmp(attributes[0], name) == 0)
            return attributes[1] != NULL ? attributes[1] : "";
    }
    return NULL;
}

gunichar pd_html_entity(const char *name)
{
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);

    return entity != NULL ? entity->value : 0;
}
