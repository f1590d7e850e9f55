/* stubborn.c: see stubborn.h. */
#include "stubborn.h"

#include "postdesk/clock.h"

#define HEADERS_ONLY_ATTEMPTS 3
#define HEADERS_ONLY_AFTER (10 * PD_MINUTE)
#define HOPELESS_ATTEMPTS 8
#define HOPELESS_AFTER (4 * PD_HOUR)
#define MOST_CONNECTIONS_AT_ONCE 8 /* a server at which more fail is in trouble itself */

struct pd_stubborn_list {
    GArray *entries; /* of PdStubborn */
    guint32 noted;   /* the last one noted */
};

PdStubbornList *pd_stubborn_list_new(void)
{
    PdStubbornList *list = g_new0(PdStubbornList, 1);

    list->entries = g_array_new(FALSE, FALSE, sizeof(PdStubborn));
    return list;
}

void pd_stubborn_list_free(PdStubbornList *list)
{
    if (list == NULL)
        return;
    g_array_unref(list->entries);
    g_free(list);
}

static PdStubborn *find(const PdStubbornList *list, guint32 uid)
{
    for (guint i = 0; i < list->entries->len; i++) {
        PdStubborn *stubborn = &g_array_index(list->entries, PdStubborn, i);
        if (stubborn->uid == uid)
            return stubborn;
    }
    return NULL;
}

const PdStubborn *pd_stubborn_find(const PdStubbornList *list, guint32 uid)
{
    return find(list, uid);
}

void pd_stubborn_note(PdStubbornList *list, guint32 uid, const PdStatus *why)
{
    PdStubborn *stubborn = find(list, uid);

    if (stubborn == NULL) {
        const PdStubborn fresh = {.uid = uid, .since = pd_clock_monotonic()};
        g_array_append_val(list->entries, fresh);
        stubborn = find(list, uid);
    }
    stubborn->attempts++;
    if (pd_status_spoils(why) == PD_SPOILS_MESSAGE && !pd_status_may_retry(why))
        stubborn->refused = TRUE;
    list->noted = uid;
}

void pd_stubborn_keep(PdStubbornList *list, guint32 last, gboolean (*listed)(guint32, gpointer),
                      gpointer user)
{
    for (guint i = list->entries->len; i > 0; i--) {
        guint32 uid = g_array_index(list->entries, PdStubborn, i - 1).uid;
        if (uid <= last && !listed(uid, user))
            g_array_remove_index(list->entries, i - 1);
    }
}

void pd_stubborn_forget(PdStubbornList *list, guint32 uid)
{
    for (guint i = 0; i < list->entries->len; i++) {
        if (g_array_index(list->entries, PdStubborn, i).uid != uid)
            continue;
        g_array_remove_index(list->entries, i);
        return;
    }
}

guint32 pd_stubborn_lowest(const PdStubbornList *list)
{
    guint32 lowest = 0;

    for (guint i = 0; i < list->entries->len; i++) {
        guint32 uid = g_array_index(list->entries, PdStubborn, i).uid;
        if (lowest == 0 || uid < lowest)
            lowest = uid;
    }
    return lowest;
}

static gboolean has_failed_for(const PdStubborn *stubborn, guint attempts, gint64 time)
{
    return stubborn->attempts >= attempts && pd_clock_monotonic() - stubborn->since >= time;
}

gboolean pd_stubborn_wants_headers_only(const PdStubborn *stubborn)
{
    return stubborn->refused || has_failed_for(stubborn, HEADERS_ONLY_ATTEMPTS, HEADERS_ONLY_AFTER);
}

gboolean pd_stubborn_is_hopeless(const PdStubborn *stubborn)
{
    return has_failed_for(stubborn, HOPELESS_ATTEMPTS, HOPELESS_AFTER);
}

gboolean pd_stubborn_is_worth_a_connection(PdStubbornList *list)
{
    const PdStubborn *last = find(list, list->noted);

    list->noted = 0;
    return last != NULL && last->refused && last->attempts == 1 &&
           list->entries->len <= MOST_CONNECTIONS_AT_ONCE;
}
