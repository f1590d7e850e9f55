/* model.h: a rule set in memory.
 *
 * Everything belongs to the set and is not changed after loading, but for the scratch that
 * evaluating reuses, the machine code of patterns and what decisions keep of both: one thread uses
 * a set.
 */
#ifndef RULES_MODEL_H
#define RULES_MODEL_H

#include "postdesk/rules.h"
#include "rules/han.h"
#include "rules/pattern.h"
#include "rules/points.h"
#include "rules/prefilter.h"
#include "rules/scanner.h"

/* Texts of a mail that patterns are matched on; from PD_SLOT_HEADERS on, one for each
 * header that a rule asks for. */
enum {
    PD_SLOT_SUBJECT,
    PD_SLOT_BODY,
    PD_SLOT_TEXT, /* subject, line feed, body */
    PD_SLOT_FULL_TEXT,
    PD_SLOT_FROM,
    PD_SLOT_FROM_NAME,
    PD_SLOT_TO,
    PD_SLOT_CC,
    PD_SLOT_HEADERS,
};

/* The slot in whose text the prefilter looks for the literals of a slot's patterns: the body is the
 * end of the text, and needs no look of its own. */
static inline guint pd_slot_of_literals(guint slot)
{
    return slot == PD_SLOT_BODY ? PD_SLOT_TEXT : slot;
}

typedef enum {
    PD_CONDITION_ALL,
    PD_CONDITION_ANY,
    PD_CONDITION_NOT,
    PD_CONDITION_TEXT,       /* one of the patterns matches the slot's text */
    PD_CONDITION_ATTACHMENT, /* one attachment has such a name and such a type */
    PD_CONDITION_DOMAIN,     /* the sender's domain is one of the words, or below one */
    PD_CONDITION_FACT,       /* the fact is one of the words */
    PD_CONDITION_PRESENT,    /* the fact is there, or is not */
    PD_CONDITION_RANGE,      /* the number lies between the bounds */
} PdConditionKind;

typedef enum {
    PD_FACT_LANGUAGE,
    PD_FACT_ORIGIN,
    PD_FACT_VIA,
    PD_FACT_SPF,
    PD_FACT_DKIM,
    PD_FACT_DMARC,
    PD_FACT_DEPARTMENT,
    PD_FACT_INSIDE, /* a calendar in whose hours the mail came */
    PD_FACT_TICKET_STATUS,
    PD_FACT_TICKET_CATEGORY,
    PD_FACT_TICKET,     /* present: the mail is a reply */
    PD_FACT_ATTACHMENT, /* present: there is one that is not inline */
    PD_FACT_HEADER,     /* present: the slot's header */
    PD_FACT_SIZE,       /* number: raw bytes */
    PD_FACT_AGE,        /* number: microseconds since the ticket was opened */
} PdFact;

#define PD_NO_SLOT G_MAXUINT

/* A pattern on the text of one slot, in however many conditions. */
typedef struct {
    const PdPattern *pattern;
    guint slot;       /* or PD_NO_SLOT: on texts of its own, always tried */
    gboolean scanned; /* the slot's scanner knows it, else the slot's prefilter */
} PdSlotUse;

/* A pattern in one condition. */
typedef struct {
    const PdPattern *pattern;
    guint id; /* in found[]; of one slot */
} PdUse;

/* One of the literals of which the text must hold one of each set, and near which the pattern may
 * then begin. */
typedef struct {
    guint set;     /* of the pattern's sets, the literals of each in a row */
    guint end;     /* index of the first anchor behind that set */
    guint length;  /* bytes of the literal */
    PdEdges edges; /* that it was asked for */
    guint32 least; /* bytes before it */
    guint32 most;  /* the same; PD_UNBOUNDED: there is no bound */
} PdAnchor;

#define PD_UNBOUNDED G_MAXUINT32

typedef struct pd_condition PdCondition;
struct pd_condition {
    PdConditionKind kind;
    guint index; /* among all of the set: where its answer is recorded */
    char *name;  /* "subject", "header X-Priority", "not" */
    guint line;
    guint slot;
    PdFact fact;
    gboolean wanted;     /* for PRESENT */
    gint64 least, most;  /* for RANGE, inclusive */
    GArray *uses;        /* of PdUse: for TEXT; for ATTACHMENT those of the name */
    GArray *types;       /* of PdUse: for ATTACHMENT */
    GArray *texts;       /* of PdUse: for ATTACHMENT */
    char **words;        /* for DOMAIN and FACT; NULL-terminated */
    GPtrArray *children; /* of PdCondition *: for ALL, ANY, NOT */
};

/* Fields of the ticket that a rule sets to one text; first those that are plain words. */
enum {
    PD_SET_CATEGORY,
    PD_SET_IMPACT,
    PD_SET_URGENCY,
    PD_SET_QUEUE,
    PD_SET_ASSIGN,
    PD_SET_LANGUAGE,
    PD_SET_TEMPLATE,
    PD_SET_RESOLVE,       /* "true" */
    PD_SET_MERGE_PERSONS, /* "true"; told with the merge key of the same rule only */
    PD_SET_MERGE_KEY,     /* a text with ${captures} */
    PD_SET_COUNT,
};

extern const char *const pd_set_names[PD_SET_COUNT + 1];

typedef struct {
    char *category;
    gint64 points;
} PdVote;

typedef struct {
    char *name;
    char *text; /* with ${captures} */
} PdCustomField;

typedef struct {
    char *set[PD_SET_COUNT]; /* or NULL */
    char *drop, *quarantine; /* reasons, or NULL */
    char **tags, **watchers; /* or NULL */
    GArray *votes;           /* of PdVote, or NULL */
    PdPoints *points;        /* words that vote, of the set; or NULL */
    GArray *fields;          /* of PdCustomField, or NULL */
    gboolean stop;
} PdAction;

/* A place in a file; the file's name belongs to the set. */
typedef struct {
    const char *file;
    guint line, column;
} PdPlace;

/* What a test expects of one field. */
typedef struct {
    char *field;
    char *text;   /* NULL: nothing shall be set */
    gboolean any; /* whatever it is, it shall be set */
} PdExpected;

typedef struct {
    PdPlace place;
    char *name;          /* or NULL */
    PdMail *mail;        /* NULL: it is in the file */
    char *file;          /* path, or NULL */
    PdTicketFacts facts; /* its texts belong to the test */
    char **inside;       /* what the facts' member points to */
    gint rule;           /* index of the rule it stands in, or -1 */
    gboolean applies;    /* whether that rule's conditions shall hold */
    GArray *expected;    /* of PdExpected */
    char **tags, **watchers, **applied, **not_applied; /* or NULL */
} PdRuleTest;

typedef struct {
    PdPlace place;
    char *id;
    guint index;
    PdCondition *when; /* NULL: always */
    PdAction then;
    gboolean shadow;
    PdPhrase *told[PD_RULE_SKIPPED + 1]; /* what decisions tell of it, by PdRuleOutcome: JSON, an
                                            object that goes on; NULL until the first tells */
} PdRule;

/* What a category brings where no rule said otherwise. */
typedef struct {
    PdPlace place;
    char *name;
    char *set[PD_SET_COUNT];
} PdCategory;

#define PD_MATRIX_LEVELS 3
extern const char *const pd_levels[PD_MATRIX_LEVELS + 1]; /* "high", "medium", "low" */

typedef struct pd_scratch PdScratch;

struct pd_rule_set {
    gint references;
    char *folder;
    char *hash;
    char *commit;          /* or NULL */
    GPtrArray *files;      /* of char *: names as shown, kept for the places */
    GPtrArray *rules;      /* of PdRule * */
    GPtrArray *conditions; /* of PdCondition *, by index; not owned */
    GPtrArray *tests;      /* of PdRuleTest * */
    GPtrArray *categories; /* of PdCategory *, in file order; may be empty */
    gboolean passed;       /* its tests did, as the cache says */
    gboolean compiled;     /* the cache had scanners of it */
    GHashTable *by_category;
    char *defaults[PD_SET_COUNT];
    PdPlace defaults_place; /* file NULL: there are none */
    char *matrix[PD_MATRIX_LEVELS][PD_MATRIX_LEVELS];
    PdHanFold *han;       /* texts and patterns are folded; or NULL */
    GHashTable *patterns; /* of PdPattern *, by what is shown of them */
    GHashTable *points;   /* of PdPoints *, by name */
    GPtrArray *calendars; /* of const char *, NULL at the end: those that are asked for */
    gboolean reads_attachments;
    GPtrArray *headers;    /* of char *: of the slots from PD_SLOT_HEADERS on */
    GArray *uses;          /* of PdSlotUse */
    GPtrArray *scanners;   /* of PdScanner *, by slot; NULL: the slot has none */
    GPtrArray *prefilters; /* of PdPrefilter *, by slot of literals */
    GArray *always;        /* of guint8, by use: it may match any text */
    GArray *anchors;       /* of PdAnchor, those of a use in a row */
    GArray *anchored;      /* of guint, beside the anchors: the literal's number in the prefilter of
                              its slot. Each mail asks for thousands; of few it asks for more */
    GArray *first_anchors; /* of guint, by use, and one more */
    GArray *open;          /* of guint8, by rule: it is asked in any case */
    GArray *openers;       /* of guint, by use, and one more: its first among the opened rules */
    GArray *opened;        /* of guint: rules that are asked if the use is found */
    GArray *gated_slots;   /* of guint8, by slot: a gated rule looks at it */
    PdScratch *scratch;
};

guint pd_rule_set_slots(const PdRuleSet *set);
/* The number of a new use. */
guint pd_use_new(PdRuleSet *set, const PdPattern *pattern, guint slot);
/* After reading, and after the scanners are there: what is found of each use before looking, its
 * literals and anchors. */
void pd_uses_finish(PdRuleSet *set);
const PdCategory *pd_rule_set_category(const PdRuleSet *set, const char *name); /* or NULL */

void pd_condition_free(PdCondition *condition);
void pd_vote_clear(PdVote *vote);
void pd_custom_field_clear(PdCustomField *field);
void pd_expected_clear(PdExpected *expected);
void pd_rule_free(PdRule *rule);
void pd_rule_test_free(PdRuleTest *test);
void pd_category_free(PdCategory *category);

#endif
