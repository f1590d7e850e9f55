/* letters.h: mails as people get and answer them, in a desk without a network. */
#ifndef TESTS_DESK_LETTERS_H
#define TESTS_DESK_LETTERS_H

#include "fixture.h"

/* The newest mail of that occasion to somebody; fails if there is none. Caller frees. */
PdMail *letters_to(Fixture *fixture, const char *address, const char *purpose);
/* How many mails somebody was sent. */
guint letters_count(Fixture *fixture, const char *address);
/* Answers a mail as a mail program does. headers: further ones, or "". */
void letters_answer(Fixture *fixture, const PdMail *mail, const char *from, const char *headers,
                    const char *text);
void letters_hold(const PdMail *mail, const char *text);
void letters_lack(const PdMail *mail, const char *text);
/* A command as it is given on this machine. */
void letters_run(Fixture *fixture, gint64 ticket, const char *command);

#endif
