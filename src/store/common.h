/* common.h: long ranges that two messages have in common. */
#ifndef PD_STORE_COMMON_H
#define PD_STORE_COMMON_H

#include "raw_view.h"

typedef struct {
    guint64 home, own;             /* where it begins, from the beginning of each message */
    guint64 length;                /* in own */
    PdLines home_lines, own_lines; /* how each breaks it, from there on */
} PdCommonRange;

/* Ranges of own, in order and apart, that home holds byte for byte, of PD_SHARING_LEAST bytes or
 * more; what was found was compared. They count as not broken into lines. Time grows with the
 * lengths of both, whatever they hold, and memory with a thousandth of home's. */
PdStatus *pd_common_ranges(PdRawView *home, PdRawView *own, GArray **ranges);

#endif
