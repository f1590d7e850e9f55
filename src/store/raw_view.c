/* raw_view.c: see raw_view.h. */
#include "raw_view.h"

#include <unistd.h>

#define PIECE (64u << 10)

struct pd_raw_view {
    PdStore *store;
    PdRawPlace place;
    const GArray *ranges; /* of PdSharedRange, in order; or NULL */
    gint64 segment;       /* that fd reads, 0: none */
    int fd;
};

static PdStatus *look_afresh(PdStore *store)
{
    if (store->afresh != NULL)
        return NULL;
    g_autofree char *path = pd_store_path(store, "postdesk.db");
    return pd_db_open(path, PD_DB_READ, &store->afresh);
}

static PdLines read_lines(PdQuery *query, int column)
{
    return (PdLines){.width = (guint64)pd_column_int(query, column),
                     .end = (guint64)pd_column_int(query, column + 1),
                     .column = (guint64)pd_column_int(query, column + 2)};
}

static PdStatus *collect(PdQuery *query, GArray **ranges)
{
    gboolean row;

    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        const PdSharedRange range = {
            .offset = (guint64)pd_column_int(query, 0),
            .length = (guint64)pd_column_int(query, 1),
            .lines = read_lines(query, 2),
            .home_segment = pd_column_int(query, 5),
            .home_offset = (guint64)pd_column_int(query, 6),
            .home_lines = read_lines(query, 7),
        };
        if (*ranges == NULL)
            *ranges = g_array_new(FALSE, FALSE, sizeof(PdSharedRange));
        g_array_append_val(*ranges, range);
    }
}

PdStatus *pd_shared_ranges(PdStore *store, const PdRawPlace *place, GArray **ranges)
{
    PdQuery *query;

    *ranges = NULL;
    PD_TRY(look_afresh(store));
    PD_TRY(pd_db_query(store->afresh,
                       "SELECT offset, length, line_width, line_end, line_column, home_segment,"
                       " home_offset, home_line_width, home_line_end, home_line_column"
                       " FROM raw_shared"
                       " WHERE segment = ? AND offset >= ? AND offset < ? ORDER BY offset",
                       &query));
    pd_bind_int(query, place->segment);
    pd_bind_int(query, (gint64)place->offset);
    pd_bind_int(query, (gint64)(place->offset + place->length));
    PdStatus *status = collect(query, ranges);
    if (status != NULL)
        g_clear_pointer(ranges, g_array_unref);
    return status;
}

guint64 pd_shared_home_length(const PdSharedRange *range)
{
    return pd_lines_needed(&range->lines, range->length, &range->home_lines);
}

PdRawView *pd_raw_view_new(PdStore *store, const PdRawPlace *place, const GArray *ranges)
{
    PdRawView *view = g_new0(PdRawView, 1);

    view->store = store;
    view->place = *place;
    view->ranges = ranges;
    view->fd = -1;
    return view;
}

void pd_raw_view_free(PdRawView *view)
{
    if (view == NULL)
        return;
    if (view->fd >= 0)
        close(view->fd);
    g_free(view);
}

guint64 pd_raw_view_length(const PdRawView *view)
{
    return view->place.length;
}

/* The first range that ends behind the offset, or NULL. */
static const PdSharedRange *range_from(const GArray *ranges, guint64 offset)
{
    guint low = 0, high = ranges != NULL ? ranges->len : 0;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const PdSharedRange *range = &g_array_index(ranges, PdSharedRange, middle);
        if (range->offset + range->length > offset)
            high = middle;
        else
            low = middle + 1;
    }
    return ranges != NULL && low < ranges->len ? &g_array_index(ranges, PdSharedRange, low) : NULL;
}

/* What is left of it behind so many of its bytes. */
static void cut(PdSharedRange *range, guint64 bytes)
{
    guint64 home = pd_lines_place(&range->home_lines, pd_lines_bare(&range->lines, bytes));

    range->offset += bytes;
    range->length -= bytes;
    range->lines = pd_lines_behind(&range->lines, bytes);
    range->home_offset += home;
    range->home_lines = pd_lines_behind(&range->home_lines, home);
}

void pd_raw_view_lie(const PdRawView *view, guint64 at, PdSharedRange *range)
{
    guint64 here = view->place.offset + at, end = view->place.offset + view->place.length;
    const PdSharedRange *shared = range_from(view->ranges, here);

    if (shared != NULL && shared->offset <= here) {
        *range = *shared;
        cut(range, here - shared->offset);
    } else {
        *range = (PdSharedRange){.offset = here,
                                 .length = (shared != NULL ? shared->offset : end) - here,
                                 .home_segment = view->place.segment,
                                 .home_offset = here};
    }
    range->length = MIN(range->length, end - here);
}

static PdStatus *turn_to(PdRawView *view, gint64 segment)
{
    int fd;

    if (view->segment == segment)
        return NULL;
    PD_TRY(pd_segment_open(view->store->folder, segment, &fd));
    if (view->fd >= 0)
        close(view->fd);
    view->fd = fd;
    view->segment = segment;
    return NULL;
}

static PdStatus *rewrap(const PdRawView *view, const PdSharedRange *range, char *bytes)
{
    gsize needed = (gsize)pd_shared_home_length(range);
    g_autofree char *text = g_malloc(needed);

    PD_TRY(pd_segment_read(view->fd, range->home_segment, range->home_offset, text, needed));
    pd_lines_rewrap(&range->lines, bytes, (gsize)range->length, &range->home_lines, text);
    return NULL;
}

static PdStatus *check_within(const PdRawView *view, guint64 at, gsize length)
{
    if (at <= view->place.length && length <= view->place.length - at)
        return NULL;
    return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, "run 'postdesk verify'",
                         "a message of %" G_GUINT64_FORMAT " bytes has none at %" G_GUINT64_FORMAT
                         " to %" G_GUINT64_FORMAT,
                         view->place.length, at, at + length);
}

PdStatus *pd_raw_view_read(PdRawView *view, guint64 at, void *bytes, gsize length)
{
    char *into = bytes;

    PD_TRY(check_within(view, at, length));
    while (length > 0) {
        PdSharedRange range;
        pd_raw_view_lie(view, at, &range);
        gboolean as_it_is = range.lines.width == 0 && range.home_lines.width == 0;
        range.length = MIN(range.length, as_it_is ? length : MIN(length, PIECE));
        gsize part = (gsize)range.length;
        PD_TRY(turn_to(view, range.home_segment));
        PD_TRY(as_it_is
                   ? pd_segment_read(view->fd, range.home_segment, range.home_offset, into, part)
                   : rewrap(view, &range, into));
        at += part;
        into += part;
        length -= part;
    }
    return NULL;
}

PdStatus *pd_raw_view_hash(PdRawView *view, guint8 digest[PD_HASH_SIZE])
{
    g_autofree char *piece = g_malloc(PIECE);
    g_autoptr(PdHash) hash = pd_hash_new();

    for (guint64 at = 0; at < view->place.length;) {
        gsize part = (gsize)MIN(view->place.length - at, PIECE);
        PD_TRY(pd_raw_view_read(view, at, piece, part));
        pd_hash_add(hash, piece, part);
        at += part;
    }
    pd_hash_finish(hash, digest);
    return NULL;
}
