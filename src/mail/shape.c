/* shape.c: see shape.h.
 *
 * Every answer's body passes here, so it is looked at eight bytes at a time.
 */
#include "shape.h"

#include "postdesk/eight.h"

#include <string.h>

#define MOST_WORDS 255 /* are summed up byte by byte before a byte is full */
#define MOST_LINE 900  /* RFC 5322, 2.1.1: 998 with what a server may add */

/* Fewer than eight bytes, and blanks, which ask for nothing. */
static guint64 filled_word(const char *text, gsize length)
{
    guint64 bytes = PD_EIGHT(' ');

    memcpy(&bytes, text, length);
    return bytes;
}

/* Of ASCII: those that a text does not hold. */
static guint64 controls_of(guint64 bytes)
{
    guint64 below_space = pd_eight_below(bytes, ' ');
    guint64 deleted = pd_eight_equal(bytes, 0x7f);

    if (below_space == 0)
        return deleted;
    return deleted | (below_space & ~pd_eight_equal(bytes, '\t') & ~pd_eight_equal(bytes, '\n'));
}

/* One in each byte that quoted-printable encodes. */
static guint64 encoded_in(guint64 bytes)
{
    return ((bytes & PD_EIGHT_HIGHEST) | pd_eight_equal(PD_EIGHT_LOW(bytes), '=')) >> 7;
}

static gsize sum_of(guint64 bytes)
{
    const guint64 even = G_GUINT64_CONSTANT(0x00ff00ff00ff00ff);
    guint64 pairs = (bytes & even) + (bytes >> 8 & even);

    return (gsize)(pairs * G_GUINT64_CONSTANT(0x0001000100010001) >> 48);
}

/* Returns the bits of all words. */
static guint64 add_words(PdShape *shape, const char *text, gsize words)
{
    guint64 all = 0;

    for (gsize done = 0; done < words;) {
        guint64 sums = 0;
        for (gsize end = MIN(words, done + MOST_WORDS); done < end; done++) {
            guint64 bytes = pd_eight_at(text + done * sizeof bytes);
            all |= bytes;
            sums += encoded_in(bytes);
        }
        shape->encoded += sum_of(sums);
    }
    return all;
}

static gboolean has_controls(const char *text, gsize words, guint64 last)
{
    guint64 controls = controls_of(last);

    for (gsize i = 0; i < words; i++)
        controls |= controls_of(pd_eight_at(text + i * sizeof last));
    return controls != 0;
}

static gboolean has_short_lines(const char *text)
{
    for (gsize length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = (gsize)(strchrnul(text, '\n') - text);
        if (length > MOST_LINE)
            return FALSE;
    }
    return TRUE;
}

PdShape pd_shape_of(const char *text)
{
    PdShape shape = {.length = strlen(text)};
    gsize words = shape.length / sizeof(guint64), rest = shape.length % sizeof(guint64);
    guint64 last = filled_word(text + shape.length - rest, rest);
    guint64 all = add_words(&shape, text, words) | last;

    shape.encoded += sum_of(encoded_in(last));
    shape.ascii = (all & PD_EIGHT_HIGHEST) == 0;
    shape.seven_bit = shape.ascii && !has_controls(text, words, last) && has_short_lines(text);
    return shape;
}
