/* lzfu.c: see lzfu.h. A window of 4 KB, which begins with a text that both sides know; eight
 * times a bit says whether a byte follows or a place in the window and a length. */
#include "lzfu.h"

#include <string.h>

#define WINDOW 4096
#define HEAD 16
#define COMPRESSED 0x75465a4cu
#define PLAIN 0x414c454du

static const char known[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
    GByteArray *out;
    gsize most;
    guint8 window[WINDOW];
    guint at; /* where the next byte goes */
} Unpacking;

static guint32 number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

static void put(Unpacking *unpacking, guint8 byte)
{
    if (unpacking->out->len < unpacking->most)
        g_byte_array_append(unpacking->out, &byte, 1);
    unpacking->window[unpacking->at] = byte;
    unpacking->at = (unpacking->at + 1) % WINDOW;
}

/* FALSE at the end, which is a reference to the place where the next byte goes. */
static gboolean copy(Unpacking *unpacking, const guint8 *reference)
{
    guint from = (guint)reference[0] << 4 | reference[1] >> 4;
    guint length = (reference[1] & 0x0fu) + 2;

    if (from == unpacking->at)
        return FALSE;
    for (guint i = 0; i < length; i++)
        put(unpacking, unpacking->window[(from + i) % WINDOW]);
    return TRUE;
}

static void unpack(Unpacking *unpacking, const guint8 *at, const guint8 *end)
{
    while (at < end && unpacking->out->len < unpacking->most) {
        guint control = *at++;
        for (guint bit = 0; bit < 8 && at < end; bit++, control >>= 1) {
            if ((control & 1) == 0) {
                put(unpacking, *at++);
                continue;
            }
            if (end - at < 2 || !copy(unpacking, at))
                return;
            at += 2;
        }
    }
}

GByteArray *pd_lzfu_unpack(const guint8 *bytes, gsize length, gsize most)
{
    if (length < HEAD)
        return NULL;
    guint32 size = number_at(bytes + 4), kind = number_at(bytes + 8);
    Unpacking unpacking = {.most = MIN(most, size)};
    if (kind != COMPRESSED && kind != PLAIN)
        return NULL;
    unpacking.out = g_byte_array_new();
    if (kind == PLAIN) {
        g_byte_array_append(unpacking.out, bytes + HEAD, (guint)MIN(length - HEAD, unpacking.most));
        return unpacking.out;
    }
    memcpy(unpacking.window, known, sizeof(known) - 1);
    unpacking.at = sizeof(known) - 1;
    unpack(&unpacking, bytes + HEAD, bytes + length);
    return unpacking.out;
}
