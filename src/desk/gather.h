/* gather.h: what is told later: put aside, and taken up again.
 *
 * Whatever waits for somebody about a ticket goes with the next mail that he gets about it, so that
 * no mail speaks of what an earlier one has overtaken. */
#ifndef DESK_GATHER_H
#define DESK_GATHER_H

#include "desk/pace.h"
#include "desk/tell.h"
#include "postdesk/pending.h"

/* Several things that one person is to be told about one ticket, as one. Owns what it points to. */
typedef struct {
    char *was;     /* the status that he knows of; NULL: it did not change */
    char *due_was; /* likewise the due time of its solution */
    char *said;    /* all that was said and not taken back; NULL: nothing */
    char *by;      /* who said it, or NULL */
    char *channel; /* of the first one; these are NULL or 0 where there is none */
    char *held;
    PdJson *files; /* of the messages whose files go with what was said, as in PdTelling */
    gint64 inbox;  /* the last message that is told of; 0: none */
    gint64 into;
    PdGiven known; /* of an assignment: what he knows of it by earlier mails. PD_GIVEN_TO_HIM: that
                      it is his; PD_GIVEN_FROM_HIM: that it is not */
    PdJson *reasons; /* one object {at, why} for each */
} PdGathered;
void pd_gathered_free(PdGathered *gathered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdGathered, pd_gathered_free)

/* In the running transaction: puts aside what the telling says. */
PdStatus *pd_gather_put(const PdTelling *telling, const char *address, const PdPace *pace);
/* What says the opposite of an assignment that waits for its reader waits with it: where it was
 * given and taken away before he was told, or the other way about, he need not be told at all. */
PdStatus *pd_gather_wait_with(const PdTelling *telling, const char *address, PdPace *pace);
/* Rows of PdPending of one ticket and person as one; events: of the ticket. */
PdGathered *pd_gather_fold(const GPtrArray *rows, const GPtrArray *events);
/* In the running transaction: what waits for him about the ticket, which is told now and waits no
 * longer; NULL if nothing does. with_words: the mail has room for what somebody said; without it,
 * what was said goes on waiting with all the rest. */
PdStatus *pd_gather_take(const PdTelling *telling, const char *address, const char *kind,
                         gboolean with_words, PdGathered **taken);
/* What is said now comes behind it. Either may be NULL. */
void pd_gathered_add_words(PdGathered *all, const char *said, const char *by);
void pd_gathered_add_files(PdGathered *all, const PdJson *files);

#endif
