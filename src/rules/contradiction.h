/* contradiction.h: conditions of a rule that can never hold together, as far as that is seen from
 * how they are written: facts that have one value each. */
#ifndef RULES_CONTRADICTION_H
#define RULES_CONTRADICTION_H

#include "rules/model.h"

/* Two of the conditions that must all hold and exclude each other; FALSE if none are seen. Both
 * are the same if one excludes itself. */
gboolean pd_contradiction(const PdCondition *when, const PdCondition **one,
                          const PdCondition **other);

#endif
