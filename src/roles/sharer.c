/* sharer.c: see sharer.h. */
#include "sharer.h"

#include "postdesk/sharing.h"

#define FIRST_PAUSE PD_MINUTE
#define LONGEST_PAUSE PD_HOUR
#define FAILURES_TO_ALARM 3

gint64 pd_sharer_pause(const PdSharer *sharer)
{
    return MAX(0, sharer->again_at - pd_clock_monotonic());
}

static void fail(PdSharer *sharer, PdRole *role, const PdStatus *status)
{
    sharer->failures++;
    sharer->is_hurt = TRUE;
    sharer->again_at =
        pd_clock_monotonic() + pd_clock_backoff(sharer->failures, FIRST_PAUSE, LONGEST_PAUSE);
    if (sharer->failures < FAILURES_TO_ALARM && pd_status_may_retry(status))
        pd_log_status(PD_LOG_WARNING, "sharing", NULL, status);
    else
        pd_role_alarm_of(role, "sharing", "folder", role->config->state,
                         "What several mails carry takes its space several times for now. Nothing "
                         "is lost, and it is tried again by itself: ",
                         status);
}

/* All were looked at. */
static void end(PdSharer *sharer)
{
    sharer->after = 0;
    if (!sharer->is_hurt)
        sharer->failures = 0;
    sharer->is_hurt = FALSE;
}

PdStatus *pd_sharer_step(PdSharer *sharer, PdRole *role, gboolean *more)
{
    PdSharing sharing = {.after = sharer->after};

    *more = FALSE;
    PdStatus *status = pd_sharing_step(role->store, &sharing);
    sharer->after = sharing.after;
    if (status != NULL && pd_status_spoils(status) != PD_SPOILS_MESSAGE) {
        fail(sharer, role, status);
        return status;
    }
    if (status != NULL) /* what one message cannot share is for verify; the others go on */
        pd_log_status(PD_LOG_WARNING, "sharing", NULL, status);
    pd_status_free(status);
    *more = sharing.more;
    if (!*more)
        end(sharer);
    return NULL;
}
