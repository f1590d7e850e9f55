/* weaken.h: a pattern made simpler, so that it matches wherever the pattern does, and more. */
#ifndef RULES_WEAKEN_H
#define RULES_WEAKEN_H

/* Of a rewritten pattern (pattern.h), for a scanner that reads caseless, "^" and "$" at every
 * line, and "." as any character. NULL: not all of it was understood. Caller frees. */
char *pd_pattern_weaken(const char *rewritten);

#endif
