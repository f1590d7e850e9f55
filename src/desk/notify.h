/* notify.h: one mail of the desk, from occasion and ticket to its outbox row. */
#ifndef DESK_NOTIFY_H
#define DESK_NOTIFY_H

#include "desk/authority.h"
#include "desk/desk_private.h"

typedef struct {
    const char *occasion;        /* purpose of the outbox row */
    const char *template;        /* NULL: the occasion's own */
    const char *language;        /* one of the desk's */
    PdJson *values;              /* what can be done now is added to it */
    gint64 ticket;               /* 0: an alarm */
    const char *recipient;       /* address */
    const char *recipient_name;  /* or NULL */
    const char *in_reply_to;     /* Message-ID, or NULL */
    const GPtrArray *references; /* of char *, or NULL */
    const char *auto_submitted;
    const GPtrArray *enclosures; /* of PdEnclosure *, or NULL */
    const char *held;            /* why the row is not sent yet (it becomes "unknown"), or NULL */
    const char *at_once;         /* why it did not wait for the end of quiet hours, or NULL */
    PdJson *gathered;            /* what was put aside before and is told with it, or NULL */
    PdRank rank;                 /* what the recipient is to the ticket */
    const char *status; /* of the ticket: what can be done now hangs on it; NULL: nothing */
    guint actions;      /* PD_ACTIONS_… */
} PdNotice;

/* Renders and composes, and changes nothing. token stands in the address that is answered to. The
 * caller frees both. */
PdStatus *pd_notice_write(const PdDesk *desk, const PdNotice *notice, const char *token,
                          const char *message_id, PdRendered **rendered, GBytes **mail);
/* Renders, composes and adds the outbox row in the running transaction. *message_id (of the
 * mail, caller frees) and *outbox may be NULL. */
PdStatus *pd_notify(const PdDesk *desk, const PdNotice *notice, char **message_id, gint64 *outbox);

/* Where answers about a ticket lead back to it, by a token of his own; caller frees. */
char *pd_notify_reply_address(const PdDesk *desk, gint64 ticket, const char *recipient,
                              PdRank rank);

#endif
