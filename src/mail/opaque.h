/* opaque.h: S/MIME mails that are signed as one piece: text and files lie inside the signature. */
#ifndef POSTDESK_MAIL_OPAQUE_H
#define POSTDESK_MAIL_OPAQUE_H

#include "reading.h"
#include <gmime/gmime.h>

/* The message that an application/pkcs7-mime part holds, or NULL if it is another part, is
 * encrypted, or cannot be opened. Caller unrefs. */
GMimeMessage *pd_opaque_open(PdReading *reading, GMimeObject *part);

#endif
