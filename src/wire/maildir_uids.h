/* maildir_uids.h: which messages lie in a Maildir folder, and by what numbers. */
#ifndef POSTDESK_WIRE_MAILDIR_UIDS_H
#define POSTDESK_WIRE_MAILDIR_UIDS_H

#include "postdesk/source.h"

typedef struct {
    guint32 uid;
    char *name; /* without flags */
    char *file; /* "new/NAME" or "cur/NAME:2,S" */
} PdMaildirMessage;

typedef struct pd_maildir_uids PdMaildirUids;

/* Reads the numbers of the folder at this path, and looks what lies there. */
PdStatus *pd_maildir_uids_open(const char *path, PdMaildirUids **uids);
void pd_maildir_uids_free(PdMaildirUids *uids);
/* Looks again: messages are found where they are now, those that are gone are forgotten. What
 * the functions below gave is not valid any more. */
PdStatus *pd_maildir_uids_scan(PdMaildirUids *uids);

const PdSourceFolder *pd_maildir_uids_folder(const PdMaildirUids *uids);
PdMaildirMessage *pd_maildir_uids_get(const PdMaildirUids *uids, guint index);  /* ascending */
PdMaildirMessage *pd_maildir_uids_find(const PdMaildirUids *uids, guint32 uid); /* or NULL */

#endif
