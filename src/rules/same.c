/* same.c: see same.h. Patterns are compared as they are handed to PCRE2, with the words of a list
 * in them: lists of one name may say different things. */
#include "rules/same.h"

#include <string.h>

/* Two conditions and their sets. */
typedef struct {
    const PdRuleSet *set, *other_set;
    const PdCondition *condition, *other;
} Pair;

gboolean pd_rule_sets_read_alike(const PdRuleSet *one, const PdRuleSet *other)
{
    return (one->han != NULL) == (other->han != NULL);
}

static const char *header_of(const PdRuleSet *set, guint slot)
{
    return slot >= PD_SLOT_HEADERS && slot != PD_NO_SLOT
               ? g_ptr_array_index(set->headers, slot - PD_SLOT_HEADERS)
               : NULL;
}

/* Headers are numbered as each set happens to ask for them. */
static gboolean same_slot(const Pair *pair)
{
    const char *header = header_of(pair->set, pair->condition->slot);
    const char *other = header_of(pair->other_set, pair->other->slot);

    if (header == NULL || other == NULL)
        return header == other && pair->condition->slot == pair->other->slot;
    return g_ascii_strcasecmp(header, other) == 0;
}

static gboolean same_patterns(const GArray *uses, const GArray *others)
{
    if (uses == NULL || others == NULL)
        return uses == others;
    if (uses->len != others->len)
        return FALSE;
    for (guint i = 0; i < uses->len; i++) {
        const PdPattern *pattern = g_array_index(uses, PdUse, i).pattern;
        const PdPattern *other = g_array_index(others, PdUse, i).pattern;
        if (strcmp(pd_pattern_rewritten(pattern), pd_pattern_rewritten(other)) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean same_words(char **words, char **others)
{
    if (words == NULL || others == NULL)
        return words == others;
    return g_strv_equal((const char *const *)words, (const char *const *)others);
}

static gboolean same_children(const Pair *pair)
{
    const GPtrArray *children = pair->condition->children, *others = pair->other->children;

    if (children == NULL || others == NULL)
        return children == others;
    if (children->len != others->len)
        return FALSE;
    for (guint i = 0; i < children->len; i++) {
        if (!pd_condition_is_same(pair->set, g_ptr_array_index(children, i), pair->other_set,
                                  g_ptr_array_index(others, i)))
            return FALSE;
    }
    return TRUE;
}

gboolean pd_condition_is_same(const PdRuleSet *set, const PdCondition *condition,
                              const PdRuleSet *other_set, const PdCondition *other)
{
    const Pair pair = {set, other_set, condition, other};

    if (condition == NULL || other == NULL)
        return condition == other;
    return condition->kind == other->kind && condition->fact == other->fact &&
           condition->wanted == other->wanted && condition->least == other->least &&
           condition->most == other->most && same_slot(&pair) &&
           same_patterns(condition->uses, other->uses) &&
           same_patterns(condition->types, other->types) &&
           same_patterns(condition->texts, other->texts) &&
           same_words(condition->words, other->words) && same_children(&pair);
}
