/* accept.h: a new ticket is taken in by a person; whoever was held back as unknown is answered. */
#ifndef DESK_ACCEPT_H
#define DESK_ACCEPT_H

#include "desk/tell.h"

/* Was the sender not known, and not answered yet? */
gboolean pd_accept_is_due(const PdTicket *ticket);
/* FALSE where there is nothing to take in: it is neither new nor held. */
gboolean pd_accept_take(PdChange *change, PdProblem *problem);
/* The acknowledgement, as it would have gone out when the mail came. */
PdStatus *pd_accept_tell(const PdChange *change, PdTelling *telling);

#endif
