/* quote_points.h: how much speaks for it that a mail quotes a message.
 *
 * What agrees between the mail and a stored message gives points:
 *
 *   its text, long          60     is quoted, and nearly all of it
 *   its text, short         40
 *   its text, a few words   15
 *   a long part of its text 30
 *   its time                40     stands above the quote, to the minute
 *   its author              20     stands there with his address, 15 with his name
 *   its subject             10     stands there
 *
 * Who has the text or the time of a message may have the rest by chance; author and subject alone
 * say nothing. Pure. */
#ifndef DESK_QUOTE_POINTS_H
#define DESK_QUOTE_POINTS_H

#include "postdesk/mail.h"
#include "postdesk/quoted.h"
#include "postdesk/tickets.h"

/* What a mail quotes. */
typedef struct {
    const GPtrArray *heads; /* pd_quoted_heads(), borrowed */
    char *matter;           /* pd_subject_matter() of the mail */
    char *words;            /* letters and digits of what it quotes */
} PdQuote;

void pd_quote_init(PdQuote *quote, const PdMail *mail, const GPtrArray *heads);
void pd_quote_clear(PdQuote *quote);

/* 0 where another time stands above the quote, or neither text nor time agrees. *what: what agrees,
 * in words, or NULL; caller frees. */
guint pd_quote_points(const PdQuote *quote, const PdStoredMessage *message, char **what);

#endif
