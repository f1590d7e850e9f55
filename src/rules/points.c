/* points.c: see points.h.
 *
 * A word is a row of units (units.h), as a text is, so it begins and ends where words of the text
 * do
 * ("ip" is not in "ship"). The words are a tree with a unit at each branch: from every unit of a
 * text on it is followed as far as it leads, so that the cost grows with the text and hardly with
 * the number of words.
 *
 * Only the numbers of units are followed. The branches lie in one table, found by the hash of where
 * they begin and of their unit's number.
 */
#include "rules/points.h"

#include "rules/numbers.h"
#include "rules/units.h"

#define ROOT 0

/* Where a row of units leads to. */
typedef struct {
    guint32 parent, unit; /* the number of its last unit */
    guint32 pairs;        /* the first, counted from 1; 0: no word ends here */
    guint32 seen;         /* in the text of that number */
} Node;

typedef struct {
    guint32 next; /* of the same word, counted from 1; 0: this is the last */
    guint16 category;
    gint16 number;
} Pair;

struct pd_points {
    char *shown;
    gint64 least;
    GPtrArray *categories;
    PdUnits *units;
    GArray *nodes; /* of Node; the first is the root */
    GArray *first; /* of guint32: where a unit of that number leads to from the root */
    PdNumbers by_branch;
    Pair *pairs;
    guint pair_count, pair_room;
    guint32 asked; /* texts so far */
    PdPointsHit *hits;
    guint count, room;
};

PdPoints *pd_points_new(const char *shown)
{
    PdPoints *points = g_new0(PdPoints, 1);
    Node root = {0};

    points->shown = g_strdup(shown);
    points->least = 1;
    points->categories = g_ptr_array_new_with_free_func(g_free);
    points->units = pd_units_new();
    points->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    points->first = g_array_new(FALSE, TRUE, sizeof(guint32));
    points->by_branch = pd_numbers_new(PD_NUMBERS_FEWEST_SLOTS);
    g_array_append_val(points->nodes, root);
    return points;
}

void pd_points_free(PdPoints *points)
{
    if (points == NULL)
        return;
    g_free(points->shown);
    g_ptr_array_unref(points->categories);
    pd_units_free(points->units);
    g_array_unref(points->nodes);
    g_array_unref(points->first);
    g_free(points->pairs);
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

void pd_points_set_least(PdPoints *points, gint64 least)
{
    points->least = least;
}

gint64 pd_points_least(const PdPoints *points)
{
    return points->least;
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

static const Node *node_at(const PdPoints *points, guint32 node)
{
    return &g_array_index(points->nodes, Node, node);
}

/* Where the unit leads to from there; ROOT: nowhere. */
static guint32 follow(const PdPoints *points, guint32 parent, guint32 unit)
{
    const PdNumbers *numbers = &points->by_branch;
    guint32 slot, node;

    if (unit == 0)
        return ROOT;
    if (parent == ROOT)
        return unit < points->first->len ? g_array_index(points->first, guint32, unit) : ROOT;
    slot = pd_numbers_mix(unit, parent) & numbers->mask;
    while ((node = numbers->slots[slot]) != 0) {
        if (node_at(points, node)->unit == unit && node_at(points, node)->parent == parent)
            return node;
        slot = (slot + 1) & numbers->mask;
    }
    return ROOT;
}

static guint32 add_branch(PdPoints *points, guint32 parent, guint32 unit)
{
    Node node = {.parent = parent, .unit = unit};
    PdNumbers *numbers = &points->by_branch;
    guint32 number = points->nodes->len;

    if (parent == ROOT) {
        g_array_set_size(points->first, MAX(points->first->len, unit + 1));
        g_array_index(points->first, guint32, unit) = number;
    }
    g_array_append_val(points->nodes, node);
    pd_numbers_take(numbers, pd_numbers_mix(unit, parent), number);
    for (guint32 i = 1, all = pd_numbers_grow(numbers, points->nodes->len) ? points->nodes->len : 0;
         i < all; i++)
        pd_numbers_take(numbers,
                        pd_numbers_mix(node_at(points, i)->unit, node_at(points, i)->parent), i);
    return number;
}

static guint32 node_of(PdPoints *points, const char *word, gsize length)
{
    guint count = 0;
    const PdUnitPlace *units = pd_units_learn(points->units, word, length, &count);
    guint32 node = ROOT;

    for (guint i = 0; i < count; i++) {
        guint32 next = follow(points, node, units[i].number);
        node = next != ROOT ? next : add_branch(points, node, units[i].number);
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

/* The words that begin with this unit. */
static void find_from(PdPoints *points, const PdUnitPlace *units, guint count, guint first)
{
    gsize start = first > 0 ? units[first - 1].end : 0;
    guint32 node = ROOT;

    for (guint i = first; i < count; i++) {
        if ((node = follow(points, node, units[i].number)) == ROOT)
            return;
        note(points, node, start, units[i].end);
    }
}

const PdPointsHit *pd_points_find(PdPoints *points, const char *text, gsize length, guint *count)
{
    guint unit_count = 0;
    const PdUnitPlace *units = pd_units_split(points->units, text, length, &unit_count);

    points->asked++;
    points->count = 0;
    for (guint i = 0; i < unit_count; i++) {
        if (units[i].number != 0)
            find_from(points, units, unit_count, i);
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
