/* replay.h: what another rule set would have decided of the mail that is stored.
 *
 * Each stored message is read again and asked of both sets, in as many processes as there are
 * processors. A rule that asks the same in both sets answers once for both; where the decision that
 * is stored was made by the rules before, and they would be told the same, it has answered already.
 * Nothing is written anywhere.
 */
#ifndef POSTDESK_REPLAY_H
#define POSTDESK_REPLAY_H

#include "postdesk/config.h"
#include "postdesk/diagnostics.h"
#include "postdesk/json.h"
#include <glib.h>

/* Of either set: its folder, which holds people.yaml and calendars as well where it has them. */
typedef struct {
    const PdConfig *config; /* of the desk whose mail it is; its rules are the old ones */
    const char *rules;      /* folder of the new ones */
    gint64 since;           /* messages taken in from then on */
    guint workers;          /* 0: one for each processor */
    gboolean anew;          /* each rule of both sets is asked */
    void (*progress)(guint64 done, guint64 total, gpointer user); /* or NULL */
    gpointer user;
} PdReplayOptions;

/* A message that comes out otherwise. */
typedef struct {
    gint64 message, ticket; /* ticket 0: it has none */
} PdReplayed;

/* All messages of which one thing changes alike. */
typedef struct {
    char *field;      /* "category", …, "drop", "quarantine", "tags" */
    char *from, *to;  /* "" where nothing is set */
    GArray *messages; /* of PdReplayed, in order of number */
} PdReplayRow;

/* What may be forbidden; each counts the messages that do it. */
typedef enum {
    PD_GUARD_NEWLY_DROPPED,
    PD_GUARD_NEWLY_QUARANTINED,
    PD_GUARD_PRIORITY_DROPS,
    PD_GUARD_PRIORITY_RISES,
    PD_GUARD_P1_LOST,
    PD_GUARD_CATEGORY_CHANGES,
    PD_GUARD_QUEUE_CHANGES,
    PD_GUARD_CATEGORY_LOST, /* it was decided, now the default is taken */
    PD_GUARD_RULE_FAILS,    /* a rule hits a limit that hit none before */
    PD_GUARD_ANY_CHANGE,
    PD_GUARDS,
} PdReplayGuard;
extern const char *const pd_replay_guard_names[PD_GUARDS + 1]; /* "newly dropped", … */

typedef struct {
    guint64 messages;   /* that were looked at */
    guint64 asked;      /* that rules are asked about */
    guint64 unreadable; /* that could not be read again */
    guint64 guards[PD_GUARDS];
    GPtrArray *rows; /* of PdReplayRow *, those with most messages first */
} PdReplay;
void pd_replay_free(PdReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdReplay, pd_replay_free)

/* *replay stays NULL where a rule set has errors, which are in the list. The caller has no store
 * open. */
PdStatus *pd_replay_run(const PdReplayOptions *options, PdDiagnostics *list, PdReplay **replay);

#endif
