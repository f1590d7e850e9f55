/* points.c: see points.h.
 *
 * A text is a row of units: a run of letters and digits is one, and so is every other character by
 * itself, a Chinese one too. A word is a row of units likewise, so it begins and ends where words
 * of the text do ("ip" is not in "ship"). The words are a tree with a unit at each branch: from
 * every unit of a text on it is followed as far as it leads, so that the cost grows with the text
 * and hardly with the number of words. Letters a to z are the same in either case.
 *
 * Every unit that stands in a word has a number, which is looked up once for each unit of a text;
 * then only numbers are followed. The branches lie in one table, found by the hash of
 * where they begin and of their unit's number.
 */
#include "rules/points.h"

#include <string.h>

#define ROOT 0
#define FEWEST_SLOTS 1024 /* a power of two */

/* A unit that stands in a word; its number is its place. */
typedef struct {
    guint32 hash, length;
    guint32 text; /* in lower case, if the hash is not all of it */
    guint32 node; /* where it leads to from the root */
} Known;

/* Where a row of units leads to. */
typedef struct {
    guint32 parent, unit; /* the number of its last unit */
    guint32 pairs;        /* the first, counted from 1; 0: no word ends here */
    guint32 seen;         /* in the text of that number */
} Node;

/* Numbers by their hash; 0 is no number. */
typedef struct {
    guint32 *slots;
    guint32 mask; /* how many there are, less one */
} Table;

typedef struct {
    guint32 next; /* of the same word, counted from 1; 0: this is the last */
    guint16 category;
    gint16 number;
} Pair;

typedef struct {
    const char *at;
    gsize length;
    guint32 hash;
    guint32 number; /* of the known unit; 0: it stands in no word */
} Unit;

/* A unit of a text, by its number. */
typedef struct {
    guint32 number, end; /* end: bytes */
} Place;

/* Set in the hash of a run of letters and digits. That of a character is the character itself. */
#define WORD 0x80000000u

struct pd_points {
    char *shown;
    GPtrArray *categories;
    GArray *known; /* of Known; the first is none */
    GArray *nodes; /* of Node; the first is the root */
    Table by_unit, by_branch;
    Pair *pairs;
    guint pair_count, pair_room;
    GString *texts;
    guchar letters[256]; /* of bytes within a word the lower case, 0: of others */
    guint32 asked;       /* texts so far */
    GArray *units;       /* of the last one, of Place */
    PdPointsHit *hits;
    guint count, room;
};

/* Letters beyond ASCII take two bytes, those of the Chinese three. */
static void fill_letters(guchar letters[256])
{
    for (guint byte = 0; byte < 256; byte++) {
        gboolean is_letter = byte < 0x80 ? g_ascii_isalnum(byte) : byte < 0xe0;
        letters[byte] = is_letter ? (guchar)g_ascii_tolower((gchar)byte) : 0;
    }
}

static Table table_new(gsize slots)
{
    return (Table){g_new0(guint32, slots), (guint32)(slots - 1)};
}

PdPoints *pd_points_new(const char *shown)
{
    PdPoints *points = g_new0(PdPoints, 1);
    Known none = {0};
    Node root = {0};

    points->shown = g_strdup(shown);
    points->categories = g_ptr_array_new_with_free_func(g_free);
    points->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    points->texts = g_string_new(NULL);
    points->known = g_array_new(FALSE, FALSE, sizeof(Known));
    points->units = g_array_new(FALSE, FALSE, sizeof(Place));
    points->by_unit = table_new(FEWEST_SLOTS);
    points->by_branch = table_new(FEWEST_SLOTS);
    fill_letters(points->letters);
    g_array_append_val(points->known, none);
    g_array_append_val(points->nodes, root);
    return points;
}

void pd_points_free(PdPoints *points)
{
    if (points == NULL)
        return;
    g_free(points->shown);
    g_ptr_array_unref(points->categories);
    g_array_unref(points->known);
    g_array_unref(points->units);
    g_array_unref(points->nodes);
    g_free(points->pairs);
    g_string_free(points->texts, TRUE);
    g_free(points->by_unit.slots);
    g_free(points->by_branch.slots);
    g_free(points->hits);
    g_free(points);
}

const char *pd_points_shown(const PdPoints *points)
{
    return points->shown;
}

gboolean pd_points_begin(PdPoints *points, const char *name)
{
    if (g_ptr_array_find_with_equal_func(points->categories, name, g_str_equal, NULL))
        return FALSE;
    g_ptr_array_add(points->categories, g_strdup(name));
    return TRUE;
}

guint pd_points_category_count(const PdPoints *points)
{
    return points->categories->len;
}

const char *pd_points_category_name(const PdPoints *points, guint category)
{
    return g_ptr_array_index(points->categories, category);
}

guint pd_points_count(const PdPoints *points)
{
    return points->pair_count;
}

static gboolean is_word(const Unit *unit)
{
    return (unit->hash & WORD) != 0;
}

/* A character by itself: as many bytes as the first one tells, not beyond the end. */
static Unit single_at(const guchar *at, const guchar *end)
{
    gsize length = *at < 0x80 ? 1 : *at < 0xf0 ? 3 : 4;
    guint32 bytes = 0;

    length = MIN(length, (gsize)(end - at));
    for (gsize i = 0; i < length; i++)
        bytes = bytes << 8 | at[i];
    return (Unit){(const char *)at, length, bytes & ~WORD, 0};
}

static Unit word_at(const PdPoints *points, const guchar *start, const guchar *end)
{
    const guchar *at = start;
    guint32 hash = 2166136261u; /* FNV-1a */

    for (guchar letter; at < end && (letter = points->letters[*at]) != 0; at++)
        hash = (hash ^ letter) * 16777619u;
    return (Unit){(const char *)start, (gsize)(at - start), hash | WORD, 0};
}

static guint32 mix(guint32 one, guint32 other)
{
    guint32 mixed = (one ^ other * 0x9e3779b1u) * 0x85ebca6bu;

    return mixed ^ mixed >> 15;
}

static const Known *known_at(const PdPoints *points, guint32 number)
{
    return &g_array_index(points->known, Known, number);
}

static const Node *node_at(const PdPoints *points, guint32 node)
{
    return &g_array_index(points->nodes, Node, node);
}

static gboolean is_same(const PdPoints *points, const Known *known, const Unit *unit)
{
    if (known->hash != unit->hash || known->length != unit->length)
        return FALSE;
    for (gsize i = 0; is_word(unit) && i < unit->length; i++) {
        if ((guchar)points->texts->str[known->text + i] != points->letters[(guchar)unit->at[i]])
            return FALSE;
    }
    return TRUE;
}

static guint32 number_of(const PdPoints *points, const Unit *unit)
{
    const Table *table = &points->by_unit;
    guint32 slot = mix(unit->hash, 0) & table->mask, number;

    while ((number = table->slots[slot]) != 0 && !is_same(points, known_at(points, number), unit))
        slot = (slot + 1) & table->mask;
    return number;
}

/* The unit that begins there, before the end; one of three bytes, which most are, the quick way. */
static Unit unit_at(const PdPoints *points, const char *start, const char *stop)
{
    const guchar *at = (const guchar *)start, *end = (const guchar *)stop;
    Unit unit;

    if ((*at & 0xf0) == 0xe0 && end - at >= 3)
        unit = (Unit){start, 3, (guint32)at[0] << 16 | (guint32)at[1] << 8 | at[2], 0};
    else if (points->letters[*at] == 0)
        unit = single_at(at, end);
    else
        unit = word_at(points, at, end);
    unit.number = number_of(points, &unit);
    return unit;
}

/* Where the unit leads to from there; ROOT: nowhere. */
static guint32 follow(const PdPoints *points, guint32 parent, guint32 unit)
{
    const Table *table = &points->by_branch;
    guint32 slot, node;

    if (parent == ROOT || unit == 0)
        return known_at(points, unit)->node;
    slot = mix(unit, parent) & table->mask;
    while ((node = table->slots[slot]) != 0) {
        if (node_at(points, node)->unit == unit && node_at(points, node)->parent == parent)
            return node;
        slot = (slot + 1) & table->mask;
    }
    return ROOT;
}

static void take_slot(Table *table, guint32 hash, guint32 number)
{
    guint32 slot = hash & table->mask;

    while (table->slots[slot] != 0)
        slot = (slot + 1) & table->mask;
    table->slots[slot] = number;
}

/* At most a quarter of the slots are taken, so that what is not there is seen at once. TRUE: it is
 * empty now, and all are to be taken again. */
static gboolean grow(Table *table, guint count)
{
    if (count <= table->mask / 4)
        return FALSE;
    g_free(table->slots);
    *table = table_new(((gsize)table->mask + 1) * 2);
    return TRUE;
}

static void know(PdPoints *points, Unit *unit)
{
    Known known = {unit->hash, (guint32)unit->length, (guint32)points->texts->len, ROOT};
    Table *table = &points->by_unit;

    for (gsize i = 0; is_word(unit) && i < unit->length; i++)
        g_string_append_c(points->texts, (char)points->letters[(guchar)unit->at[i]]);
    unit->number = points->known->len;
    g_array_append_val(points->known, known);
    take_slot(table, mix(known.hash, 0), unit->number);
    for (guint32 i = 1, all = grow(table, points->known->len) ? points->known->len : 0; i < all;
         i++)
        take_slot(table, mix(known_at(points, i)->hash, 0), i);
}

static guint32 add_branch(PdPoints *points, guint32 parent, const Unit *unit)
{
    Node node = {.parent = parent, .unit = unit->number};
    Table *table = &points->by_branch;
    guint32 number = points->nodes->len;

    if (parent == ROOT)
        g_array_index(points->known, Known, unit->number).node = number;
    g_array_append_val(points->nodes, node);
    take_slot(table, mix(node.unit, parent), number);
    for (guint32 i = 1, all = grow(table, points->nodes->len) ? points->nodes->len : 0; i < all;
         i++)
        take_slot(table, mix(node_at(points, i)->unit, node_at(points, i)->parent), i);
    return number;
}

static guint32 node_of(PdPoints *points, const char *word, gsize length)
{
    const char *end = word + length;
    guint32 node = ROOT;

    for (const char *at = word; at < end;) {
        Unit unit = unit_at(points, at, end);
        if (unit.number == 0)
            know(points, &unit);
        guint32 next = follow(points, node, unit.number);
        node = next != ROOT ? next : add_branch(points, node, &unit);
        at += unit.length;
    }
    return node;
}

gboolean pd_points_add(PdPoints *points, const char *word, gsize length, gint number)
{
    guint category = points->categories->len - 1;
    guint32 at = node_of(points, word, length);
    Node *node = &g_array_index(points->nodes, Node, at);
    Pair pair = {node->pairs, (guint16)category, (gint16)number};

    /* Categories come one after the other, so it would be the last pair. */
    if (pair.next != 0 && points->pairs[pair.next - 1].category == category)
        return FALSE;
    if (points->pair_count == points->pair_room) {
        points->pair_room = points->pair_room * 2 + 64;
        points->pairs = g_renew(Pair, points->pairs, points->pair_room);
    }
    points->pairs[points->pair_count++] = pair;
    node->pairs = points->pair_count;
    return TRUE;
}

static void note(PdPoints *points, guint32 word, gsize start, gsize end)
{
    Node *node = &g_array_index(points->nodes, Node, word);

    if (node->pairs == 0 || node->seen == points->asked)
        return;
    node->seen = points->asked;
    if (points->count == points->room) {
        points->room = points->room * 2 + 64;
        points->hits = g_renew(PdPointsHit, points->hits, points->room);
    }
    points->hits[points->count++] = (PdPointsHit){word, start, end};
}

static void split(PdPoints *points, const char *text, gsize length)
{
    g_array_set_size(points->units, (guint)length); /* there are no more of them */
    Place *place = (Place *)(gpointer)points->units->data;

    for (const char *at = text, *end = text + length; at < end;) {
        Unit unit = unit_at(points, at, end);
        at += unit.length;
        *place++ = (Place){unit.number, (guint32)(at - text)};
    }
    g_array_set_size(points->units, (guint)(place - (Place *)(gpointer)points->units->data));
}

/* The words that begin with this unit. */
static void find_from(PdPoints *points, guint first)
{
    const Place *units = (const Place *)(gconstpointer)points->units->data;
    gsize start = first > 0 ? units[first - 1].end : 0;
    guint32 node = ROOT;

    for (guint i = first; i < points->units->len; i++) {
        if ((node = follow(points, node, units[i].number)) == ROOT)
            return;
        note(points, node, start, units[i].end);
    }
}

const PdPointsHit *pd_points_find(PdPoints *points, const char *text, gsize length, guint *count)
{
    points->asked++;
    points->count = 0;
    split(points, text, length);
    for (guint i = 0; i < points->units->len; i++) {
        if (g_array_index(points->units, Place, i).number != 0)
            find_from(points, i);
    }
    *count = points->count;
    return points->hits;
}

void pd_points_sum(const PdPoints *points, guint word, gint64 *sums)
{
    for (guint32 i = node_at(points, word)->pairs; i != 0;) {
        const Pair *pair = &points->pairs[i - 1];
        sums[pair->category] += pair->number;
        i = pair->next;
    }
}

gint pd_points_of(const PdPoints *points, guint word, guint category)
{
    for (guint32 i = node_at(points, word)->pairs; i != 0;) {
        const Pair *pair = &points->pairs[i - 1];
        if (pair->category == category)
            return pair->number;
        i = pair->next;
    }
    return 0;
}
