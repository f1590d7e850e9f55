/* worked.h: a ticket that is worked by mail: the desk and its people that the working_*_test.c
 * share, and what they do and look at. One fixture, set up and torn down for each test. */
#ifndef TESTS_DESK_WORKED_H
#define TESTS_DESK_WORKED_H

#include "letters.h"

#define WORKED_FAULT                                                                               \
    "From: Ann <ann@example.com>\nTo: desk@example.org\nCc: Ben <ben@example.com>\n"               \
    "Subject: VPN down\nMessage-ID: <vpn1@example.com>\n\nNo VPN since nine.\n"

extern Fixture *worked;

/* A suite of that name whose tests have the desk; what main() returns. */
int worked_main(const char *name, void (*add_tests)(TCase *tests));

/* The letters_*() of this desk. */
PdMail *worked_mail_to(const char *address, const char *purpose);
guint worked_mails_to(const char *address);
void worked_answer(const PdMail *mail, const char *from, const char *headers, const char *text);
void worked_run(gint64 ticket, const char *command);

/* A ticket that Zhang works on, and the mail that says so. */
PdMail *worked_assigned(void);
/* A mail that shows nothing but its From line, with a further header; it must go to ticket 1. */
void worked_write(const char *from, const char *id, const char *header, const char *text);
/* Headers that show who wrote a mail that comes by worked_come(). */
#define WORKED_PASSED(domain)                                                                      \
    "Authentication-Results: mx.example.org; dmarc=pass header.from=" domain "\n"
/* A mail that came by a mailbox whose server judges senders. answered: whose token it bears, or
 * NULL: only the number of ticket 1. headers: first ones, or "". */
void worked_come(const PdMail *answered, const char *from, const char *headers, const char *text);
void worked_check(gint64 number, const char *status, const char *priority, const char *assignee);
/* The events are those of the tickets. */
void worked_verify(void);

#endif
