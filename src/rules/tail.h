/* tail.h: what must stand behind a literal for a match to hold it there.
 *
 * "ord-[0-9]{4}" needs four digits behind "ord-": many rules that share a literal are told apart
 * by that, and most of them need not be tried. A tail may allow too much but never too little.
 */
#ifndef RULES_TAIL_H
#define RULES_TAIL_H

#include <glib.h>

#define PD_TAIL_PLACES 8

/* Where a literal begins or ends a word, it counts only where no letter, digit or '_' of ASCII
 * stands beside it. Asked only of an edge that is one of these itself. */
typedef enum { PD_STARTS_WORD = 1, PD_ENDS_WORD = 2 } PdEdges;

/* Bytes that may stand at one place; letters in both cases. */
typedef struct {
    guint64 bits[4];
    gboolean wide; /* a character beyond ASCII may: nothing is known of it, nor behind it */
} PdByteSet;

void pd_byte_set_add(PdByteSet *set, guint8 byte);
gboolean pd_byte_set_has(const PdByteSet *set, guint8 byte);
/* Of a class, from "[" to behind "]"; or of an escape, such as "\d". FALSE: not surely known. */
gboolean pd_byte_set_of_class(const char *class, gsize length, PdByteSet *set);
gboolean pd_byte_set_of_escape(char letter, PdByteSet *set);

/* Places in their order; shared by the literals that it stands behind. */
typedef struct {
    guint references, count;
    gboolean
        follows_word; /* a boundary is before the first place: a word that ends there has ended */
    PdByteSet places[PD_TAIL_PLACES];
} PdTail;

PdTail *pd_tail_new(void);
PdTail *pd_tail_ref(PdTail *tail);
void pd_tail_unref(PdTail *tail);
/* Whatever one of the two may be. */
void pd_tail_or(PdTail *tail, const PdTail *other);

/* Tails that are still being read (GPtrArray of PdTail *); the array holds references. All go on
 * with one more place, or end here. */
GPtrArray *pd_tails_new(void);
void pd_tails_add(GPtrArray *tails, const GPtrArray *others);
void pd_tails_extend(GPtrArray *tails, const PdByteSet *set);
void pd_tails_end(GPtrArray *tails);
/* A word boundary stands here. */
void pd_tails_bound(GPtrArray *tails);

#endif
