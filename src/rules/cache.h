/* cache.h: what was made of a rule set before, in one file.
 *
 * The file is a help and nothing more: one that is missing, broken, or of another set or library
 * is ignored, and written anew when there is something to keep.
 */
#ifndef RULES_CACHE_H
#define RULES_CACHE_H

#include "rules/model.h"

/* Takes what there is for just this set: its scanners, and that its tests passed. After reading,
 * before pd_uses_finish(). */
void pd_cache_read(PdRuleSet *set, const char *path);
/* As pd_rule_set_compile(), for the slots of which so many patterns are used, or more. */
PdStatus *pd_cache_compile(const PdRuleSet *set, const char *path, guint least_uses);

#endif
