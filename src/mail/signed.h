/* signed.h: S/MIME and PGP signatures. */
#ifndef POSTDESK_MAIL_SIGNED_H
#define POSTDESK_MAIL_SIGNED_H

#include "reading.h"

/* Notes that the message says it is signed; nothing is verified. */
void pd_signed_read(PdReading *reading);

#endif
