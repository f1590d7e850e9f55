/* replay_compare.c: two decisions on one mail, held against each other. */
#include "desk/replay_worker.h"

#include <string.h>

const char *const pd_replay_guard_names[PD_GUARDS + 1] = {
    "newly dropped",
    "newly quarantined",
    "priority drops",
    "priority rises",
    "P1 lost",
    "category changes",
    "queue changes",
    "category lost",
    "rule fails",
    "any change",
    NULL,
};

static void add_change(PdJson *changes, const char *field, const char *from, const char *to)
{
    PdJson *change = pd_json_array();

    if (g_strcmp0(from, to) == 0) {
        pd_json_free(change);
        return;
    }
    pd_json_add_text(change, field);
    pd_json_add_text(change, from != NULL ? from : "");
    pd_json_add_text(change, to != NULL ? to : "");
    pd_json_add(changes, change);
}

static gint compare_texts(gconstpointer one, gconstpointer other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The order in which rules gave them says nothing. */
static char *sorted_words(const GPtrArray *words)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    for (guint i = 0; i < words->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(words, i));
    g_ptr_array_sort(sorted, compare_texts);
    g_ptr_array_add(sorted, NULL);
    return g_strjoinv(" ", (char **)sorted->pdata);
}

static void add_words(PdJson *changes, const char *field, const GPtrArray *before,
                      const GPtrArray *after)
{
    g_autofree char *from = sorted_words(before);
    g_autofree char *to = sorted_words(after);

    add_change(changes, field, from, to);
}

static gboolean became_default(const PdDecision *before, const PdDecision *after)
{
    return g_strcmp0(pd_decision_field_by(before, "category"), "default") != 0 &&
           g_strcmp0(pd_decision_field_by(after, "category"), "default") == 0;
}

/* "P1" comes before "P4"; no priority is behind all. */
static guint guards_of_priority(const char *from, const char *to)
{
    int order = strcmp(to != NULL ? to : "P9", from != NULL ? from : "P9");
    gboolean loses_p1 = g_strcmp0(from, "P1") == 0 && order != 0;

    return (order > 0 ? 1u << PD_GUARD_PRIORITY_DROPS : 0) |
           (order < 0 ? 1u << PD_GUARD_PRIORITY_RISES : 0) |
           (loses_p1 ? 1u << PD_GUARD_P1_LOST : 0);
}

static gboolean changes_field(const PdDecision *before, const PdDecision *after, const char *field)
{
    return g_strcmp0(pd_decision_field(before, field), pd_decision_field(after, field)) != 0;
}

static guint guards_of(const PdDecision *before, const PdDecision *after)
{
    const struct {
        PdReplayGuard guard;
        gboolean crossed;
    } table[] = {
        {PD_GUARD_NEWLY_DROPPED,
         pd_decision_drop(before) == NULL && pd_decision_drop(after) != NULL},
        {PD_GUARD_NEWLY_QUARANTINED,
         pd_decision_quarantine(before) == NULL && pd_decision_quarantine(after) != NULL},
        {PD_GUARD_CATEGORY_CHANGES, changes_field(before, after, "category")},
        {PD_GUARD_QUEUE_CHANGES, changes_field(before, after, "queue")},
        {PD_GUARD_CATEGORY_LOST, became_default(before, after)},
        {PD_GUARD_RULE_FAILS, pd_decision_failed(after)->len > pd_decision_failed(before)->len},
    };
    guint guards = guards_of_priority(pd_decision_field(before, "priority"),
                                      pd_decision_field(after, "priority"));

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        guards |= table[i].crossed ? 1u << table[i].guard : 0;
    return guards;
}

PdJson *pd_replay_compare(const PdDecision *before, const PdDecision *after, guint *guards)
{
    static const char *const fields[] = {"category",  "impact",  "urgency",  "priority",
                                         "queue",     "assign",  "language", "template",
                                         "merge_key", "resolve", NULL};
    PdJson *changes = pd_json_array();

    for (guint i = 0; fields[i] != NULL; i++)
        add_change(changes, fields[i], pd_decision_field(before, fields[i]),
                   pd_decision_field(after, fields[i]));
    add_change(changes, "drop", pd_decision_drop(before), pd_decision_drop(after));
    add_change(changes, "quarantine", pd_decision_quarantine(before),
               pd_decision_quarantine(after));
    add_words(changes, "tags", pd_decision_tags(before), pd_decision_tags(after));
    add_words(changes, "watchers", pd_decision_watchers(before), pd_decision_watchers(after));
    *guards = guards_of(before, after);
    if (*guards != 0 || pd_json_length(changes) > 0)
        *guards |= 1u << PD_GUARD_ANY_CHANGE;
    return changes;
}
