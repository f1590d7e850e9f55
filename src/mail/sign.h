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
/* Takes origin as the mail's, with its evidence; why: what was seen, detail: the value that said
 * so, or NULL. Returns TRUE. */
gboolean pd_conclude(PdReading *reading, PdOrigin origin, const char *why, const char *detail);
/* The envelope sender is null, or a server. */
gboolean pd_is_null_path(const PdReading *reading);
/* A server's own mailbox. */
gboolean pd_is_postmaster(const PdReading *reading);
/* An answer or a forward: by its headers, or by its subject. */
gboolean pd_is_reply(const PdMail *mail);
/* What a person writes with made it. Programs that borrow such a name are few. */
gboolean pd_is_by_mail_program(const PdReading *reading);
/* One of the phrases, a list that ends with NULL; letter case of ASCII aside. */
gboolean pd_says_any(const char *text, const char *const *phrases);
/* Every word of the second, between blanks, is within the text. */
gboolean pd_says_all_words(const char *text, const char *words);

#endif
