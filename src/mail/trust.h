/* trust.h: what the receiving server found about the sender. */
#ifndef POSTDESK_MAIL_TRUST_H
#define POSTDESK_MAIL_TRUST_H

#include "reading.h"

/* Fills spf, dkim, dmarc and auth_by from Authentication-Results of a configured server. */
void pd_trust_read(PdReading *reading);

#endif
