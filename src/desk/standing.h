/* standing.h: what the sender of a mail is to a ticket, and what shows that it is he. */
#ifndef DESK_STANDING_H
#define DESK_STANDING_H

#include "desk/authority.h"
#include "desk/desk_private.h"
#include "postdesk/mail.h"

typedef struct {
    PdRank rank;      /* as the From line claims */
    guint proofs;     /* PdProof bits: what speaks for the claim */
    char *nonce;      /* of the token that proves it, or NULL */
    guint64 used;     /* bit of each command that this token was used for already */
    const char *flaw; /* why a signature that was verified proves nothing, static; or NULL */
} PdStanding;
G_STATIC_ASSERT(PD_COMMANDS <= 64);

/* clues: of PdClue *, may be NULL without a ticket. ticket may be NULL; answered: its number,
 * or that of the one answered, which went on in it; inbox_id 0: the mail is not
 * taken in. standing->nonce is the caller's. */
PdStatus *pd_standing_read(const PdDesk *desk, const PdMail *mail, gint64 inbox_id,
                           const GPtrArray *clues, const PdTicket *ticket, gint64 answered,
                           gboolean is_reporter, PdStanding *standing);

#endif
