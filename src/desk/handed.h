/* handed.h: the files of an answer go on with its words, and those of a ticket to who works on it,
 * as they came.
 *
 * Not what belongs to the mail and not to what it says: signatures, and the logo of a sender who
 * sent it before. */
#ifndef DESK_HANDED_H
#define DESK_HANDED_H

#include "desk/desk_private.h"
#include "postdesk/mail.h"

/* Has it any; others than what may be a logo; and are they not too large to be mailed again? */
gboolean pd_handed_has(const PdMail *mail);
gboolean pd_handed_has_news(const PdMail *mail);
gboolean pd_handed_fits(const PdMail *mail);
/* Is this one more than what may be a logo? type: "image/png", or NULL; size in bytes. */
gboolean pd_handed_is_news(const char *type, gboolean is_inline, guint64 size);
/* The list of one message, by its number in the inbox, whose files go where the words go
 * (PdTelling.files). Caller frees. */
PdJson *pd_handed_list(gint64 inbox);
/* Those of the messages of such a list (or NULL), behind what the array holds of PdEnclosure *.
 * None of a stored message that cannot be read any more, which is logged. */
PdStatus *pd_handed_read(PdDesk *desk, const PdJson *messages, GPtrArray *enclosures);
/* Those of one message that are not among seen (SHA-256 in hex), which gains them; as long as all
 * that the array holds is no larger than what pd_handed_fits(), and no more than 40. None of a
 * message that would take long to read, or that cannot be read any more. */
PdStatus *pd_handed_read_new(PdDesk *desk, const PdStoredMessage *message, GHashTable *seen,
                             GPtrArray *enclosures);

#endif
