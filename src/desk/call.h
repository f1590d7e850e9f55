/* call.h: a call that somebody of the desk took down and mailed in.
 *
 *   /new (/来电)            first line
 *   who: 张三               fields in any order, with colons of either width; text below
 *   subject: printer
 *
 * It opens a ticket of the caller, as "postdesk new" does. */
#ifndef DESK_CALL_H
#define DESK_CALL_H

#include "desk/desk_private.h"
#include "desk/problem.h"
#include "desk/standing.h"
#include "postdesk/inbox.h"
#include "postdesk/mail.h"

typedef struct {
    char *name, *address; /* of the caller; either may be NULL */
    char *phone, *department, *subject, *text;
    char *priority, *category, *queue, *assignee; /* as they stand on a ticket, or NULL */
    GPtrArray *problems;   /* of PdCallProblem *: what could not be taken over */
    char *taken_by;        /* address of whoever took it down, or his name on this machine */
    const char *channel;   /* "mail", "cli" */
    char *taken_by_name;   /* or NULL */
    const PdPerson *taker; /* or NULL; borrowed from the desk */
    PdStanding standing;   /* his */
    char *signed_name;     /* of the signed text, or NULL (proven.h) */
    gboolean may_answer;   /* he may be mailed */
} PdCall;

typedef struct {
    char *line;
    PdProblem problem;
} PdCallProblem;

/* Does the text begin with the command? Pure. */
gboolean pd_call_begins(const char *text);
/* Reads the form, with which the text begins. NULL with a problem where it names no caller, or says
 * nothing. fallback: the subject where the form has none (may be ""). */
PdCall *pd_call_read(const PdDesk *desk, const char *text, const char *fallback,
                     const PdPerson *taker, PdProblem *problem);
void pd_call_free(PdCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdCall, pd_call_free)

/* The call that a row holds which was taken down at this machine (callrecord.h); NULL: it holds
 * none. The mail is the caller's from then on. */
PdCall *pd_call_of_record(const PdConfig *config, const PdInboxRow *row, PdMail *mail);

/* The mail as if the caller had written it. What stands in it of the taker is gone. */
void pd_call_become_callers(const PdCall *call, const PdConfig *config, PdMail *mail);
/* What the form says of the ticket, into the fields of its opening. */
void pd_call_set(const PdCall *call, PdJson *set);

/* "mailto:…": an empty form to whoever may fill it in, with a token of his own. NULL for a rank
 * that may not. Caller frees. */
char *pd_call_link(const PdDesk *desk, const char *address, PdRank rank, const char *language);

#endif
