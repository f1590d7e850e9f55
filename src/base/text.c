/* text.c: see postdesk/text.h. */
#include "postdesk/text.h"
#include "postdesk/clock.h"

#include <string.h>

#define LONGEST_ADDRESS 254 /* RFC 5321, 4.5.3.1.3: a path is 256 with its brackets */
#define LONGEST_LOCAL 64    /* 4.5.3.1.1 */
#define LONGEST_LABEL 63    /* RFC 1035, 2.3.4 */

/* Characters that move a cursor, hide text or turn its direction. */
static gboolean is_harmful(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

/* How many bytes from here on are letters, digits and the like of ASCII: most of all text. */
static gsize plain_span(const char *text)
{
    gsize span = 0;

    while (text[span] >= 0x20 && text[span] < 0x7f)
        span++;
    return span;
}

static char *escape(const char *text, gboolean keep_lines)
{
    GString *out = g_string_sized_new(strlen(text) + 16);

    while (*text != '\0') {
        gsize plain = plain_span(text);
        if (plain > 0) {
            g_string_append_len(out, text, (gssize)plain);
            text += plain;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(text, -1);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(out, "\\x%02x", (guchar)*text++);
            continue;
        }
        const char *next = g_utf8_next_char(text);
        if (keep_lines && (c == '\n' || c == '\t'))
            g_string_append_c(out, (char)c);
        else if (!is_harmful(c))
            g_string_append_len(out, text, next - text);
        else
            g_string_append_printf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
        text = next;
    }
    return g_string_free(out, FALSE);
}

char *pd_text_printable(const char *text)
{
    return escape(text, FALSE);
}

char *pd_text_printable_lines(const char *text)
{
    return escape(text, TRUE);
}

static gsize char_width(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

gsize pd_text_width(const char *text)
{
    gsize width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text))
        width += char_width(g_utf8_get_char(text));
    return width;
}

char *pd_text_fit(const char *text, gsize columns)
{
    GString *out = g_string_new(NULL);
    gsize width = 0;
    gboolean fits = pd_text_width(text) <= columns;
    gsize room = fits || columns == 0 ? columns : columns - 1;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (width + char_width(c) > room)
            break;
        g_string_append_unichar(out, c);
        width += char_width(c);
    }
    if (!fits && columns > 0) {
        g_string_append(out, "…");
        width++;
    }
    for (; width < columns; width++)
        g_string_append_c(out, ' ');
    return g_string_free(out, FALSE);
}

char *pd_text_head(const char *text, gsize bytes)
{
    gsize length = strnlen(text, bytes + 1);

    if (length > bytes)
        for (length = bytes; length > 0 && ((guchar)text[length] & 0xc0) == 0x80;)
            length--;
    return g_strndup(text, length);
}

char *pd_text_shorten(const char *text, gsize bytes)
{
    if (strlen(text) <= bytes)
        return g_strdup(text);
    g_autofree char *head = pd_text_head(text, bytes > 3 ? bytes - 3 : 0);
    return g_strconcat(head, "…", NULL);
}

char *pd_text_fold_space(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));

    while (*text != '\0') {
        gunichar c = g_utf8_get_char(text);
        const char *next = g_utf8_next_char(text);
        if (!g_unichar_isspace(c))
            g_string_append_len(out, text, next - text);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
        text = next;
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

const char *pd_text_behind(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (g_str_has_prefix(text, *words))
            return text + strlen(*words);
    return NULL;
}

gboolean pd_text_is_one_line(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar)*text < 0x20 || *text == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static gboolean stands_in_addresses(gunichar sign)
{
    if (sign < 0x80)
        return sign > ' ' && sign < 0x7f && sign != '<' && sign != '>';
    return !g_unichar_isspace(sign) && !is_harmful(sign);
}

gboolean pd_text_is_address(const char *address)
{
    const char *at = strrchr(address, '@');

    if (at == NULL || at == address || at[1] == '\0' || strlen(address) > LONGEST_ADDRESS)
        return FALSE;
    if (address[0] != '"' && strchr(address, '@') != at)
        return FALSE; /* two in one */
    if (!g_utf8_validate(address, -1, NULL))
        return FALSE;
    for (const char *c = address; *c != '\0'; c = g_utf8_next_char(c)) {
        guchar byte = (guchar)*c;
        if (!stands_in_addresses(byte < 0x80 ? byte : g_utf8_get_char(c)))
            return FALSE;
    }
    return TRUE;
}

/* Between two dots there is something, and at most so much. */
static gboolean are_parts(const char *begin, const char *end, gsize longest)
{
    for (;;) {
        const char *dot = memchr(begin, '.', (gsize)(end - begin));
        gsize length = (gsize)((dot != NULL ? dot : end) - begin);
        if (length == 0 || length > longest)
            return FALSE;
        if (dot == NULL)
            return TRUE;
        begin = dot + 1;
    }
}

gboolean pd_text_can_be_mailed(const char *address)
{
    const char *at = address != NULL ? strchr(address, '@') : NULL;

    if (at == NULL || !pd_text_is_address(address))
        return FALSE;
    for (const char *c = address; c < at; c++) {
        if (!g_ascii_isalnum(*c) && strchr("!#$%&'*+-/=?^_`{|}~.", *c) == NULL)
            return FALSE;
    }
    for (const char *c = at + 1; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr("-._", *c) == NULL)
            return FALSE;
    }
    const char *end = at + 1 + strlen(at + 1);
    return at[1] != '-' && end[-1] != '-' && at - address <= LONGEST_LOCAL &&
           are_parts(address, at, LONGEST_LOCAL) && are_parts(at + 1, end, LONGEST_LABEL);
}

char *pd_text_address_in_ascii(const char *address)
{
    const char *at = strrchr(address, '@');

    if (pd_text_can_be_mailed(address) || !pd_text_is_address(address))
        return NULL;
    g_autofree char *domain = g_hostname_to_ascii(at + 1);
    g_autofree char *ascii =
        g_strdup_printf("%.*s@%s", (int)(at - address), address, domain != NULL ? domain : at + 1);
    return pd_text_can_be_mailed(ascii) ? g_steal_pointer(&ascii) : NULL;
}

char *pd_text_address_mistake(const char *address)
{
    if (pd_text_can_be_mailed(address))
        return NULL;
    if (!pd_text_is_address(address))
        return g_strdup("no mail address; write it as name@example.org");
    g_autofree char *ascii = pd_text_address_in_ascii(address);
    if (ascii != NULL)
        return g_strdup_printf("an address that relays refuse; write it as '%s'", ascii);
    return g_strdup("an address that relays refuse; write one of ASCII letters, digits and '.-_+' "
                    "alone, as name@example.org");
}

typedef struct {
    char letter;
    guint64 factor;
} Unit;

static gboolean parse_with_units(const char *text, const Unit *units, guint64 most, guint64 *value)
{
    guint64 number = 0;
    const char *c = text;

    for (; g_ascii_isdigit(*c); c++) {
        number = number * 10 + (guint64)(*c - '0');
        if (number > most)
            return FALSE;
    }
    if (c == text || *c == '\0' || c[1] != '\0')
        return FALSE;
    for (; units->letter != '\0'; units++) {
        if (units->letter != *c)
            continue;
        if (number > most / units->factor)
            return FALSE;
        *value = number * units->factor;
        return TRUE;
    }
    return FALSE;
}

gboolean pd_text_parse_duration(const char *text, gint64 *microseconds)
{
    static const Unit units[] = {
        {'s', G_USEC_PER_SEC}, {'m', PD_MINUTE}, {'h', PD_HOUR}, {'d', PD_DAY}, {'\0', 0},
    };
    guint64 value;

    if (!parse_with_units(text, units, G_MAXINT64 / 4, &value))
        return FALSE;
    *microseconds = (gint64)value;
    return TRUE;
}

gboolean pd_text_parse_size(const char *text, guint64 *bytes)
{
    static const Unit units[] = {
        {'K', 1 << 10},
        {'M', 1 << 20},
        {'G', 1 << 30},
        {'\0', 0},
    };

    return parse_with_units(text, units, G_MAXINT64 / 4, bytes);
}

const char *pd_text_find(const char *text, gsize length, const char *part)
{
    gsize size = strlen(part);
    gsize places = length < size ? 0 : length - size + 1;

    while (places > 0) {
        const char *at = memchr(text, part[0], places);
        if (at == NULL || memcmp(at, part, size) == 0)
            return at;
        places -= (gsize)(at - text) + 1;
        text = at + 1;
    }
    return NULL;
}

char **pd_text_words(const char *text, const char *separators)
{
    GPtrArray *words = g_ptr_array_new();

    while (*text != '\0') {
        const char *end = text;
        while (*end != '\0' && g_utf8_strchr(separators, -1, g_utf8_get_char(end)) == NULL)
            end = g_utf8_next_char(end);
        if (end > text)
            g_ptr_array_add(words, g_strndup(text, (gsize)(end - text)));
        text = *end != '\0' ? g_utf8_next_char(end) : end;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}
