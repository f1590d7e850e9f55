/* pace.h: when somebody is mailed what he is told: at once, gathered with what else happens within
 * the minute, after quiet hours, or with his digest. One table, by the occasion of the mail. */
#ifndef DESK_PACE_H
#define DESK_PACE_H

#include "desk/desk_private.h"

/* One telling, as far as its pace depends on it. Borrowed. */
typedef struct {
    const char *occasion;
    const PdTicket *ticket;
    const char *recipient;
    const char *doer; /* who did what is told, or NULL */
    gboolean has_words;
    gboolean is_of_many; /* so are many others, by the same change */
    gboolean is_off;     /* the ticket is his no longer */
    gboolean has_files;  /* which a digest has no room for */
} PdPaceOf;

typedef struct {
    const char *kind; /* what can be told in one mail ("news"); NULL: the mail stands alone */
    gint64 due;       /* 0: at once */
    gboolean in_digest;
    char *why; /* why it waits; or why it goes at once though it is quiet; or NULL */
} PdPace;

/* Reads the ticket's events where it is quiet. *pace must be cleared. */
PdStatus *pd_pace_decide(const PdDesk *desk, const PdPaceOf *of, gint64 now, PdPace *pace);
void pd_pace_clear(PdPace *pace);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdPace, pd_pace_clear)
/* Of a priority whose mails wait for nothing. */
gboolean pd_pace_is_urgent(const PdDesk *desk, const PdTicket *ticket);
/* What the occasion can be told together with; NULL: nothing. */
const char *pd_pace_kind(const char *occasion);

#endif
