/* store_test.h: a private state folder for each test, and short ways to fill it. */
#ifndef PD_STORE_TEST_H
#define PD_STORE_TEST_H

#include "postdesk/inbox.h"
#include "postdesk/outbox.h"
#include "postdesk/pending.h"
#include "postdesk/store.h"
#include "postdesk/tickets.h"
#include "postdesk/upkeep.h"
#include <check.h>

/* Fails the test with the status's own words. */
#define MUST(call)                                                                                 \
    do {                                                                                           \
        g_autoptr(PdStatus) must_status_ = (call);                                                 \
        if (must_status_ != NULL)                                                                  \
            ck_abort_msg("%s", pd_status_text(must_status_));                                      \
    } while (0)
/* Fails the test unless the call fails. */
#define MUST_FAIL(call)                                                                            \
    do {                                                                                           \
        g_autoptr(PdStatus) must_status_ = (call);                                                 \
        ck_assert_msg(must_status_ != NULL, "%s succeeded", #call);                                \
    } while (0)

/* Takes off what version 24 of the database brought. */
#define TO_VERSION_23                                                                              \
    "DROP TABLE phrase; ALTER TABLE decision DROP COLUMN phrases;"                                 \
    "ALTER TABLE outbox DROP COLUMN retried_at;"

char *scratch_make(void); /* a new folder; caller frees the name */
void scratch_remove(const char *folder);

/* A fixture: `state` in `scratch` is created and opened as `store`. */
extern char *scratch, *state;
extern PdStore *store;
void fixture_setup(void);
void fixture_teardown(void);
void fixture_reopen(void);

/* One raw message, written, synced and added; returns the row's id. */
gint64 add_message(PdStore *to, const char *mailbox, guint32 uid, const char *raw);
/* An event with {"set": {"subject": subject}} and a participant; in the running transaction. */
PdEvent *opening(const char *subject, const char *reporter);
/* Opens a ticket in a transaction of its own. */
gint64 open_ticket(PdStore *in, const char *subject, const char *reporter);
/* Queues a mail of a few bytes in a transaction of its own. */
gint64 queue_mail(PdStore *in, gint64 ticket, const char *recipient, const char *message_id);

guint differences(PdStore *of); /* that verify finds */

/* A suite whose every test runs with the fixture. */
Suite *suite_of(const char *name, const TTest *const *tests, gsize count);
Suite *doors_suite(void);
Suite *attachment_suite(void);
Suite *raw_suite(void);
Suite *rewrap_suite(void);
Suite *sharing_suite(void);
Suite *sharing_lines_suite(void);
Suite *sharing_parts_suite(void);
Suite *inbox_suite(void);
Suite *tickets_suite(void);
Suite *decision_suite(void);
Suite *likeness_suite(void);
Suite *list_suite(void);
Suite *outbox_suite(void);
Suite *journal_suite(void);
Suite *unsynced_suite(void);
Suite *crash_suite(void);
Suite *search_shard_suite(void);
Suite *upkeep_suite(void);

#endif
