/* command_rating.c: how satisfied a reporter is, said without a command; see command.h. Each clause
 * of what he wrote is a mark ("非常满意", "我打5分", "5/5") or kindness that says no more ("处理很
 * 及时"): with one that is neither it is a letter, which somebody has to read. The lists are
 * closed. */
#include "desk/command.h"

#include "desk/said.h"
#include <string.h>

#define BEST "5"
#define OF_BEST " out of " BEST

typedef struct {
    guint figure, words; /* the mark that was said so; 0: none was */
    gboolean is_bare;    /* the figure stands alone */
    gboolean is_unclear; /* two that do not go together */
} Said;

/* Behind the first of the words that the text begins with; NULL: with none. */
static const char *behind_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (g_str_has_prefix(text, *words))
            return text + strlen(*words);
    }
    return NULL;
}

/* "我给5分", "my rating is 5" */
static const char *behind_opening(const char *word)
{
    static const char *const openings[] = {
        "我", "给",           "打",     "评价",      "评分",   "满意度",    "总体", "服务", "为",
        "是", "my rating is", "rating", "i give it", "i give", "i rate it", " ",    NULL};

    for (const char *behind = word; behind != NULL; behind = behind_one_of(word, openings))
        word = behind;
    return word;
}

/* "5" and "五": 0 where there is none; *rest: behind it. */
static guint leading_figure(const char *word, const char **rest)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", NULL};

    *rest = word;
    if (*word >= '1' && *word <= *BEST) {
        *rest = word + 1;
        return (guint)(*word - '0');
    }
    for (guint i = 0; numerals[i] != NULL; i++) {
        if (!g_str_has_prefix(word, numerals[i]))
            continue;
        *rest = word + strlen(numerals[i]);
        return i + 1;
    }
    return 0;
}

/* "5", "5分", "五星好评", "4 stars" */
static guint figure_of(const char *word, gboolean *is_bare)
{
    static const char *const units[] = {"分",       "颗星",         "星",    "分好评",
                                        "颗星好评", "星好评",       "stars", "star",
                                        "points",   "out of " BEST, NULL};
    const char *rest;
    guint figure = leading_figure(word, &rest);

    if (figure == 0)
        return 0;
    *is_bare = *rest == '\0' && g_ascii_isdigit(*word);
    while (*rest == ' ')
        rest++;
    return *is_bare || g_strv_contains(units, rest) ? figure : 0;
}

static guint words_of(const char *word)
{
    static const char *const marks[][12] = {
        {"不满意", "很不满意", "非常不满意", "差评", "not satisfied", "dissatisfied", "unsatisfied",
         "very dissatisfied", NULL},
        {"不太满意", "不大满意", "rather dissatisfied", NULL},
        {"一般", "一般般", "soso", NULL},
        {"满意", "比较满意", "satisfied", NULL},
        {"非常满意", "很满意", "十分满意", "特别满意", "满分", "好评", "very satisfied", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (g_strv_contains(marks[i], word))
            return i + 1;
    }
    return 0;
}

/* Polite, pleased, or saying that the matter is over. */
static gboolean is_kind(const char *word)
{
    static const char *const pleased[] = {
        "很好",      "不错",       "处理很及时", "处理及时", "很及时",    "及时",
        "很快",      "处理很快",   "服务好",     "服务很好", "态度好",    "态度很好",
        "服务周到",  "great",      "good",       "perfect",  "excellent", "good job",
        "great job", "great help", "well done",  NULL};
    const PdCommandRow *row = pd_command_of_word(word, TRUE);

    return pd_said_is_polite(word) || g_strv_contains(pleased, word) ||
           (row != NULL && row->id == PD_COMMAND_CONFIRM);
}

/* Both ways it stands on one side: "满意，5分", and no "不满意，5分". */
static gboolean go_together(guint one, guint other)
{
    return one == 0 || other == 0 || one == other ||
           (one >= PD_SATISFIED && other >= PD_SATISFIED) || (one <= 2 && other <= 2);
}

static void note_figure(Said *said, guint figure, gboolean is_bare)
{
    said->is_unclear |= said->figure != 0 && said->figure != figure;
    said->figure = figure;
    said->is_bare = is_bare;
}

static void note_words(Said *said, guint words)
{
    said->is_unclear |= !go_together(said->words, words);
    said->words = words;
}

/* FALSE where the clause says something else. */
static gboolean note_clause(Said *said, const char *clause)
{
    g_autofree char *word = pd_command_bare_word(clause);
    const char *mark = behind_opening(word);
    gboolean is_bare = FALSE;
    guint figure = figure_of(mark, &is_bare);

    if (figure != 0)
        note_figure(said, figure, is_bare && mark == word);
    else if (words_of(mark) != 0)
        note_words(said, words_of(mark));
    else
        return *mark == '\0' || is_kind(word); /* "评价：" */
    return TRUE;
}

static gboolean note_clauses(Said *said, const char *text)
{
    g_autoptr(GString) written = g_string_new(text);

    g_string_replace(written, "/" BEST, OF_BEST, 0);
    g_autoptr(GPtrArray) clauses = pd_said_clauses(written->str);
    for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
        if (!note_clause(said, g_ptr_array_index(clauses, i)))
            return FALSE;
    }
    return clauses != NULL;
}

guint pd_command_rating(const char *text, gboolean *is_figure)
{
    gboolean asks = strchr(text, '?') != NULL || strstr(text, "？") != NULL;
    Said said = {0};

    if (asks || !note_clauses(&said, text))
        return 0;
    if (said.is_unclear || !go_together(said.figure, said.words))
        return 0;
    if (is_figure != NULL)
        *is_figure = said.figure != 0 && said.is_bare && said.words == 0;
    return said.figure != 0 ? said.figure : said.words;
}
