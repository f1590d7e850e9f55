/* yearwatch.c: from November on the admin is told that next year's holidays are missing: due times
 * would count through them. Not in the first hours of a desk, and then every two weeks, so that he
 * is reminded and not worn out. */
#include "desk/desk_private.h"
#include "postdesk/clock.h"
#include <stdlib.h>

#define FACT "year-told"
#define DAY (86400 * (gint64)PD_SECOND)
#define EVERY (14 * DAY)

static char *complaints(const PdDiagnostics *list)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        const PdDiagnostic *one = pd_diagnostics_get(list, i);
        g_string_append_printf(text, "%s: %s\n", one->file, one->text);
    }
    return g_string_free(text, FALSE);
}

static PdStatus *note(PdDesk *desk, gint64 at)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, at);

    return pd_store_set_fact(desk->store, FACT, text);
}

static PdStatus *tell(PdDesk *desk, gint64 now, const PdDiagnostics *list)
{
    g_autofree char *text = complaints(list);
    g_autofree char *before = NULL;

    PD_TRY(pd_store_get_fact(desk->store, FACT, &before));
    if (before == NULL) /* as if he had been told, but for a day */
        return note(desk, now - EVERY + DAY);
    if (now - g_ascii_strtoll(before, NULL, 10) < EVERY)
        return NULL;
    PD_TRY(pd_desk_alarm(desk, "calendar", "Holidays are not known", text));
    return note(desk, now);
}

PdStatus *pd_desk_watch_year(PdDesk *desk)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    gint64 now = pd_clock_now();

    pd_calendars_check(desk->calendars, now, list);
    if (pd_diagnostics_count(list) == 0)
        return NULL;
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = tell(desk, now, list);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}
