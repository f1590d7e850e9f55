/* html_escape.c: text put into HTML. */
#include "postdesk/text.h"

static const char *const entities[256] = {
    ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
    ['"'] = "&quot;", ['\''] = "&#39;", ['\0'] = "",
};

void pd_text_append_html(GString *out, const char *text, gsize length)
{
    const char *end = text + length;

    while (text < end) {
        const char *plain = text;
        while (text < end && entities[(guchar)*text] == NULL)
            text++;
        g_string_append_len(out, plain, text - plain);
        if (text < end)
            g_string_append(out, entities[(guchar)*text++]);
    }
}
