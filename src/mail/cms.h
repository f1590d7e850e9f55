/* cms.h: the content inside a Cryptographic Message Syntax signature (RFC 5652). */
#ifndef POSTDESK_MAIL_CMS_H
#define POSTDESK_MAIL_CMS_H

#include <glib.h>

/* What is signed inside bytes of SignedData (section 5), DER or BER; NULL if they are no such
 * thing. The signature is not looked at (signed.h). Caller frees. */
GByteArray *pd_cms_content(const guint8 *bytes, gsize length);

#endif
