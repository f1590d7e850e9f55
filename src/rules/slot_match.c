/* slot_match.c: a pattern on the text of its slot, tried only where it may begin.
 *
 * Every match holds one of each set of the pattern's anchors, at most so many bytes behind its
 * beginning. So it begins in a span before a hit of every set, and the first match of the first
 * span that has one is the first match of the text. A place outside of them is never tried:
 * it cannot match, and cannot hit a limit either.
 *
 * A plain pattern (pattern.h) is not tried at all where the hits tell what it matches.
 */
#include "rules/evaluate.h"

#include <stdlib.h>

#define FEW_SPANS 24

/* A mail has a thousand of them: each costs a few steps, not a call. */
static void add_span(PdSpans *spans, gsize from, gsize to)
{
    if (spans->count == spans->room) {
        spans->room = MAX(FEW_SPANS, 2 * spans->room);
        spans->at = g_renew(PdSpan, spans->at, spans->room);
    }
    spans->at[spans->count++] = (PdSpan){from, to};
}

static void add_spans(PdSpans *spans, const PdAnchors *anchors, guint which)
{
    const PdAnchor *anchor = &anchors->all[which];
    const PdLiteralHits *hits = anchors->hits;

    for (guint next = hits->of[anchors->anchored[which]].first; next != PD_NO_HIT;) {
        const PdLiteralHit *hit = &hits->hits[next];
        if (hit->at >= anchor->least)
            add_span(spans, hit->at > anchor->most ? hit->at - anchor->most : 0,
                     hit->at - anchor->least);
        next = hit->next;
    }
}

static int compare_spans(const void *one, const void *other)
{
    gsize a = ((const PdSpan *)one)->from, b = ((const PdSpan *)other)->from;

    return a < b ? -1 : a > b;
}

/* Those of each anchor are in order, and mostly they are few. */
static void sort_spans(PdSpans *spans)
{
    PdSpan *all = spans->at;

    if (spans->count > FEW_SPANS) {
        qsort(all, spans->count, sizeof *all, compare_spans);
        return;
    }
    for (guint i = 1; i < spans->count; i++) {
        PdSpan span = all[i];
        guint place = i;
        for (; place > 0 && all[place - 1].from > span.from; place--)
            all[place] = all[place - 1];
        all[place] = span;
    }
}

/* In order, and none touches another. */
static void merge_spans(PdSpans *spans)
{
    PdSpan *last = spans->at;

    if (spans->count < 2)
        return;
    sort_spans(spans);
    for (guint i = 1; i < spans->count; i++) {
        if (spans->at[i].from <= last->to + 1)
            last->to = MAX(last->to, spans->at[i].to);
        else
            *++last = spans->at[i];
    }
    spans->count = (guint)(last - spans->at) + 1;
}

/* What is in both. */
static void cut_spans(const PdSpans *spans, const PdSpans *others, PdSpans *cut)
{
    guint at = 0;

    cut->count = 0;
    for (guint i = 0; i < spans->count; i++) {
        PdSpan span = spans->at[i];
        while (at < others->count && others->at[at].to < span.from)
            at++;
        for (guint j = at; j < others->count && others->at[j].from <= span.to; j++)
            add_span(cut, MAX(span.from, others->at[j].from), MIN(span.to, others->at[j].to));
    }
}

static void swap(PdSpans *one, PdSpans *other)
{
    PdSpans kept = *one;

    *one = *other;
    *other = kept;
}

/* The spans before the hits of one set, which begins with that anchor. FALSE: a literal without a
 * bound is in the text, and a match that holds it may begin anywhere before. */
static gboolean set_spans(PdSpans *spans, const PdAnchors *anchors, guint first)
{
    guint end = anchors->all[first].end;

    spans->count = 0;
    for (guint i = pd_anchors_found(anchors, first, end); i < end;
         i = pd_anchors_found(anchors, i + 1, end)) {
        if (anchors->all[i].most == PD_UNBOUNDED)
            return FALSE;
        add_spans(spans, anchors, i);
    }
    merge_spans(spans);
    return TRUE;
}

/* The spans before the hits of every set that bounds them. FALSE: none does, it may begin anywhere.
 */
static gboolean find_spans(PdScratch *scratch, const PdAnchors *anchors)
{
    gboolean found = FALSE;

    for (guint i = anchors->first; i < anchors->end; i = anchors->all[i].end) {
        if (!set_spans(found ? &scratch->more_spans : &scratch->spans, anchors, i))
            continue;
        if (found) {
            cut_spans(&scratch->spans, &scratch->more_spans, &scratch->cut_spans);
            swap(&scratch->spans, &scratch->cut_spans);
        }
        found = TRUE;
        if (scratch->spans.count == 0)
            return TRUE;
    }
    return found;
}

/* The first hit of an anchor's literal at this byte or behind, if that literal was found; NULL:
 * there is none. */
static const PdLiteralHit *first_hit(const PdAnchors *anchors, guint which, gsize from)
{
    const PdLiteralHits *hits = anchors->hits;
    const PdLiteralHit *hit;

    for (guint next = hits->of[anchors->anchored[which]].first; next != PD_NO_HIT;
         next = hit->next) {
        hit = &hits->hits[next];
        if (hit->at >= from)
            return hit;
    }
    return NULL;
}

/* The span that begins first, of those before the hits of the only set. FALSE: there are more sets,
 * or none that bounds it, or no hit. */
static gboolean first_span(PdSpan *first, const PdAnchors *anchors)
{
    guint end = anchors->end;
    gboolean found = FALSE;

    if (anchors->first == end || anchors->all[anchors->first].end != end)
        return FALSE;
    for (guint i = pd_anchors_found(anchors, anchors->first, end); i < end;
         i = pd_anchors_found(anchors, i + 1, end)) {
        const PdAnchor *anchor = &anchors->all[i];
        if (anchor->most == PD_UNBOUNDED)
            return FALSE;
        const PdLiteralHit *hit = first_hit(anchors, i, anchor->least);
        if (hit == NULL)
            continue;
        PdSpan span = {hit->at > anchor->most ? hit->at - anchor->most : 0,
                       hit->at - anchor->least};
        if (!found || span.from < first->from)
            *first = span;
        found = TRUE;
    }
    return found;
}

/* So many bytes are before the slot's text in the one in which its literals were looked for. */
static gsize bytes_before(const PdScratch *scratch, guint slot)
{
    return scratch->texts[pd_slot_of_literals(slot)]->len - scratch->texts[slot]->len;
}

/* Not inside a character: the next one, if it is. */
static gsize next_char(const GString *text, gsize at)
{
    while (((guchar)text->str[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static PdAnswer match_span(PdScratch *scratch, const PdPattern *pattern, guint slot, PdSpan span,
                           PdMatch *match)
{
    const GString *text = scratch->texts[slot];
    gsize before = bytes_before(scratch, slot);

    if (span.to < before)
        return PD_NO;
    span.to -= before;
    span.from = next_char(text, span.from > before ? span.from - before : 0);
    if (span.from > span.to)
        return PD_NO;
    return pd_pattern_match_between(pattern, scratch->matcher, text->str, text->len, span.from,
                                    span.to, match);
}

/* tried: the first byte that was not. */
static PdAnswer match_spans(PdScratch *scratch, const PdPattern *pattern, guint slot, gsize tried,
                            PdMatch *match)
{
    for (guint i = 0; i < scratch->spans.count; i++) {
        PdSpan span = scratch->spans.at[i];
        if (span.to < tried)
            continue;
        span.from = MAX(span.from, tried);
        PdAnswer answer = match_span(scratch, pattern, slot, span, match);
        if (answer != PD_NO)
            return answer;
    }
    return PD_NO;
}

/* Of the edges that are ASCII the prefilter looked at what is beside them, if that is ASCII, too;
 * beside Han a word always begins and ends. FALSE: neither, it is not sure that one does. */
static gboolean has_sure_edges(const GString *text, const PdAnchor *anchor, gsize at)
{
    const char *begin = text->str + at, *end = begin + anchor->length;

    if ((anchor->edges & PD_STARTS_WORD) != 0 && (guchar)*begin < 0x80 && at > 0 &&
        (guchar)begin[-1] >= 0x80 && !pd_pattern_is_han(g_utf8_get_char(g_utf8_prev_char(begin))))
        return FALSE;
    return (anchor->edges & PD_ENDS_WORD) == 0 || (guchar)end[-1] >= 0x80 || (guchar)*end < 0x80 ||
           pd_pattern_is_han(g_utf8_get_char(end));
}

/* The first match of a plain pattern, as far as the hits tell. FALSE: they do not tell which of the
 * literals that begin there matches, or whether one does; the pattern must be tried. */
static gboolean match_plain(const PdScratch *scratch, const PdUse *use, guint slot,
                            const PdAnchors *anchors, PdAnswer *answer, PdMatch *match)
{
    PdMatch first = {.pattern = use->pattern};
    gsize before = bytes_before(scratch, slot);
    gboolean sure = TRUE;

    *answer = PD_NO;
    for (guint i = pd_anchors_found(anchors, anchors->first, anchors->end); i < anchors->end;
         i = pd_anchors_found(anchors, i + 1, anchors->end)) {
        const PdAnchor *anchor = &anchors->all[i];
        const PdLiteralHit *hit = first_hit(anchors, i, before);
        if (hit == NULL)
            continue;
        gsize start = hit->at - before, end = start + anchor->length;
        if (*answer == PD_NO || start < first.start) {
            sure = has_sure_edges(scratch->texts[slot], anchor, start);
            first.start = start;
            first.end = end;
            *answer = PD_YES;
        } else if (start == first.start && end != first.end) {
            sure = FALSE;
        }
    }
    if (sure && *answer == PD_YES)
        *match = first;
    return sure;
}

/* Half of all patterns match in their first span, so that the others need not be gathered. */
PdAnswer pd_scratch_match(PdScratch *scratch, const PdRuleSet *set, const PdUse *use, guint slot,
                          PdMatch *match)
{
    const GString *text = scratch->texts[slot];
    const PdAnchors anchors = pd_anchors_of(set, scratch->hits[pd_slot_of_literals(slot)], use->id);
    PdAnswer answer;
    PdSpan first;
    gsize tried = 0;

    if (!scratch->try_all && pd_pattern_is_plain(use->pattern) &&
        match_plain(scratch, use, slot, &anchors, &answer, match))
        return answer;
    if (!scratch->try_all && first_span(&first, &anchors)) {
        answer = match_span(scratch, use->pattern, slot, first, match);
        if (answer != PD_NO)
            return answer;
        tried = first.to + 1;
    }
    if (scratch->try_all || !find_spans(scratch, &anchors))
        return pd_pattern_match(use->pattern, scratch->matcher, text->str, text->len, match);
    return match_spans(scratch, use->pattern, slot, tried, match);
}
