/* fixture.h: a whole desk in a temporary folder, without a network. */
#ifndef TESTS_DESK_FIXTURE_H
#define TESTS_DESK_FIXTURE_H

#include "postdesk/desk.h"
#include "postdesk/outbox.h"
#include <check.h>

typedef struct {
    char *folder;
    PdConfig *config;
    PdStore *store;
    PdDesk *desk;
    guint32 last_uid;
    guint64 truncated_size; /* of the next mails that are too large */
} Fixture;

/* settings: more lines of postdesk.yaml, or "". */
Fixture *fixture_new(const char *settings);
/* The same with a people.yaml. */
Fixture *fixture_with_people(const char *settings, const char *people);
void fixture_free(Fixture *fixture);

/* Takes in a raw message (LF line ends are made CRLF); gives its inbox row. */
gint64 fixture_take_in(Fixture *fixture, const char *raw);
gint64 fixture_take_in_row(Fixture *fixture, const char *mailbox, const char *raw,
                           gboolean truncated, gboolean quiet);
/* Several, in one transaction. */
void fixture_take_in_all(Fixture *fixture, const char *mailbox, const GPtrArray *raws);
/* Processes all that is unprocessed, in one batch. */
PdProcessed fixture_process(Fixture *fixture);
/* Both; the row as it is afterwards. Caller frees. */
PdInboxRow *fixture_send(Fixture *fixture, const char *raw);

/* Checked look-ups; the caller frees. */
PdTicket *fixture_ticket(Fixture *fixture, gint64 number);
GPtrArray *fixture_outbox(Fixture *fixture); /* newest first, without bytes */
/* The newest mail of the outbox, read back. Its row if wanted. */
PdMail *fixture_last_mail(Fixture *fixture, PdOutboxRow **row);
/* "opened mailed message": the kinds of a ticket's events. */
char *fixture_events(Fixture *fixture, gint64 number);
PdJson *fixture_decision(Fixture *fixture, gint64 inbox);
gint64 fixture_alarms(Fixture *fixture, const char *kind); /* how often, counted ones too */

PdMail *read_raw(const char *raw);
void ck_ok(PdStatus *status); /* fails the test with the status's text */

#endif
