/* normal.c: see normal.h.
 *
 * Normalising a Chinese text with the general algorithm costs more than matching all rules
 * on it, though hardly a character changes. So characters known to be stable are copied in
 * runs, full-width forms are mapped by arithmetic, and only what is neither goes the general
 * way, together with the character before it (which it may combine with). No known
 * character combines with one before it.
 */
#include "rules/normal.h"

#include "postdesk/text.h"
#include <string.h>

typedef enum { STABLE, FULL_WIDTH, GENERAL } CharClass;

static CharClass classify(gunichar c)
{
    if (c < 0x80 || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf))
        return STABLE;
    if (c == 0x3000 || (c >= 0xff01 && c <= 0xff5e))
        return FULL_WIDTH;
    if ((c >= 0x3001 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301b)) /* 。、《》「」【】 */
        return STABLE;
    if (c == 0x2014 || (c >= 0x2018 && c <= 0x201e && c != 0x201b)) /* — ‘ ’ “ ” */
        return STABLE;
    return GENERAL;
}

gboolean pd_normal_is_stable(gunichar c)
{
    return classify(c) == STABLE;
}

/* The end of the run of stable characters that begins here; before: the last of them. All that are
 * stable have one byte or three. */
static const char *stable_end(const char *at, const char **before)
{
    for (;;) {
        if ((guchar)*at - 1u < 0x7f) {
            *before = at++;
            continue;
        }
        gunichar c = pd_three_bytes(at);
        if (c == 0 || classify(c) != STABLE)
            return at;
        *before = at;
        at += 3;
    }
}

/* The end of the run of GENERAL characters that begins here. */
static const char *general_end(const char *at)
{
    while (*at != '\0' && classify(g_utf8_get_char(at)) == GENERAL)
        at = g_utf8_next_char(at);
    return at;
}

static void append_general(GString *buffer, const char *from, const char *to)
{
    g_autofree char *normal = g_utf8_normalize(from, to - from, G_NORMALIZE_NFKC);

    g_string_append(buffer, normal);
}

static void append_valid(GString *buffer, const char *text)
{
    const char *before = NULL; /* the character before, and where its form lies */
    gsize before_at = buffer->len;

    for (const char *at = text; *at != '\0';) {
        const char *end = stable_end(at, &before);
        if (end > at) {
            g_string_append_len(buffer, at, end - at);
            before_at = buffer->len - (gsize)(end - before);
            at = end;
            continue;
        }
        gunichar c = g_utf8_get_char(at);
        if (classify(c) == FULL_WIDTH) {
            before = at;
            before_at = buffer->len;
            g_string_append_c(buffer, c == 0x3000 ? ' ' : (char)(c - 0xff01 + 0x21));
            at += 3;
            continue;
        }
        end = general_end(at);
        if (before != NULL)
            g_string_truncate(buffer, before_at);
        append_general(buffer, before != NULL ? before : at, end);
        before = NULL; /* what follows is known, and combines with nothing before it */
        at = end;
    }
}

void pd_normal_append(GString *buffer, const char *text)
{
    if (text == NULL)
        return;
    if (pd_text_is_valid(text, strlen(text))) {
        append_valid(buffer, text);
        return;
    }
    g_autofree char *valid = pd_text_make_valid(text, strlen(text), NULL);
    append_valid(buffer, valid);
}
