/* answer.h: may this mail be answered automatically, and to whom? (I7, pure) */
#ifndef DESK_ANSWER_H
#define DESK_ANSWER_H

#include "postdesk/config.h"
#include "postdesk/mail.h"

/* What was used of the reply budget, as far as it matters. */
typedef struct {
    gboolean over_recipient; /* this recipient had all mails of this hour */
    gboolean over_desk;      /* the desk had */
} PdBudget;

typedef struct {
    gboolean may;
    gboolean is_partner; /* a person whom the desk talks with, whether answered now or not: there is
                            a From */
    const char *reason;  /* why not, or "may be answered"; static */
    const PdAddress *to; /* borrowed from the mail; NULL if nobody can be answered */
} PdAnswer;

/* Whom an answer would go to; NULL if nobody, as where there is no From. A list's address is never
 * it. */
const PdAddress *pd_answer_address(const PdMail *mail, const PdConfig *config);
PdAnswer pd_answer_decide(const PdMail *mail, const PdConfig *config, const PdBudget *budget);

#endif
