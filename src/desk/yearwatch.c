/* yearwatch.c: from November on the admin is told that next year's holidays are missing: due times
 * would count through them. Not in the first hours of a desk, and then every two weeks, so that he
 * is reminded and not worn out. */
#include "desk/desk_private.h"
#include "postdesk/clock.h"
#include <stdlib.h>

#define FACT "year-told"
#define EVERY (14 * PD_DAY)

typedef struct {
    GString *text;
    PdJson *missing;
} Missing;

static void add_year(const char *file, gint year, gpointer user)
{
    Missing *missing = user;
    PdJson *entry = pd_json_set_text(pd_json_object(), "file", file);

    pd_json_add(missing->missing, pd_json_set_int(entry, "year", year));
    g_string_append_printf(missing->text, "%s: the holidays of %d are not known\n", file, year);
}

static PdStatus *note(PdDesk *desk, gint64 at)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, at);

    return pd_store_set_fact(desk->store, FACT, text);
}

static PdStatus *raise_alarm(PdDesk *desk, const Missing *missing)
{
    g_autoptr(PdJson) facts =
        pd_json_set(pd_json_object(), "missing", pd_json_ref(missing->missing));

    g_string_append(missing->text,
                    "The days of such a year count by weekday alone. Add its file (an "
                    "empty one is no holidays) and run: postdesk reload");
    return pd_desk_alarm(desk, "calendar", "Holidays are not known", missing->text->str, facts);
}

static PdStatus *tell(PdDesk *desk, gint64 now, const Missing *missing)
{
    g_autofree char *before = NULL;

    PD_TRY(pd_store_get_fact(desk->store, FACT, &before));
    if (before == NULL) /* as if he had been told, but for a day */
        return note(desk, now - EVERY + PD_DAY);
    if (now - g_ascii_strtoll(before, NULL, 10) < EVERY)
        return NULL;
    PD_TRY(raise_alarm(desk, missing));
    return note(desk, now);
}

PdStatus *pd_desk_watch_year(PdDesk *desk)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(PdJson) years = pd_json_array();
    const Missing missing = {text, years};
    gint64 now = pd_clock_now();

    pd_calendars_each_missing_year(desk->calendars, now, add_year, (gpointer)&missing);
    if (pd_json_length(years) == 0)
        return NULL;
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = tell(desk, now, &missing);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}
