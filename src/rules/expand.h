/* expand.h: texts with ${captures} in them. */
#ifndef RULES_EXPAND_H
#define RULES_EXPAND_H

#include "rules/model.h"

/* Names of all groups in the condition's patterns, NULL-terminated; borrowed strings. */
GPtrArray *pd_condition_captures(const PdCondition *condition);

/* The first ${name} that is none of the words, or NULL; caller frees. */
char *pd_expand_unknown(const char *template, const char *const *words);

/* The text with each ${name} replaced by what lookup gives; NULL as soon as that is NULL.
 * Caller frees. */
char *pd_expand(const char *template, const char *(*lookup)(const char *name, gconstpointer data),
                gconstpointer data);

#endif
