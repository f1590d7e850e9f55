/* rules.h: rule files, read and applied (the only room that knows PCRE2).
 *
 * A rule set is loaded whole from a folder (*.yaml in order of name, rules in
 * order of position; matrix.yaml; word lists) and never changes. Evaluating
 * is pure: mail and ticket facts in, decision out. A match limit that is hit
 * marks the rule as failed for that message and never counts as "no match".
 */
#ifndef POSTDESK_RULES_H
#define POSTDESK_RULES_H

#include "postdesk/diagnostics.h"
#include "postdesk/json.h"
#include "postdesk/json_cursor.h"
#include "postdesk/mail.h"
#include <glib.h>

typedef struct pd_rule_set PdRuleSet;

/* NULL with errors in the list. */
PdRuleSet *pd_rule_set_load(const char *folder, PdDiagnostics *list);
/* The same, with the help of a file that remembers what was made of the set before. It is one that
 * pd_rule_set_remember() or pd_rule_set_compile() wrote; any other is as good as none. */
PdRuleSet *pd_rule_set_load_cached(const char *folder, const char *cache, PdDiagnostics *list);
/* Whether the cache says that the tests of just this set passed. */
gboolean pd_rule_set_passed(const PdRuleSet *set);
/* Notes in the cache that they did. */
PdStatus *pd_rule_set_remember(PdRuleSet *set, const char *cache);
/* Whether loading would be of use again after pd_rule_set_compile(): there are many patterns, a
 * library to look for them in one pass, and the cache had nothing of it. */
gboolean pd_rule_set_wants_compiling(const PdRuleSet *set);
/* Compiles the patterns for that library, into the cache. It may take long (seconds for thousands
 * of rules) and changes nothing of the set. */
PdStatus *pd_rule_set_compile(const PdRuleSet *set, const char *cache);
PdRuleSet *pd_rule_set_ref(PdRuleSet *set);
void pd_rule_set_free(PdRuleSet *set); /* drops one reference */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRuleSet, pd_rule_set_free)

const char *pd_rule_set_hash(const PdRuleSet *set); /* hex, of all its files' content */
/* The commit that the folder's git checkout stands at, in hex; NULL if it is in none. Files may
 * have been changed since: the hash tells what is in force. */
const char *pd_rule_set_commit(const PdRuleSet *set);
/* A copy of a folder of rules, elsewhere, is said to be of the same commit, or of none, in whatever
 * checkout it lies. */
PdStatus *pd_rules_copy_commit(const char *folder, const char *copy);
gboolean pd_rules_same_commit(const char *folder, const char *other);
guint pd_rule_set_count(const PdRuleSet *set);
/* The id of a rule, in their order; borrowed. *is_shadow: it is only recorded. */
const char *pd_rule_set_rule(const PdRuleSet *set, guint index, gboolean *is_shadow);
/* The calendars that rules ask for, NULL-terminated; borrowed. */
const char *const *pd_rule_set_calendars(const PdRuleSet *set);
/* Whether a rule asks what attachments say (PdMailOptions.with_attachment_text). */
gboolean pd_rule_set_reads_attachments(const PdRuleSet *set);
/* Whether traditional characters are matched as simplified ones. */
gboolean pd_rule_set_folds_chinese(const PdRuleSet *set);
/* Whether it is one of the declared categories, or none are declared. */
gboolean pd_rule_set_has_category(const PdRuleSet *set, const char *category);
/* Those that are declared, in their order; NULL-terminated. The caller frees the list alone. */
const char **pd_rule_set_category_names(const PdRuleSet *set);

/* What is known besides the mail: of the ticket when it is a reply (zero or NULL if it is none),
 * and of its sender and time. */
typedef struct {
    gint64 ticket;
    const char *status;
    const char *category;
    gint64 age; /* microseconds since it was opened */
    /* Of any mail: */
    const char *department;    /* that its sender is of, or NULL */
    const char *const *inside; /* calendars in whose hours it came, NULL-terminated; or NULL */
} PdTicketFacts;

typedef enum {
    PD_RULE_NO, /* its conditions do not hold */
    PD_RULE_APPLIED,
    PD_RULE_SHADOW,  /* holds, but only recorded */
    PD_RULE_FAILED,  /* could not tell: a match limit was hit */
    PD_RULE_SKIPPED, /* after a stop */
} PdRuleOutcome;

/* What the decision says, in its final form; text fields NULL where no rule and no
 * default set them. *_by: id of the rule, "votes", "category", "matrix" or "default". */
typedef struct pd_decision PdDecision;

PdStatus *pd_rule_set_evaluate(const PdRuleSet *set, const PdMail *mail, const PdTicketFacts *facts,
                               PdDecision **decision);
void pd_decision_free(PdDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdDecision, pd_decision_free)

/* Deciding again on a mail that was decided on: rules that ask the same in both sets, under the
 * same id, are not asked again. What the decision sets is what pd_rule_set_evaluate() would set;
 * what matched it does not tell. */
typedef struct pd_rule_kin PdRuleKin; /* of two sets, or of one with itself */
PdRuleKin *pd_rule_kin_new(PdRuleSet *from, PdRuleSet *to);
void pd_rule_kin_free(PdRuleKin *kin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRuleKin, pd_rule_kin_free)

/* What the rules of a set said to one mail. */
typedef struct pd_rule_answers PdRuleAnswers;
PdRuleAnswers *pd_rule_answers_of(const PdDecision *decision);
/* Out of what pd_decision_compact() told (empty: nothing). NULL unless just the rules of kin's
 * first set were told just these facts. */
PdRuleAnswers *pd_rule_answers_read(const PdRuleKin *kin, const PdTicketFacts *facts,
                                    PdJsonSlice stored);
void pd_rule_answers_free(PdRuleAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRuleAnswers, pd_rule_answers_free)

/* The decision of kin's second set; the answers are of its first one, to the same mail and facts.
 */
PdStatus *pd_rule_kin_evaluate(const PdRuleKin *kin, const PdRuleAnswers *answers,
                               const PdMail *mail, const PdTicketFacts *facts,
                               PdDecision **decision);
/* Whether both tell rules the same. */
gboolean pd_ticket_facts_equal(const PdTicketFacts *one, const PdTicketFacts *other);

/* Fields: "category", "impact", "urgency", "priority", "queue", "assign", "language",
 * "template", "merge_key", and "fields.NAME" for the rule file's own. NULL if nothing set it. */
const char *pd_decision_field(const PdDecision *decision, const char *field);
const char *pd_decision_field_by(const PdDecision *decision, const char *field);
/* The path of the first file with a rule that sets the field or stops: rules in files behind it
 * come too late for the field. NULL if there is none. Borrowed from the set. */
const char *pd_decision_settled_in(const PdDecision *decision, const char *field);
/* {name: text} of the rule file's own fields; caller frees. */
PdJson *pd_decision_custom(const PdDecision *decision);
GPtrArray *pd_decision_tags(const PdDecision *decision);     /* of char *, borrowed */
GPtrArray *pd_decision_watchers(const PdDecision *decision); /* of char *, borrowed */
/* The reason a rule dropped or quarantined the mail for; NULL if none did. */
const char *pd_decision_drop(const PdDecision *decision);
const char *pd_decision_quarantine(const PdDecision *decision);
/* Ids of rules that could not be evaluated (alarm). Of const char *. */
GPtrArray *pd_decision_failed(const PdDecision *decision);

/* Every rule in order with its conditions, captures and offsets; the fields and
 * where each came from; the rule set's hash. Complete; caller frees. */
PdJson *pd_decision_to_json(const PdDecision *decision);
/* What is stored with the ticket, one line; caller frees. Only rules that applied, failed or were
 * shadowed, and the fields; of a shadowed rule what it asked for ("then"), of others their "votes";
 * of all of them "hits", each [condition, pattern, first byte, byte behind the last, text, captures
 * (where there are any)], and "unknown": conditions that hit a limit. "near" names the first 20 of
 * which all conditions but one hold, a pattern that matched among them.
 * With phrases (of const PdPhrase *, which belong to the set), what rules and patterns say the same
 * each time is added there, and the line has gaps; NULL: the line is whole. */
char *pd_decision_compact(const PdDecision *decision, GPtrArray *phrases);

/* Runs the tests in the rule files. Each failure is a diagnostic at the test's
 * place, saying what was expected and what came. *run counts the tests. */
void pd_rule_set_test(const PdRuleSet *set, PdDiagnostics *list, guint *run);

/* One test that was run; texts belong to the set. */
typedef struct {
    const char *name;
    const char *rule; /* id of the rule it stands in, or NULL */
    const char *file;
    guint line;
    PdDiagnostics *failures; /* empty: it passed */
} PdRuleTestResult;

/* All of them, one by one, in order. Of PdRuleTestResult *; caller unrefs, before the set. */
GPtrArray *pd_rule_set_test_each(const PdRuleSet *set);
/* For other programs: the Test Anything Protocol, JUnit's XML. Callers free. */
char *pd_rule_tests_tap(const GPtrArray *results);
char *pd_rule_tests_junit(const GPtrArray *results);

/* Each hand-over that the set makes: of rules, categories and the defaults. Texts belong to the
 * set. */
typedef void (*PdAssignVisitor)(const char *assign, const char *file, guint line, guint column,
                                gpointer user);
void pd_rule_set_each_assign(const PdRuleSet *set, PdAssignVisitor visit, gpointer user);

/* What is suspicious though valid, as warnings: rules that can never apply, duplicates,
 * unknown categories, no default, patterns that match everything. */
void pd_rule_set_lint(const PdRuleSet *set, PdDiagnostics *list);

/* "P1".."P4" of an impact and an urgency ("high", "medium", "low"), from the matrix. */
const char *pd_rule_set_priority(const PdRuleSet *set, const char *impact, const char *urgency);

#endif
