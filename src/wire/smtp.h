/* smtp.h: one SMTP session, shared by the files of this protocol. */
#ifndef POSTDESK_WIRE_SMTP_H
#define POSTDESK_WIRE_SMTP_H

#include "wire/backend.h"
#include "wire/stream.h"

typedef struct {
    PdStream *stream;
    gint64 timeout;
    GString *line;
    int code;       /* of the last reply */
    GString *reply; /* its text, a line end between lines; cut when long */
    gboolean pipelining;
    gboolean starttls;
    gboolean size;
    gboolean eight_bit;
    gboolean utf8;
    char *mechanisms; /* upper case, a space around each; NULL without AUTH */
} PdSmtp;

/* smtp_dialogue.c. Commands are lines without their end; they are held until the flush. */
PdStatus *pd_smtp_say(PdSmtp *smtp, const char *format, ...) G_GNUC_PRINTF(2, 3);
PdStatus *pd_smtp_flush(PdSmtp *smtp);
PdStatus *pd_smtp_hear(PdSmtp *smtp); /* reads one reply */
PdStatus *pd_smtp_ask(PdSmtp *smtp, const char *format, ...) G_GNUC_PRINTF(2, 3);
char *pd_smtp_words(const PdSmtp *smtp); /* code and text in one printable line; caller frees */

/* smtp_mail.c */
/* Why this mail cannot be handed to this server (static text), or NULL. */
const char *pd_smtp_obstacle(const PdSmtp *smtp, const PdRelayMail *mail);
PdStatus *pd_smtp_say_mail(PdSmtp *smtp, const PdRelayMail *mail);
PdStatus *pd_smtp_say_rcpt(PdSmtp *smtp, const PdRelayMail *mail);
/* All of the message but the final dot. */
PdStatus *pd_smtp_write_content(PdSmtp *smtp, const PdRelayMail *mail);

/* smtp_send.c */
PdStatus *pd_smtp_send(gpointer smtp, const PdRelayMail *mails, guint count,
                       const PdRelaySink *sink);

/* smtp_try.c */
PdStatus *pd_smtp_try(gpointer smtp, const char *envelope_from, const char *recipient);

#endif
