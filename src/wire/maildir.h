/* maildir.h: what the source and the relay of local Maildirs share. */
#ifndef POSTDESK_WIRE_MAILDIR_H
#define POSTDESK_WIRE_MAILDIR_H

#include "postdesk/status.h"

/* INBOX is the Maildir itself, others lie in it as ".Name.Below" (Maildir++). NULL if the
 * folder's name cannot be one; caller frees. */
char *pd_maildir_folder(const char *maildir, const char *folder);
gboolean pd_maildir_is_there(const char *path);
PdStatus *pd_maildir_make(const char *path); /* with new, cur and tmp */
/* A file name that nobody else gives; caller frees. */
char *pd_maildir_unique_name(void);

#endif
