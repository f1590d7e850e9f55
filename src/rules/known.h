/* known.h: rules whose answers are known from an earlier decision on the same mail. */
#ifndef RULES_KNOWN_H
#define RULES_KNOWN_H

#include "rules/evaluate.h"

#define PD_NO_RULE (-1)

struct pd_rule_kin {
    PdRuleSet *from, *to; /* references */
    GHashTable *by_id;    /* index plus one of the rules of from; ids belong to the set */
    GArray *like; /* of gint, by rule of to: the rule of from that asks the same, or PD_NO_RULE */
};

struct pd_rule_answers {
    GByteArray *outcomes; /* PdRuleOutcome, by rule; those skipped are not known */
};

/* The index of the rule of that id in from, or PD_NO_RULE; id may be NULL. */
gint pd_rule_kin_find(const PdRuleKin *kin, const char *id);

#endif
