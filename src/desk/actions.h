/* actions.h: the handful of things that a reader can do now, each by one tap: links that open
 * an answer with the command filled in. */
#ifndef DESK_ACTIONS_H
#define DESK_ACTIONS_H

#include "desk/authority.h"
#include "desk/desk_private.h"

#define PD_ACTIONS_RATE 1 /* the mail asks how it was */
#define PD_ACTIONS_HIS 2  /* the ticket is the reader's own to work on */
#define PD_ACTIONS_HELD 4 /* its sender is not known and was not answered yet */

/* List of {label, command, href}, empty for who can do nothing. reply_to: with the reader's own
 * token. Caller frees. */
PdJson *pd_actions(const PdDesk *desk, const char *language, PdRank rank, const char *status,
                   gint64 ticket, const char *reply_to, guint flags);

/* "mailto:…": an answer about the ticket with the command filled in. Caller frees. */
char *pd_action_link(const char *reply_to, gint64 ticket, const char *command);

#endif
