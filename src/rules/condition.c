/* condition.c: whether a condition holds: yes, no, or cannot tell.
 *
 * Every condition of a rule is asked, so that the decision can tell of each; what cannot
 * match is known beforehand (prefilter.h) and costs nothing. "Cannot tell" is as in logic of
 * three values: `all` with a no is no, `any` with a yes is yes, else it spreads.
 */
#include "rules/evaluate.h"
#include "rules/normal.h"

#include <string.h>

#define LONGEST_MATCH 200  /* bytes of a match or a group that are kept */
#define LONGEST_CONTEXT 40 /* bytes before and behind it */

/* Not inside a character. */
static gsize floor_char(const char *text, gsize at)
{
    while (at > 0 && ((guchar)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static char *copy_part(const char *text, gsize start, gsize end)
{
    if (end - start > LONGEST_MATCH)
        end = MAX(start, floor_char(text, start + LONGEST_MATCH));
    return g_strndup(text + start, end - start);
}

static char **copy_groups(const PdMatch *match, const char *text)
{
    const char *const *names = pd_pattern_names(match->pattern);
    guint count = names != NULL ? g_strv_length((char **)names) : 0;

    if (count == 0)
        return NULL;
    char **groups = g_new0(char *, count);
    for (guint i = 0; i < count; i++) {
        gsize start, end;
        if (pd_match_group(match, i, &start, &end))
            groups[i] = copy_part(text, start, end);
    }
    return groups;
}

static void record_hit(PdEvaluation *e, const PdCondition *condition, const PdMatch *match,
                       const char *text, gsize length)
{
    gsize from = match->start > LONGEST_CONTEXT ? match->start - LONGEST_CONTEXT : 0;
    gsize to = MIN(length, match->end + LONGEST_CONTEXT);
    gsize end = MIN(match->end, match->start + LONGEST_MATCH);
    PdHit hit = {e->rule, condition->index, match->pattern, match->start, match->end, NULL, 0, 0,
                 NULL};

    from = floor_char(text, from);
    end = MAX(match->start, floor_char(text, end));
    to = end < match->end ? end : floor_char(text, to);
    hit.before = match->start - from;
    hit.matched = end - match->start;
    hit.context =
        g_string_chunk_insert_len(e->decision->contexts, text + from, (gssize)(to - from));
    hit.groups = copy_groups(match, text);
    g_array_append_val(e->decision->hits, hit);
}

static PdAnswer text_answer(PdEvaluation *e, const PdCondition *condition)
{
    const GString *text = pd_scratch_text(e->scratch, e->set, e->mail, condition->slot);
    PdAnswer answer = PD_NO;

    for (guint i = 0; i < condition->uses->len; i++) {
        const PdUse *use = &g_array_index(condition->uses, PdUse, i);
        PdMatch match;
        if (!e->scratch->found[use->id])
            continue;
        PdAnswer one = pd_scratch_match(e->scratch, e->set, use, condition->slot, &match);
        if (one == PD_YES) {
            record_hit(e, condition, &match, text->str, text->len);
            return PD_YES;
        }
        if (one == PD_UNKNOWN)
            answer = PD_UNKNOWN;
        else
            e->scratch->found[use->id] = FALSE; /* nor does it match for another rule */
    }
    return answer;
}

/* Whether one of the patterns matches a text that is no slot's. */
static PdAnswer any_matches(PdEvaluation *e, const PdCondition *condition, const GArray *uses,
                            const GString *text)
{
    PdAnswer answer = PD_NO;

    for (guint i = 0; i < uses->len; i++) {
        const PdPattern *pattern = g_array_index(uses, PdUse, i).pattern;
        PdMatch match;
        PdAnswer one = pd_pattern_match(pattern, e->scratch->matcher, text->str, text->len, &match);
        if (one == PD_YES) {
            record_hit(e, condition, &match, text->str, text->len);
            return PD_YES;
        }
        answer = one == PD_UNKNOWN ? PD_UNKNOWN : answer;
    }
    return answer;
}

static PdAnswer part_answer(PdEvaluation *e, const PdCondition *condition, const GArray *uses,
                            const char *part)
{
    if (uses == NULL)
        return PD_YES;
    g_autoptr(GString) text = g_string_new(NULL);
    pd_normal_append(text, part);
    pd_han_fold_text(e->set->han, text->str);
    return any_matches(e, condition, uses, text);
}

/* A file whose text is not known says nothing. */
static PdAnswer attached_answer(PdEvaluation *e, const PdCondition *condition,
                                const PdAttachment *attachment)
{
    if (condition->texts != NULL && attachment->text == NULL)
        return PD_NO;
    return part_answer(e, condition, condition->texts, attachment->text);
}

static PdAnswer attachment_answer(PdEvaluation *e, const PdCondition *condition)
{
    PdAnswer answer = PD_NO;

    for (guint i = 0; i < e->mail->attachments->len; i++) {
        const PdAttachment *attachment = g_ptr_array_index(e->mail->attachments, i);
        guint hits = e->decision->hits->len;
        PdAnswer name = part_answer(e, condition, condition->uses, attachment->name);
        PdAnswer type = part_answer(e, condition, condition->types, attachment->type);
        PdAnswer says = attached_answer(e, condition, attachment);
        if (name == PD_YES && type == PD_YES && says == PD_YES)
            return PD_YES;
        if (name != PD_NO && type != PD_NO && says != PD_NO)
            answer = PD_UNKNOWN;
        g_array_set_size(e->decision->hits, hits); /* half a match is none */
    }
    return answer;
}

static gboolean is_below(const char *name, const char *parent, char separator)
{
    gsize length = strlen(name), tail = strlen(parent);

    if (separator == '/') /* a path: "system/database" is below "system" */
        return g_str_has_prefix(name, parent) && (name[tail] == '\0' || name[tail] == '/');
    return length >= tail && g_ascii_strcasecmp(name + length - tail, parent) == 0 &&
           (length == tail || name[length - tail - 1] == '.');
}

static PdAnswer domain_answer(const PdEvaluation *e, const PdCondition *condition)
{
    const char *at = e->mail->from != NULL ? strrchr(e->mail->from->address, '@') : NULL;

    for (guint i = 0; at != NULL && condition->words[i] != NULL; i++) {
        if (is_below(at + 1, condition->words[i], '.'))
            return PD_YES;
    }
    return PD_NO;
}

static const char *fact_text(const PdEvaluation *e, PdFact fact)
{
    switch (fact) {
    case PD_FACT_LANGUAGE:
        return e->mail->language;
    case PD_FACT_ORIGIN:
        return pd_origin_name(e->mail->origin);
    case PD_FACT_VIA:
        return pd_via_name(e->mail->via);
    case PD_FACT_SPF:
        return pd_auth_result_name(e->mail->spf);
    case PD_FACT_DKIM:
        return pd_auth_result_name(e->mail->dkim);
    case PD_FACT_DMARC:
        return pd_auth_result_name(e->mail->dmarc);
    case PD_FACT_DEPARTMENT:
        return e->facts->department;
    case PD_FACT_TICKET_STATUS:
        return e->facts->status;
    default:
        return e->facts->category;
    }
}

static gboolean fact_is(PdFact fact, const char *text, const char *word)
{
    if (fact == PD_FACT_TICKET_CATEGORY)
        return is_below(text, word, '/');
    if (fact == PD_FACT_DEPARTMENT)
        return g_ascii_strcasecmp(text, word) == 0;
    if (fact == PD_FACT_LANGUAGE && strchr(word, '_') == NULL) /* "zh" is any Chinese */
        return g_str_has_prefix(text, word) && strchr("_", text[strlen(word)]) != NULL;
    return strcmp(text, word) == 0;
}

static PdAnswer inside_answer(const PdEvaluation *e, const PdCondition *condition)
{
    for (guint i = 0; e->facts->inside != NULL && condition->words[i] != NULL; i++) {
        if (g_strv_contains(e->facts->inside, condition->words[i]))
            return PD_YES;
    }
    return PD_NO;
}

static PdAnswer fact_answer(const PdEvaluation *e, const PdCondition *condition)
{
    if (condition->fact == PD_FACT_INSIDE)
        return inside_answer(e, condition);
    const char *text = fact_text(e, condition->fact);

    for (guint i = 0; text != NULL && condition->words[i] != NULL; i++) {
        if (fact_is(condition->fact, text, condition->words[i]))
            return PD_YES;
    }
    return PD_NO;
}

static gboolean has_attachment(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        if (!((const PdAttachment *)g_ptr_array_index(mail->attachments, i))->is_inline)
            return TRUE;
    }
    return FALSE;
}

static PdAnswer present_answer(const PdEvaluation *e, const PdCondition *condition)
{
    gboolean present;

    if (condition->fact == PD_FACT_HEADER)
        present =
            pd_mail_header(e->mail, g_ptr_array_index(e->set->headers,
                                                      condition->slot - PD_SLOT_HEADERS)) != NULL;
    else if (condition->fact == PD_FACT_ATTACHMENT)
        present = has_attachment(e->mail);
    else
        present = e->facts->ticket != 0;
    return present == condition->wanted ? PD_YES : PD_NO;
}

/* The age of no ticket lies nowhere. */
static PdAnswer range_answer(const PdEvaluation *e, const PdCondition *condition)
{
    gint64 number = condition->fact == PD_FACT_SIZE ? (gint64)e->mail->size : e->facts->age;

    if (condition->fact == PD_FACT_AGE && e->facts->ticket == 0)
        return PD_NO;
    return number >= condition->least && number <= condition->most ? PD_YES : PD_NO;
}

/* All children are asked; decisive: the answer of one that settles it. */
static PdAnswer children_answer(PdEvaluation *e, const PdCondition *condition, PdAnswer decisive)
{
    PdAnswer answer = decisive == PD_YES ? PD_NO : PD_YES;

    for (guint i = 0; i < condition->children->len; i++) {
        PdAnswer one = pd_condition_answer(e, g_ptr_array_index(condition->children, i));
        if (one == decisive || (one == PD_UNKNOWN && answer != decisive))
            answer = one;
    }
    return answer;
}

static PdAnswer not_answer(PdEvaluation *e, const PdCondition *condition)
{
    PdAnswer answer = pd_condition_answer(e, g_ptr_array_index(condition->children, 0));

    return answer == PD_UNKNOWN ? PD_UNKNOWN : answer == PD_YES ? PD_NO : PD_YES;
}

static PdAnswer answer_of(PdEvaluation *e, const PdCondition *condition)
{
    switch (condition->kind) {
    case PD_CONDITION_ALL:
        return children_answer(e, condition, PD_NO);
    case PD_CONDITION_ANY:
        return children_answer(e, condition, PD_YES);
    case PD_CONDITION_NOT:
        return not_answer(e, condition);
    case PD_CONDITION_TEXT:
        return text_answer(e, condition);
    case PD_CONDITION_ATTACHMENT:
        return attachment_answer(e, condition);
    case PD_CONDITION_DOMAIN:
        return domain_answer(e, condition);
    case PD_CONDITION_FACT:
        return fact_answer(e, condition);
    case PD_CONDITION_PRESENT:
        return present_answer(e, condition);
    case PD_CONDITION_RANGE:
        return range_answer(e, condition);
    }
    return PD_UNKNOWN;
}

PdAnswer pd_condition_answer(PdEvaluation *evaluation, const PdCondition *condition)
{
    PdAnswer answer = answer_of(evaluation, condition);

    evaluation->decision->answers[condition->index] = (guint8)answer;
    return answer;
}
