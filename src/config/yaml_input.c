/* yaml_input.c: bytes are looked at before the YAML library sees them.
 *
 * libfyaml 0.7 reads beyond its buffer on some broken UTF-8 and on single
 * carriage returns: neither reaches it. It also keeps the tokens of a whole line
 * while a key may still come: lines are bounded. Each line is complained of once.
 */
#include "yaml_internal.h"

#include "postdesk/limits.h"
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define MOST_COMPLAINTS 10 /* a binary file is told once, not a thousand times */

typedef struct {
    const char *name;
    PdDiagnostics *list;
    guint line, column, complaints, line_complained_of;
    gsize line_bytes;
} Scan;

static void complain(Scan *scan, const char *text)
{
    if (scan->line_complained_of == scan->line || scan->complaints >= MOST_COMPLAINTS)
        return;
    pd_diagnostics_add(scan->list, PD_ERROR, scan->name, scan->line, scan->column, "%s", text);
    scan->line_complained_of = scan->line;
    scan->complaints++;
}

/* YAML's printable characters, without the separators that end lines elsewhere. */
static gboolean is_allowed(gunichar c)
{
    return c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0xd800) ||
           (c >= 0xe000 && c <= 0x10ffff && c != 0xfeff && (c & 0xfffe) != 0xfffe);
}

static gboolean is_separator(gunichar c)
{
    return c == 0x2028 || c == 0x2029;
}

static void take_character(Scan *scan, gunichar c)
{
    if (c == 0)
        complain(scan, "a NUL byte; this is no text file");
    else if (!is_allowed(c) || is_separator(c))
        complain(scan, "a control character; write it as an escape in double quotes");
    scan->column++;
    if (c == '\n') {
        scan->line++;
        scan->column = 1;
        scan->line_bytes = 0;
    }
}

/* The library reads a directive's numbers without a bound. */
static void check_line_start(Scan *scan, const char *text, const char *end)
{
    static const char usual[] = "%YAML 1.2";
    gsize length = strlen(usual);

    if (*text != '%')
        return;
    gboolean is_usual = (gsize)(end - text) > length && memcmp(text, usual, length) == 0 &&
                        g_ascii_isspace(text[length]);
    if (!is_usual)
        complain(scan, "directives (%…) are not used here; indent or quote a text");
}

/* Most of a file; one look at each byte is enough. */
static gsize plain_span(const char *text, const char *end)
{
    const char *at = text;

    while (at < end && *at >= ' ' && *at <= '~')
        at++;
    return (gsize)(at - text);
}

static void take_bytes(Scan *scan, const char *text, gsize length, GString *out)
{
    scan->line_bytes += length;
    if (scan->line_bytes > PD_LIMIT_YAML_LINE)
        complain(scan, "a line of more than 64 KiB; break it");
    g_string_append_len(out, text, (gssize)length);
}

/* Appends with LF line ends. */
static void scan_text(Scan *scan, const char *text, const char *end, GString *out)
{
    while (text < end) {
        if (scan->column == 1)
            check_line_start(scan, text, end);
        if (*text == '\r') {
            text += text + 1 < end && text[1] == '\n' ? 2 : 1;
            take_character(scan, '\n');
            g_string_append_c(out, '\n');
            continue;
        }
        gsize plain = plain_span(text, end);
        if (plain > 0) {
            scan->column += (guint)plain;
            take_bytes(scan, text, plain, out);
            text += plain;
            continue;
        }
        gunichar c = *text == '\0' ? 0 : g_utf8_get_char_validated(text, end - text);
        gboolean broken = c == (gunichar)-1 || c == (gunichar)-2;
        const char *next = broken || c == 0 ? text + 1 : g_utf8_next_char(text);
        if (broken) {
            complain(scan, "not UTF-8; save the file in the encoding UTF-8");
            scan->column++;
        } else {
            take_character(scan, c);
        }
        take_bytes(scan, text, (gsize)(next - text), out);
        text = next;
    }
}

char *pd_yaml_prepare(const char *name, const char *text, gsize length, PdDiagnostics *list)
{
    Scan scan = {.name = name, .list = list, .line = 1, .column = 1};

    if (length > PD_LIMIT_CONFIG_BYTES) {
        pd_diagnostics_add(list, PD_ERROR, name, 0, 0,
                           "larger than the %d bytes allowed; split the file",
                           PD_LIMIT_CONFIG_BYTES);
        return NULL;
    }
    const char *end = text + length;
    if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0)
        text += 3;
    g_autoptr(GString) out = g_string_sized_new(length + 1);
    scan_text(&scan, text, end, out);
    return scan.complaints == 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}
