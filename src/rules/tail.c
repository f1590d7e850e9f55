/* tail.c: see tail.h. */
#include "rules/tail.h"

PdTail *pd_tail_new(void)
{
    PdTail *tail = g_new0(PdTail, 1);

    tail->references = 1;
    return tail;
}

PdTail *pd_tail_ref(PdTail *tail)
{
    tail->references++;
    return tail;
}

void pd_tail_unref(PdTail *tail)
{
    if (--tail->references == 0)
        g_free(tail);
}

static void byte_set_or(PdByteSet *set, const PdByteSet *other)
{
    for (guint i = 0; i < G_N_ELEMENTS(set->bits); i++)
        set->bits[i] |= other->bits[i];
    set->wide |= other->wide;
}

void pd_tail_or(PdTail *tail, const PdTail *other)
{
    tail->count = MIN(tail->count, other->count);
    tail->follows_word &= other->follows_word;
    for (guint i = 0; i < tail->count; i++)
        byte_set_or(&tail->places[i], &other->places[i]);
}

GPtrArray *pd_tails_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pd_tail_unref);
}

void pd_tails_add(GPtrArray *tails, const GPtrArray *others)
{
    for (guint i = 0; i < others->len; i++)
        g_ptr_array_add(tails, pd_tail_ref(g_ptr_array_index(others, i)));
}

void pd_tails_extend(GPtrArray *tails, const PdByteSet *set)
{
    for (guint i = tails->len; i-- > 0;) {
        PdTail *tail = g_ptr_array_index(tails, i);
        tail->places[tail->count++] = *set;
        if (tail->count == PD_TAIL_PLACES)
            g_ptr_array_remove_index_fast(tails, i);
    }
}

void pd_tails_bound(GPtrArray *tails)
{
    for (guint i = 0; i < tails->len; i++) {
        PdTail *tail = g_ptr_array_index(tails, i);
        tail->follows_word |= tail->count == 0;
    }
}

void pd_tails_end(GPtrArray *tails)
{
    g_ptr_array_set_size(tails, 0);
}
