/* pictures.h: the pictures of mails, as a mail of the desk can show them: small ones, and only what
 * is a picture by its bytes. */
#ifndef DESK_PICTURES_H
#define DESK_PICTURES_H

#include "desk/desk_private.h"
#include "postdesk/compose.h"
#include "postdesk/mail.h"

#define PD_PICTURES_MOST 10                      /* in one mail */
#define PD_PICTURE_MOST_BYTES (1024 * 1024)      /* of one */
#define PD_PICTURES_MOST_BYTES (4 * 1024 * 1024) /* of all */

typedef struct pd_pictures PdPictures;

PdPictures *pd_pictures_new(void);
void pd_pictures_free(PdPictures *pictures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPictures, pd_pictures_free)

/* A PdAttachmentSink that keeps pictures within the bounds; user is the PdPictures. */
void pd_pictures_sink(const PdAttachment *attachment, const char *bytes, gsize length,
                      gpointer user);
/* How many bytes it holds. */
gsize pd_pictures_size(const PdPictures *pictures);

/* Could this attachment of a stored message (pd_mail_attachments_json()) be one, and is it worth
 * showing? Not the logo of a signature, which its sender sent before, nor a dot. */
PdStatus *pd_picture_is_worth(const PdDesk *desk, const PdStoredMessage *message,
                              const PdJson *attachment, gboolean *is_worth);
/* The bytes of a picture that was kept; NULL if it is not there. Borrowed. */
GBytes *pd_pictures_get(const PdPictures *pictures, const char *sha256, const char **type);
/* In pixels, as it says itself; 0: it does not. */
guint pd_picture_width(GBytes *picture);
/* Reads the raw message for its pictures, unless it is so large that this would take long. */
PdStatus *pd_pictures_read(PdDesk *desk, gint64 inbox, PdPictures *pictures);

#endif
