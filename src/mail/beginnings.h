/* beginnings.h: lists of words that a text may begin with, by their first byte: every line of a
 * mail is held against hundreds of them, and begins with none.
 */
#ifndef PD_MAIL_BEGINNINGS_H
#define PD_MAIL_BEGINNINGS_H

#include "separator.h"

#define PD_MOST_BEGINNINGS 255u /* a byte counts them */

typedef struct {
    const char *const *words;
    guint count;
    gsize made;                        /* whether what follows is filled in */
    guint8 first[256];                 /* a word that begins with it in either case; 0: none */
    guint8 behind[PD_MOST_BEGINNINGS]; /* another one that begins as this does; 0: none */
} PdBeginnings;

/* For a static one, of an array of words. */
#define PD_BEGINNINGS(list)                                                                        \
    {                                                                                              \
        .words = (list), .count = G_N_ELEMENTS(list)                                               \
    }

/* Fills in first and behind, where words are counted from 1. A static one need not be made. */
void pd_beginnings_make(PdBeginnings *of);

/* Letter case of ASCII aside. */
gboolean pd_line_begins_with_any(const PdLine *line, PdBeginnings *of);

#endif
