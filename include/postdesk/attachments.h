/* attachments.h: the files that came with mails, each known by its bytes.
 *
 * A file is never copied out of the mails: the raw mail is the truth and holds it byte for byte.
 * Here every different file stands once, by its SHA-256, with the message that brought it first,
 * out of whose raw bytes it can be written at any time; each further arrival costs three numbers,
 * and some time later its bytes in the raw mail are given back (sharing.h).
 */
#ifndef POSTDESK_ATTACHMENTS_H
#define POSTDESK_ATTACHMENTS_H

#include "postdesk/hash.h"
#include "postdesk/json.h"
#include "postdesk/store.h"

typedef struct {
    gint64 first_inbox; /* the message that brought it first */
    gint64 arrivals;    /* messages it came with */
    gint64 size;
    char *name, *type; /* as it was called first */
} PdKnownAttachment;
void pd_known_attachment_free(PdKnownAttachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdKnownAttachment, pd_known_attachment_free)

/* NULL if no stored message has it. pd_message_put() makes a message's attachments known. */
PdStatus *pd_attachment_find(PdStore *store, const guint8 sha256[PD_HASH_SIZE],
                             PdKnownAttachment **attachment);
/* The digest of "sha256" in a list of attachments; FALSE if it is none. */
gboolean pd_attachment_digest(const char *hex, guint8 digest[PD_HASH_SIZE]);
/* A small inline picture of a message's attachments: the logo of a signature, if the same sender
 * sent it before. */
gboolean pd_attachment_may_be_logo(const PdJson *attachment);
/* Had this sender sent it with a message before that one? */
PdStatus *pd_attachment_came_before(PdStore *store, const guint8 sha256[PD_HASH_SIZE],
                                    const char *address, gint64 inbox, gboolean *before);

#endif
