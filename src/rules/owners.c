/* owners.c: see owners.h.
 *
 * A place of a tail is a number: 0 the end, below 256 that one byte, else a set of bytes. How many
 * tails are looked at for one text is bounded; beyond, each counts as found.
 */
#include "rules/owners.h"

#include <string.h>

#define FIRST_SET 256
#define MOST_SETS 4096
#define MOST_LOOKS (1 << 18) /* at tails, for one text */

/* The owners of a literal that have the same tail. */
typedef struct {
    guint16 places[PD_TAIL_PLACES];
    guint first, count; /* in the ids */
} Tail;

/* As added; they are sorted to become tails with their owners. */
typedef struct {
    guint literal;
    guint16 places[PD_TAIL_PLACES];
    guint id;
} Entry;

struct pd_owners {
    GArray *entries;     /* of Entry; NULL after the last was added */
    GHashTable *numbers; /* of a set, by itself */
    GPtrArray *sets;     /* of PdByteSet *, from FIRST_SET on */
    GArray *tails;       /* of Tail, those of a literal in a row */
    GArray *ids;         /* of guint: the owners of a tail in a row */
    guint literals;
    guint *first_tails; /* by literal; one more at the end */
};

struct pd_owners_scan {
    const guint8 *text;
    gsize length;
    guint8 *found;
    GArray *ids;
    guint looks; /* that are left */
    guint tails;
    guint32 round; /* of this text */
    guint32 *seen; /* by tail: the round in which it was found */
    guint *left;   /* tails of a literal that are not found yet; of those that are in the text */
};

static guint hash_set(gconstpointer key)
{
    const PdByteSet *set = key;
    guint64 mixed = set->bits[0] ^ set->bits[1] * 3 ^ set->bits[2] * 5 ^ set->bits[3] * 7;

    return (guint)((mixed * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32) ^ (guint)set->wide;
}

static gboolean equal_sets(gconstpointer one, gconstpointer other)
{
    const PdByteSet *first = one, *second = other;

    return memcmp(first->bits, second->bits, sizeof first->bits) == 0 &&
           first->wide == second->wide;
}

PdOwners *pd_owners_new(void)
{
    PdOwners *owners = g_new0(PdOwners, 1);

    owners->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    owners->numbers = g_hash_table_new(hash_set, equal_sets);
    owners->sets = g_ptr_array_new_with_free_func(g_free);
    owners->tails = g_array_new(FALSE, FALSE, sizeof(Tail));
    owners->ids = g_array_new(FALSE, FALSE, sizeof(guint));
    return owners;
}

void pd_owners_free(PdOwners *owners)
{
    if (owners == NULL)
        return;
    g_clear_pointer(&owners->entries, g_array_unref);
    g_hash_table_unref(owners->numbers);
    g_ptr_array_unref(owners->sets);
    g_array_unref(owners->tails);
    g_array_unref(owners->ids);
    g_free(owners->first_tails);
    g_free(owners);
}

/* Its only byte, letters in lower case; 0: there are several. */
static guint8 only_byte(const PdByteSet *set)
{
    guint8 only = 0;

    for (guint byte = 1; byte < 256 && !set->wide; byte++) {
        guint8 folded = (guint8)(byte < 0x80 ? (guint8)g_ascii_tolower((char)byte) : byte);
        if (!pd_byte_set_has(set, (guint8)byte) || folded == only)
            continue;
        if (only != 0)
            return 0;
        only = folded;
    }
    return only;
}

/* The number of a place. 0: there are too many sets, so that the tail ends here. */
static guint16 number_of(PdOwners *owners, const PdByteSet *set)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(owners->numbers, set));

    if (number != 0)
        return (guint16)number;
    number = only_byte(set);
    if (number == 0 && owners->sets->len == MOST_SETS)
        return 0;
    PdByteSet *kept = g_memdup2(set, sizeof *set);
    number = number != 0 ? number : FIRST_SET + owners->sets->len;
    g_ptr_array_add(owners->sets, kept);
    g_hash_table_insert(owners->numbers, kept, GUINT_TO_POINTER(number));
    return (guint16)number;
}

void pd_owners_add(PdOwners *owners, guint literal, const PdTail *tail, guint id)
{
    Entry entry = {literal, {0}, id};

    for (guint i = 0; tail != NULL && i < tail->count; i++) {
        entry.places[i] = number_of(owners, &tail->places[i]);
        if (entry.places[i] == 0)
            break;
    }
    g_array_append_val(owners->entries, entry);
}

static gint compare_entries(gconstpointer one, gconstpointer other)
{
    const Entry *first = one, *second = other;

    if (first->literal != second->literal)
        return first->literal < second->literal ? -1 : 1;
    return memcmp(first->places, second->places, sizeof first->places);
}

void pd_owners_finish(PdOwners *owners, guint literals)
{
    const Entry *before = NULL;
    guint literal = 0;

    owners->literals = literals;
    owners->first_tails = g_new0(guint, literals + 1);
    g_array_sort(owners->entries, compare_entries);
    for (guint i = 0; i < owners->entries->len; i++) {
        const Entry *entry = &g_array_index(owners->entries, Entry, i);
        while (literal < entry->literal)
            owners->first_tails[++literal] = owners->tails->len;
        if (before == NULL || compare_entries(before, entry) != 0) {
            Tail tail = {.first = i};
            memcpy(tail.places, entry->places, sizeof tail.places);
            g_array_append_val(owners->tails, tail);
        }
        g_array_index(owners->tails, Tail, owners->tails->len - 1).count++;
        g_array_append_val(owners->ids, entry->id);
        before = entry;
    }
    while (literal < literals)
        owners->first_tails[++literal] = owners->tails->len;
    g_clear_pointer(&owners->entries, g_array_unref);
}

PdOwnersScan *pd_owners_scan_new(const PdOwners *owners)
{
    PdOwnersScan *scan = g_new0(PdOwnersScan, 1);

    scan->tails = owners->tails->len;
    scan->seen = g_new0(guint32, scan->tails + 1);
    scan->left = g_new0(guint, owners->literals + 1);
    return scan;
}

void pd_owners_scan_free(PdOwnersScan *scan)
{
    if (scan == NULL)
        return;
    g_free(scan->seen);
    g_free(scan->left);
    g_free(scan);
}

void pd_owners_scan_begin(PdOwnersScan *scan, const char *text, gsize length, guint8 *found,
                          GArray *ids)
{
    scan->text = (const guint8 *)text;
    scan->length = length;
    scan->found = found;
    scan->ids = ids;
    scan->looks = MOST_LOOKS;
    if (++scan->round == 0) {
        memset(scan->seen, 0, scan->tails * sizeof *scan->seen);
        scan->round = 1;
    }
}

/* Whether a place allows the byte; *ends: whatever follows is allowed too. */
static gboolean allows(const PdOwners *owners, guint16 place, guint8 byte, gboolean *ends)
{
    if (place < FIRST_SET)
        return place == (byte < 0x80 ? (guint8)g_ascii_tolower((char)byte) : byte);
    const PdByteSet *set = g_ptr_array_index(owners->sets, place - FIRST_SET);
    *ends = set->wide && byte >= 0x80;
    return *ends || pd_byte_set_has(set, byte);
}

static gboolean stands_there(const PdOwners *owners, const PdOwnersScan *scan, const Tail *tail,
                             gsize at)
{
    gboolean ends = FALSE;

    for (guint i = 0; i < PD_TAIL_PLACES && tail->places[i] != 0 && !ends; i++) {
        if (at + i >= scan->length || !allows(owners, tail->places[i], scan->text[at + i], &ends))
            return FALSE;
    }
    return TRUE;
}

static void tell_owners(const PdOwners *owners, PdOwnersScan *scan, const Tail *tail)
{
    const guint *ids = &g_array_index(owners->ids, guint, tail->first);

    for (guint i = 0; i < tail->count; i++)
        scan->found[ids[i]] = TRUE;
    g_array_append_vals(scan->ids, ids, tail->count);
}

void pd_owners_tell(const PdOwners *owners, PdOwnersScan *scan, guint literal, gsize end,
                    gboolean first)
{
    guint from = owners->first_tails[literal], to = owners->first_tails[literal + 1];

    if (first)
        scan->left[literal] = to - from;
    for (guint i = from; i < to && scan->left[literal] > 0; i++) {
        const Tail *tail = &g_array_index(owners->tails, Tail, i);
        if (scan->seen[i] == scan->round)
            continue;
        scan->looks -= scan->looks > 0;
        if (scan->looks > 0 && !stands_there(owners, scan, tail, end))
            continue;
        scan->seen[i] = scan->round;
        scan->left[literal]--;
        tell_owners(owners, scan, tail);
    }
}
