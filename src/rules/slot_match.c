/* slot_match.c: a pattern on the text of its slot, tried only where it may begin.
 *
 * Every match holds one of each set of the pattern's anchors, at most so many bytes behind its
 * beginning. So it begins in a span before a hit of every set, and the first match of the first
 * span that has one is the first match of the text. A place outside of them is never tried:
 * it cannot match, and cannot hit a limit either.
 */
#include "rules/evaluate.h"

#define FEW_SPANS 24

static void add_spans(GArray *spans, const PdLiteralHits *hits, const PdAnchor *anchor)
{
    for (guint next = hits->of[anchor->literal].first; next != PD_NO_HIT;) {
        const PdLiteralHit *hit = &g_array_index(hits->hits, PdLiteralHit, next);
        if (hit->at >= anchor->least) {
            PdSpan span = {hit->at > anchor->most ? hit->at - anchor->most : 0,
                           hit->at - anchor->least};
            g_array_append_val(spans, span);
        }
        next = hit->next;
    }
}

static gint compare_spans(gconstpointer one, gconstpointer other)
{
    gsize a = ((const PdSpan *)one)->from, b = ((const PdSpan *)other)->from;

    return a < b ? -1 : a > b;
}

/* Those of each anchor are in order, and mostly they are few. */
static void sort_spans(GArray *spans)
{
    PdSpan *all = (PdSpan *)(void *)spans->data;

    if (spans->len > FEW_SPANS) {
        g_array_sort(spans, compare_spans);
        return;
    }
    for (guint i = 1; i < spans->len; i++) {
        PdSpan span = all[i];
        guint place = i;
        for (; place > 0 && all[place - 1].from > span.from; place--)
            all[place] = all[place - 1];
        all[place] = span;
    }
}

/* In order, and none touches another. */
static void merge_spans(GArray *spans)
{
    guint kept = 0;

    if (spans->len < 2)
        return;
    sort_spans(spans);
    for (guint i = 1; i < spans->len; i++) {
        PdSpan span = g_array_index(spans, PdSpan, i), *last = &g_array_index(spans, PdSpan, kept);
        if (span.from <= last->to + 1)
            last->to = MAX(last->to, span.to);
        else
            g_array_index(spans, PdSpan, ++kept) = span;
    }
    g_array_set_size(spans, kept + 1);
}

/* What is in both. */
static void cut_spans(const GArray *spans, const GArray *others, GArray *cut)
{
    guint at = 0;

    g_array_set_size(cut, 0);
    for (guint i = 0; i < spans->len; i++) {
        PdSpan span = g_array_index(spans, PdSpan, i);
        while (at < others->len && g_array_index(others, PdSpan, at).to < span.from)
            at++;
        for (guint j = at; j < others->len && g_array_index(others, PdSpan, j).from <= span.to;
             j++) {
            const PdSpan *other = &g_array_index(others, PdSpan, j);
            PdSpan both = {MAX(span.from, other->from), MIN(span.to, other->to)};
            g_array_append_val(cut, both);
        }
    }
}

static void swap(GArray **one, GArray **other)
{
    GArray *kept = *one;

    *one = *other;
    *other = kept;
}

static const PdAnchor *end_of_set(const PdAnchor *anchor, const PdAnchor *end)
{
    guint set = anchor->set;

    while (anchor < end && anchor->set == set)
        anchor++;
    return anchor;
}

/* A literal without a bound is in the text: a match that holds it may begin anywhere before. */
static gboolean is_unbounded(const PdLiteralHits *hits, const PdAnchor *anchor,
                             const PdAnchor *last)
{
    for (; anchor < last; anchor++) {
        if (anchor->most == PD_UNBOUNDED && hits->of[anchor->literal].first != PD_NO_HIT)
            return TRUE;
    }
    return FALSE;
}

static void set_spans(GArray *spans, const PdLiteralHits *hits, const PdAnchor *anchor,
                      const PdAnchor *last)
{
    g_array_set_size(spans, 0);
    for (; anchor < last; anchor++)
        add_spans(spans, hits, anchor);
    merge_spans(spans);
}

/* The spans before the hits of every set that bounds them. FALSE: none does, it may begin anywhere.
 */
static gboolean find_spans(PdScratch *scratch, const PdLiteralHits *hits, const PdAnchor *anchor,
                           const PdAnchor *end)
{
    gboolean found = FALSE;

    for (const PdAnchor *last; anchor < end; anchor = last) {
        last = end_of_set(anchor, end);
        if (is_unbounded(hits, anchor, last))
            continue;
        set_spans(found ? scratch->more_spans : scratch->spans, hits, anchor, last);
        if (found) {
            cut_spans(scratch->spans, scratch->more_spans, scratch->cut_spans);
            swap(&scratch->spans, &scratch->cut_spans);
        }
        found = TRUE;
        if (scratch->spans->len == 0)
            return TRUE;
    }
    return found;
}

/* Not inside a character: the next one, if it is. */
static gsize next_char(const GString *text, gsize at)
{
    while (((guchar)text->str[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static PdAnswer match_spans(PdScratch *scratch, const PdPattern *pattern, const GString *text,
                            PdMatch *match)
{
    const GArray *spans = scratch->spans;

    for (guint i = 0; i < spans->len; i++) {
        PdSpan span = g_array_index(spans, PdSpan, i);
        span.from = next_char(text, span.from);
        if (span.from > span.to)
            continue;
        PdAnswer answer = pd_pattern_match_between(pattern, scratch->matcher, text->str, text->len,
                                                   span.from, span.to, match);
        if (answer != PD_NO)
            return answer;
    }
    return PD_NO;
}

PdAnswer pd_scratch_match(PdScratch *scratch, const PdRuleSet *set, const PdUse *use, guint slot,
                          PdMatch *match)
{
    const GString *text = scratch->texts[slot];
    const guint *first = &g_array_index(set->first_anchors, guint, use->id);
    const PdAnchor *anchors = (const PdAnchor *)(gconstpointer)set->anchors->data;

    if (scratch->try_all ||
        !find_spans(scratch, scratch->hits[slot], anchors + first[0], anchors + first[1]))
        return pd_pattern_match(use->pattern, scratch->matcher, text->str, text->len, match);
    return match_spans(scratch, use->pattern, text, match);
}
