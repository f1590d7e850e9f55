/* suggest_private.h: the parts of suggest.h.
 *
 *   suggest_past.c      what people left each ticket at, and which mails must be looked at
 *   suggest_read.c      the mails that are looked at
 *   suggest_terms.c     a mail as the words that a condition could ask for
 *   suggest_features.c  the words that many corrected mails share, and which other mails have them
 *   suggest_choose.c    the few that tell the corrected mails from others
 *   suggest_find.c      from words to proposals
 *   suggest_measure.c   what they are worth, by the rule engine
 *   suggest_try.c       whether all tests pass with them
 *   suggest_folder.c    a folder of rules for both
 *   suggest_sift.c      which of them are good enough
 *   suggest_write.c     the proposals as a rule file
 *   suggest_test.c      a stored mail as a test of a rule
 *   suggest_report.c    what was found, as a document
 *   suggest.c           all of it in order
 */
#ifndef DESK_SUGGEST_PRIVATE_H
#define DESK_SUGGEST_PRIVATE_H

#include "desk/replay_worker.h"
#include "postdesk/mail.h"
#include "postdesk/store.h"
#include "postdesk/suggest.h"

#define PD_SUGGEST_MOST_READ 5000    /* corrections whose mail is read */
#define PD_SUGGEST_MOST_SAMPLE 20000 /* mails that words are counted in */
#define PD_SUGGEST_MOST_GROUPS 40    /* values that rules are proposed for */
#define PD_SUGGEST_MOST_MEMBERS 300  /* corrections of each that words are looked for in */
#define PD_SUGGEST_MOST_WORDS 300    /* that are tried for each */
#define PD_SUGGEST_MOST_RULES 3      /* for each */

/* A ticket that a mail opened, as people left it. */
typedef struct {
    gint64 inbox, ticket;
    const char *left[PD_SUGGEST_FIELDS]; /* NULL: nothing is set */
    guint8 corrected;                    /* a bit for each field */
} PdPast;

typedef struct {
    GArray *tickets; /* of PdPast, by inbox */
    GStringChunk *texts;
    guint corrections, obsolete, unread; /* fields that were corrected; see suggest.h */
} PdPastTickets;

PdPastTickets *pd_past_new(void);
void pd_past_free(PdPastTickets *past);
PdStatus *pd_past_read(PdPastTickets *past, PdStore *store, const PdSuggestOptions *options);
/* NULL if no ticket was opened by it. */
PdPast *pd_past_find(const PdPastTickets *past, gint64 inbox);

/* A mail as conditions may ask for it. A word is a letter for its kind and its text. */
enum {
    PD_WORD_TEXT = 't',    /* subject and new text */
    PD_WORD_SUBJECT = 's', /* the subject alone */
    PD_WORD_PREFIX = 'x',  /* what the subject begins with */
    PD_WORD_FROM = 'f',
    PD_WORD_DOMAIN = 'd',
    PD_WORD_DEPARTMENT = 'p',
    PD_WORD_TO = 'r',
    PD_WORD_MAILER = 'm', /* X-Mailer or User-Agent: "X-Mailer Foo" */
    PD_WORD_FILE = 'a',   /* how an attachment's name ends */
};

typedef struct {
    char *subject, *body; /* NFKC, lower case, bounded */
    GPtrArray *plain;     /* of char *: words of the other kinds */
} PdTerms;

PdTerms *pd_terms_new(const PdMail *mail, const char *department);
void pd_terms_free(PdTerms *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTerms, pd_terms_free)

#define PD_LONGEST_HAN 6 /* characters of a Chinese word */

/* One word; of Chinese ones, which are tried in all lengths from 2 on, the number of characters
 * (else 0) and what stands before and behind (0: something that is not Chinese). Returns whether
 * longer ones that begin there are asked for. */
typedef gboolean (*PdTermVisitor)(const char *word, guint chars, gunichar before, gunichar behind,
                                  gpointer user);
void pd_terms_visit(const PdTerms *words, PdTermVisitor visit, gpointer user);
/* May a Chinese word begin and end with these? Not with particles and pronouns. */
gboolean pd_terms_is_sound(const char *word);
/* Is there a word so common that it says nothing? */
gboolean pd_terms_is_stopped(const char *word);

/* Documents are mails that were read, by number; sets of them are bits. */
typedef struct {
    char *word;
    guint64 *documents;
    gunichar before, behind; /* the one character seen beside it */
    gboolean begins, ends;   /* it is cut where other words meet it: beside different characters */
} PdFeature;

typedef struct {
    guint documents, blocks; /* blocks: guint64 of a set */
    GHashTable *known;       /* guint + 1 by word: its feature; beginnings of words: G_MAXUINT */
    GPtrArray *all;          /* of PdFeature * */
} PdFeatures;

PdFeatures *pd_features_new(guint documents);
void pd_features_free(PdFeatures *features);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdFeatures, pd_features_free)
/* Adds the words that at least so many of the mails (of PdTerms *) share; returns their features'
 * numbers, those most shared first. Caller unrefs. */
GArray *pd_features_share(PdFeatures *features, const GPtrArray *mails, guint least);
/* Notes which features the document has. */
void pd_features_note(PdFeatures *features, guint document, const PdTerms *words);

guint pd_bits_count(const guint64 *one, const guint64 *other, guint blocks); /* in both */
void pd_bits_set(guint64 *bits, guint number);

/* Conditions that all hold for the mails that a proposal is about. */
#define PD_CLAUSE_WORDS 2
typedef struct {
    guint features[PD_CLAUSE_WORDS];
    guint count;
} PdClause;

/* What is to be told apart, and by which words. */
typedef struct {
    const PdFeatures *features;
    const GArray *words;        /* of guint: features that may be used */
    guint64 *wanted, *unwanted; /* documents; those in neither do not matter */
    guint least_support, least_precision;
} PdContrast;
/* The best clauses, each for mails that those before do not cover; also such as fall somewhat short
 * of the precision. Of PdClause; caller unrefs. */
GArray *pd_choose(const PdContrast *contrast, guint most);

/* What a rule does for one field. */
typedef struct {
    const char *value; /* NULL: the rule does not set the field */
    guint mended, spoiled, agreed, corrections;
} PdWorth;

typedef struct {
    char *id;
    GPtrArray *words; /* of char * */
    PdWorth worth[PD_SUGGEST_FIELDS];
    GArray *mended;   /* of gint64: messages of the tickets that it mends, ascending */
    GArray *spoiled;  /* the same of those that it spoils */
    GPtrArray *tests; /* of char *: each a test in YAML */
    char *refused;    /* why it is not proposed, or NULL */
} PdSuggestion;

PdSuggestion *pd_suggestion_new(void);
void pd_suggestion_free(PdSuggestion *suggestion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdSuggestion, pd_suggestion_free)

/* All that is at work. */
typedef struct {
    const PdSuggestOptions *options;
    PdReplaySide today; /* the rules in force, and what they are asked with */
    PdPastTickets *past;
    PdStore *store;
    GArray *documents;      /* of guint: tickets, by document; first those that were corrected */
    GPtrArray *terms;       /* of PdTerms *: of the corrected ones */
    GPtrArray *suggestions; /* of PdSuggestion * */
    char *before;           /* base name of the file that decides today, or NULL */
    guint64 read, to_read;  /* mails */
} PdSuggesting;

/* A stored mail with what the rules are told besides. */
typedef struct {
    PdMail *mail;
    PdTicketFacts facts;
    const char **inside;
} PdAsked;
void pd_asked_clear(PdAsked *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdAsked, pd_asked_clear)
/* Leaves mail NULL where the message cannot be read any more. */
PdStatus *pd_suggest_ask(PdSuggesting *s, gint64 inbox, PdAsked *asked);
/* The ticket that is a document. */
PdPast *pd_suggest_ticket(const PdSuggesting *s, guint document);

/* The corrected tickets, the newest first, become documents; what the rules of today do rightly
 * counts as corrected no more. */
PdStatus *pd_suggest_read_corrected(PdSuggesting *s);
/* Of the other tickets evenly spread ones become documents. */
void pd_suggest_add_sample(PdSuggesting *s);
/* Proposals for all values that are set often enough, not yet measured. */
PdStatus *pd_suggest_find(PdSuggesting *s);
/* What did not hold on all mail goes or is refused; of the rest the most useful ones stay. */
void pd_suggest_sift(PdSuggesting *s);

/* A folder of links to what lies in the rules' folder, and of files written into it; gone when
 * cleared. */
typedef struct {
    char *path;
} PdTrialFolder;
/* all: with the rules; else only with what they are asked with. */
PdStatus *pd_trial_folder_make(PdTrialFolder *folder, const char *rules, gboolean all);
PdStatus *pd_trial_folder_write(const PdTrialFolder *folder, const char *name, const char *text);
void pd_trial_folder_clear(PdTrialFolder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdTrialFolder, pd_trial_folder_clear)

/* Asks the rule engine which stored mails the conditions of each hold for, and fills worth and
 * which. No store is open. */
PdStatus *pd_suggest_measure(const PdSuggestOptions *options, const PdPastTickets *past,
                             gboolean fold_chinese, GPtrArray *suggestions);
/* Tries the proposals as a file among the rules: takes tests out that fail, and refuses those
 * without any left or with which other tests fail. */
PdStatus *pd_suggest_try(const PdSuggestOptions *options, const char *file, GPtrArray *suggestions);

/* "text: '\bvpn\b'" of a word. Caller frees. */
char *pd_suggest_condition(const char *word);
/* The rules that are not refused, as a rule file; its head says what it is. Caller frees. */
char *pd_suggest_rule_file(const GPtrArray *suggestions, const char *file, const char *before);
/* For measuring: each rule gives a tag of its own and does nothing else. Caller frees. */
char *pd_suggest_tag_file(const GPtrArray *suggestions, gboolean fold_chinese);
#define PD_SUGGEST_TAG "suggested-" /* and its number */

/* A mail in the short form of rule tests, as an item of a list of tests. What the words need is in
 * it. Caller frees. */
typedef struct {
    const char *name;
    const PdMail *mail;
    const PdTicketFacts *facts;
    const GPtrArray *words;                /* of char *, or NULL */
    const char *expect[PD_SUGGEST_FIELDS]; /* or NULL */
    guint indent;
} PdTestDraft;
char *pd_suggest_test(const PdTestDraft *draft);

/* A name for the proposals that sorts before that file (NULL: any will do) and is free in the
 * folder. Caller frees. */
char *pd_suggest_file_name(const char *rules, const char *before);
/* The documents of suggest.h. The second takes tests. */
PdJson *pd_suggest_report(const PdPastTickets *past, const GPtrArray *suggestions, const char *file,
                          const char *before);
PdJson *pd_suggest_report_tests(const PdPastTickets *past, PdJson *tests, const char *items);

#endif
