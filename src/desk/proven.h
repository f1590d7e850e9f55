/* proven.h: when an S/MIME or PGP signature shows that a command is its sender's. */
#ifndef DESK_PROVEN_H
#define DESK_PROVEN_H

#include "desk/plan.h"

#define PD_PROVEN_MOST_BYTES (8u << 20) /* larger mails are not verified */

/* Would a good signature let through what is refused without it? */
gboolean pd_proven_is_wanted(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan);
/* Can it be verified at all, and was it not yet? */
gboolean pd_proven_can_be(const PdDesk *desk, const PdMail *mail);
/* What its signed text is noted by; NULL where it is none. Caller frees. */
char *pd_proven_name(const PdDesk *desk, const PdMail *mail);
/* Adds the proof to standing->proofs, or says in standing->flaw why there is none. */
PdStatus *pd_proven_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                         const PdTicket *ticket, PdStanding *standing);
/* Notes that the signed text came, so that it counts once. Transaction. */
PdStatus *pd_proven_note(const PdDesk *desk, const PdPlanInput *input);

#endif
