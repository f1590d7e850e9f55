/* mutf7.h: names of IMAP folders on the wire: modified UTF-7 (RFC 3501, 5.1.3). */
#ifndef POSTDESK_WIRE_MUTF7_H
#define POSTDESK_WIRE_MUTF7_H

#include <glib.h>

/* The UTF-8 name as an IMAP quoted string, NULL if it cannot be one (not UTF-8, control
 * characters, empty, too long). Caller frees. */
char *pd_mutf7_quote(const char *name);

#endif
