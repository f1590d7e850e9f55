/* same.h: whether two rule sets ask the same. */
#ifndef RULES_SAME_H
#define RULES_SAME_H

#include "rules/model.h"

/* Whether both sets' texts are read alike, so that their conditions can be held against each
 * other. */
gboolean pd_rule_sets_read_alike(const PdRuleSet *one, const PdRuleSet *other);

/* Whether the condition of the one set and that of the other have the same answer for every mail
 * and the same facts. NULL (a rule that always holds) is the same as NULL only. */
gboolean pd_condition_is_same(const PdRuleSet *set, const PdCondition *condition,
                              const PdRuleSet *other_set, const PdCondition *other);

#endif
