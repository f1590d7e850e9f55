/* signature.h: the pictures of signatures, which come with every mail of a sender. */
#ifndef PD_CLI_SIGNATURE_H
#define PD_CLI_SIGNATURE_H

#include "postdesk/json.h"
#include "postdesk/store.h"

/* Sets in each attachment of a ticket's message documents: "repeated", true for a small inline
 * picture that the same sender sent before, or that stands in an earlier message of the list;
 * "arrivals", with how many messages the same file came; "first_message", with which one first. */
PdStatus *pd_signature_mark(PdStore *store, PdJson *messages);

#endif
