/* yaml_quote.c: a text as a YAML scalar that reads back as just that text. */
#include "postdesk/yaml.h"

#include <string.h>

/* What may stand in a file as it is; not what a reader cannot see, or sees in another order. */
static gboolean is_plain(gunichar c)
{
    return c >= 0x20 && c != 0x7f && g_unichar_isdefined(c) &&
           g_unichar_type(c) != G_UNICODE_CONTROL && g_unichar_type(c) != G_UNICODE_FORMAT &&
           g_unichar_type(c) != G_UNICODE_LINE_SEPARATOR &&
           g_unichar_type(c) != G_UNICODE_PARAGRAPH_SEPARATOR &&
           g_unichar_type(c) != G_UNICODE_PRIVATE_USE && g_unichar_type(c) != G_UNICODE_SURROGATE;
}

static gboolean is_plain_text(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!is_plain(g_utf8_get_char(text)))
            return FALSE;
    }
    return TRUE;
}

static void append_single(GString *out, const char *text)
{
    g_string_append_c(out, '\'');
    for (; *text != '\0'; text++) {
        g_string_append_c(out, *text);
        if (*text == '\'')
            g_string_append_c(out, '\'');
    }
    g_string_append_c(out, '\'');
}

static void append_escaped(GString *out, const char *at, gunichar c)
{
    if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (char)c);
    else if (is_plain(c))
        g_string_append_len(out, at, g_utf8_next_char(at) - at);
    else
        g_string_append_printf(out, c > 0xffff ? "\\U%08x" : c > 0xff ? "\\u%04x" : "\\x%02x", c);
}

void pd_yaml_quote(GString *out, const char *text)
{
    if (is_plain_text(text)) {
        append_single(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text != '\0'; text = g_utf8_next_char(text))
        append_escaped(out, text, g_utf8_get_char(text));
    g_string_append_c(out, '"');
}
