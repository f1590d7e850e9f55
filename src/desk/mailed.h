/* mailed.h: a mail of a ticket, with the event that says so. */
#ifndef DESK_MAILED_H
#define DESK_MAILED_H

#include "desk/notify.h"

/* In the running transaction. inbox: the message that is its cause, or 0; version: of the ticket
 * before. */
PdStatus *pd_mailed_put(PdDesk *desk, const PdNotice *notice, gint64 inbox, const char *channel,
                        gint64 version);

#endif
