/* via.h: by which way a message came. */
#ifndef POSTDESK_MAIL_VIA_H
#define POSTDESK_MAIL_VIA_H

#include "reading.h"

/* Fills the mail's via, list_address and evidence. */
void pd_via_read(PdReading *reading);

#endif
