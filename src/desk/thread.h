/* thread.h: which ticket does a mail belong to? Pure, over clues that were looked up. */
#ifndef DESK_THREAD_H
#define DESK_THREAD_H

#include "postdesk/token.h"
#include <glib.h>

typedef enum {
    PD_CLUE_TOKEN_ADDRESS,    /* a token in an address the mail went to */
    PD_CLUE_TOKEN_MESSAGE_ID, /* a token in a Message-ID of ours that it answers */
    PD_CLUE_REFERENCE,        /* a Message-ID that leads to a ticket, or is unknown */
    PD_CLUE_SUBJECT,          /* [#N] in the subject */
    PD_CLUE_CONVERSATION,     /* an answer in a conversation that leads to a ticket */
    PD_CLUE_QUOTED_NUMBER,    /* [#N] in the subject of what it answers, as it is quoted */
    PD_CLUE_QUOTE,            /* what it quotes is a message of a ticket, or of none */
    PD_CLUE_SAME_MESSAGE,     /* it came before, by another way that changed it */
    PD_CLUE_BOUNCE_TOKEN,     /* a bounce token in an address the bounce went to */
    PD_CLUE_BOUNCE_MESSAGE,   /* the Message-ID of the mail that bounced */
    PD_CLUE_BOUNCE_NUMBER,    /* [#N] in what a bounce says or returns */
} PdClueKind;

typedef struct {
    PdClueKind kind;
    char *where;            /* the address, Message-ID or number as it was found */
    gint64 ticket;          /* what it claims or leads to; 0: nothing known */
    gboolean exists;        /* that ticket is there */
    PdTokenVerdict verdict; /* of tokens */
    gboolean takes_part;    /* the sender takes part in that ticket */
    gboolean of_asked; /* a token: of somebody outside who was asked; the sender is of his domain */
    gboolean was_mailed; /* a bounce: whom it names was mailed about that ticket lately */
    gboolean is_weak;    /* a quote: too little of it agrees with the message */
    gboolean by_author;  /* a token: signed for who stands in From, not for a Reply-To */
    char *nonce;         /* of a token signed for the sender, or NULL */
} PdClue;

PdClue *pd_clue_new(PdClueKind kind, const char *where);
void pd_clue_free(PdClue *clue);

typedef struct {
    gint64 ticket;              /* it belongs to; 0: to none */
    gint64 suggested;           /* it may belong to; 0: none */
    gboolean refers_to_unknown; /* it answers something that is not known (yet) */
    GArray *in_subject;         /* of gint64: the tickets whose numbers stand there */
    GPtrArray *evidence;        /* of char *: each clue and what it was worth */
} PdThreading;

/* clues: of PdClue *. */
PdThreading *pd_thread_decide(const GPtrArray *clues);
void pd_threading_free(PdThreading *threading);

/* The numbers in a subject's "[#N]" marks, in order; array of gint64, at most a few. */
GArray *pd_subject_numbers(const char *subject);
/* The same of what people write of themselves: "工单#12", "ticket #12", as the desk's mails call
 * it. */
GArray *pd_subject_named_numbers(const char *subject);

#endif
