/* watch.c: see watch.h. */
#include "desk/watch.h"

#include "desk/meant.h"
#include "desk/request.h"
#include "postdesk/text.h"
#include <string.h>

static gboolean is_of_desk(const PdChange *change)
{
    return (change->doer->rank & PD_RANK_DESK) != 0 || (change->doer->proofs & PD_PROOF_LOCAL) != 0;
}

gboolean pd_watch_is_own(const PdChange *change, const char *address)
{
    const PdPerson *person = change->doer->person;

    return pd_address_equal(address, change->doer->actor) ||
           (person != NULL && pd_people_find(change->desk->people, address) == person);
}

static const char *named(PdChange *change, const char *name, PdProblem *problem)
{
    const PdPerson *person = pd_request_person(change, name, problem);

    return person != NULL ? person->addresses[0] : NULL;
}

/* Whom he means; NULL: nobody, and why. */
static const char *address_of(PdChange *change, const char *value, PdProblem *problem)
{
    const PdConfig *config = change->desk->config;
    gboolean is_own = value[0] == '\0' || strcmp(value, "me") == 0;
    gboolean is_name = !is_own && strchr(value, '@') == NULL && is_of_desk(change);
    const char *address = is_own    ? change->doer->actor
                          : is_name ? named(change, value, problem)
                                    : value;

    if (address == NULL)
        return NULL;
    if (!pd_text_can_be_mailed(address) || pd_config_is_own_address(config, address)) {
        pd_problem_address(problem, address);
        return NULL;
    }
    if (!pd_watch_is_own(change, address) && !is_of_desk(change)) {
        pd_problem_set(problem, PD_PROBLEM_ROLE, value, NULL);
        return NULL;
    }
    return address;
}

gboolean pd_watch_take(PdChange *change, const char *value, PdProblem *problem)
{
    const char *address = address_of(change, value, problem);

    if (address == NULL)
        return FALSE;
    pd_json_set_text(change->parts, address, PD_PART_WATCHES);
    return TRUE;
}

/* *found: the one of his addresses by which he takes part, or NULL. Borrowed. */
static PdStatus *find_part(const PdChange *change, const char *address, const char **found)
{
    const PdPerson *person = pd_people_find(change->desk->people, address);
    char *const own[] = {(char *)address, NULL};
    const char *left = NULL;

    for (char *const *at = person != NULL ? person->addresses : own; *at != NULL; at++) {
        g_autofree char *part = NULL;
        PD_TRY(pd_ticket_part(change->desk->store, change->ticket->number, *at, &part));
        if (part == NULL)
            continue;
        if (strcmp(part, PD_PART_LEFT) != 0) {
            *found = *at;
            return NULL;
        }
        left = *at;
    }
    *found = left;
    return NULL;
}

/* Who takes part is told to the desk alone. */
static PdStatus *explain(const PdChange *change, const char *address, PdProblem *problem)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    static const char *const parts[] = {PD_PART_FOLLOWS, PD_PART_WATCHES};

    pd_problem_set(problem, PD_PROBLEM_NO_PART, NULL, address);
    for (gsize i = 0; i < G_N_ELEMENTS(parts) && is_of_desk(change); i++) {
        g_autoptr(GPtrArray) people = NULL;
        PD_TRY(pd_ticket_people(change->desk->store, change->ticket->number, parts[i], &people));
        g_ptr_array_extend_and_steal(all, g_steal_pointer(&people));
    }
    g_ptr_array_add(all, NULL);
    if (all->len == 1)
        return NULL;
    problem->nearest = g_strdup(pd_meant_nearest(address, (const char *const *)all->pdata));
    problem->choices = g_strjoinv(", ", (char **)all->pdata);
    return NULL;
}

PdStatus *pd_watch_leave(PdChange *change, const char *value, PdProblem *problem)
{
    const char *address = address_of(change, value, problem);
    const char *found = NULL;

    if (address == NULL)
        return NULL;
    PD_TRY(find_part(change, address, &found));
    if (found == NULL)
        return explain(change, address, problem);
    pd_json_set_text(change->parts, found, PD_PART_LEFT);
    return NULL;
}
