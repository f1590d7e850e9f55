/* sharing.h: what several mails carry lies on the disk once.
 *
 * The same file comes again and again: forwarded, answered with, mailed to two mailboxes. What is
 * the same in the raw bytes of two mails, in long ranges, is kept in one of them; so is a file in
 * base64 that two programs broke into lines of other widths, or with other line ends. The other
 * one's blocks are given back to the file system, and a row says where its bytes lie, in which
 * lines. Segments keep their layout, and raw.h reads such a mail as it came. Lines that are not all
 * of one width, and other encodings (quoted-printable, uuencode), are shared byte for byte only.
 *
 * Nothing is given back before the mail as put together has the hash that it was taken in with and
 * the row is durable, nor while somebody reads it or a backup is made.
 */
#ifndef POSTDESK_SHARING_H
#define POSTDESK_SHARING_H

#include "postdesk/store.h"

#define PD_SHARING_LEAST (16 * 1024) /* bytes of a range that are worth it */

/* A message is a copy of another one: notes that their bytes are to be compared. Transaction.
 * pd_message_put() notes the same for attachments that came before. */
PdStatus *pd_sharing_note_copy(PdStore *store, gint64 inbox, gint64 copy_of);

typedef struct {
    gint64 after;  /* in: the message that was looked at last, 0 at first; out: this one */
    gboolean more; /* out: one was looked at, and there may be others */
    guint64 bytes; /* out: of it that were given back */
} PdSharing;

/* Looks at one message that is noted. One that somebody reads, or all while a backup is made, stay
 * noted; so do all where the file system cannot give blocks back. A failure that spoils the message
 * (its bytes, or those that it shares, are not those of its hash) is for verify, too: nothing of it
 * is given back, and the next one can be looked at. Not within a transaction. */
PdStatus *pd_sharing_step(PdStore *store, PdSharing *sharing);
/* Does the file system of this folder give blocks back? Where it does not, nothing is shared. A
 * file is made there for it, and taken away; TRUE where none can be. */
gboolean pd_sharing_is_possible(const char *folder);
/* Bytes that were given back in all. */
PdStatus *pd_sharing_saved(PdStore *store, gint64 *bytes);

#endif
