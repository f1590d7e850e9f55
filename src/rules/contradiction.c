/* contradiction.c: see contradiction.h. A mail has one language, one origin, one size, a ticket one
 * status; it may well have come in the hours of several calendars. */
#include "rules/contradiction.h"

#include <string.h>

/* Those that must all hold. */
static void flatten(const PdCondition *condition, GPtrArray *all)
{
    if (condition->kind != PD_CONDITION_ALL) {
        g_ptr_array_add(all, (gpointer)condition);
        return;
    }
    for (guint i = 0; i < condition->children->len; i++)
        flatten(g_ptr_array_index(condition->children, i), all);
}

/* "zh" goes with "zh_CN", "system" with "system/database". */
static gboolean go_together(const char *one, const char *other)
{
    gsize length = strlen(one), longer = strlen(other);

    if (length > longer)
        return go_together(other, one);
    return g_ascii_strncasecmp(one, other, length) == 0 &&
           (length == longer || other[length] == '_' || other[length] == '/');
}

static gboolean have_common_word(char **one, char **other)
{
    for (; *one != NULL; one++) {
        for (char **word = other; *word != NULL; word++) {
            if (go_together(*one, *word))
                return TRUE;
        }
    }
    return FALSE;
}

static gboolean needs_ticket(const PdCondition *condition)
{
    return condition->fact == PD_FACT_TICKET_STATUS || condition->fact == PD_FACT_TICKET_CATEGORY ||
           condition->fact == PD_FACT_AGE;
}

/* A ticket's fact, asked of mails that are no replies. */
static gboolean lacks_ticket(const PdCondition *present, const PdCondition *other)
{
    return present->kind == PD_CONDITION_PRESENT && present->fact == PD_FACT_TICKET &&
           !present->wanted &&
           (other->kind == PD_CONDITION_FACT || other->kind == PD_CONDITION_RANGE) &&
           needs_ticket(other);
}

static gboolean exclude(const PdCondition *one, const PdCondition *other)
{
    if (lacks_ticket(one, other) || lacks_ticket(other, one))
        return TRUE;
    if (one->kind != other->kind || one->fact != other->fact)
        return FALSE;
    switch (one->kind) {
    case PD_CONDITION_FACT:
        return one->fact != PD_FACT_INSIDE && !have_common_word(one->words, other->words);
    case PD_CONDITION_PRESENT:
        return one->slot == other->slot && one->wanted != other->wanted;
    case PD_CONDITION_RANGE:
        return MAX(one->least, other->least) > MIN(one->most, other->most);
    default:
        return FALSE;
    }
}

gboolean pd_contradiction(const PdCondition *when, const PdCondition **one,
                          const PdCondition **other)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    if (when != NULL)
        flatten(when, all);
    for (guint i = 0; i < all->len; i++) {
        for (guint j = i; j < all->len; j++) {
            *one = g_ptr_array_index(all, i);
            *other = g_ptr_array_index(all, j);
            if (exclude(*one, *other))
                return TRUE;
        }
    }
    return FALSE;
}
