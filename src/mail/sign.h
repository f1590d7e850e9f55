/* sign.h: small looks at a message that several conclusions rest on. */
#ifndef POSTDESK_MAIL_SIGN_H
#define POSTDESK_MAIL_SIGN_H

#include "reading.h"

/* The first raw value of a header, or NULL. */
const char *pd_sign(const PdReading *reading, const char *name);
/* An address of the desk, plus details aside. */
gboolean pd_is_own(const PdReading *reading, const char *address);
/* What stands before the "@", lower case; "" for NULL. Caller frees. */
char *pd_local_part(const PdAddress *address);
/* "owner-…", "…-bounces" and their like: a list's own mailboxes. */
gboolean pd_is_list_local(const char *local);

#endif
