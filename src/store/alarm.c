/* alarm.c: what a person must look at, counted rather than repeated within a day. */
#include "store_internal.h"

#include "postdesk/clock.h"
#include <string.h>

#define REPEAT_AFTER PD_DAY
#define MOST_LISTED 1000

void pd_alarm_free(PdAlarm *alarm)
{
    if (alarm == NULL)
        return;
    g_free(alarm->kind);
    g_free(alarm->subject);
    g_free(alarm->text);
    pd_json_free(alarm->facts);
    g_free(alarm);
}

static PdStatus *find_recent(PdStore *store, const char *kind, const char *subject, gint64 now,
                             gint64 *id)
{
    PdQuery *query;

    *id = 0;
    PD_TRY(pd_db_query(store->db,
                       "SELECT id FROM alarm WHERE kind = ? AND subject = ?"
                       " AND first_at BETWEEN ? AND ?"
                       " ORDER BY first_at DESC LIMIT 1",
                       &query));
    pd_bind_text(query, kind);
    pd_bind_text(query, subject);
    pd_bind_int(query, now - REPEAT_AFTER);
    pd_bind_int(query, now); /* one of the future was raised before the clock was set back */
    return pd_query_number(query, id);
}

static PdStatus *count_again(PdStore *store, gint64 id, const char *text, const char *facts,
                             gint64 now)
{
    PdQuery *query;

    PD_TRY(pd_db_query(
        store->db,
        "UPDATE alarm SET last_at = ?, text = ?, facts = ?, count = count + 1 WHERE id = ?",
        &query));
    pd_bind_int(query, now);
    pd_bind_text(query, text);
    pd_bind_text(query, facts);
    pd_bind_int(query, id);
    return pd_query_run(query);
}

static PdStatus *add(PdStore *store, const char *kind, const char *subject, const char *text,
                     const char *facts, gint64 now)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "INSERT INTO alarm (kind, subject, text, facts, first_at, last_at, count)"
                       " VALUES (?, ?, ?, ?, ?, ?, 1)",
                       &query));
    pd_bind_text(query, kind);
    pd_bind_text(query, subject);
    pd_bind_text(query, text);
    pd_bind_text(query, facts);
    pd_bind_int(query, now);
    pd_bind_int(query, now);
    return pd_query_run(query);
}

PdStatus *pd_store_alarm(PdStore *store, const char *kind, const char *subject, const char *text,
                         const PdJson *facts, gboolean *is_new)
{
    g_autofree char *written = facts != NULL ? pd_json_compact(facts) : g_strdup("");
    gint64 now = pd_clock_now();
    gint64 id;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(find_recent(store, kind, subject, now, &id));
    *is_new = id == 0;
    return *is_new ? add(store, kind, subject, text, written, now)
                   : count_again(store, id, text, written, now);
}

static gpointer read_alarm(PdQuery *query)
{
    PdAlarm *alarm = g_new0(PdAlarm, 1);
    const char *facts = pd_column_text(query, 7);

    alarm->id = pd_column_int(query, 0);
    alarm->kind = pd_column_dup(query, 1);
    alarm->subject = pd_column_dup(query, 2);
    alarm->text = pd_column_dup(query, 3);
    alarm->first_at = pd_column_int(query, 4);
    alarm->last_at = pd_column_int(query, 5);
    alarm->count = pd_column_int(query, 6);
    if (*facts != '\0') /* spoilt ones are none: the text tells the same */
        pd_status_free(pd_json_parse(facts, strlen(facts), &alarm->facts));
    return alarm;
}

PdStatus *pd_store_alarms(PdStore *store, gint64 since, GPtrArray **alarms)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT id, kind, subject, text, first_at, last_at, count, facts FROM alarm"
                       " WHERE last_at >= ? ORDER BY last_at DESC, id DESC"
                       " LIMIT " G_STRINGIFY(MOST_LISTED),
                       &query));
    pd_bind_int(query, since);
    return pd_query_all(query, read_alarm, (GDestroyNotify)pd_alarm_free, alarms);
}

PdStatus *pd_store_alarms_to_mail(PdStore *store, GPtrArray **alarms)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db,
                       "SELECT id, kind, subject, text, first_at, last_at, count, facts FROM alarm"
                       " WHERE mailed = 0 ORDER BY id LIMIT " G_STRINGIFY(MOST_LISTED),
                       &query));
    return pd_query_all(query, read_alarm, (GDestroyNotify)pd_alarm_free, alarms);
}

PdStatus *pd_store_alarm_mailed(PdStore *store, gint64 id)
{
    PdQuery *query;

    PD_TRY(pd_store_need_transaction(store));
    PD_TRY(pd_db_query(store->db, "UPDATE alarm SET mailed = 1 WHERE id = ?", &query));
    pd_bind_int(query, id);
    return pd_query_run(query);
}
