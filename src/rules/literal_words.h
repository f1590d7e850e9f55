/* literal_words.h: alternatives of nothing but characters, as in "(?:network|网络|vpn)".
 *
 * Most of what rules hold are such words. What is known of each is known of all, so they are read
 * in one go; for literals.c, which reads whatever else there is.
 */
#ifndef RULES_LITERAL_WORDS_H
#define RULES_LITERAL_WORDS_H

#include "rules/literal_reader.h"
#include "rules/literal_set.h"

/* Where a whole alternative begins: whether it is a word. */
gboolean pd_literal_words_begin(const PdLiteralReader *r);
/* Reads all words that stand here one behind the other, up to the "|" before another alternative
 * or the end. set: gets each; head: gets what they begin with, and must be new. tails: get what
 * stands behind them. */
void pd_literal_words_read(PdLiteralReader *r, GPtrArray *set, PdTail *head, GPtrArray *tails,
                           PdExtent *extent);

#endif
