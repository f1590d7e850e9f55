/* assignment.h: what an engineer must know of a ticket to begin. */
#ifndef DESK_ASSIGNMENT_H
#define DESK_ASSIGNMENT_H

#include "desk/pictures.h"

/* What was made ready before the transaction; either may be NULL. */
typedef struct {
    const PdPictures *pictures; /* of the message just read */
    const GArray *similar;      /* of PdSimilar (similar.h); NULL: not looked for yet */
} PdAhead;

typedef struct {
    PdJson *values;
    GPtrArray *enclosures; /* of PdEnclosure *: the pictures that the values name, and files */
} PdAssignment;
void pd_assignment_clear(PdAssignment *assignment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdAssignment, pd_assignment_clear)

/* Reads the ticket's messages, decision and likes. ahead may be NULL. with_files: what is attached
 * to the messages is enclosed, of each file one, up to 10 MB in all. */
PdStatus *pd_assignment_make(PdDesk *desk, const char *language, const PdTicket *ticket,
                             const PdAhead *ahead, gboolean with_files, PdAssignment *assignment);

/* Adds the name and size of each file of the message to the list. */
PdStatus *pd_assignment_add_files(const PdStoredMessage *message, PdJson *list);

#endif
