/* domain.h: to whom a mail domain belongs. */
#ifndef POSTDESK_MAIL_DOMAIN_H
#define POSTDESK_MAIL_DOMAIN_H

#include <glib.h>

/* TRUE if both belong to one organisation, as DMARC compares them (RFC 7489, 3.2): by what was
 * registered beneath the public suffix ("gov.cn", "com.cn", "co.uk"). Letter case aside; a suffix
 * or a single word belongs to nobody but itself. */
gboolean pd_domain_same_owner(const char *one, const char *other);

/* TRUE for a domain, or one beneath it, in which anybody gets a mailbox ("qq.com", "gmail.com",
 * "yahoo.co.jp"): who shares it with somebody else has nothing to do with him. Letter case aside.
 */
gboolean pd_domain_is_public(const char *domain);

#endif
