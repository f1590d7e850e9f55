/* suggest.h: rules proposed from what people corrected.
 *
 * A correction is a ticket of which a person set a field otherwise than the rules had, and which
 * the rules of today would still set as they did then. For what people left a field at, patterns
 * are looked for that such mails have in common and others have not; what they are worth is then
 * measured by asking the rule engine itself about all stored mail. Nothing is written.
 */
#ifndef POSTDESK_SUGGEST_H
#define POSTDESK_SUGGEST_H

#include "postdesk/config.h"
#include "postdesk/diagnostics.h"
#include "postdesk/json.h"

#define PD_SUGGEST_FIELDS 4
/* "category", "queue", "impact", "urgency"; NULL-terminated. */
extern const char *const pd_suggest_fields[PD_SUGGEST_FIELDS + 1];

typedef struct {
    const PdConfig *config;
    gint64 since;                        /* mail taken in from then on */
    gboolean without[PD_SUGGEST_FIELDS]; /* fields that are left alone */
    guint least_support;                 /* corrections that a rule must mend */
    guint least_precision;               /* percent */
    guint most;                          /* rules; or tests */
    void (*progress)(guint64 done, guint64 total, gpointer user); /* or NULL */
    gpointer user;
} PdSuggestOptions;

/* {"tickets": 1200, "corrections": 31, "obsolete": 4 (rules of today set them rightly),
 *  "unread": 0 (of the corrections; their mail cannot be read, or there are too many),
 *  "file": "05-suggested.yaml" (that comes before the rules which decide today),
 *  "before": "34-hardware.yaml" or null,
 *  "rules": [{"id", "when": ["text \bvpn\b"], "set": {"category": "network/vpn"},
 *             "fields": [{"field", "value", "mended", "spoiled", "agreed", "corrections",
 *                         "precision", "recall"}], "tickets": [12, 31]}],
 *  "refused": [{the same, "reason"}],
 *  "yaml": "rules: …"}   a rule file that passes its tests
 *
 * precision: of the tickets that the rule would change, the share that people left at its value;
 * recall: of the corrections to its value, the share that it mends; both in percent. *suggested
 * stays NULL where the rules have errors, which are in the list. The caller has no store open. */
PdStatus *pd_suggest_rules(const PdSuggestOptions *options, PdDiagnostics *list,
                           PdJson **suggested);

/* A test for each corrected ticket, the newest first:
 * {"tickets", "corrections", "obsolete", "unread", "tests": [{"ticket", "fields"}], "yaml"}.
 * It fails as long as no rule does as people did. */
PdStatus *pd_suggest_tests(const PdSuggestOptions *options, PdDiagnostics *list,
                           PdJson **suggested);

#endif
