/* rulestats.c: see postdesk/rulestats.h.
 *
 * A change is held against the rule that the decision names for the field, or against all
 * that voted for its category. What a category's own values, the matrix or the defaults gave is
 * no rule's doing.
 */
#include "postdesk/rulestats.h"

#include "desk/corrections.h"
#include <string.h>

#define PAGE 1000 /* decisions in memory */

typedef struct {
    char *id;
    gboolean is_known, is_shadow;
    gint64 hits, shadow_hits, differed, failed, near, changed, last_hit;
    GHashTable *changes; /* times, by what was changed */
} Row;

typedef struct {
    PdStore *store;
    GPtrArray *rows; /* of Row * */
    GHashTable *by_id;
    gint64 messages;
} Stats;

static const char *const fields[] = {"category", "impact", "urgency", "priority", "queue", NULL};

static void row_free(gpointer data)
{
    Row *row = data;

    g_free(row->id);
    g_hash_table_unref(row->changes);
    g_free(row);
}

static Row *row_of(Stats *stats, const char *id)
{
    Row *row = g_hash_table_lookup(stats->by_id, id);

    if (row != NULL)
        return row;
    row = g_new0(Row, 1);
    row->id = g_strdup(id);
    row->changes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(stats->rows, row);
    g_hash_table_insert(stats->by_id, row->id, row);
    return row;
}

/* Whether the shadow asks for a value that the ticket did not get. */
static gboolean would_differ(const PdJson *then, const PdJson *decided)
{
    for (guint i = 0; fields[i] != NULL; i++) {
        const char *wish = pd_json_get_text(then, fields[i]);
        const char *got = pd_json_get_text(pd_json_get(decided, fields[i]), "value");
        if (wish != NULL && g_strcmp0(wish, got) != 0)
            return TRUE;
    }
    return FALSE;
}

static void count_rule(Stats *stats, const PdJson *rule, const PdJson *decided, gint64 at)
{
    const char *id = pd_json_get_text(rule, "id");
    const char *outcome = pd_json_get_text(rule, "outcome");

    if (id == NULL || outcome == NULL)
        return;
    Row *row = row_of(stats, id);
    if (strcmp(outcome, "failed") == 0) {
        row->failed++;
        return;
    }
    row->last_hit = MAX(row->last_hit, at);
    if (strcmp(outcome, "shadow") == 0) {
        row->shadow_hits++;
        row->differed += would_differ(pd_json_get(rule, "then"), decided);
    } else {
        row->hits++;
    }
}

static void add_change(Row *row, const char *field, const char *from, const char *to)
{
    char *change = g_strdup_printf("%s %s -> %s", field, from, to[0] != '\0' ? to : "-");
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(row->changes, change));

    row->changed++;
    g_hash_table_insert(row->changes, change, GUINT_TO_POINTER(times + 1));
}

static gboolean has_set(const PdJson *rule, const char *by, const char *value)
{
    if (strcmp(by, "votes") == 0)
        return pd_json_get_int(pd_json_get(rule, "votes"), value, 0) > 0;
    return g_strcmp0(pd_json_get_text(rule, "id"), by) == 0;
}

static void count_change(Stats *stats, const PdJson *decision, const char *field,
                         const GPtrArray *events)
{
    const PdJson *decided = pd_json_get(pd_json_get(decision, "fields"), field);
    const PdJson *rules = pd_json_get(decision, "rules");
    const char *by = pd_json_get_text(decided, "by");
    const char *from = pd_json_get_text(decided, "value");
    const char *to = pd_correction_value(pd_correction(events, field), field);

    if (by == NULL || from == NULL || to == NULL || strcmp(from, to) == 0)
        return;
    for (gsize i = 0; i < pd_json_length(rules); i++) {
        const PdJson *rule = pd_json_at(rules, i);
        const char *id = pd_json_get_text(rule, "id");
        if (id != NULL && has_set(rule, by, from))
            add_change(row_of(stats, id), field, from, to);
    }
}

static PdStatus *count_changes(Stats *stats, const PdJson *decision, gint64 ticket)
{
    g_autoptr(GPtrArray) events = NULL;

    PD_TRY(pd_ticket_events(stats->store, ticket, &events));
    for (guint i = 0; fields[i] != NULL; i++)
        count_change(stats, decision, fields[i], events);
    return NULL;
}

static PdStatus *count_decision(Stats *stats, const PdStoredDecision *stored)
{
    g_autoptr(PdJson) why = NULL;

    PD_TRY(pd_json_parse(stored->json, strlen(stored->json), &why));
    const PdJson *decision = pd_json_get(why, "rules");
    const PdJson *rules = pd_json_get(decision, "rules");
    const PdJson *decided = pd_json_get(decision, "fields");
    const PdJson *near = pd_json_get(decision, "near");
    stats->messages++;
    for (gsize i = 0; i < pd_json_length(near); i++) {
        const char *id = pd_json_string(pd_json_at(near, i));
        if (id != NULL)
            row_of(stats, id)->near++;
    }
    for (gsize i = 0; i < pd_json_length(rules); i++)
        count_rule(stats, pd_json_at(rules, i), decided, stored->taken_at);
    /* What rules say of a reply does not set the fields of its ticket. */
    if (stored->ticket == 0 || g_strcmp0(pd_json_get_text(why, "act"), "create") != 0)
        return NULL;
    return count_changes(stats, decision, stored->ticket);
}

static PdStatus *count_all(Stats *stats, gint64 since)
{
    gint64 after = 0;

    PD_TRY(pd_decisions_before(stats->store, since, &after));
    for (;;) {
        g_autoptr(GPtrArray) page = NULL;
        PD_TRY(pd_decisions_after(stats->store, after, since, PAGE, &page));
        for (guint i = 0; i < page->len; i++)
            PD_TRY(count_decision(stats, g_ptr_array_index(page, i)));
        if (page->len < PAGE)
            return NULL;
        after = ((const PdStoredDecision *)g_ptr_array_index(page, page->len - 1))->inbox;
    }
}

/* Of equally common ones the first by name, so that the same store says the same. */
static PdJson *commonest_json(const Row *row)
{
    const char *best = NULL;
    guint most = 0;
    GHashTableIter each;
    gpointer change, times;

    g_hash_table_iter_init(&each, row->changes);
    while (g_hash_table_iter_next(&each, &change, &times)) {
        guint count = GPOINTER_TO_UINT(times);
        if (count > most || (count == most && strcmp(change, best) < 0)) {
            best = change;
            most = count;
        }
    }
    if (best == NULL)
        return pd_json_text(NULL);
    return pd_json_set_int(pd_json_set_text(pd_json_object(), "change", best), "times", most);
}

static PdJson *row_json(const Row *row)
{
    PdJson *object = pd_json_set_text(pd_json_object(), "id", row->id);

    pd_json_set_bool(object, "shadow", row->is_shadow);
    pd_json_set_int(object, "hits", row->hits);
    pd_json_set_int(object, "shadow_hits", row->shadow_hits);
    pd_json_set_int(object, "differed", row->differed);
    pd_json_set_int(object, "failed", row->failed);
    pd_json_set_int(object, "near", row->near);
    pd_json_set_int(object, "last_hit", row->last_hit);
    pd_json_set_int(object, "changed", row->changed);
    return pd_json_set(object, "commonest", commonest_json(row));
}

static gint compare_gone(gconstpointer one, gconstpointer other)
{
    return strcmp((*(const Row *const *)one)->id, (*(const Row *const *)other)->id);
}

static PdJson *stats_json(const Stats *stats)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new();
    PdJson *document = pd_json_object(), *known = pd_json_array(), *others = pd_json_array();

    for (guint i = 0; i < stats->rows->len; i++) {
        Row *row = g_ptr_array_index(stats->rows, i);
        if (row->is_known)
            pd_json_add(known, row_json(row));
        else
            g_ptr_array_add(gone, row);
    }
    g_ptr_array_sort(gone, compare_gone);
    for (guint i = 0; i < gone->len; i++)
        pd_json_add(others, row_json(g_ptr_array_index(gone, i)));
    pd_json_set_int(document, "messages", stats->messages);
    pd_json_set(document, "rules", known);
    return pd_json_set(document, "gone", others);
}

PdStatus *pd_rule_stats(PdStore *store, const PdRuleSet *set, gint64 since, PdJson **stats)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    Stats all = {.store = store, .rows = rows, .by_id = by_id};

    for (guint i = 0; i < pd_rule_set_count(set); i++) {
        gboolean is_shadow = FALSE;
        Row *row = row_of(&all, pd_rule_set_rule(set, i, &is_shadow));
        row->is_known = TRUE;
        row->is_shadow = is_shadow;
    }
    PD_TRY(count_all(&all, since));
    *stats = stats_json(&all);
    return NULL;
}
