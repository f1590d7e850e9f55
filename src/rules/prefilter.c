/* prefilter.c: see prefilter.h.
 *
 * The pass rolls the last 8 bytes, folded to lower case, through a word. Most places are
 * passed by one look into a table of the last three bytes of all literals. Where one may end,
 * its last bytes, up to 6, select a bit of a second table and a chain of literals to compare.
 */
#include "rules/prefilter.h"

#include <string.h>

#define WINDOWS 4
#define BITS_PER_LITERAL 16
#define END_BITS 16 /* of the hash of the last three bytes */

static const guint window_sizes[WINDOWS] = {2, 3, 4, 6};

typedef struct {
    gsize at, length; /* in the filter's bytes */
    guint id;
    guint8 mask;
    guint next; /* in its chain: index + 1, 0 ends it */
} Literal;

struct pd_prefilter {
    GString *bytes;
    GArray *literals;
    gboolean used[WINDOWS];
    guint shift; /* hash bits to drop, so that the rest numbers a bit or a chain */
    guint8 ends[(1 << END_BITS) / 8];
    guint8 *bits;
    guint *chains; /* index + 1 of the first literal */
    guint8 fold[256];
};

PdPrefilter *pd_prefilter_new(void)
{
    PdPrefilter *filter = g_new0(PdPrefilter, 1);

    filter->bytes = g_string_new(NULL);
    filter->literals = g_array_new(FALSE, FALSE, sizeof(Literal));
    for (guint i = 0; i < 256; i++)
        filter->fold[i] = i < 0x80 ? (guint8)g_ascii_tolower((char)i) : (guint8)i;
    return filter;
}

void pd_prefilter_free(PdPrefilter *filter)
{
    if (filter == NULL)
        return;
    g_string_free(filter->bytes, TRUE);
    g_array_unref(filter->literals);
    g_free(filter->bits);
    g_free(filter->chains);
    g_free(filter);
}

void pd_prefilter_add(PdPrefilter *filter, const char *literal, guint id, guint8 mask)
{
    Literal entry = {.at = filter->bytes->len, .length = strlen(literal), .id = id, .mask = mask};

    g_return_if_fail(entry.length >= window_sizes[0]);
    g_string_append_len(filter->bytes, literal, (gssize)entry.length);
    g_array_append_val(filter->literals, entry);
}

static guint window_of(gsize length)
{
    guint window = WINDOWS - 1;

    while (window_sizes[window] > length)
        window--;
    return window;
}

static guint64 hash_window(guint64 rolled, guint window)
{
    guint64 key = rolled & (~(guint64)0 >> (64 - 8 * window_sizes[window]));

    return (key + window) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
}

static guint hash_end(guint64 rolled)
{
    return (guint32)((rolled & 0xffffff) * 0x9e3779b1u) >> (32 - END_BITS);
}

/* A literal of two bytes may have any byte before it. */
static void note_end(PdPrefilter *filter, guint64 rolled, gsize length)
{
    for (guint64 before = 0; before < (length < 3 ? 256 : 1); before++) {
        guint end = hash_end(length < 3 ? (rolled & 0xffff) | before << 16 : rolled);
        filter->ends[end / 8] |= (guint8)(1u << end % 8);
    }
}

void pd_prefilter_finish(PdPrefilter *filter)
{
    guint bits = 10;

    while (((gsize)1 << bits) < (gsize)filter->literals->len * BITS_PER_LITERAL)
        bits++;
    filter->shift = 64 - bits;
    filter->bits = g_new0(guint8, ((gsize)1 << bits) / 8);
    filter->chains = g_new0(guint, ((gsize)1 << bits) / BITS_PER_LITERAL);
    for (guint i = 0; i < filter->literals->len; i++) {
        Literal *entry = &g_array_index(filter->literals, Literal, i);
        guint window = window_of(entry->length);
        guint64 rolled = 0;
        for (gsize j = 0; j < entry->length; j++)
            rolled = rolled << 8 | (guint8)filter->bytes->str[entry->at + j];
        guint64 slot = hash_window(rolled, window) >> filter->shift;
        note_end(filter, rolled, entry->length);
        filter->used[window] = TRUE;
        filter->bits[slot / 8] |= (guint8)(1u << slot % 8);
        entry->next = filter->chains[slot / BITS_PER_LITERAL];
        filter->chains[slot / BITS_PER_LITERAL] = i + 1;
    }
}

static gboolean ends_here(const PdPrefilter *filter, const Literal *entry, const char *text,
                          gsize end)
{
    const char *literal = filter->bytes->str + entry->at;

    if (entry->length > end)
        return FALSE;
    for (gsize i = 1; i <= entry->length; i++) {
        if (filter->fold[(guint8)text[end - i]] != (guint8)literal[entry->length - i])
            return FALSE;
    }
    return TRUE;
}

static void check_chain(const PdPrefilter *filter, guint64 slot, const char *text, gsize end,
                        guint8 *found)
{
    for (guint next = filter->chains[slot / BITS_PER_LITERAL]; next != 0;) {
        const Literal *entry = &g_array_index(filter->literals, Literal, next - 1);
        if ((found[entry->id] & entry->mask) != entry->mask && ends_here(filter, entry, text, end))
            found[entry->id] |= entry->mask;
        next = entry->next;
    }
}

static void check_end(const PdPrefilter *filter, guint64 rolled, const char *text, gsize end,
                      guint8 *found)
{
    for (guint window = 0; window < WINDOWS; window++) {
        guint64 slot = hash_window(rolled, window) >> filter->shift;
        if (filter->used[window] && filter->bits[slot / 8] & 1u << slot % 8)
            check_chain(filter, slot, text, end, found);
    }
}

void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found)
{
    guint64 rolled = 0;

    if (filter->literals->len == 0)
        return;
    for (gsize i = 0; i < length; i++) {
        rolled = rolled << 8 | filter->fold[(guint8)text[i]];
        guint end = hash_end(rolled);
        if (filter->ends[end / 8] & 1u << end % 8)
            check_end(filter, rolled, text, i + 1, found);
    }
}
