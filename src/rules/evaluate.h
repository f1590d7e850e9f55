/* evaluate.h: the inside of a decision, and what evaluating works with. */
#ifndef RULES_EVALUATE_H
#define RULES_EVALUATE_H

#include "rules/model.h"

/* Bytes between which a match may begin, both included. */
typedef struct {
    gsize from, to;
} PdSpan;

typedef struct {
    PdSpan *at;
    guint count, room;
} PdSpans;

/* The anchors of a use, and the literals that were found in the text of its slot. */
typedef struct {
    const PdAnchor *all;
    const guint *anchored; /* beside them: numbers of literals */
    const PdLiteralHits *hits;
    guint first, end; /* indexes of the use's */
} PdAnchors;

static inline PdAnchors pd_anchors_of(const PdRuleSet *set, const PdLiteralHits *hits, guint use)
{
    return (PdAnchors){(const PdAnchor *)(gconstpointer)set->anchors->data,
                       (const guint *)(gconstpointer)set->anchored->data, hits,
                       g_array_index(set->first_anchors, guint, use),
                       g_array_index(set->first_anchors, guint, use + 1)};
}

/* The first anchor from this one on whose literal was found; end: none was. */
static inline guint pd_anchors_found(const PdAnchors *anchors, guint from, guint end)
{
    while (from < end && !pd_literal_hits_has(anchors->hits, anchors->anchored[from]))
        from++;
    return from;
}

/* What evaluating reuses from mail to mail; belongs to the set. */
struct pd_scratch {
    PdMatcher *matcher;
    guint slots;
    GString **texts;               /* NFKC, by slot */
    gboolean *ready;               /* the slot's text is that of this mail */
    gboolean *looked;              /* found holds what may match it */
    PdLiteralHits **hits;          /* in the text, by slot */
    guint8 *found;                 /* by use: the pattern may match */
    PdSpans spans;                 /* where the pattern at hand may begin */
    PdSpans more_spans, cut_spans; /* on the way there */
    guint8 *open;                  /* by rule: it is asked */
    gboolean try_all;              /* no prefilter: for the test that it changes nothing */
};

PdScratch *pd_scratch_new(const PdRuleSet *set);
void pd_scratch_free(PdScratch *scratch);
/* Forgets the mail before. */
void pd_scratch_begin(PdScratch *scratch, const PdRuleSet *set);
/* The text of a slot, built and scanned when it is first asked for. */
const GString *pd_scratch_text(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail,
                               guint slot);

/* After reading: which rules are asked only if a word of theirs is found. */
void pd_gate_build(PdRuleSet *set);
/* Fills open for this mail. */
void pd_gate_open(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail);

/* A pattern on the text of its slot, which is ready: the first match. */
PdAnswer pd_scratch_match(PdScratch *scratch, const PdRuleSet *set, const PdUse *use, guint slot,
                          PdMatch *match);

/* One match of a condition's pattern. */
typedef struct {
    guint rule, condition; /* indexes */
    const PdPattern *pattern;
    gsize start, end;      /* bytes in the text matched, which is NFKC */
    const char *context;   /* a few words before, the match, a few words after */
    gsize before, matched; /* bytes of it */
    char **groups;         /* as pd_pattern_names(), NULL for those without part; or NULL */
} PdHit;

typedef struct {
    const char *category;
    gint64 points;
    guint rule; /* that gave the first ones */
} PdTally;

/* A word that gave points. */
typedef struct {
    char *text;       /* as it stands in the mail */
    gsize start, end; /* bytes, as those of a hit */
    gint64 points;
} PdToldWord;

/* What a rule's words with points said. */
typedef struct {
    guint rule;       /* index */
    const char *sure; /* the category that the rules before were sure of, so that the words were not
                         looked for; NULL: they were. Borrowed */
    guint found;      /* so many different words are in the mail */
    GArray *votes;    /* of PdVote, categories borrowed */
    GArray *words;    /* of PdToldWord: some that speak for the first category */
} PdPointsCount;

typedef struct {
    const char *value, *by;
} PdField;

typedef struct {
    const char *name;
    char *value;
    const char *by;
} PdCustomValue;

#define PD_FIELD_PRIORITY PD_SET_COUNT /* the one field that no rule sets */

struct pd_decision {
    PdRuleSet *set;         /* a reference: all borrowed texts are its own */
    guint8 *outcomes;       /* PdRuleOutcome, by rule */
    guint8 *answers;        /* PdAnswer, by condition */
    GArray *hits;           /* of PdHit, in the order of evaluation: rule by rule */
    GStringChunk *contexts; /* of the hits */
    gint stopped_by;        /* rule, or -1 */
    PdField fields[PD_SET_COUNT + 1];
    char *merge_key; /* what the field's value points to */
    PdField drop, quarantine;
    GArray *custom;             /* of PdCustomValue */
    GArray *votes;              /* of PdTally, in the order of their first points */
    GArray *counts;             /* of PdPointsCount, in the order of rules */
    GPtrArray *tags, *watchers; /* borrowed texts */
    GPtrArray *failed;          /* of ids */
    GPtrArray *near;            /* of PdRule *: all conditions but one hold */
    PdTicketFacts facts;        /* copies; that member points to inside */
    char **inside;
};

#define PD_DECISION_SCHEMA 1 /* version of the form that is shown, and of the one stored */

extern const char *const pd_outcome_names[]; /* by PdRuleOutcome */

typedef struct {
    const PdRuleSet *set;
    const PdMail *mail;
    const PdTicketFacts *facts;
    PdScratch *scratch;
    PdDecision *decision;
    guint rule; /* that is asked: index */
} PdEvaluation;

/* The answer of a condition and of all below it, recorded with its hits. */
PdAnswer pd_condition_answer(PdEvaluation *evaluation, const PdCondition *condition);

PdDecision *pd_decision_new(PdRuleSet *set);
/* Keeps a copy of what the rules are told besides the mail. */
void pd_decision_note_facts(PdDecision *decision, const PdTicketFacts *facts);
/* Carries out the action of a rule that holds; its hits begin at first_hit. */
void pd_decision_apply(PdDecision *decision, const PdRule *rule, guint first_hit);
/* The same, and counts its words with points. */
void pd_rule_carry_out(PdEvaluation *e, const PdRule *rule, guint first_hit);
/* Adds a rule's votes (of PdVote) to the tallies. */
void pd_decision_vote(PdDecision *decision, const PdRule *rule, const GArray *votes);
/* What the words of a rule said; NULL if it has none or did not apply. */
const PdPointsCount *pd_decision_count_of(const PdDecision *decision, const PdRule *rule);
void pd_points_count_clear(PdPointsCount *count);
/* What a rule asks for; whether it won is told by the fields. Caller frees. */
PdJson *pd_action_json(const PdAction *then);
/* After the last rule: votes, what the category brings, defaults, the matrix. */
void pd_decision_settle(PdDecision *decision);

#endif
