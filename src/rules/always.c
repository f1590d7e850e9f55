/* always.c: conditions that hold of every mail. */
#include "rules/always.h"

#include <string.h>

gboolean pd_matches_everything(PdMatcher *matcher, const PdPattern *pattern)
{
    static const char *const texts[] = {"", "q", "\n"};
    PdMatch match;

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (pd_pattern_match(pattern, matcher, texts[i], strlen(texts[i]), &match) != PD_YES)
            return FALSE;
    }
    return TRUE;
}

/* A mail may lack a header, and be from nobody; these texts it has, if empty ones. */
static gboolean text_always_holds(PdMatcher *matcher, const PdCondition *condition)
{
    if (condition->slot > PD_SLOT_FULL_TEXT)
        return FALSE;
    for (guint i = 0; i < condition->uses->len; i++) {
        if (pd_matches_everything(matcher, g_array_index(condition->uses, PdUse, i).pattern))
            return TRUE;
    }
    return FALSE;
}

static gboolean children_always_hold(PdMatcher *matcher, const PdCondition *condition)
{
    gboolean all = condition->kind == PD_CONDITION_ALL;

    for (guint i = 0; i < condition->children->len; i++) {
        if (pd_always_holds(matcher, g_ptr_array_index(condition->children, i)) != all)
            return !all;
    }
    return all;
}

gboolean pd_always_holds(PdMatcher *matcher, const PdCondition *condition)
{
    if (condition == NULL)
        return TRUE;
    switch (condition->kind) {
    case PD_CONDITION_TEXT:
        return text_always_holds(matcher, condition);
    case PD_CONDITION_ALL:
    case PD_CONDITION_ANY:
        return children_always_hold(matcher, condition);
    default:
        return FALSE;
    }
}
