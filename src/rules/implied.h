/* implied.h: which rules hold whenever another one does, as far as that is seen from how they are
 * written: conditions that ask for the same or for more. */
#ifndef RULES_IMPLIED_H
#define RULES_IMPLIED_H

#include "rules/evaluate.h"

/* Whether the conditions of the other hold wherever those of the rule do. */
gboolean pd_implies(const PdRule *rule, const PdRule *other);

/* Rules to be found by what they imply. */
typedef struct pd_implied PdImplied;
PdImplied *pd_implied_new(void);
void pd_implied_free(PdImplied *implied);
void pd_implied_add(PdImplied *implied, const PdRule *rule);
/* Of PdRule *, in their order: those added that hold whenever this one does. Caller unrefs. */
GPtrArray *pd_implied_by(const PdImplied *implied, const PdRule *rule);

#endif
