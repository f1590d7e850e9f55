/* html_style.c: see html_style.h. Declarations are read one after the other, up to the next ";". */
#include "html_style.h"

#include "html_parse.h"
#include <string.h>

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
