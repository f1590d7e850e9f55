/* always.h: what holds of every mail, for lint. */
#ifndef RULES_ALWAYS_H
#define RULES_ALWAYS_H

#include "rules/model.h"

/* Tried on texts that have little in common: it says no of hardly any. */
gboolean pd_matches_everything(PdMatcher *matcher, const PdPattern *pattern);

/* NULL, a pattern that matches everything on a text that every mail has, or what is made of such
 * conditions. FALSE says nothing. */
gboolean pd_always_holds(PdMatcher *matcher, const PdCondition *condition);

#endif
