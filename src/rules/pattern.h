/* pattern.h: one compiled pattern, and what running it needs.
 *
 * Patterns are PCRE2: caseless, Unicode, "^" and "$" at every line. They are matched on
 * text that is valid UTF-8 and NFKC (normal.h). A Han character is a word of its own:
 * "\b" holds beside it. Matching is bounded (limits.h) and has three answers.
 */
#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include "postdesk/phrase.h"
#include "rules/tail.h"

#include <glib.h>

typedef enum { PD_NO, PD_YES, PD_UNKNOWN } PdAnswer; /* unknown: a limit was hit */

#define PD_LITERAL_SETS 4
#define PD_ANYWHERE G_MAXSIZE

/* What a match contains, and how many bytes behind the match's beginning. */
typedef struct {
    char *text;           /* lower-case */
    gsize least, most;    /* most: PD_ANYWHERE if not bounded */
    PdTail *tail;         /* that stands behind it */
    gboolean starts_word; /* if it begins with a letter, digit or '_' of ASCII, none is before it */
} PdLiteral;

typedef struct pd_pattern PdPattern;

/* What matching needs besides pattern and text; reused, for one thread. */
typedef struct pd_matcher PdMatcher;

PdMatcher *pd_matcher_new(void);
void pd_matcher_free(PdMatcher *matcher);
/* For measuring how dear a pattern is: another bound than PD_LIMIT_MATCH; 0: that again. */
void pd_matcher_set_effort(PdMatcher *matcher, guint32 matches);

/* shown: what people are told of it (the source, or the name of a word list). NULL with
 * *error (caller frees) and *at, the character inside the source it stands at, from 1. */
PdPattern *pd_pattern_new(const char *source, const char *shown, char **error, gsize *at);
/* The same, compiled when it is first tried: most of a large set never are. For a source that is
 * known to be right, or before pd_pattern_compile() tells whether it is. */
PdPattern *pd_pattern_new_later(const char *source, const char *shown);
/* FALSE with *error and *at, as above. */
gboolean pd_pattern_compile(PdPattern *pattern, char **error, gsize *at);
void pd_pattern_free(PdPattern *pattern);

const char *pd_pattern_shown(const PdPattern *pattern);
/* The same in short, as a JSON string: what each decision tells of it that it was a reason of. */
const PdPhrase *pd_pattern_phrase(const PdPattern *pattern);
/* Sets of literals (GPtrArray of PdLiteral *, at most PD_LITERAL_SETS): every match holds at
 * least one of each set. Empty: none are known. */
const GPtrArray *pd_pattern_literals(const PdPattern *pattern);
/* It matches wherever a literal of its only set stands that begins and ends a word as it says, and
 * nothing but that literal; which one, where several begin at one place, is told by PCRE2 alone. It
 * has no named groups. */
gboolean pd_pattern_is_plain(const PdPattern *pattern);
/* The source as it was handed to PCRE2. */
const char *pd_pattern_rewritten(const PdPattern *pattern);
/* PCRE2's version, part of the key of what is kept. Caller frees. */
char *pd_pattern_library(void);
/* Names of its groups, NULL-terminated, in alphabetical order; NULL if it has none. */
const char *const *pd_pattern_names(const PdPattern *pattern);

typedef struct {
    gsize start, end;         /* bytes, in the text */
    const PdPattern *pattern; /* that matched */
    const gsize *groups;      /* start and end of each group; until the matcher is used again */
    guint group_count;
} PdMatch;

PdAnswer pd_pattern_match(const PdPattern *pattern, PdMatcher *matcher, const char *text,
                          gsize length, PdMatch *match);
/* The same among the matches that begin between these bytes, both included. from: not inside a
 * character. */
PdAnswer pd_pattern_match_between(const PdPattern *pattern, PdMatcher *matcher, const char *text,
                                  gsize length, gsize from, gsize to, PdMatch *match);
/* Bounds of the named group, the index-th of pd_pattern_names(); FALSE if it took no part. */
gboolean pd_match_group(const PdMatch *match, guint index, gsize *start, gsize *end);

/* The source as it is handed to PCRE2: characters NFKC, "\b" as said above. Caller frees. */
char *pd_pattern_rewrite(const char *source);
/* Bytes of the boundary that begins at that byte, as "\b" was rewritten; 0 if none does. is_usual:
 * "\b" would have become the same at this place. */
gsize pd_pattern_boundary(const char *rewritten, gsize at, gboolean *is_usual);
/* Whether a character is surely Han, so that "\b" holds on both sides of it. */
gboolean pd_pattern_is_han(gunichar c);
/* The sets of literals of a rewritten pattern, as pd_pattern_literals(); caller unrefs. plain: as
 * pd_pattern_is_plain(). */
GPtrArray *pd_pattern_required(const char *rewritten, gboolean *plain);
PdEdges pd_literal_edges(const PdLiteral *literal);
/* A pattern that matches just this text; caller frees. */
char *pd_pattern_escape(const char *text);

#endif
