/* log.h: one line for each event that matters.
 *
 *   <level> <role> <event> mailbox=… message=… ticket=… : text
 *
 * Goes to standard error; under systemd with the priority prefix that journald
 * reads. Foreign text is escaped here, so that nothing in a subject moves a
 * terminal or forges a line.
 */
#ifndef POSTDESK_LOG_H
#define POSTDESK_LOG_H

#include "postdesk/status.h"
#include <glib.h>

typedef enum { PD_LOG_ERROR, PD_LOG_WARNING, PD_LOG_INFO, PD_LOG_DEBUG } PdLogLevel;

/* The fixed fields of a line; what is NULL or 0 is left out. */
typedef struct {
    const char *mailbox; /* "support/INBOX", or a relay's name */
    const char *message; /* Message-ID without angle brackets, or "#inbox-id" */
    gint64 ticket;       /* ticket number */
} PdLogFields;

/* The word that names this process in each line ("collect"); static storage. */
void pd_log_set_role(const char *role);
/* Lines above this level are not written; the default is PD_LOG_INFO. */
void pd_log_set_level(PdLogLevel level);

/* event: a fixed word such as "collected"; fields may be NULL. */
void pd_log(PdLogLevel level, const char *event, const PdLogFields *fields, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The status with its advice, as one line. */
void pd_log_status(PdLogLevel level, const char *event, const PdLogFields *fields,
                   const PdStatus *status);
/* Of several failures the first is kept for the caller, and those behind it are logged as errors.
 * Takes the status, which may be NULL. */
void pd_log_further(PdStatus **first, PdStatus *status, const char *event);

#endif
