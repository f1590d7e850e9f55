/* author.h: who wrote a mail, by what it says of itself. What shows that it is he: standing.h. */
#ifndef DESK_AUTHOR_H
#define DESK_AUTHOR_H

#include "desk/desk_private.h"
#include "postdesk/mail.h"

/* From shows this address, or another one of the same person. */
gboolean pd_author_is(const PdDesk *desk, const PdMail *mail, const char *address);
/* The ticket's reporter wrote it. Reads the store; fails if that does. */
PdStatus *pd_author_is_reporter(const PdDesk *desk, const PdMail *mail, const PdTicket *ticket,
                                gboolean *is);

#endif
