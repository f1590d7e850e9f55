/* implied.c: see implied.h.
 *
 * A rule's conditions are a conjunction of parts. A part that lists alternatives (patterns, words)
 * is implied by one of the same kind that lists no others; any part by one that is written alike. A
 * rule is implied if each of its parts is implied by a part of the other. To find such rules among
 * thousands, each is kept under every alternative of its first part: one of them is in any part
 * that implies it.
 */
#include "rules/implied.h"

#include <string.h>

#define MOST_TRIED 2000 /* of the rules that ask for the same word */

struct pd_implied {
    GHashTable *by_key; /* GPtrArray of PdRule *, by an alternative */
    GPtrArray *always;  /* of PdRule *: without conditions */
};

/* The parts that must all hold: maps inside maps are one conjunction. */
static void add_parts(GPtrArray *parts, const PdCondition *condition)
{
    if (condition->kind != PD_CONDITION_ALL) {
        g_ptr_array_add(parts, (gpointer)condition);
        return;
    }
    for (guint i = 0; i < condition->children->len; i++)
        add_parts(parts, g_ptr_array_index(condition->children, i));
}

static GPtrArray *parts_of(const PdRule *rule)
{
    GPtrArray *parts = g_ptr_array_new();

    if (rule->when != NULL)
        add_parts(parts, rule->when);
    return parts;
}

static void append_uses(GString *key, const char *what, const GArray *uses)
{
    for (guint i = 0; uses != NULL && i < uses->len; i++)
        g_string_append_printf(key, " %s:%s", what,
                               pd_pattern_shown(g_array_index(uses, PdUse, i).pattern));
}

/* Equal for conditions that are written alike. */
static void append_key(GString *key, const PdCondition *condition)
{
    g_string_append_printf(key, "(%d %s", (int)condition->kind, condition->name);
    append_uses(key, "pattern", condition->uses);
    append_uses(key, "type", condition->types);
    append_uses(key, "text", condition->texts);
    for (guint i = 0; condition->words != NULL && condition->words[i] != NULL; i++)
        g_string_append_printf(key, " word:%s", condition->words[i]);
    if (condition->kind == PD_CONDITION_RANGE)
        g_string_append_printf(key, " %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, condition->least,
                               condition->most);
    if (condition->kind == PD_CONDITION_PRESENT)
        g_string_append(key, condition->wanted ? " there" : " absent");
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        append_key(key, g_ptr_array_index(condition->children, i));
    g_string_append_c(key, ')');
}

static char *key_of(const PdCondition *condition)
{
    GString *key = g_string_new(NULL);

    append_key(key, condition);
    return g_string_free(key, FALSE);
}

/* What one of must be so; NULL where the condition is no plain list of alternatives. */
static GPtrArray *alternatives_of(const PdCondition *condition)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

    if (condition->kind == PD_CONDITION_TEXT) {
        for (guint i = 0; i < condition->uses->len; i++)
            g_ptr_array_add(
                keys, g_strdup_printf(
                          "%s %s", condition->name,
                          pd_pattern_shown(g_array_index(condition->uses, PdUse, i).pattern)));
    } else if (condition->kind == PD_CONDITION_DOMAIN || condition->kind == PD_CONDITION_FACT) {
        for (guint i = 0; condition->words[i] != NULL; i++)
            g_ptr_array_add(keys, g_strdup_printf("%s %s", condition->name, condition->words[i]));
    } else {
        g_ptr_array_add(keys, key_of(condition));
    }
    return keys;
}

static gboolean is_subset(const GPtrArray *some, const GPtrArray *all)
{
    for (guint i = 0; i < some->len; i++) {
        if (!g_ptr_array_find_with_equal_func((GPtrArray *)all, g_ptr_array_index(some, i),
                                              g_str_equal, NULL))
            return FALSE;
    }
    return TRUE;
}

static gboolean part_is_implied(const PdCondition *part, const GPtrArray *by)
{
    g_autoptr(GPtrArray) wanted = alternatives_of(part);

    for (guint i = 0; i < by->len; i++) {
        const PdCondition *other = g_ptr_array_index(by, i);
        g_autoptr(GPtrArray) given = NULL;
        if (other->kind != part->kind || strcmp(other->name, part->name) != 0)
            continue;
        given = alternatives_of(other);
        if (is_subset(given, wanted))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_implies(const PdRule *rule, const PdRule *other)
{
    g_autoptr(GPtrArray) by = parts_of(rule), parts = parts_of(other);

    for (guint i = 0; i < parts->len; i++) {
        if (!part_is_implied(g_ptr_array_index(parts, i), by))
            return FALSE;
    }
    return TRUE;
}

PdImplied *pd_implied_new(void)
{
    PdImplied *implied = g_new0(PdImplied, 1);

    implied->by_key =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    implied->always = g_ptr_array_new();
    return implied;
}

void pd_implied_free(PdImplied *implied)
{
    g_hash_table_unref(implied->by_key);
    g_ptr_array_unref(implied->always);
    g_free(implied);
}

void pd_implied_add(PdImplied *implied, const PdRule *rule)
{
    g_autoptr(GPtrArray) parts = parts_of(rule), keys = NULL;

    if (parts->len == 0) {
        g_ptr_array_add(implied->always, (gpointer)rule);
        return;
    }
    keys = alternatives_of(g_ptr_array_index(parts, 0));
    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);
        GPtrArray *rules = g_hash_table_lookup(implied->by_key, key);
        if (rules == NULL) {
            rules = g_ptr_array_new();
            g_hash_table_insert(implied->by_key, g_strdup(key), rules);
        }
        if (rules->len < MOST_TRIED)
            g_ptr_array_add(rules, (gpointer)rule);
    }
}

static void add_implied(GPtrArray *found, const GPtrArray *tried, const PdRule *rule)
{
    for (guint i = 0; tried != NULL && i < tried->len; i++) {
        const PdRule *other = g_ptr_array_index(tried, i);
        if (!g_ptr_array_find(found, other, NULL) && pd_implies(rule, other))
            g_ptr_array_add(found, (gpointer)other);
    }
}

static gint compare_rules(gconstpointer one, gconstpointer other)
{
    guint first = (*(const PdRule *const *)one)->index;
    guint second = (*(const PdRule *const *)other)->index;

    return (first > second) - (first < second);
}

/* A part that implies another lists only alternatives of that: so each of its own leads there. */
GPtrArray *pd_implied_by(const PdImplied *implied, const PdRule *rule)
{
    g_autoptr(GPtrArray) parts = parts_of(rule);
    GPtrArray *found = g_ptr_array_new();

    add_implied(found, implied->always, rule);
    for (guint i = 0; i < parts->len; i++) {
        g_autoptr(GPtrArray) keys = alternatives_of(g_ptr_array_index(parts, i));
        if (keys->len > 0)
            add_implied(found, g_hash_table_lookup(implied->by_key, g_ptr_array_index(keys, 0)),
                        rule);
    }
    g_ptr_array_sort(found, compare_rules);
    return found;
}
