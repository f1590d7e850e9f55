/* han.h: traditional Chinese characters brought into their simplified form.
 *
 * A table of single characters, so that a decision of today comes out the same with the
 * libraries of years later, and so that nothing changes its place: each character of the table
 * takes three bytes, as its other form does.
 */
#ifndef RULES_HAN_H
#define RULES_HAN_H

#include <glib.h>

typedef struct pd_han_fold PdHanFold;

PdHanFold *pd_han_fold_new(void);
void pd_han_fold_free(PdHanFold *fold);

/* Valid UTF-8, changed in place. fold may be NULL: nothing changes. */
void pd_han_fold_text(const PdHanFold *fold, char *text);
/* A pattern: the ends of ranges in classes stay as they are. */
void pd_han_fold_pattern(const PdHanFold *fold, char *pattern);

#endif
