/* lzfu.h: compressed RTF (MS-OXRTFCP), as winmail.dat holds a text. */
#ifndef POSTDESK_MAIL_LZFU_H
#define POSTDESK_MAIL_LZFU_H

#include <glib.h>

/* The RTF, at most so many bytes, or NULL if it is none. Caller unrefs. */
GByteArray *pd_lzfu_unpack(const guint8 *bytes, gsize length, gsize most);

#endif
