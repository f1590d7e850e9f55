/* trouble.c: see trouble.h. */
#include "trouble.h"

#include <string.h>

#define FAILURES_TO_ALARM 5 /* in a row; of one that may pass */

static char *fact_of(const char *role)
{
    return g_strconcat("trouble.", role, NULL);
}

/* note: NULL takes it back. */
static PdStatus *keep(const PdRole *role, const char *note)
{
    g_autofree char *fact = fact_of(role->name);

    PD_TRY(pd_store_begin(role->store));
    PdStatus *status = pd_store_set_fact(role->store, fact, note);
    if (status == NULL)
        status = pd_store_commit(role->store);
    if (status != NULL)
        pd_store_rollback(role->store);
    return status;
}

static PdStatus *keep_since(const PdRole *role, gint64 since, const char *text)
{
    g_autoptr(PdJson) said = pd_json_set_int(pd_json_object(), "since", since);

    pd_json_set_text(said, "text", text);
    g_autofree char *line = pd_json_compact(said);
    return keep(role, line);
}

PdStatus *pd_trouble_note(const PdRole *role, const char *text)
{
    g_autoptr(PdJson) noted = NULL;

    PD_TRY(pd_role_trouble(role->store, role->name, &noted));
    return keep_since(role, pd_json_get_int(noted, "since", pd_clock_now()), text);
}

PdStatus *pd_trouble_take_back(const PdRole *role)
{
    g_autoptr(PdJson) noted = NULL;

    PD_TRY(pd_role_trouble(role->store, role->name, &noted));
    return noted != NULL ? keep(role, NULL) : NULL;
}

PdStatus *pd_trouble_begin(PdTrouble *trouble, PdRole *role, const PdServer *server)
{
    trouble->role = role;
    trouble->server = server;
    return pd_trouble_take_back(role);
}

static void note(PdTrouble *trouble, const PdStatus *status)
{
    g_autofree char *text = pd_status_line(status);
    g_autoptr(PdStatus) lost = keep_since(trouble->role, trouble->since, text);

    trouble->noted = lost == NULL;
    if (lost != NULL)
        pd_log_status(PD_LOG_ERROR, "trouble-lost", NULL, lost);
}

gint64 pd_trouble_failed(PdTrouble *trouble, const PdStatus *status)
{
    if (trouble->failures++ == 0)
        trouble->since = pd_clock_now();
    if (trouble->failures == FAILURES_TO_ALARM || !pd_status_may_retry(status)) {
        pd_role_alarm_of(trouble->role, trouble->kind, trouble->what, trouble->subject, "", status);
        note(trouble, status);
    }
    return pd_role_server_pause(trouble->server, trouble->failures, status);
}

PdStatus *pd_trouble_over(PdTrouble *trouble)
{
    trouble->failures = 0;
    if (!trouble->noted)
        return NULL;
    trouble->noted = FALSE;
    return keep(trouble->role, NULL);
}

PdStatus *pd_role_trouble(PdStore *store, const char *role, PdJson **trouble)
{
    g_autofree char *fact = fact_of(role);
    g_autofree char *line = NULL;

    *trouble = NULL;
    PD_TRY(pd_store_get_fact(store, fact, &line));
    return line != NULL ? pd_json_parse(line, strlen(line), trouble) : NULL;
}
