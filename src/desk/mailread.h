/* mailread.h: the raw bytes of an inbox row, read into a mail. */
#ifndef DESK_MAILREAD_H
#define DESK_MAILREAD_H

#include "desk/desk_private.h"
#include "postdesk/inbox.h"
#include "postdesk/mail.h"

/* further (may be NULL): attachment_sink, sink_user and with_attachment_text are taken from it. */
PdStatus *pd_mail_read_row(PdDesk *desk, const PdInboxRow *row, const PdMailOptions *further,
                           PdMail **mail);

/* The same without a desk. */
PdStatus *pd_mail_read_stored(const PdConfig *config, PdStore *store, const PdInboxRow *row,
                              const PdMailOptions *further, PdMail **mail);

/* A stored message that cannot be read any more spoils no mail that would tell of it: such a
 * failure (PD_SPOILS_MESSAGE) is logged under that word, and freed. Any other is returned. */
PdStatus *pd_mail_pass_over_lost(const char *word, PdStatus *status);

#endif
