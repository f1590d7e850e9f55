/* owners.h: which patterns are told of a literal that was found.
 *
 * The patterns that share a literal are kept by their tails (tail.h): a tail is looked at once
 * for all patterns that have the same, and no more after it was found.
 */
#ifndef RULES_OWNERS_H
#define RULES_OWNERS_H

#include "rules/tail.h"

typedef struct pd_owners PdOwners;

PdOwners *pd_owners_new(void);
void pd_owners_free(PdOwners *owners);

/* literal: its number. tail: or NULL. id: of the pattern. */
void pd_owners_add(PdOwners *owners, guint literal, const PdTail *tail, guint id);
/* After the last, before the first is told. literals: how many there are. */
void pd_owners_finish(PdOwners *owners, guint literals);

/* What is found in one text. */
typedef struct pd_owners_scan PdOwnersScan;

PdOwnersScan *pd_owners_scan_new(const PdOwners *owners);
void pd_owners_scan_free(PdOwnersScan *scan);

/* found: by id, of which some become TRUE. ids: those, some perhaps twice. */
void pd_owners_scan_begin(PdOwnersScan *scan, const char *text, gsize length, guint8 *found,
                          GArray *ids);
/* A literal was found that ends before this byte; first: for the first time in this text. */
void pd_owners_tell(const PdOwners *owners, PdOwnersScan *scan, guint literal, gsize end,
                    gboolean first);

#endif
