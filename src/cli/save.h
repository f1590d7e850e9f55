/* save.h: foreign files written into a folder.
 *
 * Nothing is ever written outside the folder, over a file that is there, or through a link.
 */
#ifndef PD_CLI_SAVE_H
#define PD_CLI_SAVE_H

#include "postdesk/mail.h"
#include "postdesk/status.h"

typedef struct pd_save PdSave;

/* The folder is made if it is not there. */
PdStatus *pd_save_open(const char *folder, PdSave **save);
void pd_save_free(PdSave *save);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSave, pd_save_free)

/* A PdAttachmentSink; user is the PdSave. After a failure nothing more is written. */
void pd_save_attachment(const PdAttachment *attachment, const char *bytes, gsize length,
                        gpointer user);
/* The first failure (caller owns), or NULL. */
PdStatus *pd_save_failure(PdSave *save);
/* What was written, of {"name","type","size","sha256","file","new"}. Borrowed. */
PdJson *pd_save_files(PdSave *save);

#endif
