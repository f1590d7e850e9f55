/* points.c: see points.h.
 *
 * A text is a row of units: a run of letters and digits is one, and so is every other character by
 * itself, a Chinese one too. A word is a row of units likewise, so it begins and ends where words
 * of the text do ("ip" is not in "ship"). The words are a tree with a unit at each branch: from
 * every unit of a text on it is followed as far as it leads, so that the cost grows with the text
 * and hardly with the number of words. Letters a to z are the same in either case.
 *
 * The branches lie in one table, found by the hash of where they begin and of their unit.
 */
#include "rules/points.h"

#include <string.h>

#define ROOT 0
#define FEWEST_SLOTS 1024 /* a power of two */

/* Where a row of units leads to. */
typedef struct {
    guint32 parent, hash; /* of its last unit */
    guint32 text;         /* that unit in lower case, if its hash is not all of it */
    guint32 length;       /* of that unit, in bytes */
    guint32 pairs;        /* the first, counted from 1; 0: no word ends here */
    guint32 seen;         /* in the text of that number */
} Node;

typedef struct {
    guint32 next; /* of the same word, counted from 1; 0: this is the last */
    guint16 category;
    gint16 number;
} Pair;

typedef struct {
    const char *at;
    gsize length;
    guint32 hash;
} Unit;

/* Set in the hash of a run of letters and digits. That of a character is the character itself. */
#define WORD 0x80000000u

struct pd_points {
    char *shown;
    GPtrArray *categories;
    GArray *nodes; /* of Node; the first is the root */
    Pair *pairs;
    guint pair_count, pair_room;
    GString *texts;
    guint32 *slots;      /* numbers of nodes, 0: free */
    guint32 mask;        /* their number, less one */
    guchar letters[256]; /* of bytes within a word the lower case, 0: of others */
    guint8 begins[256];  /* by byte: a word does with it */
    guint32 asked;       /* texts so far */
    PdPointsHit *hits;   /* of the last one */
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

PdPoints *pd_points_new(const char *shown)
{
    PdPoints *points = g_new0(PdPoints, 1);
    Node root = {0};

    points->shown = g_strdup(shown);
    points->categories = g_ptr_array_new_with_free_func(g_free);
    points->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    points->texts = g_string_new(NULL);
    points->slots = g_new0(guint32, FEWEST_SLOTS);
    points->mask = FEWEST_SLOTS - 1;
    fill_letters(points->letters);
    g_array_append_val(points->nodes, root);
    return points;
}

void pd_points_free(PdPoints *points)
{
    if (points == NULL)
        return;
    g_free(points->shown);
    g_ptr_array_unref(points->categories);
    g_array_unref(points->nodes);
    g_free(points->pairs);
    g_string_free(points->texts, TRUE);
    g_free(points->slots);
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
    return (Unit){(const char *)at, length, bytes & ~WORD};
}

/* The unit that begins there, before the end; one of three bytes, which most are, the quick way. */
static Unit unit_at(const PdPoints *points, const char *start, const char *stop)
{
    const guchar *at = (const guchar *)start, *end = (const guchar *)stop;
    guint32 hash = 2166136261u; /* FNV-1a */

    if ((*at & 0xf0) == 0xe0 && end - at >= 3)
        return (Unit){start, 3, (guint32)at[0] << 16 | (guint32)at[1] << 8 | at[2]};
    if (points->letters[*at] == 0)
        return single_at(at, end);
    for (guchar letter; at < end && (letter = points->letters[*at]) != 0; at++)
        hash = (hash ^ letter) * 16777619u;
    return (Unit){start, (gsize)((const char *)at - start), hash | WORD};
}

static guint32 slot_of(const PdPoints *points, guint32 parent, guint32 hash)
{
    guint32 mixed = (hash ^ parent * 0x9e3779b1u) * 0x85ebca6bu;

    return (mixed ^ mixed >> 15) & points->mask;
}

static const Node *node_at(const PdPoints *points, guint32 node)
{
    return &g_array_index(points->nodes, Node, node);
}

static gboolean is_branch(const PdPoints *points, const Node *node, guint32 parent,
                          const Unit *unit)
{
    if (node->hash != unit->hash || node->parent != parent || node->length != unit->length)
        return FALSE;
    for (gsize i = 0; is_word(unit) && i < unit->length; i++) {
        if ((guchar)points->texts->str[node->text + i] != points->letters[(guchar)unit->at[i]])
            return FALSE;
    }
    return TRUE;
}

/* Where the unit leads to from there; ROOT: nowhere. */
static guint32 follow(const PdPoints *points, guint32 parent, const Unit *unit)
{
    guint32 slot = slot_of(points, parent, unit->hash), node;

    while ((node = points->slots[slot]) != 0) {
        if (is_branch(points, node_at(points, node), parent, unit))
            return node;
        slot = (slot + 1) & points->mask;
    }
    return ROOT;
}

static void take_slot(PdPoints *points, guint32 number)
{
    const Node *node = node_at(points, number);
    guint32 slot = slot_of(points, node->parent, node->hash);

    while (points->slots[slot] != 0)
        slot = (slot + 1) & points->mask;
    points->slots[slot] = number;
}

/* At most a quarter of the slots are taken, so that what is not there is seen at once. */
static void grow(PdPoints *points)
{
    if (points->nodes->len <= points->mask / 4)
        return;
    g_free(points->slots);
    points->mask = points->mask * 2 + 1;
    points->slots = g_new0(guint32, (gsize)points->mask + 1);
    for (guint32 i = 1; i < points->nodes->len; i++)
        take_slot(points, i);
}

static guint32 add_branch(PdPoints *points, guint32 parent, const Unit *unit)
{
    Node node = {.parent = parent,
                 .hash = unit->hash,
                 .text = (guint32)points->texts->len,
                 .length = (guint32)unit->length};
    guint32 number = points->nodes->len;

    for (gsize i = 0; is_word(unit) && i < unit->length; i++)
        g_string_append_c(points->texts, (char)points->letters[(guchar)unit->at[i]]);
    g_array_append_val(points->nodes, node);
    take_slot(points, number);
    grow(points);
    return number;
}

static guint32 node_of(PdPoints *points, const char *word, gsize length)
{
    const char *end = word + length;
    guint32 node = ROOT;

    for (const char *at = word; at < end;) {
        Unit unit = unit_at(points, at, end);
        guint32 next = follow(points, node, &unit);
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
    points->begins[(guchar)g_ascii_toupper(word[0])] =
        points->begins[(guchar)g_ascii_tolower(word[0])] = TRUE;
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

/* The words that begin with these two units or the first of them; behind the second the text goes
 * on. */
static void find_from(PdPoints *points, const char *text, const char *end, const Unit *first,
                      const Unit *second)
{
    gsize start = (gsize)(first->at - text);
    Unit unit = *first;
    guint32 node = ROOT;

    while ((node = follow(points, node, &unit)) != ROOT) {
        const char *next = unit.at + unit.length;
        note(points, node, start, (gsize)(next - text));
        if (next == end)
            return;
        unit = next == second->at ? *second : unit_at(points, next, end);
    }
}

const PdPointsHit *pd_points_find(PdPoints *points, const char *text, gsize length, guint *count)
{
    const char *end = text + length;
    Unit unit = {text, 0, 0};

    points->asked++;
    points->count = 0;
    if (length > 0)
        unit = unit_at(points, text, end);
    while (unit.at < end) {
        const char *next = unit.at + unit.length;
        Unit second = next < end ? unit_at(points, next, end) : (Unit){end, 0, 0};
        if (points->begins[(guchar)*unit.at])
            find_from(points, text, end, &unit, &second);
        unit = second;
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
