/* slot_match.c: a pattern on the text of its slot, tried only where it may begin.
 *
 * Every match holds one of the pattern's anchors, at most so many bytes behind its beginning.
 * So it begins in one of the spans before the anchors' hits, and the first match of the first
 * span that has one is the first match of the text. A place outside of them is never tried:
 * it cannot match, and cannot hit a limit either.
 */
#include "rules/evaluate.h"

#define FEW_SPANS 24

static void add_spans(GArray *spans, const PdLiteralHits *hits, const PdAnchor *anchor)
{
    for (guint next = hits->first[anchor->literal]; next != PD_NO_HIT;) {
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

/* In order; they may overlap. */
static void find_spans(GArray *spans, const PdLiteralHits *hits, const GArray *anchors)
{
    g_array_set_size(spans, 0);
    for (guint i = 0; i < anchors->len; i++)
        add_spans(spans, hits, &g_array_index(anchors, PdAnchor, i));
    sort_spans(spans);
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

    for (guint i = 0; i < spans->len;) {
        PdSpan span = g_array_index(spans, PdSpan, i);
        while (++i < spans->len && g_array_index(spans, PdSpan, i).from <= span.to + 1)
            span.to = MAX(span.to, g_array_index(spans, PdSpan, i).to);
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
    const GArray *anchors = g_ptr_array_index(set->anchors, use->id);

    if (anchors == NULL || scratch->try_all)
        return pd_pattern_match(use->pattern, scratch->matcher, text->str, text->len, match);
    find_spans(scratch->spans, scratch->hits[slot], anchors);
    return match_spans(scratch, use->pattern, text, match);
}
