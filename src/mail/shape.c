/* shape.c: see shape.h.
 *
 * Every answer's body passes here, so it is looked at eight bytes at a time: in a word, the highest
 * bit of each byte tells whether the byte is of a kind. The sums below never carry from one byte
 * into the next, for the highest bits are taken off before.
 */
#include "shape.h"

#include <string.h>

#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))
#define HIGHEST EACH(0x80)

typedef struct {
    guint64 high, equals, controls; /* a bit for each byte that is so */
} Kinds;

static guint64 equal_to(guint64 bytes, guint8 byte)
{
    return ~((bytes ^ EACH(byte)) + EACH(0x7f)) & HIGHEST;
}

static Kinds kinds_of(guint64 bytes)
{
    guint64 high = bytes & HIGHEST;
    guint64 low = bytes & ~HIGHEST;
    guint64 below_space = ~(low + EACH(0x80 - ' ')) & HIGHEST;
    guint64 deleted = (low + EACH(0x80 - 0x7f)) & HIGHEST;
    guint64 controls = deleted;

    if (below_space != 0)
        controls |= below_space & ~equal_to(low, '\t') & ~equal_to(low, '\n');
    return (Kinds){high, equal_to(low, '=') & ~high, controls & ~high};
}

/* How many of the highest bits are set. */
static gsize count(guint64 highest)
{
    return (gsize)((highest >> 7) * EACH(1) >> 56);
}

static void add_kinds(PdShape *shape, guint64 bytes)
{
    Kinds kinds = kinds_of(bytes);
    guint64 unsafe = kinds.high | kinds.controls;

    shape->encoded += count(unsafe | kinds.equals);
    shape->seven_bit &= unsafe == 0;
    shape->ascii &= kinds.high == 0;
}

static gsize longest_line(const char *text)
{
    gsize longest = 0;

    for (gsize length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = (gsize)(strchrnul(text, '\n') - text);
        longest = MAX(longest, length);
    }
    return longest;
}

PdShape pd_shape_of(const char *text)
{
    PdShape shape = {.length = strlen(text), .seven_bit = TRUE, .ascii = TRUE};
    const char *end = text + shape.length;
    guint64 bytes;

    shape.longest = longest_line(text);
    for (; end - text >= (gssize)sizeof bytes; text += sizeof bytes) {
        memcpy(&bytes, text, sizeof bytes);
        add_kinds(&shape, bytes);
    }
    bytes = EACH(' '); /* which asks for nothing */
    memcpy(&bytes, text, (gsize)(end - text));
    add_kinds(&shape, bytes);
    return shape;
}
