/* rulestats.h: how rules have fared with the mail that is stored.
 *
 * Read from the stored decisions and the events of their tickets; no mail is read again.
 */
#ifndef POSTDESK_RULESTATS_H
#define POSTDESK_RULESTATS_H

#include "postdesk/json.h"
#include "postdesk/rules.h"
#include "postdesk/store.h"

/* {"messages": 40, "rules": [row …], "gone": [row …]}: the set's rules in their order, then those
 * that are in it no more, by id. A row:
 *   "id", "shadow", "hits", "shadow_hits", "differed" (shadow hits that would have set another
 *   value), "failed", "near" (all conditions but one held, a pattern that matched among them),
 *   "last_hit" (microseconds, 0: never), "changed" (fields that it set when the
 *   ticket was opened, and that a person left otherwise), "commonest" {"change", "times"} or null
 */
PdStatus *pd_rule_stats(PdStore *store, const PdRuleSet *set, gint64 since, PdJson **stats);

#endif
