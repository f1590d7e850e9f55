/* sharing_plan.c: see sharing_plan.h.
 *
 * A home lies where the row says: what is the home of somebody is never given back, and no home is
 * looked for in a hole. Whole blocks only are shared, so that a range is a hole in the end.
 */
#include "sharing_plan.h"

#include "encoded.h"
#include "postdesk/inbox.h"
#include "postdesk/sharing.h"
#include <string.h>

#define BLOCK 4096u       /* of the usual file system; larger ones give back what they can */
#define LEAST (2 * BLOCK) /* what is left of a range, cut to blocks */

typedef struct {
    guint64 start, end;
} Span;

static gint by_start(gconstpointer one, gconstpointer other)
{
    const Span *a = one, *b = other;

    return a->start < b->start ? -1 : a->start > b->start;
}

static gint by_offset(gconstpointer one, gconstpointer other)
{
    const PdSharedRange *a = one, *b = other;

    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void take(PdSharingPlan *plan, guint64 start, guint64 length)
{
    const Span span = {start, start + length};

    g_array_append_val(plan->taken, span);
}

/* What is the home of others. */
static PdStatus *take_homes(PdSharingPlan *plan)
{
    PdQuery *query;
    gboolean row;

    PD_TRY(pd_db_query(plan->store->db,
                       "SELECT home_offset, home_length FROM raw_shared WHERE home_segment = ?"
                       " AND home_offset >= ? AND home_offset < ?",
                       &query));
    pd_bind_int(query, plan->place.segment);
    pd_bind_int(query, (gint64)plan->place.offset);
    pd_bind_int(query, (gint64)(plan->place.offset + plan->place.length));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            return NULL;
        take(plan, (guint64)pd_column_int(query, 0), (guint64)pd_column_int(query, 1));
    }
}

static void join(PdSharingPlan *plan)
{
    g_array_set_size(plan->all, 0);
    if (plan->known != NULL)
        g_array_append_vals(plan->all, plan->known->data, plan->known->len);
    g_array_append_vals(plan->all, plan->ranges->data, plan->ranges->len);
    g_array_sort(plan->all, by_offset);
    g_array_sort(plan->taken, by_start);
}

static PdStatus *look_up(PdSharingPlan *plan)
{
    PD_TRY(pd_shared_ranges(plan->store, &plan->place, &plan->known));
    for (guint i = 0; plan->known != NULL && i < plan->known->len; i++) {
        const PdSharedRange *range = &g_array_index(plan->known, PdSharedRange, i);
        take(plan, range->offset, range->length);
    }
    PD_TRY(take_homes(plan));
    join(plan);
    return NULL;
}

PdStatus *pd_sharing_plan_begin(PdStore *store, gint64 inbox, PdSharingPlan **plan)
{
    g_autoptr(PdSharingPlan) begun = g_new0(PdSharingPlan, 1);
    g_autoptr(PdInboxRow) row = NULL;

    begun->store = store;
    begun->inbox = inbox;
    begun->ranges = g_array_new(FALSE, FALSE, sizeof(PdSharedRange));
    begun->all = g_array_new(FALSE, FALSE, sizeof(PdSharedRange));
    begun->taken = g_array_new(FALSE, FALSE, sizeof(Span));
    PD_TRY(pd_inbox_get(store, inbox, &row));
    if (row == NULL)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                             "there is no message %" G_GINT64_FORMAT, inbox);
    begun->place = row->raw;
    memcpy(begun->sha256, row->sha256, PD_HASH_SIZE);
    PD_TRY(look_up(begun));
    *plan = g_steal_pointer(&begun);
    return NULL;
}

void pd_sharing_plan_free(PdSharingPlan *plan)
{
    if (plan == NULL)
        return;
    if (plan->known != NULL)
        g_array_unref(plan->known);
    g_array_unref(plan->ranges);
    g_array_unref(plan->all);
    g_array_unref(plan->taken);
    g_free(plan);
}

/* Nothing is its own home; nor has what is left of a range a home, if it is in a line end only. */
static gboolean has_home(const PdRawPlace *place, const PdSharedRange *range)
{
    guint64 length = pd_shared_home_length(range);

    return length > 0 && (range->home_segment != place->segment ||
                          range->home_offset >= place->offset + place->length ||
                          range->home_offset + length <= place->offset);
}

/* *range: what begins so many bytes behind common->own, and where it lies: the bytes of home may
 * lie elsewhere, in other lines still. FALSE where home is not in the lines that were found there.
 */
static gboolean find_home(const PdRawView *home, const PdCommonRange *common, guint64 bytes,
                          PdSharedRange *range)
{
    const PdLines own = pd_lines_behind(&common->own_lines, bytes);
    guint64 at = pd_lines_place(&common->home_lines, pd_lines_bare(&common->own_lines, bytes));
    const PdLines lines = pd_lines_behind(&common->home_lines, at);

    pd_raw_view_lie(home, common->home + at, range);
    range->length = pd_lines_place(&own, pd_lines_bare(&lines, range->length));
    if (lines.width == 0)
        return TRUE;
    if (range->lines.width == 0)
        range->home_lines = lines;
    else if (memcmp(&range->lines, &lines, sizeof lines) != 0)
        return FALSE;
    range->lines = own;
    return TRUE;
}

/* [start, end) of the segment is common->own and on, cut to what is free. */
static void share(PdSharingPlan *plan, const PdRawView *home, const PdCommonRange *common,
                  guint64 start, guint64 end)
{
    guint64 last = end / BLOCK * BLOCK;

    start = (start + BLOCK - 1) / BLOCK * BLOCK;
    if (start + LEAST > last)
        return;
    while (start < last) {
        PdSharedRange range;
        if (!find_home(home, common, start - plan->place.offset - common->own, &range))
            return;
        range.offset = start;
        range.length = MIN(range.length, last - start);
        if (has_home(&plan->place, &range))
            g_array_append_val(plan->ranges, range);
        start += range.length;
    }
}

static void share_free_parts(PdSharingPlan *plan, const PdRawView *home,
                             const PdCommonRange *common)
{
    guint64 start = plan->place.offset + common->own, end = start + common->length;

    for (guint i = 0; i < plan->taken->len && start < end; i++) {
        const Span *span = &g_array_index(plan->taken, Span, i);
        if (span->start > start)
            share(plan, home, common, start, MIN(span->start, end));
        start = MAX(start, span->end);
    }
    if (start < end)
        share(plan, home, common, start, end);
}

static void take_common(PdSharingPlan *plan, const PdRawView *home, const GArray *common)
{
    guint before = plan->ranges->len;

    for (guint i = 0; i < common->len; i++)
        share_free_parts(plan, home, &g_array_index(common, PdCommonRange, i));
    for (guint i = before; i < plan->ranges->len; i++) {
        const PdSharedRange *range = &g_array_index(plan->ranges, PdSharedRange, i);
        take(plan, range->offset, range->length);
    }
    join(plan);
}

/* Does so much in a row stay that it may be a file? */
static gboolean has_gap(const PdSharingPlan *plan)
{
    guint64 at = plan->place.offset, end = at + plan->place.length;

    for (guint i = 0; i < plan->taken->len; i++) {
        const Span *span = &g_array_index(plan->taken, Span, i);
        if (span->start >= at + PD_SHARING_LEAST)
            return TRUE;
        at = MAX(at, span->end);
    }
    return end >= at + PD_SHARING_LEAST;
}

static PdStatus *take_what(PdStatus *(*finds)(PdRawView *, PdRawView *, GArray **),
                           PdSharingPlan *plan, PdRawView *home)
{
    g_autoptr(PdRawView) own = pd_raw_view_new(plan->store, &plan->place, plan->all);
    g_autoptr(GArray) common = NULL;

    PD_TRY(finds(home, own, &common));
    take_common(plan, home, common);
    return NULL;
}

PdStatus *pd_sharing_plan_add(PdSharingPlan *plan, gint64 home, PdStatus **broken)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(GArray) ranges = NULL;

    *broken = NULL;
    PD_TRY(pd_inbox_get(plan->store, home, &row));
    if (row == NULL || home == plan->inbox)
        return NULL;
    PD_TRY(pd_shared_ranges(plan->store, &row->raw, &ranges));
    g_autoptr(PdRawView) view = pd_raw_view_new(plan->store, &row->raw, ranges);
    *broken = take_what(pd_common_ranges, plan, view);
    if (*broken == NULL && has_gap(plan))
        *broken = take_what(pd_common_files, plan, view);
    return NULL;
}

static gboolean has_hash(const PdSharingPlan *plan, const GArray *ranges, PdStatus **broken)
{
    g_autoptr(PdRawView) view = pd_raw_view_new(plan->store, &plan->place, ranges);
    guint8 digest[PD_HASH_SIZE];

    *broken = pd_raw_view_hash(view, digest);
    return *broken == NULL && memcmp(digest, plan->sha256, PD_HASH_SIZE) == 0;
}

gboolean pd_sharing_plan_holds(const PdSharingPlan *plan, PdStatus **broken)
{
    return has_hash(plan, plan->all, broken);
}

gboolean pd_sharing_plan_lies_whole(const PdSharingPlan *plan)
{
    g_autoptr(PdStatus) broken = NULL;

    return has_hash(plan, NULL, &broken);
}
