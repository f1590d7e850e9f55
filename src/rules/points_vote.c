/* points_vote.c: what a rule's words with points say to a mail.
 *
 * Each word that is in the text gives its points once. The sum of a category is divided by the root
 * of the number of words found, so that of a long mail, in which words of every kind stand, no
 * category gets more for its length alone. Only the first few categories vote, and only with more
 * than none. By that root a few words of no weight would get as much as many words that agree: a
 * category whose sum is less than the list asks for has too little to go by, and does not vote.
 *
 * The words are for mails of which rules know little. Where the rules before are sure, looking for
 * them would cost more than it tells, and they are left.
 */
#include "rules/evaluate.h"

#include <math.h>

#define SURE 16 /* votes */
#define MOST_VOTES 5
#define TOLD_WORDS 10
#define LOOKED_AT 4096 /* bytes: what a mail is about stands at its beginning */

/* The words of a list in a text. */
typedef struct {
    const PdPoints *points;
    const char *text;
    const PdPointsHit *hits;
    guint count;
} Found;

void pd_points_count_clear(PdPointsCount *count)
{
    g_clear_pointer(&count->votes, g_array_unref);
    g_clear_pointer(&count->words, g_array_unref);
}

static void told_clear(gpointer data)
{
    g_free(((PdToldWord *)data)->text);
}

static gint64 share(gint64 sum, guint found)
{
    return llround((double)sum / sqrt(found));
}

/* Before those with fewer points; only so many are kept. */
static void keep(GArray *votes, PdVote vote)
{
    guint at = votes->len;

    while (at > 0 && g_array_index(votes, PdVote, at - 1).points < vote.points)
        at--;
    if (at == MOST_VOTES)
        return;
    g_array_insert_val(votes, at, vote);
    if (votes->len > MOST_VOTES)
        g_array_set_size(votes, MOST_VOTES);
}

static GArray *votes_of(const PdPoints *points, const gint64 *sums, guint found)
{
    GArray *votes = g_array_new(FALSE, FALSE, sizeof(PdVote));

    for (guint i = 0; i < pd_points_category_count(points); i++) {
        PdVote vote = {(char *)pd_points_category_name(points, i), 0};
        vote.points = sums[i] >= pd_points_least(points) ? share(sums[i], found) : 0;
        if (vote.points > 0)
            keep(votes, vote);
    }
    return votes;
}

static guint best_of(const gint64 *sums, guint count)
{
    guint best = 0;

    for (guint i = 1; i < count; i++) {
        if (sums[i] > sums[best])
            best = i;
    }
    return best;
}

/* Among those told so far, which are in order of their points; only so many are. */
static void tell(GArray *words, const PdPointsHit *hit, gint number, const char *text)
{
    guint at = words->len;

    while (at > 0 && g_array_index(words, PdToldWord, at - 1).points < number)
        at--;
    if (at == TOLD_WORDS)
        return;
    PdToldWord word = {g_strndup(text + hit->start, hit->end - hit->start), hit->start, hit->end,
                       number};
    g_array_insert_val(words, at, word);
    if (words->len > TOLD_WORDS)
        g_array_set_size(words, TOLD_WORDS);
}

/* Those that gave most to the category that got most. */
static GArray *told_of(const Found *found, guint category)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(PdToldWord));

    g_array_set_clear_func(words, told_clear);
    for (guint i = 0; i < found->count; i++) {
        gint number = pd_points_of(found->points, found->hits[i].word, category);
        if (number > 0)
            tell(words, &found->hits[i], number, found->text);
    }
    return words;
}

/* Up to a character's end. */
static gsize looked_at(const GString *text)
{
    gsize length = MIN(text->len, LOOKED_AT);

    while (length < text->len && (text->str[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* The category that a rule set, or that has enough votes; NULL: there is none. */
static const char *sure_of(const PdDecision *decision)
{
    const char *sure = decision->fields[PD_SET_CATEGORY].value;

    for (guint i = 0; i < decision->votes->len && sure == NULL; i++) {
        const PdTally *tally = &g_array_index(decision->votes, PdTally, i);
        if (tally->points >= SURE)
            sure = tally->category;
    }
    return sure;
}

static void note_sure(PdDecision *decision, const PdRule *rule, const char *sure)
{
    PdPointsCount count = {.rule = rule->index, .sure = sure};

    g_array_append_val(decision->counts, count);
}

static void count_points(PdEvaluation *e, const PdRule *rule)
{
    PdPoints *points = rule->then.points;
    guint categories = pd_points_category_count(points);
    const GString *text = pd_scratch_text(e->scratch, e->set, e->mail, PD_SLOT_TEXT);
    g_autofree gint64 *sums = g_new0(gint64, categories + 1);
    Found found = {points, text->str, NULL, 0};

    found.hits = pd_points_find(points, text->str, looked_at(text), &found.count);
    for (guint i = 0; i < found.count; i++)
        pd_points_sum(points, found.hits[i].word, sums);
    PdPointsCount count = {rule->index, NULL, found.count, votes_of(points, sums, found.count),
                           told_of(&found, best_of(sums, categories))};
    g_array_append_val(e->decision->counts, count);
    pd_decision_vote(e->decision, rule, count.votes);
}

void pd_rule_carry_out(PdEvaluation *e, const PdRule *rule, guint first_hit)
{
    pd_decision_apply(e->decision, rule, first_hit);
    if (rule->then.points == NULL)
        return;
    const char *sure = sure_of(e->decision);
    if (sure != NULL)
        note_sure(e->decision, rule, sure);
    else
        count_points(e, rule);
}

const PdPointsCount *pd_decision_count_of(const PdDecision *decision, const PdRule *rule)
{
    for (guint i = 0; i < decision->counts->len; i++) {
        const PdPointsCount *count = &g_array_index(decision->counts, PdPointsCount, i);
        if (count->rule == rule->index)
            return count;
    }
    return NULL;
}
