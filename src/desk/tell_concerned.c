/* tell_concerned.c: whom a change or a message is told to. Who left a ticket is mailed no more; who
 * was asked from outside is mailed only what he is asked; the desk's people read on the ticket only
 * if they work on it or watch. */
#include "desk/concern.h"
#include "desk/recipients.h"
#include "desk/tell_private.h"
#include "postdesk/clock.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_FOLLOWERS 20

/* I7: what somebody's own mails bring him has a budget, whatever they change. */
static gboolean is_spared(const PdTelling *telling, const char *reporter)
{
    return telling->spares_doer && telling->doer != NULL &&
           pd_people_are_same(telling->desk->people, reporter, telling->doer);
}

/* A reporter who takes no part is a machine, a list or a forged sender: he is not mailed. */
static PdStatus *tell_reporter(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;
    gboolean takes_part = FALSE;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    if (!pd_text_can_be_mailed(ticket->reporter) ||
        pd_config_is_own_address(desk->config, ticket->reporter) ||
        is_spared(telling, ticket->reporter))
        return NULL;
    PD_TRY(pd_ticket_has_participant(desk->store, ticket->number, ticket->reporter, &takes_part));
    return takes_part ? pd_tell_one(telling, ticket->reporter, ticket->reporter_name, NULL,
                                    PD_RANK_REPORTER)
                      : NULL;
}

static gboolean was_told(const PdTelling *telling, const char *address)
{
    for (guint i = 0; telling->told != NULL && i < telling->told->len; i++) {
        if (pd_people_are_same(telling->desk->people, address, g_ptr_array_index(telling->told, i)))
            return TRUE;
    }
    return FALSE;
}

/* Which of those who take part so. */
typedef enum {
    ALL,
    OUTSIDE, /* but the desk's people */
    INSIDE,  /* the desk's people */
} Side;

static gboolean is_on(Side side, PdRank rank)
{
    return side == ALL || (side == INSIDE) == (rank != PD_RANK_STRANGER);
}

static PdStatus *tell_part(const PdTelling *telling, const char *part, Side side,
                           const char *const *except, guint *left)
{
    PdDesk *desk = telling->desk;
    g_autoptr(GPtrArray) people = NULL;

    PD_TRY(pd_ticket_people(desk->store, telling->ticket, part, &people));
    for (guint i = 0; i<people->len && * left> 0; i++) {
        const char *address = g_ptr_array_index(people, i);
        const PdWho who = pd_people_look_up(desk->people, address);
        PdRank rank = pd_rank_of_role(who.role);
        gboolean skip =
            !pd_text_can_be_mailed(address) || !is_on(side, rank) || was_told(telling, address);
        for (const char *const *other = except; *other != NULL; other++)
            skip = skip || pd_people_are_same(desk->people, address, *other);
        if (skip)
            continue;
        --*left;
        PD_TRY(pd_tell_one(telling, address, who.name, who.language,
                           rank != PD_RANK_STRANGER ? rank : PD_RANK_FOLLOWER));
        if (telling->told != NULL && strcmp(part, PD_PART_WATCHES) == 0)
            g_ptr_array_add(telling->told, g_strdup(address));
    }
    return NULL;
}

/* "reopened" answers who did it; to all others it is a change of status. */
static PdStatus *tell_followers(const PdTelling *telling)
{
    PdTelling told = *telling;
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    if (strcmp(told.occasion, "reopened") == 0)
        told.occasion = "status";
    PD_TRY(pd_ticket_get(told.desk->store, told.ticket, &ticket));
    const char *const others[] = {ticket->reporter, told.doer, NULL};
    PD_TRY(tell_part(&told, PD_PART_FOLLOWS, OUTSIDE, others, &left));
    return tell_part(&told, PD_PART_WATCHES, told.spares_desk ? OUTSIDE : ALL, others, &left);
}

static PdStatus *tell_desk(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    const char *except = telling->doer;
    g_autoptr(PdTicket) ticket = NULL;
    guint left = MOST_FOLLOWERS;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    const PdPerson *person = pd_people_of_desk(desk->people, ticket->assignee, NULL);
    const char *assignee = person != NULL ? person->addresses[0] : NULL;
    gboolean is_except = assignee != NULL &&
                         ((except != NULL && pd_people_are_same(desk->people, assignee, except)) ||
                          was_told(telling, assignee));
    if (person != NULL && !is_except)
        PD_TRY(pd_tell_one(telling, assignee, person->name, person->language,
                           pd_rank_of_role(person->role)));
    const char *const others[] = {except != NULL ? except : assignee,
                                  except != NULL ? assignee : NULL, NULL};
    return tell_part(telling, PD_PART_WATCHES, INSIDE, others, &left);
}

char *const pd_tell_duty[] = {(char *)"on-duty", (char *)"dispatcher", NULL};

/* Where nobody works on it, somebody must hear of it all the same. */
static PdStatus *tell_duty(const PdTelling *telling)
{
    PdDesk *desk = telling->desk;
    g_autoptr(PdTicket) ticket = NULL;

    PD_TRY(pd_ticket_get(desk->store, telling->ticket, &ticket));
    if (pd_people_of_desk(desk->people, ticket->assignee, NULL) != NULL)
        return NULL;
    g_autoptr(GPtrArray) addresses = pd_recipients_of(desk, ticket, pd_tell_duty, pd_clock_now());
    for (guint i = 0; i < MIN(addresses->len, MOST_FOLLOWERS); i++) {
        const char *address = g_ptr_array_index(addresses, i);
        const PdWho who = pd_people_look_up(desk->people, address);
        gboolean did_it =
            telling->doer != NULL && pd_people_are_same(desk->people, address, telling->doer);
        if (!did_it && !was_told(telling, address))
            PD_TRY(
                pd_tell_one(telling, address, who.name, who.language, pd_rank_of_role(who.role)));
    }
    return NULL;
}

PdStatus *pd_tell_concerned(const PdTelling *telling, guint whom)
{
    if ((whom & PD_CONCERNS_REPORTER) != 0)
        PD_TRY(tell_reporter(telling));
    if ((whom & PD_CONCERNS_FOLLOWERS) != 0)
        PD_TRY(tell_followers(telling));
    if ((whom & PD_CONCERNS_HOLDER) != 0)
        PD_TRY(tell_desk(telling));
    if ((whom & PD_CONCERNS_DUTY) != 0)
        PD_TRY(tell_duty(telling));
    if ((whom & PD_CONCERNS_TAKERS) != 0)
        PD_TRY(pd_tell_takers(telling));
    return (whom & PD_CONCERNS_ASSIGNEE) != 0 ? pd_tell_assignee(telling) : NULL;
}
