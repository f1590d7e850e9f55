/* signature.h: the pictures of signatures, which come with every mail of a sender. */
#ifndef PD_CLI_SIGNATURE_H
#define PD_CLI_SIGNATURE_H

#include "postdesk/json.h"
#include "postdesk/store.h"
#include "postdesk/tickets.h"

/* Sets "repeated" in each attachment of these message documents: true for a small inline picture
 * that the ticket's reporter sent before, here or with one of his last tickets. */
PdStatus *pd_signature_mark(PdStore *store, const PdTicket *ticket, PdJson *messages);

#endif
