/* parameter.c: parameters of Content-Type and Content-Disposition.
 *
 * RFC 2231 pieces are put together by their number; programs that write RFC 2047 words or
 * raw bytes instead, or both at once, are read as well.
 */
#include "charset.h"
#include "header.h"

#include <string.h>

#define MOST_PIECES 100
#define MOST_PARAMETERS 200

typedef struct {
    char *value; /* as written, quotes and backslashes gone */
    gboolean encoded;
} Piece;

typedef struct {
    char *plain;
    Piece pieces[MOST_PIECES];
} Found;

/* The value behind "=", unquoted; *at moves behind it. */
static char *read_value(const char **at)
{
    GString *value = g_string_new(NULL);
    const char *c = *at;

    if (*c == '"') {
        for (c++; *c != '\0' && *c != '"'; c++) {
            /* a backslash before anything but a quote or itself is part of a path */
            if (*c == '\\' && (c[1] == '"' || c[1] == '\\'))
                c++;
            g_string_append_c(value, *c);
        }
        c += *c == '"';
        c += strcspn(c, ";");
    } else {
        /* unquoted names with spaces are common: up to the semicolon */
        gsize length = strcspn(c, ";");
        g_string_append_len(value, c, (gssize)length);
        g_strchomp(value->str);
        c += length;
    }
    *at = c;
    return g_string_free(value, FALSE);
}

/* Puts a parameter called name, name*, name*N or name*N* where it belongs. */
static void keep(Found *found, const char *key, gsize key_length, const char *name, char *value)
{
    gsize length = strlen(name);
    const char *rest = key + length;
    gsize rest_length = key_length - length;
    gboolean encoded = rest_length > 0 && rest[rest_length - 1] == '*';
    guint64 number = 0;

    if (rest_length == 0) {
        if (found->plain == NULL)
            found->plain = g_steal_pointer(&value);
    } else if (*rest == '*') {
        if (rest_length > 1)
            number = g_ascii_strtoull(rest + 1, NULL, 10);
        if (number < MOST_PIECES && found->pieces[number].value == NULL) {
            found->pieces[number].encoded = encoded;
            found->pieces[number].value = g_steal_pointer(&value);
        }
    }
    g_free(value);
}

static void collect(Found *found, const char *raw, const char *name)
{
    gsize length = strlen(name);
    const char *at = strchr(raw, ';');

    for (guint count = 0; at != NULL && *at != '\0' && count < MOST_PARAMETERS; count++) {
        at += strspn(at, "; \t");
        gsize key_length = strcspn(at, "=; \t");
        const char *key = at;
        at += key_length;
        at += strspn(at, " \t");
        if (*at != '=')
            continue;
        at++;
        at += strspn(at, " \t");
        char *value = read_value(&at);
        if (key_length >= length && g_ascii_strncasecmp(key, name, length) == 0)
            keep(found, key, key_length, name, value);
        else
            g_free(value);
    }
}

static void append_percent_decoded(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '%' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
            g_string_append_c(
                out, (char)(g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2])));
            text += 2;
        } else {
            g_string_append_c(out, *text);
        }
    }
}

/* charset'language'text of the first piece: the charset, and where the text begins. */
static char *split_charset(const char *value, const char **text)
{
    const char *first = strchr(value, '\'');
    const char *second = first != NULL ? strchr(first + 1, '\'') : NULL;

    *text = second != NULL ? second + 1 : value;
    return second != NULL && first > value ? g_strndup(value, (gsize)(first - value)) : NULL;
}

/* The pieces as bytes. Encoded ones side by side are joined before they are decoded: some programs
 * cut them inside a "%E4". */
static void gather_pieces(const Found *found, GString *bytes, char **charset)
{
    g_autoptr(GString) escaped = g_string_new(NULL);

    for (guint i = 0; i < MOST_PIECES && found->pieces[i].value != NULL; i++) {
        const char *text = found->pieces[i].value;
        if (i == 0 && found->pieces[0].encoded)
            *charset = split_charset(text, &text);
        if (found->pieces[i].encoded) {
            g_string_append(escaped, text);
            continue;
        }
        append_percent_decoded(bytes, escaped->str);
        g_string_truncate(escaped, 0);
        g_string_append(bytes, text);
    }
    append_percent_decoded(bytes, escaped->str);
}

/* Programs that do both at once wrap RFC 2047 into RFC 2231. */
static char *join_pieces(const Found *found, const char *prior)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autofree char *charset = NULL;
    PdDecoding decoding;

    gather_pieces(found, bytes, &charset);
    if (charset == NULL || (strstr(bytes->str, "=?") != NULL && strstr(bytes->str, "?=") != NULL))
        return pd_header_decode(bytes->str, bytes->len, prior, NULL);
    return pd_charset_decode(bytes->str, bytes->len, charset, prior, &decoding);
}

static char *read_parameter(const char *raw, const char *name, const char *prior)
{
    Found found = {0};
    char *value = NULL;

    collect(&found, raw, name);
    if (found.pieces[0].value != NULL)
        value = join_pieces(&found, prior);
    else if (found.plain != NULL)
        value = pd_header_decode(found.plain, strlen(found.plain), prior, NULL);
    g_free(found.plain);
    for (guint i = 0; i < MOST_PIECES; i++)
        g_free(found.pieces[i].value);
    return value;
}

/* Most headers have none of what they are asked for. Not by strcasestr(3), for which in a Turkish
 * locale no "I" is an "i". */
static gboolean may_have(const char *raw, const char *name)
{
    const char first[] = {g_ascii_tolower(*name), g_ascii_toupper(*name), '\0'};
    gsize length = strlen(name);

    for (raw = strpbrk(raw, first); raw != NULL; raw = strpbrk(raw + 1, first)) {
        if (g_ascii_strncasecmp(raw, name, length) == 0)
            return TRUE;
    }
    return FALSE;
}

char *pd_header_parameter(const char *raw, const char *name, const char *prior)
{
    return raw != NULL && may_have(raw, name) ? read_parameter(raw, name, prior) : NULL;
}
