/* numbers.h: numbers found by the hash of what they stand for, in one table with open addresses.
 * Who asks compares: two things may have one hash. At most a quarter of the slots are taken, so
 * that what is not there is seen at once. */
#ifndef RULES_NUMBERS_H
#define RULES_NUMBERS_H

#include <glib.h>

#define PD_NUMBERS_FEWEST_SLOTS 1024 /* a power of two */

/* 0 is no number. */
typedef struct {
    guint32 *slots;
    guint32 mask; /* how many there are, less one */
} PdNumbers;

static inline guint32 pd_numbers_mix(guint32 one, guint32 other)
{
    guint32 mixed = (one ^ other * 0x9e3779b1u) * 0x85ebca6bu;

    return mixed ^ mixed >> 15;
}

static inline PdNumbers pd_numbers_new(gsize slots)
{
    return (PdNumbers){g_new0(guint32, slots), (guint32)(slots - 1)};
}

static inline void pd_numbers_take(PdNumbers *numbers, guint32 hash, guint32 number)
{
    guint32 slot = hash & numbers->mask;

    while (numbers->slots[slot] != 0)
        slot = (slot + 1) & numbers->mask;
    numbers->slots[slot] = number;
}

/* TRUE: it was too small for so many, is empty now, and all are to be taken again. */
static inline gboolean pd_numbers_grow(PdNumbers *numbers, guint count)
{
    if (count <= numbers->mask / 4)
        return FALSE;
    g_free(numbers->slots);
    *numbers = pd_numbers_new(((gsize)numbers->mask + 1) * 2);
    return TRUE;
}

#endif
