/* change.h: the one door through which a person changes a ticket, by mail or at the command
 * line: commands are taken one by one, all of them are checked, and only then are they done. */
#ifndef DESK_CHANGE_H
#define DESK_CHANGE_H

#include "desk/authority.h"
#include "desk/desk_private.h"
#include "desk/lifecycle.h"
#include "desk/problem.h"

/* Who changes it. Texts are borrowed. */
typedef struct {
    const char *actor;      /* address, or user of this machine */
    const char *channel;    /* "mail", "cli" */
    gint64 inbox;           /* the message that says so; 0: none */
    const PdPerson *person; /* or NULL */
    PdRank rank;
    const char *token; /* nonce of the token that proved it, or NULL */
    guint proofs;
    const char *answer_to; /* where answers to his mail go, or NULL */
    gboolean over_budget;  /* he has had what he may get in this hour for mails of his own */
    const char *held;      /* why mails about it are held back, or NULL */
    const PdMail *mail;    /* or NULL */
    const PdInboxRow *row; /* or NULL */
    gboolean hands_files;  /* what he attached goes on with his words */
    gboolean says_nothing; /* no word and no command: the files are all there is */
    gboolean told_at_desk; /* if he moves the ticket, the desk is told with what he wrote */
} PdDoer;

typedef struct {
    PdDesk *desk;
    const PdDoer *doer;
    PdTicket *ticket; /* as it is; the change's own */
    PdJson *set, *custom, *tags, *untags, *parts, *links, *commands;
    const PdTransition *transition; /* of the status, or NULL */
    const PdPerson *assignee;       /* newly assigned, or NULL */
    char *due;                      /* agreed for the solution, or NULL */
    char *form;                     /* that is mailed, or NULL */
    gboolean form_goes_out;         /* to the reporter */
    char *external;                 /* address that is asked, or NULL */
    char *subject;                  /* of what is split off */
    gint64 merge_into, rating;
    gint64 bulk;           /* number of the change of many tickets that this is part of; 0: none */
    gboolean is_of_many;   /* so many that who is given them is mailed of all of them at once */
    gboolean tells_maker;  /* whose the bulk was that this takes back is mailed of it */
    gboolean acknowledges; /* the reporter gets the acknowledgement that was held back */
    gboolean unthreads;    /* what is split off came to the wrong ticket: it leaves no trace here */
    gboolean undoes_bulk;  /* the bulk that the last change was part of, or bulk_to_undo */
    gint64 bulk_to_undo;   /* 0: the last one of this ticket */
    gboolean splits, undoes, is_internal, wants_help, wants_standing;
    GString *text;       /* for the reporter, or whoever is written to */
    GPtrArray *told;     /* addresses of who watches and had the words by now (tell.h) */
    gint64 event;        /* sequence of what was set or merged, once it is done; 0: nothing was */
    gint64 undone;       /* ticket whose status was told outside and was taken back; 0: none */
    char *undone_status; /* what it was until then */
    gint64 undone_into;  /* the ticket that it goes on in again; 0: none */
    PdJson *taken_back;  /* what was undone, a row for each event (undone.c) */
} PdChange;

PdChange *pd_change_new(PdDesk *desk, const PdTicket *ticket, const PdDoer *doer);
void pd_change_free(PdChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdChange, pd_change_free)

/* Takes one in. FALSE: it cannot be done, and why. A status: the store could not be asked. */
PdStatus *pd_change_take(PdChange *change, const PdCommand *command, PdProblem *problem);
/* The same for "field=value" (request_field.c). */
gboolean pd_change_set_field(PdChange *change, const char *field, const char *value,
                             PdProblem *problem);
/* Is it written as one? */
gboolean pd_change_is_category(const char *value);
/* "field=value" each; NULL-terminated. */
PdStatus *pd_change_take_pairs(PdChange *change, const char *const *pairs);
/* What the ticket has there, "" for nothing. */
const char *pd_change_field(const PdTicket *ticket, const char *field);
/* Sets again what still is as the event left it; *whole: that was all of it. In the transaction. */
PdStatus *pd_change_undo(PdChange *change, const PdEvent *event, gboolean *whole);
/* Does it, in the running transaction, and mails whom it concerns. *queued counts the mails. */
PdStatus *pd_change_commit(PdChange *change, guint *queued);

/* What is set by it, else what stands in the ticket (change.c). */
const char *pd_change_after(const PdChange *change, const char *field, const char *before);

#endif
