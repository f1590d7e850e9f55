/* origin.h: who wrote a message. */
#ifndef POSTDESK_MAIL_ORIGIN_H
#define POSTDESK_MAIL_ORIGIN_H

#include "reading.h"

/* Fills the mail's origin and evidence, and by via.h the way it came. */
void pd_origin_read(PdReading *reading);

#endif
