/* scratch.c: the texts that patterns are matched on. Each is brought into NFKC once for each
 * mail, and scanned once for the literals of all patterns. */
#include "rules/evaluate.h"
#include "rules/normal.h"

#include <string.h>

PdScratch *pd_scratch_new(const PdRuleSet *set)
{
    PdScratch *scratch = g_new0(PdScratch, 1);

    scratch->matcher = pd_matcher_new();
    scratch->slots = pd_rule_set_slots(set);
    scratch->texts = g_new0(GString *, scratch->slots);
    for (guint i = 0; i < scratch->slots; i++)
        scratch->texts[i] = g_string_new(NULL);
    scratch->ready = g_new0(gboolean, scratch->slots);
    scratch->looked = g_new0(gboolean, scratch->slots);
    scratch->hits = g_new0(PdLiteralHits *, scratch->slots);
    for (guint i = 0; i < scratch->slots; i++)
        scratch->hits[i] = pd_literal_hits_new(g_ptr_array_index(set->prefilters, i));
    scratch->found = g_new0(guint8, set->always->len + 1);
    scratch->open = g_new0(guint8, set->rules->len + 1);
    return scratch;
}

void pd_scratch_free(PdScratch *scratch)
{
    if (scratch == NULL)
        return;
    pd_matcher_free(scratch->matcher);
    for (guint i = 0; i < scratch->slots; i++) {
        g_string_free(scratch->texts[i], TRUE);
        pd_literal_hits_free(scratch->hits[i]);
    }
    g_free(scratch->texts);
    g_free(scratch->hits);
    g_free(scratch->spans.at);
    g_free(scratch->more_spans.at);
    g_free(scratch->cut_spans.at);
    g_free(scratch->ready);
    g_free(scratch->looked);
    g_free(scratch->found);
    g_free(scratch->open);
    g_free(scratch);
}

void pd_scratch_begin(PdScratch *scratch, const PdRuleSet *set)
{
    memset(scratch->ready, 0, scratch->slots * sizeof *scratch->ready);
    memset(scratch->looked, 0, scratch->slots * sizeof *scratch->looked);
    if (scratch->try_all)
        memset(scratch->found, TRUE, set->always->len);
    else if (set->always->len > 0)
        memcpy(scratch->found, set->always->data, set->always->len);
}

static void append_line(GString *text, const char *line)
{
    if (text->len > 0)
        g_string_append_c(text, '\n');
    if (line != NULL)
        pd_normal_append(text, line);
}

static void append_addresses(GString *text, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++)
        append_line(text, ((const PdAddress *)g_ptr_array_index(addresses, i))->address);
}

static void append_header(GString *text, const PdMail *mail, const char *name)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const PdHeader *header = g_ptr_array_index(mail->headers, i);
        if (header->name != NULL && g_ascii_strcasecmp(header->name, name) == 0)
            append_line(text, header->value);
    }
}

static const GString *text_of(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail,
                              guint slot);

static void build(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail, guint slot)
{
    GString *text = scratch->texts[slot];
    const GString *part;

    switch (slot) {
    case PD_SLOT_SUBJECT:
        pd_normal_append(text, mail->subject);
        break;
    case PD_SLOT_BODY:
        pd_normal_append(text, mail->text);
        break;
    case PD_SLOT_TEXT:
        part = text_of(scratch, set, mail, PD_SLOT_SUBJECT);
        g_string_append_len(text, part->str, (gssize)part->len);
        g_string_append_c(text, '\n');
        part = text_of(scratch, set, mail, PD_SLOT_BODY);
        g_string_append_len(text, part->str, (gssize)part->len);
        break;
    case PD_SLOT_FULL_TEXT:
        pd_normal_append(text, mail->full_text);
        break;
    case PD_SLOT_FROM:
        append_line(text, mail->from != NULL ? mail->from->address : NULL);
        break;
    case PD_SLOT_FROM_NAME:
        append_line(text, mail->from != NULL ? mail->from->name : NULL);
        break;
    case PD_SLOT_TO:
        append_addresses(text, mail->to);
        for (guint i = 0; i < mail->delivered_to->len; i++)
            append_line(text, g_ptr_array_index(mail->delivered_to, i));
        break;
    case PD_SLOT_CC:
        append_addresses(text, mail->cc);
        break;
    default:
        append_header(text, mail, g_ptr_array_index(set->headers, slot - PD_SLOT_HEADERS));
    }
}

/* Where a scanner fails, all of its patterns are tried. */
static void scan(PdScratch *scratch, const PdRuleSet *set, PdScanner *scanner, guint slot)
{
    const GString *text = scratch->texts[slot];
    GArray *ids = scratch->hits[slot]->ids;

    if (pd_scanner_scan(scanner, text->str, text->len, scratch->found, ids))
        return;
    for (guint i = 0; i < set->uses->len; i++) {
        const PdSlotUse *use = &g_array_index(set->uses, PdSlotUse, i);
        if (use->slot != slot || !use->scanned)
            continue;
        scratch->found[i] = TRUE;
        g_array_append_val(ids, i);
    }
}

/* One of each of its sets of literals is in the text. */
static gboolean has_all_sets(const PdRuleSet *set, const PdLiteralHits *hits, guint use)
{
    const PdAnchors anchors = pd_anchors_of(set, hits, use);

    for (guint i = anchors.first; i < anchors.end; i = anchors.all[i].end) {
        if (pd_anchors_found(&anchors, i, anchors.all[i].end) == anchors.all[i].end)
            return FALSE;
    }
    return TRUE;
}

/* The prefilter looks for one set of a pattern, the one that is rarest. */
static void drop_incomplete(PdScratch *scratch, const PdRuleSet *set, guint slot)
{
    const PdLiteralHits *hits = scratch->hits[pd_slot_of_literals(slot)];
    GArray *found = scratch->hits[slot]->ids;
    guint *ids = (guint *)(gpointer)found->data, kept = 0;

    for (guint i = 0; i < found->len; i++) {
        scratch->found[ids[i]] = has_all_sets(set, hits, ids[i]);
        if (scratch->found[ids[i]])
            ids[kept++] = ids[i];
    }
    g_array_set_size(found, kept);
}

/* Which patterns may match the text. */
static void look(PdScratch *scratch, const PdRuleSet *set, guint slot)
{
    const GString *text = scratch->texts[slot];
    PdScanner *scanner = g_ptr_array_index(set->scanners, slot);

    pd_prefilter_scan(g_ptr_array_index(set->prefilters, slot), text->str, text->len,
                      scratch->found, scratch->hits[slot]);
    if (scanner != NULL)
        scan(scratch, set, scanner, slot);
    if (!scratch->try_all)
        drop_incomplete(scratch, set, slot);
}

static const GString *text_of(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail,
                              guint slot)
{
    GString *text = scratch->texts[slot];

    if (scratch->ready[slot])
        return text;
    g_string_truncate(text, 0);
    build(scratch, set, mail, slot);
    if (slot != PD_SLOT_TEXT) /* its parts are */
        pd_han_fold_text(set->han, text->str);
    scratch->ready[slot] = TRUE;
    return text;
}

const GString *pd_scratch_text(PdScratch *scratch, const PdRuleSet *set, const PdMail *mail,
                               guint slot)
{
    if (scratch->looked[slot])
        return scratch->texts[slot];
    if (pd_slot_of_literals(slot) != slot)
        pd_scratch_text(scratch, set, mail, pd_slot_of_literals(slot));
    text_of(scratch, set, mail, slot);
    look(scratch, set, slot);
    scratch->looked[slot] = TRUE;
    return scratch->texts[slot];
}
