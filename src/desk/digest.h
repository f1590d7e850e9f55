/* digest.h: one mail with all that happened, for who wants it so; and what it has in common with
 * the mails about one ticket (gathered.c). */
#ifndef DESK_DIGEST_H
#define DESK_DIGEST_H

#include "desk/gather.h"

/* In the running transaction: rows of PdPending of one person, of as many tickets as one mail
 * holds; the others stay. Where nothing holds any more, no mail is written. *mailed counts up. */
PdStatus *pd_digest_tell(PdDesk *desk, const GPtrArray *rows, guint *mailed);

/* Why something was not told after all; it stands on the ticket. */
#define PD_UNTOLD_TAKEN_BACK "not told: what changed was taken back before its time came"
#define PD_UNTOLD_LEFT "not told: he follows the ticket no longer"
#define PD_UNTOLD_NOT_HIS "not told: the ticket was given to somebody else meanwhile"

/* The event that says so. all: of the row and whatever was to be told with it. */
PdStatus *pd_gathered_untold(PdDesk *desk, const PdPending *row, const PdGathered *all,
                             const char *why);
/* Who is mailed, as what he is to the ticket. Borrows from all three. */
PdReader pd_gathered_reader(const PdDesk *desk, const PdTicket *ticket, const PdPending *row);
/* Does he follow no longer what these news are about? */
PdStatus *pd_gathered_left(const PdDesk *desk, const PdPending *row, gboolean *left);
/* What was put aside, as a telling whose time has come. Borrows from all. */
PdTelling pd_gathered_telling(PdDesk *desk, const PdPending *row, const PdGathered *all);

#endif
