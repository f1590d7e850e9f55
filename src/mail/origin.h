/* origin.h: who wrote a message, and by which way it came. */
#ifndef POSTDESK_MAIL_ORIGIN_H
#define POSTDESK_MAIL_ORIGIN_H

#include "reading.h"

/* Fills the mail's origin, via, list_address and evidence. */
void pd_origin_read(PdReading *reading);

#endif
