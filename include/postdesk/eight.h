/* eight.h: bytes of a text looked at eight at a time, in a word.
 *
 * What is told of each byte is told by its highest bit; all other bits are 0. The sums never carry
 * from one byte into the next where the highest bits of the bytes given are 0, as those of ASCII
 * are: take PD_EIGHT_LOW() of others first.
 */
#ifndef POSTDESK_EIGHT_H
#define POSTDESK_EIGHT_H

#include <glib.h>
#include <string.h>

#define PD_EIGHT(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte)) /* the byte in each */
#define PD_EIGHT_HIGHEST PD_EIGHT(0x80)
#define PD_EIGHT_LOW(eight) ((eight) & ~PD_EIGHT_HIGHEST)

static inline guint64 pd_eight_at(const char *text)
{
    guint64 eight;

    memcpy(&eight, text, sizeof eight);
    return eight;
}

static inline guint64 pd_eight_equal(guint64 low, guint8 byte)
{
    return ~((low ^ PD_EIGHT(byte)) + PD_EIGHT(0x7f)) & PD_EIGHT_HIGHEST;
}

static inline guint64 pd_eight_below(guint64 low, guint8 byte)
{
    return ~(low + PD_EIGHT(0x80 - byte)) & PD_EIGHT_HIGHEST;
}

#endif
