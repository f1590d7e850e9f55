/* charset.c: the ladder of charsets.
 *
 *   1. the declared charset, read as the superset that programs really mean
 *   2. UTF-8 if the bytes are valid UTF-8
 *   3. a scored guess, with the mailbox's default as prior
 *   4. the declared charset or the prior, U+FFFD for each byte that does not fit
 *
 * No byte is dropped silently: what cannot be read becomes U+FFFD and is counted.
 */
#include "charset.h"

#include "charset_convert.h"
#include "charset_evidence.h"
#include "charset_guess.h"
#include "charset_names.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_TO_NAME 2048   /* bytes in which a charset is looked for */
#define MOST_BAD_PERCENT 10 /* bad bytes with which a declaration is still believed */

gboolean pd_charset_is_plain(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if ((guchar)bytes[i] >= 0x80 || bytes[i] == '\0' || bytes[i] == 0x1b)
            return FALSE;
    }
    return TRUE;
}

static char *decided(char *text, const char *used, const char *why, guint replaced,
                     PdDecoding *decoding)
{
    g_strlcpy(decoding->used, used, sizeof(decoding->used));
    decoding->why = why;
    decoding->replaced = replaced;
    return text;
}

/* A byte-order mark says more than any declaration. */
static const char *marked_charset(const char *bytes, gsize length)
{
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        return "UTF-8";
    if (length >= 4 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "UTF-16";
    return NULL;
}

static char *decode_undeclared(const char *bytes, gsize length, const char *prior,
                               PdDecoding *decoding)
{
    guint replaced;
    const char *charset = pd_charset_guess(bytes, length, prior);
    char *text = pd_charset_convert(bytes, length, charset, &replaced);

    return decided(text, charset, replaced == 0 ? "guess" : "fallback", replaced, decoding);
}

/* TRUE if most of the bytes above 0x7f fitted. */
static gboolean mostly_fits(const char *bytes, gsize length, guint replaced)
{
    gsize high = 0;

    for (gsize i = 0; i < length; i++)
        high += (guchar)bytes[i] >= 0x80;
    return (gsize)replaced * 100 <= high * MOST_BAD_PERCENT;
}

/* Valid UTF-8 but for a character that is cut at the very end. */
static gboolean is_cut_off(const char *bytes, gsize length)
{
    const char *bad;

    return !g_utf8_validate_len(bytes, length, &bad) && bytes + length - bad < 4 &&
           g_utf8_get_char_validated(bad, bytes + length - bad) == (gunichar)-2;
}

static char *decode_badly_declared(const char *bytes, gsize length, const char *declared,
                                   const char *prior, PdDecoding *decoding)
{
    guint replaced = 0;
    char *text = pd_charset_convert(bytes, length, declared, &replaced);

    if (text != NULL && (mostly_fits(bytes, length, replaced) ||
                         (strcmp(declared, "UTF-8") == 0 && is_cut_off(bytes, length))))
        return decided(text, declared, "fallback", replaced, decoding);
    PdDecoding other;
    char *guessed = decode_undeclared(bytes, length, prior, &other);
    if (text != NULL && replaced <= other.replaced) {
        g_free(guessed);
        return decided(text, declared, "fallback", replaced, decoding);
    }
    g_free(text);
    *decoding = other;
    return guessed;
}

/* What such bytes are, if they are that without a fault; else NULL. */
static char *decode_eastern(const char *bytes, gsize length, const char *prior,
                            PdDecoding *decoding)
{
    guint replaced = 0;
    const char *charset = pd_charset_guess(bytes, length, prior);
    char *text = pd_charset_is_single_byte(charset)
                     ? NULL
                     : pd_charset_convert(bytes, length, charset, &replaced);

    if (text != NULL && replaced == 0)
        return decided(text, charset, "guess", 0, decoding);
    g_free(text);
    return NULL;
}

/* Another charset that gives the bytes a meaning throughout, where the declared one does not. */
static char *decode_as_meant(const char *bytes, gsize length, const char *declared,
                             const char *prior, PdDecoding *decoding)
{
    if (strcmp(pd_charset_guess(bytes, length, prior), declared) == 0)
        return NULL;
    char *text = decode_eastern(bytes, length, prior, decoding);
    if (text != NULL && pd_charset_is_private(text))
        g_clear_pointer(&text, g_free);
    return text;
}

static guint count_nuls(const char *bytes, gsize length)
{
    guint count = 0;

    for (gsize i = 0; i < length; i++)
        count += bytes[i] == '\0';
    return count;
}

/* As it is declared, if that is clean, and the bytes do not look like something else; else NULL. */
static char *decode_declared(const char *bytes, gsize length, const char *declared,
                             const char *meant, const char *prior, PdDecoding *decoding)
{
    guint replaced = 0;

    if (strcmp(meant, "CP1252") == 0 && pd_charset_is_eastern(bytes, length)) {
        char *text = decode_eastern(bytes, length, prior, decoding);
        if (text != NULL)
            return text;
    }
    g_autofree char *text = pd_charset_convert(bytes, length, meant, &replaced);
    if (text == NULL || replaced > 0)
        return NULL;
    char *other =
        pd_charset_is_private(text) ? decode_as_meant(bytes, length, meant, prior, decoding) : NULL;
    if (other != NULL)
        return other;
    return decided(g_steal_pointer(&text), meant,
                   g_ascii_strcasecmp(meant, declared) == 0 ? "declared" : "superset", 0, decoding);
}

char *pd_charset_decode(const char *bytes, gsize length, const char *declared, const char *prior,
                        PdDecoding *decoding)
{
    char buffer[PD_CHARSET_NAME];
    guint replaced = 0;

    if (bytes == NULL)
        bytes = "";
    const char *meant = pd_charset_meant_by(declared, buffer);
    const char *marked = marked_charset(bytes, length);

    if (marked == NULL && meant != NULL && g_ascii_strcasecmp(meant, "UTF-16") == 0)
        meant = pd_charset_order(bytes, length);
    if (marked != NULL && !pd_charset_is_wide(meant))
        return decided(pd_charset_convert(bytes, length, marked, &replaced), marked, "declared",
                       replaced, decoding);
    if (!pd_charset_is_seven_bit(meant) && !pd_charset_is_wide(meant) &&
        pd_charset_is_plain(bytes, length))
        return decided(g_strndup(bytes, length), meant != NULL ? meant : "US-ASCII", "declared", 0,
                       decoding);
    char *clean = meant != NULL && !pd_charset_contradicts(bytes, length, meant)
                      ? decode_declared(bytes, length, declared, meant, prior, decoding)
                      : NULL;
    if (clean != NULL)
        return clean;
    if (pd_text_find(bytes, length, "\x1b$") != NULL) {
        char *text = pd_charset_convert(bytes, length, "ISO-2022-JP", &replaced);
        if (text != NULL && replaced == 0)
            return decided(text, "ISO-2022-JP", "guess", 0, decoding);
        g_free(text);
    }
    char *valid = pd_charset_convert(bytes, length, "UTF-8", &replaced);
    if (replaced == count_nuls(bytes, length))
        return decided(valid, "UTF-8", "valid UTF-8", replaced, decoding);
    g_free(valid);
    if (meant != NULL)
        return decode_badly_declared(bytes, length, meant, prior, decoding);
    return decode_undeclared(bytes, length, prior, decoding);
}

char *pd_charset_decode_as(const char *bytes, gsize length, const char *charset,
                           PdDecoding *decoding)
{
    char buffer[PD_CHARSET_NAME];
    guint replaced = 0;
    const char *meant = pd_charset_meant_by(charset, buffer);

    if (bytes == NULL || meant == NULL ||
        (!pd_charset_is_wide(meant) && pd_charset_is_plain(bytes, length)))
        return pd_charset_decode(bytes, length, charset, NULL, decoding);
    char *text = pd_charset_convert(bytes, length, meant, &replaced);
    if (text == NULL)
        return pd_charset_decode(bytes, length, charset, NULL, decoding);
    return decided(text, meant, "chosen", replaced, decoding);
}

char *pd_charset_named(const char *bytes, gsize length)
{
    g_autofree char *head = g_strndup(length > 0 ? bytes : "", MIN(length, MOST_TO_NAME));
    const char *name = strcasestr(head, "charset=");

    if (name == NULL)
        return NULL;
    name += strlen("charset=");
    name += strspn(name, "\"' ");
    return g_strndup(name, strcspn(name, "\"'; />\r\n"));
}

char *pd_charset_hint(const char *named, const char *bytes, gsize length, const char *prior)
{
    char buffer[PD_CHARSET_NAME];
    gsize sample = MIN(length, MOST_TO_NAME);
    g_autofree char *inside = named == NULL ? pd_charset_named(bytes, sample) : NULL;
    const char *meant = pd_charset_meant_by(named != NULL ? named : inside, buffer);

    if (meant == NULL && !pd_charset_is_plain(bytes, sample) && !is_cut_off(bytes, sample) &&
        !g_utf8_validate_len(bytes, sample, NULL))
        meant = pd_charset_guess(bytes, sample, prior);
    return meant != NULL && strcmp(meant, "UTF-8") != 0 && !pd_charset_is_wide(meant)
               ? g_strdup(meant)
               : NULL;
}

gboolean pd_mail_knows_charset(const char *charset)
{
    char buffer[PD_CHARSET_NAME];
    guint replaced;
    const char *meant = pd_charset_meant_by(charset, buffer);
    g_autofree char *text = meant != NULL ? pd_charset_convert("", 0, meant, &replaced) : NULL;

    return text != NULL;
}
