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

/* One of the patterns that hold a literal. */
typedef struct {
    guint id;
    guint8 mask;
    guint next; /* index + 1, 0 ends the list */
} Owner;

typedef struct {
    const char *text; /* owned by the filter's numbers */
    gsize length;
    guint owners; /* index + 1 of the first */
    guint next;   /* in its chain: index + 1, 0 ends it */
} Literal;

struct pd_prefilter {
    GHashTable *numbers; /* index + 1 of a literal, by its text */
    GArray *literals;
    GArray *owners;
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

    filter->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filter->literals = g_array_new(FALSE, FALSE, sizeof(Literal));
    filter->owners = g_array_new(FALSE, FALSE, sizeof(Owner));
    for (guint i = 0; i < 256; i++)
        filter->fold[i] = i < 0x80 ? (guint8)g_ascii_tolower((char)i) : (guint8)i;
    return filter;
}

void pd_prefilter_free(PdPrefilter *filter)
{
    if (filter == NULL)
        return;
    g_hash_table_unref(filter->numbers);
    g_array_unref(filter->literals);
    g_array_unref(filter->owners);
    g_free(filter->bits);
    g_free(filter->chains);
    g_free(filter);
}

static guint number_of(PdPrefilter *filter, const char *text)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(filter->numbers, text));

    if (known != 0)
        return known - 1;
    Literal literal = {.text = g_strdup(text), .length = strlen(text)};
    g_array_append_val(filter->literals, literal);
    g_hash_table_insert(filter->numbers, (gpointer)literal.text,
                        GUINT_TO_POINTER(filter->literals->len));
    return filter->literals->len - 1;
}

guint pd_prefilter_add(PdPrefilter *filter, const char *text, guint id, guint8 mask)
{
    guint number = number_of(filter, text);
    Literal *literal = &g_array_index(filter->literals, Literal, number);
    Owner owner = {id, mask, literal->owners};

    if (mask == 0)
        return number;
    g_array_append_val(filter->owners, owner);
    literal->owners = filter->owners->len;
    return number;
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
            rolled = rolled << 8 | (guint8)entry->text[j];
        guint64 slot = hash_window(rolled, window) >> filter->shift;
        note_end(filter, rolled, entry->length);
        filter->used[window] = TRUE;
        filter->bits[slot / 8] |= (guint8)(1u << slot % 8);
        entry->next = filter->chains[slot / BITS_PER_LITERAL];
        filter->chains[slot / BITS_PER_LITERAL] = i + 1;
    }
}

PdLiteralHits *pd_literal_hits_new(const PdPrefilter *filter)
{
    PdLiteralHits *hits = g_new0(PdLiteralHits, 1);

    hits->hits = g_array_new(FALSE, FALSE, sizeof(PdLiteralHit));
    hits->ids = g_array_new(FALSE, FALSE, sizeof(guint));
    hits->first = g_new(guint, filter->literals->len + 1);
    hits->last = g_new(guint, filter->literals->len + 1);
    for (guint i = 0; i < filter->literals->len; i++)
        hits->first[i] = PD_NO_HIT;
    return hits;
}

void pd_literal_hits_free(PdLiteralHits *hits)
{
    if (hits == NULL)
        return;
    g_array_unref(hits->hits);
    g_array_unref(hits->ids);
    g_free(hits->first);
    g_free(hits->last);
    g_free(hits);
}

/* Only what the text before left is touched: there may be many literals. */
static void forget_hits(PdLiteralHits *hits)
{
    for (guint i = 0; i < hits->hits->len; i++)
        hits->first[g_array_index(hits->hits, PdLiteralHit, i).literal] = PD_NO_HIT;
    g_array_set_size(hits->hits, 0);
    g_array_set_size(hits->ids, 0);
}

/* A scan. */
typedef struct {
    const PdPrefilter *filter;
    const char *text;
    guint8 *found;
    PdLiteralHits *hits;
} Scan;

static gboolean ends_here(const Scan *scan, const Literal *literal, gsize end)
{
    const guint8 *fold = scan->filter->fold;

    if (literal->length > end)
        return FALSE;
    for (gsize i = 1; i <= literal->length; i++) {
        if (fold[(guint8)scan->text[end - i]] != (guint8)literal->text[literal->length - i])
            return FALSE;
    }
    return TRUE;
}

static void note_first(const Scan *scan, const Literal *literal)
{
    for (guint next = literal->owners; next != 0;) {
        const Owner *owner = &g_array_index(scan->filter->owners, Owner, next - 1);
        scan->found[owner->id] |= owner->mask;
        g_array_append_val(scan->hits->ids, owner->id);
        next = owner->next;
    }
}

static void note_hit(const Scan *scan, guint number, gsize end)
{
    const Literal *literal = &g_array_index(scan->filter->literals, Literal, number);
    PdLiteralHits *hits = scan->hits;
    PdLiteralHit hit = {(guint32)(end - literal->length), number, PD_NO_HIT};
    guint place = hits->hits->len;

    g_array_append_val(hits->hits, hit);
    if (hits->first[number] == PD_NO_HIT) {
        hits->first[number] = place;
        note_first(scan, literal);
    } else {
        g_array_index(hits->hits, PdLiteralHit, hits->last[number]).next = place;
    }
    hits->last[number] = place;
}

static void check_chain(const Scan *scan, guint64 slot, gsize end)
{
    for (guint next = scan->filter->chains[slot / BITS_PER_LITERAL]; next != 0;) {
        const Literal *literal = &g_array_index(scan->filter->literals, Literal, next - 1);
        if (ends_here(scan, literal, end))
            note_hit(scan, next - 1, end);
        next = literal->next;
    }
}

static void check_end(const Scan *scan, guint64 rolled, gsize end)
{
    const PdPrefilter *filter = scan->filter;

    for (guint window = 0; window < WINDOWS; window++) {
        guint64 slot = hash_window(rolled, window) >> filter->shift;
        if (filter->used[window] && filter->bits[slot / 8] & 1u << slot % 8)
            check_chain(scan, slot, end);
    }
}

void pd_prefilter_scan(const PdPrefilter *filter, const char *text, gsize length, guint8 *found,
                       PdLiteralHits *hits)
{
    const Scan scan = {filter, text, found, hits};
    guint64 rolled = 0;

    forget_hits(hits);
    if (filter->literals->len == 0)
        return;
    for (gsize i = 0; i < length; i++) {
        rolled = rolled << 8 | filter->fold[(guint8)text[i]];
        guint end = hash_end(rolled);
        if (filter->ends[end / 8] & 1u << end % 8)
            check_end(&scan, rolled, i + 1);
    }
}
