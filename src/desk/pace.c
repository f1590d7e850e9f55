/* pace.c: see pace.h.
 *
 * Never held up is what answers somebody (the acknowledgement, what he asked for, what his own word
 * did), and what has hours of its own (escalations and reminders, handing over) or none (alarms):
 * all that is not in the table. Quiet hours hold nothing from who is on duty, nor from who is
 * awake: who wrote about the ticket since they began. Neither they nor digests hold what is urgent.
 */
#include "desk/pace.h"

#include "desk/wallclock.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include <string.h>

typedef enum {
    NO_DIGEST,
    OTHERS_DIGEST, /* of all but the reporter: it is said to him */
    ALL_DIGEST,
} Digest;

typedef struct {
    const char *occasion;
    const char *kind;
    gboolean gathers; /* unless somebody says something with it */
    Digest digest;
} Row;

static const Row table[] = {
    {"status", "news", TRUE, ALL_DIGEST},    /* where it ends is what counts */
    {"closed", "news", TRUE, ALL_DIGEST},    /* likewise */
    {"resolved", "news", FALSE, ALL_DIGEST}, /* he can look at once whether it is */
    {"reply", "news", FALSE, OTHERS_DIGEST}, /* somebody waits for an answer */
    {"answered", "answered", FALSE, ALL_DIGEST}, {"assigned", "assigned", FALSE, NO_DIGEST},
};

static const Row *find_row(const char *occasion)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i].occasion, occasion) == 0)
            return &table[i];
    }
    return NULL;
}

const char *pd_pace_kind(const char *occasion)
{
    const Row *row = find_row(occasion);

    return row != NULL ? row->kind : NULL;
}

void pd_pace_clear(PdPace *pace)
{
    g_clear_pointer(&pace->why, g_free);
}

/* The calendar whose wall clock counts; NULL: that of this machine. */
static PdCalendar *wall_clock(const PdDesk *desk)
{
    PdCalendar *calendar = pd_calendars_find(desk->calendars, NULL);

    return calendar != pd_calendars_find(desk->calendars, "always") ? calendar : NULL;
}

static char *at_wall_clock(const PdDesk *desk, gint64 at)
{
    const PdCalendar *calendar = wall_clock(desk);

    return calendar != NULL ? pd_calendar_format(calendar, at) : pd_clock_format_local(at);
}

static gboolean is_same(const PdDesk *desk, const char *one, const char *other)
{
    const PdPerson *person = one != NULL ? pd_people_find(desk->people, one) : NULL;

    return pd_address_equal(one, other) ||
           (person != NULL && pd_people_find(desk->people, other) == person);
}

static gboolean is_on_duty(const PdDesk *desk, const char *recipient, gint64 now)
{
    for (guint i = 0; i < pd_roster_groups(desk->roster); i++) {
        const char *group = pd_roster_group(desk->roster, i);
        g_autoptr(GArray) duties = pd_roster_who(desk->roster, group, now);
        for (guint k = 0; k < duties->len; k++) {
            if (is_same(desk, g_array_index(duties, PdDuty, k).address, recipient))
                return TRUE;
        }
    }
    return FALSE;
}

/* He did something with the ticket since then. */
static PdStatus *is_awake(const PdDesk *desk, const PdPaceOf *of, gint64 since, gboolean *awake)
{
    g_autoptr(GPtrArray) events = NULL;

    *awake = FALSE;
    PD_TRY(pd_ticket_events(desk->store, of->ticket->number, &events));
    for (guint i = events->len; i > 0; i--) {
        const PdEvent *event = g_ptr_array_index(events, i - 1);
        if (event->at < since)
            break;
        *awake = *awake || is_same(desk, event->actor, of->recipient);
    }
    return NULL;
}

gboolean pd_pace_is_urgent(const PdDesk *desk, const PdTicket *ticket)
{
    return g_strv_contains((const char *const *)desk->config->urgent, ticket->priority);
}

/* Who is asked something is told at once, and so is who is given a ticket; that one is nobody's, or
 * his no longer, can wait. */
static gboolean is_for_digest(const Row *row, const PdPaceOf *of)
{
    if (strcmp(of->occasion, "assigned") == 0)
        return of->is_off || of->ticket->assignee[0] == '\0';
    gboolean is_reporter = pd_address_equal(of->recipient, of->ticket->reporter);
    gboolean is_asked = is_reporter && strcmp(of->occasion, "status") == 0 &&
                        strcmp(of->ticket->status, "waiting") == 0;

    return row->digest == ALL_DIGEST ? !is_asked : row->digest == OTHERS_DIGEST && !is_reporter;
}

/* FALSE if he gets none, or none will come. */
static gboolean take_digest(const PdDesk *desk, const PdMailWish *wish, gint64 now, PdPace *pace)
{
    pace->due =
        pd_wallclock_next(wall_clock(desk), wish->digest_at, wish->digests, wish->workdays, now);
    if (pace->due == 0)
        return FALSE;
    g_autofree char *time = at_wall_clock(desk, pace->due);
    pace->in_digest = TRUE;
    pace->why = g_strdup_printf("in the digest of %s", time);
    return TRUE;
}

static void take_gathering(const PdDesk *desk, gint64 now, PdPace *pace)
{
    if (desk->config->gather <= 0)
        return;
    pace->due = now + desk->config->gather;
    pace->why = g_strdup_printf("gathered with what else changes within %" G_GINT64_FORMAT " s",
                                (gint64)(desk->config->gather / PD_SECOND));
}

/* Hundreds that one change gives to somebody are one mail, which names them. */
static void take_many(const PdDesk *desk, gint64 now, PdPace *pace)
{
    pace->due = now + MAX(desk->config->gather, 1);
    pace->in_digest = TRUE;
    pace->why = g_strdup("with what else he is given at that time");
}

/* Why quiet hours do not hold it; NULL if they do. */
static PdStatus *why_through(const PdDesk *desk, const PdPaceOf *of, gint64 now, gint64 began,
                             const char **why)
{
    gboolean awake = FALSE;

    *why = pd_pace_is_urgent(desk, of->ticket)    ? "in quiet hours, for it is urgent"
           : is_on_duty(desk, of->recipient, now) ? "in quiet hours, for he is on duty"
                                                  : NULL;
    if (*why != NULL)
        return NULL;
    PD_TRY(is_awake(desk, of, began, &awake));
    *why = awake ? "in quiet hours, for he wrote since they began" : NULL;
    return NULL;
}

static PdStatus *take_quiet_hours(const PdDesk *desk, const PdPaceOf *of, const PdMailWish *wish,
                                  gint64 now, PdPace *pace)
{
    const PdDayHours quiet = wish != NULL && wish->has_quiet ? wish->quiet : desk->config->quiet;
    gint64 at = pace->due != 0 ? pace->due : now;
    gint64 began = 0, ends = 0;
    const char *why = NULL;

    if (!pd_wallclock_within(wall_clock(desk), quiet, at, &began, &ends))
        return NULL;
    PD_TRY(why_through(desk, of, now, began, &why));
    g_autofree char *time = at_wall_clock(desk, ends);
    if (why == NULL) {
        pace->due = ends;
        g_free(pace->why);
        pace->why = g_strdup_printf("quiet hours until %s", time);
    } else if (pace->due == 0) {
        pace->why = g_strdup(why);
    }
    return NULL;
}

PdStatus *pd_pace_decide(const PdDesk *desk, const PdPaceOf *of, gint64 now, PdPace *pace)
{
    const Row *row = find_row(of->occasion);
    const PdPerson *person = pd_people_find(desk->people, of->recipient);
    const PdMailWish *wish = person != NULL ? &person->wish : NULL;

    *pace = (PdPace){.kind = row != NULL ? row->kind : NULL};
    if (row == NULL || (of->doer != NULL && is_same(desk, of->doer, of->recipient)))
        return NULL;
    if (wish != NULL && wish->digest && !of->has_files && !pd_pace_is_urgent(desk, of->ticket) &&
        is_for_digest(row, of) && take_digest(desk, wish, now, pace))
        return NULL;
    if (of->is_of_many && strcmp(of->occasion, "assigned") == 0)
        take_many(desk, now, pace);
    else if (row->gathers && !of->has_words)
        take_gathering(desk, now, pace);
    return take_quiet_hours(desk, of, wish, now, pace);
}
