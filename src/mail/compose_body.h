/* compose_body.h: the body of a mail of ours, from its Content-Type on. */
#ifndef POSTDESK_MAIL_COMPOSE_BODY_H
#define POSTDESK_MAIL_COMPOSE_BODY_H

#include "postdesk/compose.h"

void pd_compose_body(GString *out, const PdDraft *draft);

#endif
