/* opaque.h: S/MIME mails that are signed as one piece: text and files lie inside the signature. */
#ifndef POSTDESK_MAIL_OPAQUE_H
#define POSTDESK_MAIL_OPAQUE_H

#include "reading.h"
#include <gmime/gmime.h>

/* The entity that is signed inside bytes of CMS SignedData (RFC 5652, 5), DER or BER; NULL if they
 * are no such thing. The signature is not looked at (signed.h). Caller frees. */
GByteArray *pd_opaque_content(const guint8 *bytes, gsize length);

/* The message that an application/pkcs7-mime part holds, or NULL if it is another part, is
 * encrypted, or cannot be opened. Caller unrefs. */
GMimeMessage *pd_opaque_open(PdReading *reading, GMimeObject *part);

#endif
