/* prefilter.c: see prefilter.h.
 *
 * The pass rolls the last 8 bytes, folded to lower case, through a word. Most places are passed by
 * one look into a table of the last three bytes of all literals, which for few of them is small
 * enough to stay at hand. Where one may end, its last bytes, up to 6, select a bit of a second
 * table and a chain of literals to compare, which lie side by side: most of the time goes into
 * fetching them. The same text with other edges is another literal of the same chain.
 */
#include "rules/prefilter.h"

#include <string.h>

#define WINDOWS 4
#define BITS_PER_LITERAL 16
#define ROLLED 8      /* bytes */
#define FIRST_ROOM 64 /* hits */
#define LEAST_END_BITS 8
#define MOST_END_BITS 16 /* of the hash of the last three bytes */
#define ENDS_PER_LITERAL 64

static const guint window_sizes[WINDOWS] = {2, 3, 4, 6};
/* of what was rolled */
static const guint64 window_bytes[WINDOWS] = {0xffff, 0xffffff, 0xffffffff, 0xffffffffffff};
/* of those whose bits are set */
static const guint8 lowest_window[1 << WINDOWS] = {0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0};

typedef struct {
    char *text;
    PdEdges edges;
} Key;

typedef struct {
    guint64 last; /* its bytes, at most the last 8, as they are rolled, in the highest bits */
    guint number;
    guint length : 24;  /* patterns are bounded (limits.h) */
    guint unlooked : 6; /* bits of what was rolled before it */
    guint edges : 2;    /* PdEdges */
} Literal;

struct pd_prefilter {
    GHashTable *numbers; /* of a literal, + 1, by its Key */
    GPtrArray *keys;     /* by number; owned by the numbers */
    PdOwners *owners;
    guint shift;     /* hash bits to drop, so that the rest numbers a bit or a chain */
    guint end_shift; /* the same for the hash of the last three bytes */
    guint8 *ends;    /* the windows of literals that may end so, as bits */
    guint8 *bits;
    guint *chains;     /* index of the first literal; one more at the end */
    Literal *literals; /* those of a chain in a row */
    guint8 fold[256];
};

static guint hash_key(gconstpointer key)
{
    return g_str_hash(((const Key *)key)->text) + ((const Key *)key)->edges;
}

static gboolean equal_keys(gconstpointer one, gconstpointer other)
{
    const Key *first = one, *second = other;

    return first->edges == second->edges && strcmp(first->text, second->text) == 0;
}

static void key_free(gpointer data)
{
    g_free(((Key *)data)->text);
    g_free(data);
}

PdPrefilter *pd_prefilter_new(void)
{
    PdPrefilter *filter = g_new0(PdPrefilter, 1);

    filter->numbers = g_hash_table_new_full(hash_key, equal_keys, key_free, NULL);
    filter->keys = g_ptr_array_new();
    filter->owners = pd_owners_new();
    for (guint i = 0; i < 256; i++)
        filter->fold[i] = i < 0x80 ? (guint8)g_ascii_tolower((char)i) : (guint8)i;
    return filter;
}

void pd_prefilter_free(PdPrefilter *filter)
{
    if (filter == NULL)
        return;
    g_hash_table_unref(filter->numbers);
    g_ptr_array_unref(filter->keys);
    pd_owners_free(filter->owners);
    g_free(filter->ends);
    g_free(filter->bits);
    g_free(filter->chains);
    g_free(filter->literals);
    g_free(filter);
}

static gboolean is_word(char byte)
{
    return g_ascii_isalnum(byte) || byte == '_';
}

guint pd_prefilter_add(PdPrefilter *filter, const char *text, PdEdges edges)
{
    gsize length = strlen(text);
    Key key = {(char *)text, (is_word(text[0]) ? edges & PD_STARTS_WORD : 0) |
                                 (is_word(text[length - 1]) ? edges & PD_ENDS_WORD : 0)};
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(filter->numbers, &key));

    if (known != 0)
        return known - 1;
    Key *kept = g_memdup2(&key, sizeof key);
    kept->text = g_strdup(text);
    g_ptr_array_add(filter->keys, kept);
    g_hash_table_insert(filter->numbers, kept, GUINT_TO_POINTER(filter->keys->len));
    return filter->keys->len - 1;
}

guint pd_prefilter_literals(const PdPrefilter *filter)
{
    return filter->keys->len;
}

void pd_prefilter_own(PdPrefilter *filter, guint literal, const PdTail *tail, guint id)
{
    pd_owners_add(filter->owners, literal, tail, id);
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
    return ((rolled & window_bytes[window]) + window) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
}

static guint hash_end(guint64 rolled, guint shift)
{
    return (guint32)((rolled & 0xffffff) * 0x9e3779b1u) >> shift;
}

/* A literal of two bytes may have any byte before it. */
static void note_end(PdPrefilter *filter, const Literal *literal)
{
    guint64 rolled = literal->last >> literal->unlooked;
    guint window = window_of(literal->length);

    for (guint64 before = 0; before < (literal->length < 3 ? 256 : 1); before++) {
        guint64 last = literal->length < 3 ? (rolled & 0xffff) | before << 16 : rolled;
        guint end = hash_end(last, filter->end_shift);
        filter->ends[end] |= (guint8)(1u << window);
    }
}

/* The bits that number so many for each literal. */
static guint bits_for(const PdPrefilter *filter, gsize each, guint least)
{
    guint bits = least;

    while (((gsize)1 << bits) < filter->keys->len * each)
        bits++;
    return bits;
}

/* The literal of that number as it is looked for. */
static Literal literal_of(const PdPrefilter *filter, guint number)
{
    const Key *key = g_ptr_array_index(filter->keys, number);
    gsize length = strlen(key->text);
    Literal literal = {.number = number, .length = (guint)length, .edges = key->edges};

    if (length < ROLLED)
        literal.unlooked = (guint)(ROLLED - length) * 8;
    for (gsize i = 0; i < length; i++)
        literal.last = literal.last << 8 | (guint8)key->text[i];
    literal.last <<= literal.unlooked;
    return literal;
}

/* The number of its bit. */
static guint64 slot_of(const PdPrefilter *filter, const Literal *literal)
{
    guint64 rolled = literal->last >> literal->unlooked;

    return hash_window(rolled, window_of(literal->length)) >> filter->shift;
}

static void build_chains(PdPrefilter *filter, guint chains)
{
    guint sum = 0;

    filter->chains = g_new0(guint, chains + 1);
    filter->literals = g_new(Literal, filter->keys->len);
    for (guint i = 0; i < filter->keys->len; i++) {
        Literal literal = literal_of(filter, i);
        filter->chains[slot_of(filter, &literal) / BITS_PER_LITERAL]++;
    }
    for (guint i = 0; i <= chains; i++)
        filter->chains[i] = sum += filter->chains[i];
    for (guint i = 0; i < filter->keys->len; i++) {
        Literal literal = literal_of(filter, i);
        guint64 slot = slot_of(filter, &literal);
        filter->literals[--filter->chains[slot / BITS_PER_LITERAL]] = literal;
        note_end(filter, &literal);
        filter->bits[slot / 8] |= (guint8)(1u << slot % 8);
    }
}

void pd_prefilter_finish(PdPrefilter *filter)
{
    guint bits = bits_for(filter, BITS_PER_LITERAL, 10);
    guint end_bits = MIN(bits_for(filter, ENDS_PER_LITERAL, LEAST_END_BITS), MOST_END_BITS);

    pd_owners_finish(filter->owners, filter->keys->len);
    filter->shift = 64 - bits;
    filter->end_shift = 32 - end_bits;
    filter->ends = g_new0(guint8, (gsize)1 << end_bits);
    filter->bits = g_new0(guint8, ((gsize)1 << bits) / 8);
    build_chains(filter, (1u << bits) / BITS_PER_LITERAL);
}

PdLiteralHits *pd_literal_hits_new(const PdPrefilter *filter)
{
    PdLiteralHits *hits = g_new0(PdLiteralHits, 1);

    hits->room = FIRST_ROOM;
    hits->hits = g_new(PdLiteralHit, hits->room);
    hits->ids = g_array_new(FALSE, FALSE, sizeof(guint));
    hits->scan = pd_owners_scan_new(filter->owners);
    hits->of = g_new(PdHitList, filter->keys->len + 1);
    hits->present = g_new0(guint64, filter->keys->len / 64 + 1);
    return hits;
}

void pd_literal_hits_free(PdLiteralHits *hits)
{
    if (hits == NULL)
        return;
    g_free(hits->hits);
    g_array_unref(hits->ids);
    pd_owners_scan_free(hits->scan);
    g_free(hits->of);
    g_free(hits->present);
    g_free(hits);
}

/* Only what the text before left is touched: there may be many literals. */
static void forget_hits(PdLiteralHits *hits)
{
    for (guint i = 0; i < hits->count; i++)
        hits->present[hits->hits[i].literal / 64] = 0;
    hits->count = 0;
    g_array_set_size(hits->ids, 0);
}

/* A scan. */
typedef struct {
    const PdPrefilter *filter;
    const char *text;
    gsize length;
    PdLiteralHits *hits;
} Scan;

static gboolean has_edges(const Scan *scan, const Literal *literal, gsize end)
{
    gsize start = end - literal->length;

    if ((literal->edges & PD_STARTS_WORD) != 0 && start > 0 && is_word(scan->text[start - 1]))
        return FALSE;
    return (literal->edges & PD_ENDS_WORD) == 0 || end == scan->length || !is_word(scan->text[end]);
}

/* Whether the bytes before the last 8 are there, too. */
static gboolean begins_there(const Scan *scan, const Literal *literal, gsize start)
{
    const guint8 *fold = scan->filter->fold;
    const Key *key = g_ptr_array_index(scan->filter->keys, literal->number);

    for (gsize i = 0; i + ROLLED < literal->length; i++) {
        if (fold[(guint8)scan->text[start + i]] != (guint8)key->text[i])
            return FALSE;
    }
    return TRUE;
}

/* No byte of a literal is 0, so that it never matches what stands before the text. */
static gboolean ends_here(const Scan *scan, const Literal *literal, guint64 rolled, gsize end)
{
    if (rolled << literal->unlooked != literal->last || literal->length > end)
        return FALSE;
    if (literal->length > ROLLED && !begins_there(scan, literal, end - literal->length))
        return FALSE;
    return has_edges(scan, literal, end);
}

static void note_hit(const Scan *scan, const Literal *literal, gsize end)
{
    PdLiteralHits *hits = scan->hits;
    guint number = literal->number;
    guint place = hits->count++;
    PdHitList *list = &hits->of[number];
    gboolean first = !pd_literal_hits_has(hits, number);

    if (place == hits->room) {
        hits->room *= 2;
        hits->hits = g_renew(PdLiteralHit, hits->hits, hits->room);
    }
    hits->hits[place] = (PdLiteralHit){(guint32)(end - literal->length), number, PD_NO_HIT};
    hits->present[number / 64] |= (guint64)1 << number % 64;
    if (first)
        list->first = place;
    else
        hits->hits[list->last].next = place;
    list->last = place;
    pd_owners_tell(scan->filter->owners, hits->scan, number, end, first);
}

static void check_chain(const Scan *scan, guint64 slot, guint64 rolled, gsize end)
{
    const guint *chain = scan->filter->chains + slot / BITS_PER_LITERAL;

    for (guint i = chain[0]; i < chain[1]; i++) {
        const Literal *literal = &scan->filter->literals[i];
        if (ends_here(scan, literal, rolled, end))
            note_hit(scan, literal, end);
    }
}

static void check_end(const Scan *scan, guint64 rolled, guint windows, gsize end)
{
    const PdPrefilter *filter = scan->filter;

    for (; windows != 0; windows &= windows - 1) {
        guint window = lowest_window[windows];
        guint64 slot = hash_window(rolled, window) >> filter->shift;
        if (filter->bits[slot / 8] & 1u << slot % 8)
            check_chain(scan, slot, rolled, end);
    }
}

void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found,
                       PdLiteralHits *hits)
{
    const Scan scan = {filter, text, length, hits};
    guint64 rolled = 0;

    forget_hits(hits);
    pd_owners_scan_begin(hits->scan, text, length, found, hits->ids);
    if (filter->keys->len == 0)
        return;
    for (gsize i = 0; i < length; i++) {
        rolled = rolled << 8 | filter->fold[(guint8)text[i]];
        guint windows = filter->ends[hash_end(rolled, filter->end_shift)];
        if (windows != 0)
            check_end(&scan, rolled, windows, i + 1);
    }
}
