/* actions.c: see actions.h. One table: who, in which status, may tap what. The text that is filled
 * in ends with a signature mark, so that what a phone adds below is not taken for an answer. */
#include "desk/actions.h"

#include <string.h>

#define WORKING "new open waiting"
#define ALL_STATUSES "new open waiting resolved closed"

static const struct {
    const char *label;   /* in words.yaml, group "actions" */
    const char *command; /* as it is filled in: in ASCII, since not every program takes more */
    const char *chinese; /* as a Chinese reader is told to write it */
    guint ranks;
    const char *statuses;
    guint needs; /* a flag without which it is not offered, or 0 */
} table[] = {
    {"accept", "/accept", "/受理", PD_RANK_DESK, ALL_STATUSES, PD_ACTIONS_HELD},
    {"assign", "/assign me", "/指派 我", PD_RANK_DESK, WORKING, 0},
    {"resolve", "/resolve", "/解决", PD_RANK_DESK, WORKING, 0},
    {"wait", "/status waiting", "/状态 等待", PD_RANK_DESK, "new open", 0},
    {"note", "/note", "/备注", PD_RANK_DESK, WORKING, 0},
    {"spam", "/spam", "/垃圾", PD_RANK_DESK, "new open", PD_ACTIONS_HELD},
    {"close", "/close", "/关闭", PD_RANK_DESK, "resolved", 0},
    {"reopen", "/reopen", "/重开", PD_RANK_DESK, "resolved closed", 0},
    {"help", "/help", "/帮助", PD_RANK_DESK, ALL_STATUSES, 0},
    {"confirm", "/confirm", "/确认", PD_RANK_REPORTER, "resolved", 0},
    {"reject", "/reject", "/未解决", PD_RANK_REPORTER, "resolved", 0},
    {"where", "/where", "/进度", PD_RANK_REPORTER, WORKING, 0},
    {"withdraw", "/withdraw", "/撤单", PD_RANK_REPORTER, WORKING, 0},
    {"rate5", "/rate 5", "/评价 5", PD_RANK_REPORTER, "closed", PD_ACTIONS_RATE},
    {"rate3", "/rate 3", "/评价 3", PD_RANK_REPORTER, "closed", PD_ACTIONS_RATE},
    {"rate1", "/rate 1", "/评价 1", PD_RANK_REPORTER, "closed", PD_ACTIONS_RATE},
    {"unwatch", "/unwatch", "/取消关注", PD_RANK_FOLLOWER, ALL_STATUSES, 0},
};

char *pd_action_link(const char *reply_to, gint64 ticket, const char *command)
{
    g_autofree char *body = g_strconcat(command, "\r\n\r\n-- \r\n", NULL);
    g_autofree char *address = g_uri_escape_string(reply_to, "@", FALSE);
    g_autofree char *shown = g_uri_escape_string(body, NULL, FALSE);

    return g_strdup_printf("mailto:%s?subject=%%5B%%23%" G_GINT64_FORMAT "%%5D&body=%s", address,
                           ticket, shown);
}

static gboolean is_for_status(guint row, const char *status)
{
    g_auto(GStrv) statuses = g_strsplit(table[row].statuses, " ", -1);

    return g_strv_contains((const char *const *)statuses, status);
}

static gboolean fits(guint row, PdRank rank, const char *status, guint flags)
{
    return (table[row].ranks & rank) != 0 &&
           (table[row].needs == 0 || (flags & table[row].needs) != 0) &&
           (strcmp(table[row].label, "assign") != 0 || (flags & PD_ACTIONS_HIS) == 0) &&
           is_for_status(row, status);
}

PdJson *pd_actions(const PdDesk *desk, const char *language, PdRank rank, const char *status,
                   gint64 ticket, const char *reply_to, guint flags)
{
    PdJson *list = pd_json_array();

    for (guint i = 0; status != NULL && i < G_N_ELEMENTS(table); i++) {
        if (!fits(i, rank, status, flags))
            continue;
        g_autofree char *link = pd_action_link(reply_to, ticket, table[i].command);
        PdJson *action = pd_json_object();
        pd_json_set_text(action, "label",
                         pd_templates_word(desk->templates, language, "actions", table[i].label));
        pd_json_set_text(action, "command",
                         g_str_has_prefix(language, "zh") ? table[i].chinese : table[i].command);
        pd_json_set_text(action, "href", link);
        pd_json_add(list, action);
    }
    return list;
}
