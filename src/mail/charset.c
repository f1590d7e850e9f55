/* charset.c: the ladder of charsets.
 *
 *   1. the declared charset, read as the superset that programs really mean
 *   2. UTF-8 if the bytes are valid UTF-8
 *   3. a scored guess, with the mailbox's default as prior
 *   4. the declared charset or the prior, U+FFFD for each byte that does not fit
 *
 * No byte is dropped silently: what cannot be read becomes U+FFFD and is counted.
 * Descriptors of iconv are kept open per thread, because opening one costs more than
 * converting a header.
 */
#include "charset.h"

#include "iso2022jp.h"
#include "postdesk/text.h"
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <unicode/ucsdet.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define MOST_DESCRIPTORS 24
#define GUESS_SAMPLE 8192
#define PRIOR_BONUS 30
#define MOST_CHANCE_SINGLE 4 /* UTF-8 sequences that come about by chance */
#define MOST_CHANCE_DOUBLE 10
#define MOST_BAD_PERCENT 10 /* bad bytes with which a declaration is still believed */

/* What a name in a message means; names are lower case without "x-" and "cs". */
static const struct {
    const char *name;
    const char *target;
} aliases[] = {
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"cp936", "GB18030"},
    {"euc-cn", "GB18030"},
    {"gb18030", "GB18030"},
    {"ms936", "GB18030"},
    {"windows-936", "GB18030"},
    {"gb2312-80", "GB18030"},
    {"chinese", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},
    {"iso-8859-1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"windows-874", "CP874"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601", "CP949"},
    {"ksc5601", "CP949"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1989", "CP949"},
    {"korean", "CP949"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"euc-jp", "EUC-JP-MS"},
    {"eucjp", "EUC-JP-MS"},
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"utf-7", "UTF-7"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"unicode-2-0-utf-7", "UTF-7"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-2022-jp-ms", "ISO-2022-JP"},
    {"cp50220", "ISO-2022-JP"},
    {"cp50221", "ISO-2022-JP"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-6-i", "ISO-8859-6"},
    {"mac", "MACINTOSH"},
    {"mac-roman", "MACINTOSH"},
    /* these declare nothing */
    {"us-ascii", ""},
    {"ascii", ""},
    {"ansi_x3.4-1968", ""},
    {"unknown-8bit", ""},
    {"unknown", ""},
    {"8bit", ""},
    {"binary", ""},
    {"default", ""},
    {"default_charset", ""},
    {"none", ""},
    {"user-defined", ""},
    {"_autodetect", ""},
};

static void close_descriptor(gpointer descriptor)
{
    iconv_close((iconv_t)descriptor);
}

static void free_table(gpointer table)
{
    g_hash_table_destroy(table);
}

/* (iconv_t)-1 if the charset is unknown. */
static iconv_t descriptor_of(const char *charset)
{
    static GPrivate opened = G_PRIVATE_INIT(free_table);
    GHashTable *table = g_private_get(&opened);

    if (table == NULL) {
        table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, close_descriptor);
        g_private_set(&opened, table);
    }
    iconv_t descriptor = (iconv_t)g_hash_table_lookup(table, charset);
    if (descriptor != NULL) {
        iconv(descriptor, NULL, NULL, NULL, NULL);
        return descriptor;
    }
    descriptor = iconv_open("UTF-8", charset);
    if (descriptor == (iconv_t)-1)
        return descriptor;
    if (g_hash_table_size(table) >= MOST_DESCRIPTORS)
        g_hash_table_remove_all(table);
    g_hash_table_insert(table, g_strdup(charset), descriptor);
    return descriptor;
}

/* Takes text, in which a wide charset may have spelt NULs. */
static char *without_nuls(char *text, gsize length, guint *replaced)
{
    guint count;

    if (memchr(text, '\0', length) == NULL)
        return text;
    char *valid = pd_text_make_valid(text, length, &count);
    *replaced += count;
    g_free(text);
    return valid;
}

/* Bytes through iconv; each byte that does not fit becomes U+FFFD. NULL if the charset
 * is unknown. */
static char *convert_by_iconv(const char *bytes, gsize length, const char *charset, guint *replaced)
{
    iconv_t descriptor = descriptor_of(charset);
    char *in = (char *)bytes;
    gsize left = length;

    if (descriptor == (iconv_t)-1)
        return NULL;
    GString *out = g_string_sized_new(length + length / 2 + 16);
    for (;;) {
        char buffer[8192];
        char *to = buffer;
        gsize room = sizeof(buffer);
        gsize result = left > 0 ? iconv(descriptor, &in, &left, &to, &room)
                                : iconv(descriptor, NULL, NULL, &to, &room);
        int problem = result == (gsize)-1 ? errno : 0;
        g_string_append_len(out, buffer, to - buffer);
        if (problem == E2BIG)
            continue;
        if (problem == 0 && left == 0)
            break;
        if (problem != 0 && left > 0) {
            g_string_append(out, REPLACEMENT);
            (*replaced)++;
            in++;
            left--;
        }
    }
    gsize out_length = out->len;
    return without_nuls(g_string_free(out, FALSE), out_length, replaced);
}

/* UTF-8 without NULs from any charset; NULL if it is unknown. */
static char *convert(const char *bytes, gsize length, const char *charset, guint *replaced)
{
    *replaced = 0;
    if (strcmp(charset, "UTF-8") == 0) {
        if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
            return pd_text_make_valid(bytes + 3, length - 3, replaced);
        return pd_text_make_valid(bytes, length, replaced);
    }
    if (strcmp(charset, "ISO-2022-JP") == 0) {
        gsize shifted_length;
        g_autofree char *shifted = pd_iso2022jp_to_cp932(bytes, length, &shifted_length);
        if (shifted != NULL)
            return convert_by_iconv(shifted, shifted_length, "CP932", replaced);
        charset = "ISO-2022-JP-2";
    }
    return convert_by_iconv(bytes, length, charset, replaced);
}

gboolean pd_charset_is_plain(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if ((guchar)bytes[i] >= 0x80 || bytes[i] == '\0' || bytes[i] == 0x1b)
            return FALSE;
    }
    return TRUE;
}

/* The charset that a declaration means: NULL where it says nothing. buffer holds
 * names that are in no table. */
static const char *meant_by(const char *declared, char *buffer, gsize size)
{
    if (declared == NULL)
        return NULL;
    while (g_ascii_isspace(*declared) || *declared == '"' || *declared == '\'')
        declared++;
    gsize length = strcspn(declared, " \t\"'*;");
    if (length == 0 || length >= size)
        return NULL;
    for (gsize i = 0; i < length; i++)
        buffer[i] = g_ascii_tolower(declared[i]);
    buffer[length] = '\0';
    const char *name = buffer;
    if (g_str_has_prefix(name, "x-"))
        name += 2;
    while (g_str_has_prefix(name, "x-"))
        name += 2;
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (strcmp(name, aliases[i].name) == 0)
            return *aliases[i].target == '\0' ? NULL : aliases[i].target;
    }
    for (const char *c = buffer; *c != '\0'; c++) {
        /* a slash would ask iconv for transliteration */
        if (!g_ascii_isalnum(*c) && strchr("-_.:", *c) == NULL)
            return NULL;
    }
    return descriptor_of(buffer) == (iconv_t)-1 ? NULL : buffer;
}

/* Charsets whose text is all below 0x80, so that plain bytes say nothing. */
static gboolean is_seven_bit(const char *charset)
{
    return charset != NULL &&
           (strncasecmp(charset, "iso-2022", 8) == 0 || strncasecmp(charset, "utf-7", 5) == 0 ||
            strncasecmp(charset, "hz", 2) == 0);
}

static gboolean is_wide(const char *charset)
{
    return charset != NULL &&
           (strncasecmp(charset, "utf-16", 6) == 0 || strncasecmp(charset, "utf-32", 6) == 0 ||
            strncasecmp(charset, "ucs", 3) == 0 || strncasecmp(charset, "ibm037", 6) == 0);
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

/* How well converted text reads: what no person writes costs most. */
static int legibility(const char *text, guint replaced)
{
    int good = 0, bad = (int)replaced * 4, all = 1;
    gboolean accent_before = FALSE; /* accented letters stand alone in their words */

    for (guint i = 0; *text != '\0' && i < GUESS_SAMPLE; text = g_utf8_next_char(text), i++) {
        gunichar c = g_utf8_get_char(text);
        gboolean accent = c >= 0xa0 && c <= 0x2ff;
        gboolean row = accent && accent_before;
        accent_before = accent;
        if (c < 0x80)
            continue;
        all++;
        if (row)
            bad++;
        else if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
                 (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3000 && c <= 0x3020) ||
                 (c >= 0xff01 && c <= 0xff5e) || (c >= 0x400 && c <= 0x45f) ||
                 (c >= 0xc0 && c <= 0x17f) || (c >= 0x2010 && c <= 0x2026))
            good++;
        else if ((c >= 0xe000 && c <= 0xf8ff) || (c >= 0x80 && c < 0xa0) || c > 0xffff)
            bad += 3;
        else
            bad++;
    }
    return (good - bad) * 40 / all;
}

typedef struct {
    const char *charset;
    int score;
    char *text;
    guint replaced;
} Guess;

static void consider(Guess *best, const char *charset, int score, const char *bytes, gsize length)
{
    guint replaced;
    gsize sample = MIN(length, GUESS_SAMPLE);
    g_autofree char *text = convert(bytes, sample, charset, &replaced);

    if (text == NULL)
        return;
    if (sample < length && replaced > 0)
        replaced--; /* a character may be cut at the end of the sample */
    score += legibility(text, replaced);
    if (best->charset != NULL && score <= best->score)
        return;
    best->charset = g_intern_string(charset);
    best->score = score;
}

/* Asks ICU, and adds what is usual at such a desk. */
static void guess(Guess *best, const char *bytes, gsize length, const char *prior)
{
    static const char *const usual[] = {"GB18030", "BIG5-HKSCS", "CP932", "CP949", "CP1252"};
    UErrorCode error = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&error);
    gint32 count = 0;

    ucsdet_setText(detector, bytes, (gint32)MIN(length, GUESS_SAMPLE), &error);
    const UCharsetMatch **matches = ucsdet_detectAll(detector, &count, &error);
    if (U_FAILURE(error))
        count = 0;
    for (gint32 i = 0; i < count && i < 4; i++) {
        char buffer[64];
        error = U_ZERO_ERROR;
        const char *name = meant_by(ucsdet_getName(matches[i], &error), buffer, sizeof(buffer));
        int confidence = ucsdet_getConfidence(matches[i], &error);
        if (name != NULL && !is_wide(name))
            consider(best, name, confidence / 2 + (g_strcmp0(name, prior) == 0 ? PRIOR_BONUS : 0),
                     bytes, length);
    }
    ucsdet_close(detector);
    if (prior != NULL)
        consider(best, prior, PRIOR_BONUS, bytes, length);
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        consider(best, usual[i], i == 0 ? 2 : 0, bytes, length);
}

static char *decode_undeclared(const char *bytes, gsize length, const char *prior,
                               PdDecoding *decoding)
{
    char buffer[64];
    guint replaced;
    Guess best = {0};

    guess(&best, bytes, length, meant_by(prior, buffer, sizeof(buffer)));
    const char *charset = best.charset != NULL ? best.charset : "CP1252";
    char *text = convert(bytes, length, charset, &replaced);
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
    char *text = convert(bytes, length, declared, &replaced);

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

/* The bytes are valid UTF-8 so often that no other charset can have given them. */
static gboolean contradicts(const char *bytes, gsize length, const char *meant)
{
    guint sequences = 0;
    gboolean single = g_str_has_prefix(meant, "CP12") ||
                      strncasecmp(meant, "windows-12", 10) == 0 ||
                      strncasecmp(meant, "iso-8859", 8) == 0 || strncasecmp(meant, "koi8", 4) == 0;

    if (strcmp(meant, "UTF-8") == 0 || is_seven_bit(meant) || is_wide(meant) ||
        !g_utf8_validate_len(bytes, length, NULL))
        return FALSE;
    for (gsize i = 0; i < length; i++)
        sequences += (guchar)bytes[i] >= 0xc0;
    return sequences >= (single ? MOST_CHANCE_SINGLE : MOST_CHANCE_DOUBLE);
}

static guint count_nuls(const char *bytes, gsize length)
{
    guint count = 0;

    for (gsize i = 0; i < length; i++)
        count += bytes[i] == '\0';
    return count;
}

char *pd_charset_decode(const char *bytes, gsize length, const char *declared, const char *prior,
                        PdDecoding *decoding)
{
    char buffer[64];
    guint replaced = 0;

    if (bytes == NULL)
        bytes = "";
    const char *meant = meant_by(declared, buffer, sizeof(buffer));
    const char *marked = marked_charset(bytes, length);

    if (marked != NULL && !is_wide(meant))
        return decided(convert(bytes, length, marked, &replaced), marked, "declared", replaced,
                       decoding);
    if (!is_seven_bit(meant) && !is_wide(meant) && pd_charset_is_plain(bytes, length))
        return decided(g_strndup(bytes, length), meant != NULL ? meant : "US-ASCII", "declared", 0,
                       decoding);
    if (meant != NULL && !contradicts(bytes, length, meant)) {
        char *text = convert(bytes, length, meant, &replaced);
        if (text != NULL && replaced == 0)
            return decided(text, meant,
                           g_ascii_strcasecmp(meant, declared) == 0 ? "declared" : "superset", 0,
                           decoding);
        g_free(text);
    }
    if (memmem(bytes, length, "\x1b$", 2) != NULL) {
        char *text = convert(bytes, length, "ISO-2022-JP", &replaced);
        if (text != NULL && replaced == 0)
            return decided(text, "ISO-2022-JP", "guess", 0, decoding);
        g_free(text);
    }
    char *valid = convert(bytes, length, "UTF-8", &replaced);
    if (replaced == count_nuls(bytes, length))
        return decided(valid, "UTF-8", "valid UTF-8", replaced, decoding);
    g_free(valid);
    if (meant != NULL)
        return decode_badly_declared(bytes, length, meant, prior, decoding);
    return decode_undeclared(bytes, length, prior, decoding);
}
