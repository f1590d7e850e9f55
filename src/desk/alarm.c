/* alarm.c: what the admin must look at: into the store, the log, and a mail to him.
 *
 * The same kind and subject is mailed once a day, and all alarms together at most
 * MOST_PER_DAY times a day: a flood of troubles must not become a flood of mails. The reply
 * budget of the reporters has nothing to do with it.
 */
#include "desk/alarm_words.h"
#include "desk/desk_private.h"
#include "desk/notify.h"
#include "postdesk/clock.h"
#include "postdesk/log.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_PER_DAY 50
#define CAP_FACT "alarm-mails" /* "DAY COUNT" */

/* Takes one from today's number of alarm mails. */
static PdStatus *take_from_cap(PdStore *store, gboolean *may)
{
    g_autofree char *value = NULL;
    gint64 today = pd_clock_now() / PD_DAY;
    gint64 day = 0;
    gint64 count = 0;

    PD_TRY(pd_store_get_fact(store, CAP_FACT, &value));
    if (value != NULL) {
        char *rest;
        day = g_ascii_strtoll(value, &rest, 10);
        count = day == today ? g_ascii_strtoll(rest, NULL, 10) : 0;
    }
    *may = count < MOST_PER_DAY;
    if (!*may)
        return NULL;
    g_autofree char *taken =
        g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, today, count + 1);
    return pd_store_set_fact(store, CAP_FACT, taken);
}

static gboolean admin_can_be_mailed(const PdConfig *config)
{
    return pd_text_can_be_mailed(config->admin) && !pd_config_is_own_address(config, config->admin);
}

static PdStatus *mail_admin(const PdDesk *desk, const PdAlarm *alarm)
{
    g_autoptr(PdJson) values = pd_alarm_values(desk, alarm);
    const PdNotice notice = {
        .occasion = "alarm",
        .language = desk->config->default_language,
        .values = values,
        .recipient = desk->config->admin,
        .auto_submitted = "auto-generated",
    };

    return pd_notify(desk, &notice, NULL, NULL);
}

/* One alarm that nobody has mailed yet; marked in any case, or it would be tried for ever. */
static PdStatus *mail_one(const PdDesk *desk, const PdAlarm *alarm, guint *mailed)
{
    gboolean may = FALSE;

    PD_TRY(pd_store_alarm_mailed(desk->store, alarm->id));
    if (!admin_can_be_mailed(desk->config))
        return NULL;
    PD_TRY(take_from_cap(desk->store, &may));
    if (!may) {
        pd_log(PD_LOG_WARNING, "alarm-not-mailed", NULL, "the %d alarm mails of today are sent",
               MOST_PER_DAY);
        return NULL;
    }
    *mailed += 1;
    PdStatus *status = mail_admin(desk, alarm);
    if (status == NULL || pd_status_spoils(status) == PD_SPOILS_STORE)
        return status;
    /* An alarm that cannot be written as a mail must not stop what raised it. */
    pd_log_status(PD_LOG_ERROR, "alarm-not-mailed", NULL, status);
    pd_status_free(status);
    return NULL;
}

static PdStatus *mail_all(const PdDesk *desk, GPtrArray *alarms, guint *mailed)
{
    for (guint i = 0; i < alarms->len; i++)
        PD_TRY(mail_one(desk, g_ptr_array_index(alarms, i), mailed));
    return NULL;
}

static PdStatus *raise_alarm(const PdDesk *desk, const char *kind, const char *subject,
                             const char *text, const PdJson *facts)
{
    g_autoptr(GPtrArray) alarms = NULL;
    gboolean is_new = FALSE;
    guint mailed = 0;

    PD_TRY(pd_store_alarm(desk->store, kind, subject, text, facts, &is_new));
    if (!is_new)
        return NULL;
    PD_TRY(pd_store_alarms_to_mail(desk->store, &alarms));
    return mail_all(desk, alarms, &mailed);
}

/* Commits what went well; takes the status. */
static PdStatus *end_transaction(PdStore *store, PdStatus *status)
{
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

PdStatus *pd_desk_alarm(PdDesk *desk, const char *kind, const char *subject, const char *text,
                        const PdJson *facts)
{
    pd_log(PD_LOG_WARNING, "alarm", NULL, "%s: %s", kind, subject);
    if (pd_store_in_transaction(desk->store))
        return raise_alarm(desk, kind, subject, text, facts);
    PD_TRY(pd_store_begin(desk->store));
    return end_transaction(desk->store, raise_alarm(desk, kind, subject, text, facts));
}

PdStatus *pd_desk_mail_alarms(PdDesk *desk, guint *mailed)
{
    g_autoptr(GPtrArray) alarms = NULL;

    *mailed = 0;
    PD_TRY(pd_store_alarms_to_mail(desk->store, &alarms));
    if (alarms->len == 0)
        return NULL;
    PD_TRY(pd_store_begin(desk->store));
    return end_transaction(desk->store, mail_all(desk, alarms, mailed));
}
