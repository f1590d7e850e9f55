/* embedded.h: messages inside a message. */
#ifndef POSTDESK_MAIL_EMBEDDED_H
#define POSTDESK_MAIL_EMBEDDED_H

#include "reading.h"
#include <gmime/gmime.h>

/* The bytes of a message inside the one that is read, as they came: what GMime writes of it
 * differs in line ends and empty parts. NULL if they cannot be found. Caller unrefs. */
GMimeStream *pd_embedded_bytes(const PdReading *reading, GMimeMessage *message);

/* A tree of bytes that the limits allow, or NULL. It keeps none of them. Caller unrefs. */
GMimeMessage *pd_embedded_parse(GByteArray *bytes);

/* Nobody may encode a message/rfc822 part as a whole, but programs do. The message that such a part
 * holds, or NULL; at most PD_EMBEDDED_DEPTH of them one in another. Caller unrefs. */
#define PD_EMBEDDED_DEPTH 4
GMimeMessage *pd_embedded_open(PdReading *reading, GMimeObject *part);

#endif
