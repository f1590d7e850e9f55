/* documents.h: records of the store as JSON objects, as the man page describes them.
 *
 * exact: times as ISO 8601 in UTC (for --json); else in the machine's zone for people.
 */
#ifndef PD_CLI_DOCUMENTS_H
#define PD_CLI_DOCUMENTS_H

#include "postdesk/inbox.h"
#include "postdesk/json.h"
#include "postdesk/outbox.h"
#include "postdesk/pending.h"
#include "postdesk/tickets.h"

PdJson *pd_document_time(gint64 at, gboolean exact); /* null for 0 */
PdJson *pd_document_ticket(const PdTicket *ticket, gboolean exact);
/* What a list shows of it, as a person reads it. */
PdJson *pd_document_ticket_row(const PdTicket *ticket);
PdJson *pd_document_event(const PdEvent *event, gboolean exact);
PdJson *pd_document_message(const PdStoredMessage *message, gboolean exact);
PdJson *pd_document_mail(const PdOutboxRow *row, gboolean exact);
PdJson *pd_document_pending(const PdPending *row, gboolean exact);
PdJson *pd_document_ledger(const PdInboxRow *row, gboolean exact);

#endif
