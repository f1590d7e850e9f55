/* mutf7.c: see mutf7.h. */
#include "wire/mutf7.h"

#include "postdesk/text.h"

#include <string.h>

#define LONGEST_NAME 1000

static gboolean stands_for_itself(gunichar character)
{
    return character >= 0x20 && character <= 0x7e;
}

/* Base64 of the UTF-16BE units, with ',' for '/' and without padding. */
static void append_shifted(GString *out, const GByteArray *units)
{
    g_autofree char *encoded = g_base64_encode(units->data, units->len);

    g_strdelimit(encoded, "/", ',');
    encoded[strcspn(encoded, "=")] = '\0';
    g_string_append_printf(out, "&%s-", encoded);
}

static void add_unit(GByteArray *units, guint unit)
{
    guint8 bytes[] = {(guint8)(unit >> 8), (guint8)unit};

    g_byte_array_append(units, bytes, sizeof bytes);
}

static void add_units(GByteArray *units, gunichar character)
{
    if (character < 0x10000) {
        add_unit(units, character);
        return;
    }
    add_unit(units, 0xd800 + ((character - 0x10000) >> 10));
    add_unit(units, 0xdc00 + ((character - 0x10000) & 0x3ff));
}

static void append_plain(GString *out, char character)
{
    if (character == '&') {
        g_string_append(out, "&-");
        return;
    }
    if (character == '"' || character == '\\')
        g_string_append_c(out, '\\');
    g_string_append_c(out, character);
}

char *pd_mutf7_quote(const char *name)
{
    g_autoptr(GByteArray) units = g_byte_array_new();

    if (*name == '\0' || strlen(name) > LONGEST_NAME || !g_utf8_validate(name, -1, NULL) ||
        !pd_text_is_one_line(name))
        return NULL;
    GString *out = g_string_new("\"");
    for (const char *at = name;; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (character != 0 && !stands_for_itself(character)) {
            add_units(units, character);
            continue;
        }
        if (units->len > 0)
            append_shifted(out, units);
        g_byte_array_set_size(units, 0);
        if (character == 0)
            break;
        append_plain(out, (char)character);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}
