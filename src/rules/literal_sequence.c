/* literal_sequence.c: runs of characters, what stands before them, and their tails. */
#include "rules/literal_sequence.h"

#define LONGEST_CHAR 4

static const PdExtent one_char = {1, LONGEST_CHAR};

static void string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

GPtrArray *pd_literal_forms_new(void)
{
    return g_ptr_array_new_with_free_func(string_free);
}

void pd_sequence_init(PdSequence *s, PdTail *head)
{
    *s = (PdSequence){.run = pd_literal_forms_new(),
                      .exact = TRUE,
                      .sets = pd_literal_sets_new(),
                      .head = head,
                      .tails = pd_tails_new()};
    g_ptr_array_add(s->tails, pd_tail_ref(head));
}

GPtrArray *pd_sequence_finish(PdSequence *s, GPtrArray **tails)
{
    pd_sequence_end_run(s);
    g_clear_pointer(&s->run, g_ptr_array_unref);
    g_ptr_array_remove_fast(s->tails, s->head); /* is the beginning, and no literal's */
    *tails = g_steal_pointer(&s->tails);
    return g_steal_pointer(&s->sets);
}

/* Tails of what stands before the run go on with it; forms of different lengths end them. */
static void extend_by_run(PdSequence *s)
{
    gsize shortest = G_MAXSIZE, longest = 0;

    for (guint i = 0; i < s->run->len; i++) {
        shortest = MIN(shortest, ((const GString *)g_ptr_array_index(s->run, i))->len);
        longest = MAX(longest, ((const GString *)g_ptr_array_index(s->run, i))->len);
    }
    for (gsize place = 0; place < shortest && s->tails->len > 0; place++) {
        PdByteSet set = {0};
        for (guint i = 0; i < s->run->len; i++)
            pd_byte_set_add(&set,
                            (guint8)((const GString *)g_ptr_array_index(s->run, i))->str[place]);
        pd_tails_extend(s->tails, &set);
    }
    if (shortest < longest)
        pd_tails_end(s->tails);
}

static void offer_run(PdSequence *s)
{
    GPtrArray *set = pd_literal_set_new();
    PdTail *tail = pd_tail_new();

    for (guint i = 0; i < s->run->len; i++) {
        PdLiteral *literal =
            pd_literal_new(((GString *)g_ptr_array_index(s->run, i))->str, s->before, tail);
        literal->starts_word = s->run_bounded;
        g_ptr_array_add(set, literal);
    }
    pd_literal_sets_offer(s->sets, set);
    g_ptr_array_add(s->tails, tail);
}

gboolean pd_sequence_is_plain(const PdSequence *s)
{
    return s->parts == 1 && !s->more;
}

void pd_sequence_end_run(PdSequence *s)
{
    if (s->run->len > 0) {
        extend_by_run(s);
        offer_run(s);
        s->parts++;
    }
    g_ptr_array_set_size(s->run, 0);
    s->before = s->extent;
    s->exact = FALSE;
}

void pd_sequence_bound(PdSequence *s)
{
    pd_sequence_end_run(s);
    pd_tails_bound(s->tails);
    s->bounded = TRUE;
}

static void begin_run(PdSequence *s)
{
    if (s->run->len > 0)
        return;
    g_ptr_array_add(s->run, g_string_new(NULL));
    s->run_bounded = s->bounded;
    s->bounded = FALSE;
}

static void append_to_run(PdSequence *s, gunichar c)
{
    begin_run(s);
    for (guint i = 0; i < s->run->len; i++)
        g_string_append_unichar(g_ptr_array_index(s->run, i), c);
}

gboolean pd_sequence_multiply(PdSequence *s, const GPtrArray *forms, PdExtent extent)
{
    GPtrArray *run = pd_literal_forms_new();

    if (MAX(s->run->len, 1) * forms->len <= PD_MOST_FORMS)
        begin_run(s);
    for (guint i = 0; s->run->len * forms->len <= PD_MOST_FORMS && i < s->run->len; i++) {
        for (guint j = 0; j < forms->len; j++) {
            GString *form = g_string_new(((GString *)g_ptr_array_index(s->run, i))->str);
            g_string_append(form, ((GString *)g_ptr_array_index(forms, j))->str);
            g_ptr_array_add(run, form);
        }
    }
    if (run->len == 0) {
        g_ptr_array_unref(run);
        return FALSE;
    }
    g_ptr_array_unref(s->run);
    s->run = run;
    s->extent = pd_extent_plus(s->extent, extent);
    return TRUE;
}

void pd_sequence_advance(PdSequence *s, PdExtent item, PdRepeat repeat, gboolean plain)
{
    s->item = pd_extent_times(item, repeat.least, repeat.most);
    s->extent = pd_extent_plus(s->extent, s->item);
    s->before = s->extent;
    s->bounded = FALSE;
    s->parts++;
    s->more |= !plain;
}

void pd_sequence_add_char(PdSequence *s, gunichar c, gsize size)
{
    if (c >= 0x80 && !pd_literal_has_no_case(c)) {
        pd_sequence_end_run(s); /* other characters may be its equals */
        pd_tails_end(s->tails);
        pd_sequence_advance(s, one_char, (PdRepeat){1, 1}, FALSE);
        return;
    }
    append_to_run(s, c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : c);
    s->item = (PdExtent){size, size};
    s->extent = pd_extent_plus(s->extent, s->item);
}

/* Each form goes on without the character, too. FALSE, and nothing done: they would be too many. */
static gboolean make_optional(PdSequence *s, PdExtent item)
{
    guint count = s->run->len;

    if (2 * count > PD_MOST_FORMS)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        const GString *form = g_ptr_array_index(s->run, i);
        g_ptr_array_add(s->run, g_string_new_len(form->str, (gssize)(form->len - item.least)));
    }
    s->extent.least -= item.least;
    return TRUE;
}

void pd_sequence_repeat_char(PdSequence *s, PdRepeat repeat)
{
    PdExtent item = s->item;

    if (s->run->len == 0) { /* a character of which nothing is known */
        s->extent = s->before = pd_extent_plus(s->extent, pd_extent_times(item, 0, repeat.most));
        s->extent.least = s->before.least = 0;
        return;
    }
    if (repeat.least == 0 && repeat.most == 1 && make_optional(s, item))
        return;
    s->more = TRUE;
    for (guint i = 0; repeat.least == 0 && i < s->run->len; i++) {
        GString *form = g_ptr_array_index(s->run, i);
        g_string_truncate(form, form->len - item.least);
    }
    s->extent = pd_extent_minus(s->extent, item);
    PdExtent whole = pd_extent_plus(s->extent, pd_extent_times(item, repeat.least, repeat.most));
    pd_sequence_end_run(s);
    pd_tails_end(s->tails);
    s->extent = s->before = whole;
}

void pd_sequence_pass_char(PdSequence *s, const PdByteSet *set, PdRepeat repeat)
{
    pd_sequence_end_run(s);
    for (gsize i = 0; set != NULL && i < MIN(repeat.least, PD_TAIL_PLACES); i++)
        pd_tails_extend(s->tails, set);
    if (set == NULL || repeat.most != repeat.least)
        pd_tails_end(s->tails);
    pd_sequence_advance(s, one_char, repeat, FALSE);
}

void pd_sequence_pass(PdSequence *s, PdExtent item, PdRepeat repeat)
{
    pd_sequence_end_run(s);
    if (item.most > 0)
        pd_tails_end(s->tails);
    pd_sequence_advance(s, item, repeat, FALSE);
}
