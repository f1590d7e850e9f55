/* authority.h: who may tell the desk what, and by which proof. Pure. */
#ifndef DESK_AUTHORITY_H
#define DESK_AUTHORITY_H

#include "desk/command.h"
#include "postdesk/people.h"

/* What somebody is to a ticket: one bit each. */
typedef enum {
    PD_RANK_STRANGER = 1 << 0,
    PD_RANK_FOLLOWER = 1 << 1, /* takes part in the ticket */
    PD_RANK_REPORTER = 1 << 2, /* of this ticket */
    PD_RANK_EXTERNAL = 1 << 3, /* asked by the desk */
    PD_RANK_ENGINEER = 1 << 4,
    PD_RANK_DISPATCHER = 1 << 5,
    PD_RANK_LEAD = 1 << 6,
    PD_RANK_MANAGER = 1 << 7,
    PD_RANK_ADMIN = 1 << 8, /* the last one: */
    PD_RANKS_ALL = 2 * PD_RANK_ADMIN - 1,
} PdRank;
#define PD_RANK_DESK (PD_RANK_ENGINEER | PD_RANK_DISPATCHER | PD_RANK_LEAD | PD_RANK_ADMIN)
const char *pd_rank_name(PdRank rank);
PdRank pd_rank_of_role(PdPersonRole role); /* PD_RANK_STRANGER where the role gives none */

/* What shows that a mail is from whom it says: bits. A From line alone is none. */
typedef enum {
    PD_PROOF_TOKEN = 1 << 0,     /* a token of this ticket, signed for this sender */
    PD_PROOF_ALIGNED = 1 << 1,   /* DKIM or DMARC passed for From's domain, by a server believed */
    PD_PROOF_SIGNATURE = 1 << 2, /* S/MIME or PGP by a key of his (proven.h) */
    PD_PROOF_THREAD = 1 << 3,    /* answers a message of the ticket: enough to write on, no more */
    PD_PROOF_LOCAL = 1 << 4,     /* a user of this machine at the command line */
} PdProof;
#define PD_PROOFS_OF_MAIL 4

typedef enum {
    PD_MAY,
    PD_MAY_NOT_ROLE,  /* nobody of this rank may, whatever the proof */
    PD_MAY_NOT_PROOF, /* he might, with a better proof */
    PD_MAY_NOT_AGAIN, /* the token was used for it already */
} PdMay;

/* used: the token was used for this command before. */
PdMay pd_authority_decide(PdCommandId command, PdRank rank, guint proofs, gboolean used);
/* Does a token count for it only once? */
gboolean pd_authority_once(PdCommandId command);
/* For how many days a mail to somebody of this rank may be answered with commands. */
guint pd_authority_token_days(PdRank rank);
/* May a plain reply move the ticket (reopen it, end its waiting)? */
gboolean pd_authority_reply_moves(guint proofs);

#endif
