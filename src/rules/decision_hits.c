/* decision_hits.c: what matched, in the short form that is stored with each ticket: enough to show
 * why a rule applied when the rule files are long gone, and no more. */
#include "rules/evaluate.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_HITS 12        /* of a rule */
#define LONGEST_PATTERN 120 /* bytes that are kept of it; the rule files have all of it */

/* [condition, pattern, first byte, byte behind the last, text], and captures where there are any.
 */
static PdJson *short_hit_json(const PdCondition *condition, const PdHit *hit)
{
    g_autofree char *matched = g_strndup(hit->context + hit->before, hit->matched);
    g_autofree char *pattern = pd_text_shorten(pd_pattern_shown(hit->pattern), LONGEST_PATTERN);
    PdJson *array = pd_json_array();

    pd_json_add_text(array, condition->name);
    pd_json_add_text(array, pattern);
    pd_json_add_int(array, (gint64)hit->start);
    pd_json_add_int(array, (gint64)hit->end);
    pd_json_add_text(array, matched);
    if (hit->groups != NULL)
        pd_json_add(array, pd_hit_captures(hit));
    return array;
}

/* The matches of a condition and of all below it; and those that could not tell. */
static void add_short_hits(const PdDecision *decision, const PdCondition *condition, PdJson *hits,
                           PdJson *unknown)
{
    for (guint i = 0; i < decision->hits->len && pd_json_length(hits) < MOST_HITS; i++) {
        const PdHit *hit = &g_array_index(decision->hits, PdHit, i);
        if (hit->condition == condition->index)
            pd_json_add(hits, short_hit_json(condition, hit));
    }
    if (condition->children == NULL && decision->answers[condition->index] == PD_UNKNOWN)
        pd_json_add_text(unknown, condition->name);
    for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
        add_short_hits(decision, g_ptr_array_index(condition->children, i), hits, unknown);
}

void pd_decision_set_hits(PdJson *object, const PdDecision *decision, const PdRule *rule)
{
    g_autoptr(PdJson) hits = pd_json_array(), unknown = pd_json_array();

    if (rule->when != NULL)
        add_short_hits(decision, rule->when, hits, unknown);
    if (pd_json_length(hits) > 0)
        pd_json_set(object, "hits", pd_json_ref(hits));
    if (pd_json_length(unknown) > 0)
        pd_json_set(object, "unknown", pd_json_ref(unknown));
}
