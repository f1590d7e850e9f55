/* raw_view.h: the bytes of one message, wherever they lie.
 *
 * Ranges of a message's place may be shared: they are the same as bytes of another message, or the
 * same text broken into other lines (rewrap.h), and only those lie on the disk (sharing.h). A home
 * is never shared itself, so that one look-up finds all of a message.
 */
#ifndef PD_STORE_RAW_VIEW_H
#define PD_STORE_RAW_VIEW_H

#include "postdesk/raw.h"
#include "rewrap.h"
#include "store_internal.h"

/* Bytes of a segment that were given back, and where the same text lies. */
typedef struct {
    guint64 offset, length;
    PdLines lines;
    gint64 home_segment;
    guint64 home_offset; /* of the first bare byte */
    PdLines home_lines;
} PdSharedRange;

/* The bytes from home_offset on that it takes to put the range together. */
guint64 pd_shared_home_length(const PdSharedRange *range);

/* Those of a place, in order; NULL if it has none. They are looked up in a snapshot of their own:
 * one that the caller holds may be older than a range that was given back since. */
PdStatus *pd_shared_ranges(PdStore *store, const PdRawPlace *place, GArray **ranges);

typedef struct pd_raw_view PdRawView;

/* ranges: those of the place, or NULL; borrowed as long as the view lives. */
PdRawView *pd_raw_view_new(PdStore *store, const PdRawPlace *place, const GArray *ranges);
void pd_raw_view_free(PdRawView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdRawView, pd_raw_view_free)

guint64 pd_raw_view_length(const PdRawView *view);
/* So many bytes, at so many from the beginning of the message; an error if it has fewer. */
PdStatus *pd_raw_view_read(PdRawView *view, guint64 at, void *bytes, gsize length);
PdStatus *pd_raw_view_hash(PdRawView *view, guint8 digest[PD_HASH_SIZE]);
/* Where the byte at lies, with all that follow it there: a range that begins with it. */
void pd_raw_view_lie(const PdRawView *view, guint64 at, PdSharedRange *range);

#endif
