/* charset_convert.c: see charset_convert.h. Descriptors of iconv are kept open per thread, because
 * opening one costs more than converting a header. */
#include "charset_convert.h"

#include "iso2022jp.h"
#include "postdesk/text.h"
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <unicode/ucnv.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define EURO "\xe2\x82\xac"
#define MOST_DESCRIPTORS 24
#define MOST_BYTES_OF_ICU (16 * 1024 * 1024)

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

/* One step of iconv into out; TRUE if it met a byte that does not fit. */
static gboolean convert_some(iconv_t descriptor, char **in, gsize *left, GString *out)
{
    char buffer[8192];
    char *to = buffer;
    gsize room = sizeof(buffer);
    gboolean misfit = iconv(descriptor, in, left, &to, &room) == (gsize)-1 && errno != E2BIG;

    g_string_append_len(out, buffer, to - buffer);
    return misfit;
}

/* Charsets that iconv has never heard of ("HZ-GB-2312"); NULL if ICU has not, either. */
static char *convert_by_icu(const char *bytes, gsize length, const char *charset, guint *replaced)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = length <= MOST_BYTES_OF_ICU ? ucnv_open(charset, &error) : NULL;
    gsize room = 4 * length + 16;

    if (converter == NULL)
        return NULL;
    g_autofree char *out = g_malloc(room);
    gint32 made =
        ucnv_toAlgorithmic(UCNV_UTF8, converter, out, (gint32)room, bytes, (gint32)length, &error);
    ucnv_close(converter);
    if (U_FAILURE(error))
        return NULL;
    char *text = pd_text_make_valid(out, (gsize)made, replaced);
    for (const char *c = text; (c = strstr(c, REPLACEMENT)) != NULL; c++)
        (*replaced)++;
    return text;
}

/* Windows has its euro where GB18030 has nothing. */
static gboolean is_euro(const char *charset, const char *in, gsize left)
{
    return left > 0 && (guchar)*in == 0x80 && strcmp(charset, "GB18030") == 0;
}

/* Bytes through iconv; each byte that does not fit becomes U+FFFD. NULL if the charset
 * is unknown. */
static char *convert_by_iconv(const char *bytes, gsize length, const char *charset, guint *replaced)
{
    iconv_t descriptor = descriptor_of(charset);
    char *in = (char *)bytes;
    gsize left = length;

    if (descriptor == (iconv_t)-1)
        return convert_by_icu(bytes, length, charset, replaced);
    GString *out = g_string_sized_new(length + length / 2 + 16);
    while (left > 0) {
        gsize before = left;
        gsize added = out->len;
        if (convert_some(descriptor, &in, &left, out) ||
            (left == before && out->len == added)) { /* a library that makes no progress */
            gboolean euro = is_euro(charset, in, left);
            g_string_append(out, euro ? EURO : REPLACEMENT);
            *replaced += !euro;
            if (left > 0) { /* iconv may have taken the byte it complains of */
                in++;
                left--;
            }
        }
    }
    convert_some(descriptor, NULL, NULL, out);
    gsize out_length = out->len;
    return without_nuls(g_string_free(out, FALSE), out_length, replaced);
}

char *pd_charset_convert(const char *bytes, gsize length, const char *charset, guint *replaced)
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
