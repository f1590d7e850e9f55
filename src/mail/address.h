/* address.h: address lists. */
#ifndef POSTDESK_MAIL_ADDRESS_H
#define POSTDESK_MAIL_ADDRESS_H

#include "postdesk/mail.h"

/* The addresses of a raw header value, groups resolved, at most PD_LIMIT_ADDRESSES.
 * Of PdAddress *; caller frees. */
GPtrArray *pd_addresses_parse(const char *raw, const char *prior);

/* What follows the last "@", or "". Borrowed. */
const char *pd_address_domain(const char *address);

#endif
