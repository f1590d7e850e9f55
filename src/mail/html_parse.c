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

/* Declarations that hide an element. zero: the value must be nothing but zero ("0px", not
 * "0.9em"). */
static const struct {
    const char *property;
    const char *value;
    gboolean zero;
} hiding[] = {
    {"display", "none", FALSE}, {"visibility", "hidden", FALSE}, {"mso-hide", "all", FALSE},
    {"opacity", "0", TRUE},     {"max-height", "0", TRUE},       {"text-indent", "-9999", FALSE},
};

/* What a declaration gives this property; NULL if it is another's. */
static const char *value_of(const char *declaration, const char *property)
{
    gsize length = strlen(property);

    if (g_ascii_tolower(*declaration) != *property ||
        g_ascii_strncasecmp(declaration, property, length) != 0)
        return NULL;
    const char *value = declaration + length;
    value += strspn(value, " \t\r\n");
    if (*value++ != ':')
        return NULL;
    return value + strspn(value, " \t\r\n");
}

/* One declaration of a style, from its first letter on. */
static gboolean hides(const char *declaration)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hiding); i++) {
        const char *value = value_of(declaration, hiding[i].property);
        if (value == NULL)
            continue;
        if (g_ascii_strncasecmp(value, hiding[i].value, strlen(hiding[i].value)) == 0 &&
            (!hiding[i].zero || strspn(value, "0123456789.") == 1))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_html_is_hidden(const char *const *attributes)
{
    if (attributes == NULL)
        return FALSE;
    if (pd_html_attribute(attributes, "hidden") != NULL)
        return TRUE;
    const char *style = pd_html_attribute(attributes, "style");
    if (style == NULL)
        return FALSE;
    while (*style != '\0') {
        style += strspn(style, " \t\r\n;");
        if (hides(style))
            return TRUE;
        style += strcspn(style, ";");
    }
    return FALSE;
}

/* "14px", "0", and of what stands in "font:" beside it: "bold 14px/1.5 Arial", "0/0 a". */
static PdHtmlSize size_in(const char *value)
{
    const char *end = value + strcspn(value, ";");
    const char *at = value;

    while (at < end && !g_ascii_isdigit(*at) && *at != '.')
        at++;
    if (at == end)
        return g_ascii_strncasecmp(value, "inherit", strlen("inherit")) == 0 ? PD_HTML_SIZE_SAME
                                                                             : PD_HTML_SIZE_SEEN;
    gboolean none = *at == '0' && strspn(at, "0123456789.") == 1;
    return none || g_str_has_prefix(at, "1px") ? PD_HTML_SIZE_NONE : PD_HTML_SIZE_SEEN;
}

PdHtmlSize pd_html_size(const char *const *attributes)
{
    const char *style = attributes != NULL ? pd_html_attribute(attributes, "style") : NULL;
    PdHtmlSize size = PD_HTML_SIZE_SAME;

    while (style != NULL && *style != '\0') {
        style += strspn(style, " \t\r\n;");
        const char *value = value_of(style, "font-size");
        if (value == NULL)
            value = value_of(style, "font");
        if (value != NULL)
            size = size_in(value);
        style += strcspn(style, ";");
    }
    return size;
}
