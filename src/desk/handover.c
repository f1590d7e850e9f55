/* handover.c: at a change of shift those who come are mailed what is open.
 *
 * The store holds, for each group, who had the duty when last looked; whoever is on duty now and
 * was not then is mailed, in the transaction that notes him. A group that is looked at for the
 * first time is only noted.
 */
#include "desk/actions.h"
#include "desk/call.h"
#include "desk/commit.h"
#include "desk/recipients.h"
#include "desk/values.h"
#include "postdesk/clock.h"
#include "postdesk/log.h"
#include "postdesk/mail.h"
#include <string.h>

#define MOST_LISTED 100

/* The addresses on duty, each once, by commas. */
static char *names_of(const GArray *duties)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < duties->len; i++) {
        const char *address = g_array_index(duties, PdDuty, i).address;
        gboolean is_there = FALSE;
        for (guint k = 0; k < names->len; k++)
            is_there = is_there || strcmp(g_ptr_array_index(names, k), address) == 0;
        if (!is_there)
            g_ptr_array_add(names, (gpointer)address);
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(",", (char **)names->pdata);
}

/* Of addresses by commas, as people call them. Caller frees. */
static char *called(const PdDesk *desk, const char *addresses, const char *language)
{
    g_auto(GStrv) each = g_strsplit(addresses, ",", 0);
    GString *text = g_string_new(NULL);

    for (char **address = each; *address != NULL; address++) {
        if (text->len > 0)
            g_string_append(text, g_str_has_prefix(language, "zh") ? "、" : ", ");
        g_string_append(text, pd_recipient_called(desk, *address));
    }
    return g_string_free(text, FALSE);
}

/* What is due, of either target, and was not done. */
static gboolean is_late(const PdTicket *ticket, gint64 now)
{
    gint64 respond, resolve;

    return (pd_clock_parse_utc(ticket->respond_due, &respond) && respond < now) ||
           (pd_clock_parse_utc(ticket->resolve_due, &resolve) && resolve < now);
}

/* By one tap it is the comer's, who is then mailed all of it. */
static char *link_to_take(const PdDesk *desk, const PdTicket *ticket, const char *comer)
{
    PdRank rank = pd_rank_of_role(pd_people_look_up(desk->people, comer).role);

    if ((rank & PD_RANK_DESK) == 0 || pd_address_equal(comer, ticket->assignee))
        return NULL;
    g_autofree char *address = pd_notify_reply_address(desk, ticket->number, comer, rank);
    return pd_action_link(address, ticket->number, "/assign me");
}

static PdJson *describe_ticket(const PdDesk *desk, const PdTicket *ticket, const char *language,
                               const char *comer)
{
    const char *name = ticket->assignee[0] != '\0' ? ticket->assignee : NULL;
    PdJson *values = pd_values_of_ticket(desk, language, ticket, NULL);
    PdJson *row = pd_json_object();
    static const char *const taken[] = {"number",     "subject",     "priority",
                                        "resolve_by", "status_word", NULL};

    for (const char *const *key = taken; *key != NULL; key++)
        pd_json_set(row, *key, pd_json_ref(pd_json_get(values, *key)));
    g_autofree char *link = link_to_take(desk, ticket, comer);
    pd_json_set_bool(row, "is_late", is_late(ticket, pd_clock_now()));
    pd_json_set_text(row, "holder", name != NULL ? pd_recipient_called(desk, name) : NULL);
    pd_json_set_text(row, "take_href", link);
    pd_json_free(values);
    return row;
}

static PdJson *describe_tickets(const PdDesk *desk, const GPtrArray *tickets, const char *language,
                                const char *comer)
{
    PdJson *rows = pd_json_array();

    for (guint i = 0; i < tickets->len; i++)
        pd_json_add(rows, describe_ticket(desk, g_ptr_array_index(tickets, i), language, comer));
    return rows;
}

static void set_count(PdJson *values, const char *key, gint64 count)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, count);

    pd_json_set_text(values, key, count > 0 ? text : NULL);
}

static PdStatus *mail_one(const PdDesk *desk, const PdDuty *duty, const char *before,
                          const GPtrArray *tickets, gint64 open, const char *language)
{
    g_autoptr(PdJson) values = pd_json_object();
    g_autofree char *until = pd_roster_format(desk->roster, duty->to);
    g_autofree char *left = called(desk, before, language);
    PdRank rank = pd_rank_of_role(pd_people_look_up(desk->people, duty->address).role);
    g_autofree char *link = pd_call_link(desk, duty->address, rank, language);
    const PdNotice notice = {
        .occasion = "handover",
        .language = language,
        .values = values,
        .recipient = duty->address,
        .recipient_name = duty->name,
        .auto_submitted = "auto-generated",
    };

    pd_json_set_text(values, "call_href", link);
    pd_json_set_text(values, "desk_name", desk->config->desk_name);
    pd_json_set_text(values, "desk_address", desk->config->desk_address);
    pd_json_set_text(values, "reporter_name", duty->name);
    pd_json_set_text(values, "group", duty->group);
    pd_json_set_text(values, "shift", duty->shift);
    pd_json_set_text(values, "until", until);
    pd_json_set_text(values, "before", left[0] != '\0' ? left : NULL);
    set_count(values, "count", open);
    set_count(values, "not_listed", open - (gint64)tickets->len);
    pd_json_set(values, "tickets", describe_tickets(desk, tickets, language, duty->address));
    return pd_notify(desk, &notice, NULL, NULL);
}

static PdStatus *mail_comers(const PdDesk *desk, const GArray *duties, const char *before,
                             guint *mailed)
{
    g_auto(GStrv) had = g_strsplit(before, ",", 0);
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < duties->len; i++) {
        const PdDuty *duty = &g_array_index(duties, PdDuty, i);
        const char *language = pd_recipient_language(desk, duty->address);
        g_autoptr(GPtrArray) tickets = NULL;
        gint64 open = 0;
        if (g_strv_contains((const char *const *)had, duty->address) ||
            !g_hash_table_add(told, (gpointer)duty->address))
            continue;
        PD_TRY(pd_ticket_list_undone(
            desk->store, (const char *const *)pd_roster_queues(desk->roster, duty->group),
            MOST_LISTED, &tickets, &open));
        PD_TRY(mail_one(desk, duty, before, tickets, open, language));
        ++*mailed;
    }
    return NULL;
}

static PdStatus *note(PdDesk *desk, const char *fact, const GArray *duties, const char *before,
                      const char *present, guint *mailed)
{
    PD_TRY(pd_store_begin(desk->store));
    PdStatus *status = before != NULL ? mail_comers(desk, duties, before, mailed) : NULL;
    if (status == NULL)
        status = pd_store_set_fact(desk->store, fact, present);
    if (status == NULL)
        status = pd_store_commit(desk->store);
    if (status != NULL)
        pd_store_rollback(desk->store);
    return status;
}

static PdStatus *look_at_group(PdDesk *desk, const char *group, guint *mailed)
{
    g_autofree char *fact = g_strconcat("roster-duty/", group, NULL);
    g_autoptr(GArray) duties = pd_roster_who(desk->roster, group, pd_clock_now());
    g_autofree char *present = names_of(duties);
    g_autofree char *before = NULL;

    PD_TRY(pd_store_get_fact(desk->store, fact, &before));
    if (before != NULL && strcmp(before, present) == 0)
        return NULL;
    return note(desk, fact, duties, before, present, mailed);
}

PdStatus *pd_desk_hand_over(PdDesk *desk, guint *mailed, gint64 *next)
{
    gboolean any = FALSE;

    for (guint i = 0; i < pd_roster_groups(desk->roster); i++) {
        const char *group = pd_roster_group(desk->roster, i);
        if (!pd_roster_hands_over(desk->roster, group))
            continue;
        any = TRUE;
        PD_TRY(look_at_group(desk, group, mailed));
    }
    *next = any ? pd_roster_next_change(desk->roster, pd_clock_now()) : 0;
    return NULL;
}
