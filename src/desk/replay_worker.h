/* replay_worker.h: one process of a replay: a part of the messages, asked of two rule sets. */
#ifndef DESK_REPLAY_WORKER_H
#define DESK_REPLAY_WORKER_H

#include "postdesk/calendar.h"
#include "postdesk/people.h"
#include "postdesk/replay.h"
#include "postdesk/rules.h"

/* A rule set with what its conditions ask for. */
typedef struct {
    PdRuleSet *rules;
    PdPeople *people;
    PdCalendars *calendars;
} PdReplaySide;

/* FALSE with errors in the list. Cleared in any case. */
gboolean pd_replay_side_load(PdReplaySide *side, const PdConfig *config, const char *folder,
                             PdDiagnostics *list);
void pd_replay_side_clear(PdReplaySide *side);

typedef struct {
    const PdReplayOptions *options;
    PdReplaySide before, after;
    PdRuleKin *known, *kin; /* of the rules before with themselves, and with those after */
    gint64 first, last;     /* messages, both included */
    guint worker, workers;  /* blocks of messages are dealt out in turn */
} PdReplayShare;

/* What one decision says otherwise than another, as changes above; *guards: bits by
 * PdReplayGuard. Caller frees. */
PdJson *pd_replay_compare(const PdDecision *before, const PdDecision *after, guint *guards);

#define PD_REPLAY_BLOCK 32 /* messages that are dealt out together */

/* Writes a line of JSON for each message that changes, and "done" lines, to the descriptor:
 *   {"message": 7, "ticket": 3, "guards": bits, "changes": [["category", "a", "b"], …]}
 *   {"done": 32, "asked": 30, "unreadable": 0}
 *   {"failure": "…"} where it cannot go on. */
void pd_replay_work(const PdReplayShare *share, int fd);

#endif
