/* dear.h: patterns that some texts make dear. */
#ifndef RULES_DEAR_H
#define RULES_DEAR_H

#include "rules/pattern.h"

#define PD_DEAR_STEPS 100000u /* a tenth of what a mail may cost at most */

/* Tries the pattern on texts that make careless repetition dear. The beginning of one that took
 * more steps than the matcher is set to (caller frees), or NULL. */
char *pd_dear_text(PdMatcher *matcher, const PdPattern *pattern);

#endif
