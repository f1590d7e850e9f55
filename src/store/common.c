/* common.c: see common.h.
 *
 * The blocks of one message, of BLOCK bytes each, are known by a hash. A window of the same length
 * goes through the other one byte by byte, its hash rolling along; where it is one of those known,
 * the bytes are compared from there on, as far as they are the same. A range of two blocks or more
 * holds a whole one wherever it lies, so that none is missed; only of what repeats itself may a
 * shorter range be found than there is.
 */
#include "common.h"

#include "postdesk/sharing.h"
#include <string.h>

#define BLOCK 4096u
#define STRETCH (256u << 10) /* bytes of a message at hand, at most */
#define LEAST_STRETCH (4 * BLOCK)
#define FILTER_BITS 16
#define MOST_RANGES 256
#define MOST_MISSES 1000 /* same hashes of different bytes, before somebody means it */
#define FACTOR G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

/* Part of a message, read ahead: the farther, the longer it is read in a row. */
typedef struct {
    PdRawView *view;
    guint64 base;
    gsize held, ahead;
    guint8 *bytes;
} Stretch;

typedef struct {
    Stretch home, own;
    GHashTable *blocks; /* hash → where the first such block of home begins, and one */
    guint8 filter[(1u << FILTER_BITS) / 8];
    guint64 last_factor; /* of the byte that leaves the window */
    guint misses;
    GArray *ranges;
} Search;

static guint64 end_of(const Stretch *stretch)
{
    return pd_raw_view_length(stretch->view);
}

/* Who reads here and there, as a mail made of pieces of another one lets us do, waits for no more
 * than he looks at. */
static void move(Stretch *stretch, guint64 at)
{
    gboolean in_a_row = at >= stretch->base && at <= stretch->base + stretch->held;

    stretch->ahead = in_a_row ? MIN(2 * stretch->ahead, STRETCH) : LEAST_STRETCH;
    stretch->base = at;
    stretch->held = (gsize)MIN(end_of(stretch) - at, stretch->ahead);
}

/* The bytes from at on, of which so many are needed: a BLOCK at most. */
static PdStatus *have(Stretch *stretch, guint64 at, gsize needed, const guint8 **bytes)
{
    if (at < stretch->base || at + needed > stretch->base + stretch->held) {
        move(stretch, at);
        PD_TRY(pd_raw_view_read(stretch->view, at, stretch->bytes, stretch->held));
    }
    *bytes = stretch->bytes + (at - stretch->base);
    return NULL;
}

static gsize at_hand(const Stretch *stretch, guint64 at)
{
    return (gsize)(stretch->base + stretch->held - at);
}

static guint64 hash_block(const guint8 *bytes)
{
    guint64 hash = 0;

    for (gsize i = 0; i < BLOCK; i++)
        hash = hash * FACTOR + bytes[i] + 1;
    return hash;
}

/* The low bits of such a hash know little of the bytes that lie far behind. */
static guint filter_of(guint64 hash)
{
    return (guint)((hash * FACTOR) >> (64 - FILTER_BITS));
}

static PdStatus *know_blocks(Search *search)
{
    for (guint64 at = 0; at + BLOCK <= end_of(&search->home); at += BLOCK) {
        const guint8 *bytes;
        PD_TRY(have(&search->home, at, BLOCK, &bytes));
        guint64 hash = hash_block(bytes);
        gpointer key = GSIZE_TO_POINTER((gsize)hash);
        if (g_hash_table_contains(search->blocks, key))
            continue;
        g_hash_table_insert(search->blocks, key, GSIZE_TO_POINTER((gsize)at + 1));
        search->filter[filter_of(hash) / 8] |= (guint8)(1u << (filter_of(hash) % 8));
    }
    return NULL;
}

/* How many bytes are the same from there on. */
static PdStatus *match_forward(Search *search, guint64 home, guint64 own, guint64 *length)
{
    *length = 0;
    while (home + *length < end_of(&search->home) && own + *length < end_of(&search->own)) {
        const guint8 *one, *other;
        gsize same = 0;
        PD_TRY(have(&search->home, home + *length, 1, &one));
        PD_TRY(have(&search->own, own + *length, 1, &other));
        gsize most =
            MIN(at_hand(&search->home, home + *length), at_hand(&search->own, own + *length));
        while (same < most && one[same] == other[same])
            same++;
        *length += same;
        if (same < most)
            return NULL;
    }
    return NULL;
}

/* How many are the same before; had the block before been the same, it had been found. */
static PdStatus *match_backward(Search *search, guint64 home, guint64 own, guint64 from,
                                gsize *length)
{
    gsize most = (gsize)MIN(MIN(home, own - from), BLOCK);
    const guint8 *one, *other;

    *length = 0;
    PD_TRY(have(&search->home, home - most, most, &one));
    PD_TRY(have(&search->own, own - most, most, &other));
    while (*length < most && one[most - 1 - *length] == other[most - 1 - *length])
        ++*length;
    return NULL;
}

static guint64 end_of_last(const GArray *ranges)
{
    if (ranges->len == 0)
        return 0;
    const PdCommonRange *last = &g_array_index(ranges, PdCommonRange, ranges->len - 1);
    return last->own + last->length;
}

/* The window at own has the hash of a block: *own moves behind what is the same. */
static PdStatus *compare(Search *search, guint64 home, guint64 *own)
{
    guint64 length;
    gsize before;

    PD_TRY(match_forward(search, home, *own, &length));
    if (length < BLOCK) {
        search->misses++;
        ++*own;
        return NULL;
    }
    PD_TRY(match_backward(search, home, *own, end_of_last(search->ranges), &before));
    const PdCommonRange range = {
        .home = home - before, .own = *own - before, .length = length + before};
    if (range.length >= PD_SHARING_LEAST)
        g_array_append_val(search->ranges, range);
    *own += length;
    return NULL;
}

/* Moves the window through what is at hand, until its hash is known; *found is where that block
 * begins in home, and one, or 0. */
static guint64 roll(const Search *search, const guint8 *bytes, gsize count, gsize *found)
{
    guint64 hash = hash_block(bytes);

    for (gsize i = 0;; i++) {
        guint bit = filter_of(hash);
        if ((search->filter[bit / 8] & (1u << (bit % 8))) != 0) {
            *found = GPOINTER_TO_SIZE(
                g_hash_table_lookup(search->blocks, GSIZE_TO_POINTER((gsize)hash)));
            if (*found != 0)
                return i;
        }
        if (i + BLOCK >= count)
            return i + 1;
        hash = hash * FACTOR + bytes[i + BLOCK] + 1 - (bytes[i] + 1) * search->last_factor;
    }
}

static PdStatus *go_through(Search *search)
{
    guint64 at = 0;

    while (at + BLOCK <= end_of(&search->own) && search->misses < MOST_MISSES &&
           search->ranges->len < MOST_RANGES) {
        const guint8 *bytes;
        gsize found = 0;
        PD_TRY(have(&search->own, at, BLOCK, &bytes));
        at += roll(search, bytes, at_hand(&search->own, at), &found);
        if (found != 0)
            PD_TRY(compare(search, found - 1, &at));
    }
    return NULL;
}

static PdStatus *search_all(Search *search)
{
    search->last_factor = 1;
    for (gsize i = 0; i < BLOCK; i++)
        search->last_factor *= FACTOR;
    PD_TRY(know_blocks(search));
    return go_through(search);
}

PdStatus *pd_common_ranges(PdRawView *home, PdRawView *own, GArray **ranges)
{
    g_autofree Search *search = g_new0(Search, 1);
    g_autofree guint8 *one = g_malloc(STRETCH), *other = g_malloc(STRETCH);

    search->home = (Stretch){home, 0, 0, STRETCH, one};
    search->own = (Stretch){own, 0, 0, STRETCH, other};
    search->blocks = g_hash_table_new(NULL, NULL);
    search->ranges = g_array_new(FALSE, FALSE, sizeof(PdCommonRange));
    PdStatus *status = search_all(search);
    g_hash_table_unref(search->blocks);
    if (status == NULL)
        *ranges = search->ranges;
    else
        g_array_unref(search->ranges);
    return status;
}
