/* clause.h: what one clause of a short answer says: thanks, a confirmation, or something else. */
#ifndef POSTDESK_MAIL_CLAUSE_H
#define POSTDESK_MAIL_CLAUSE_H

#include <glib.h>

typedef enum {
    PD_CLAUSE_OTHER,
    PD_CLAUSE_THANKS,
    PD_CLAUSE_CONFIRMS,
    PD_CLAUSE_POLITE, /* a greeting, a regard: says nothing */
} PdClause;

/* clause: in lower case, white space folded, without marks, not empty. The first one of a text may
 * greet. A clause of Chinese and Japanese, also with Latin words in it: eastern. */
gboolean pd_clause_is_eastern(const char *clause);
PdClause pd_clause_eastern(const char *clause);
PdClause pd_clause_western(const char *clause, gboolean is_first);

#endif
