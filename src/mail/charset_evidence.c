/* charset_evidence.c: see charset_evidence.h. */
#include "charset_evidence.h"

#include "charset_names.h"
#include <string.h>

#define MOST_CHANCE_SINGLE 4 /* UTF-8 sequences that come about by chance */
#define MOST_CHANCE_DOUBLE 10
#define LEAST_ROW 4     /* bytes above 0x7f side by side, as no Western word has them */
#define LEAST_PRIVATE 2 /* characters */
#define MOST_PRIVATE_PERCENT 3
#define LEAST_PAIRS 6            /* side by side */
#define LEAST_EASTERN 8          /* bytes in such rows */
#define LEAST_IN_ROWS_PERCENT 80 /* of all bytes above 0x7f */

/* The bytes are valid UTF-8 so often that no other charset can have given them. */
gboolean pd_charset_contradicts(const char *bytes, gsize length, const char *meant)
{
    guint sequences = 0;
    gboolean single = pd_charset_is_single_byte(meant);

    if (strcmp(meant, "UTF-8") == 0 || pd_charset_is_seven_bit(meant) ||
        pd_charset_is_wide(meant) || !g_utf8_validate_len(bytes, length, NULL))
        return FALSE;
    for (gsize i = 0; i < length; i++)
        sequences += (guchar)bytes[i] >= 0xc0;
    return sequences >= (single ? MOST_CHANCE_SINGLE : MOST_CHANCE_DOUBLE);
}

/* Bytes of the pair that begins here, as all charsets of two bytes a character have them; 1: a byte
 * above 0x7f alone; 0: one below. */
static guint pair_length(const char *bytes, gsize left)
{
    if ((guchar)bytes[0] < 0x80)
        return 0;
    guchar second = left > 1 ? (guchar)bytes[1] : 0;
    return second >= 0x80 || (second >= 0x40 && second <= 0x7e) ? 2 : 1;
}

/* Declared as Western, but the bytes above 0x7f come in long rows, as no Western language has its
 * accents, or in rows of pairs of which a letter of ASCII may be the second: a charset of two bytes
 * a character, as a wrongly set program sends it. "dégénérée" is a row of four pairs. */
gboolean pd_charset_is_eastern(const char *bytes, gsize length)
{
    gsize high = 0, in_rows = 0, in_pairs = 0, row = 0, pairs = 0, pairs_high = 0;

    for (gsize i = 0; i <= length; i++) {
        if (i < length && (guchar)bytes[i] >= 0x80) {
            row++;
            continue;
        }
        high += row;
        in_rows += row >= LEAST_ROW ? row : 0;
        row = 0;
    }
    for (gsize i = 0; i <= length;) {
        guint step = i < length ? pair_length(bytes + i, length - i) : 0;
        if (step == 2) {
            pairs++;
            pairs_high += 1 + ((guchar)bytes[i + 1] >= 0x80);
        } else {
            in_pairs += pairs >= LEAST_PAIRS ? pairs_high : 0;
            pairs = pairs_high = 0;
        }
        i += MAX(step, 1);
    }
    gsize rows = MAX(in_rows, in_pairs);
    return rows >= LEAST_EASTERN && rows * 100 >= high * LEAST_IN_ROWS_PERCENT;
}

/* U+E000 to U+F8FF, by its first bytes. */
static gboolean is_private(const guchar *at)
{
    return at[0] == 0xee || (at[0] == 0xef && at[1] < 0xa4);
}

/* Characters that stand for nothing, where a charset has room for them: many mean that it is not
 * the one that was used. A name may hold one. */
gboolean pd_charset_is_private(const char *text)
{
    guint letters = 0, private = 0;

    for (const guchar *at = (const guchar *)text; *at != '\0'; at++) {
        letters += at[0] >= 0xc0; /* begins a character beyond ASCII */
        private += is_private(at);
    }
    return private >= LEAST_PRIVATE && private * 100 > letters * MOST_PRIVATE_PERCENT;
}

/* How much a byte looks like the upper half of a pair: ASCII's, then CJK's and its punctuation's,
 * which may be letters of ASCII as well. */
static guint upper_half(guchar byte)
{
    if (byte == 0)
        return 4;
    return byte == 0x30 || byte == 0xff || (byte >= 0x4e && byte <= 0x9f);
}

/* Without a mark it is big-endian (RFC 2781, 4.3), but programs of Windows write it the other way.
 */
const char *pd_charset_order(const char *bytes, gsize length)
{
    gsize big = 0, little = 0;

    for (gsize i = 0; i + 1 < length; i += 2) {
        big += upper_half((guchar)bytes[i]);
        little += upper_half((guchar)bytes[i + 1]);
    }
    return little > big ? "UTF-16LE" : "UTF-16BE";
}
