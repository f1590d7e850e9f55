/* recipients.c: see recipients.h. */
#include "desk/recipients.h"

#include "postdesk/text.h"
#include <string.h>

static void add(const PdDesk *desk, GPtrArray *addresses, const char *address)
{
    if (address == NULL || !pd_text_can_be_mailed(address) ||
        pd_config_is_own_address(desk->config, address))
        return;
    for (guint i = 0; i < addresses->len; i++) {
        if (g_ascii_strcasecmp(g_ptr_array_index(addresses, i), address) == 0)
            return;
    }
    g_ptr_array_add(addresses, g_strdup(address));
}

const char *pd_recipient_of_name(const PdDesk *desk, const char *name)
{
    if (name == NULL || strchr(name, '@') != NULL)
        return name;
    for (guint i = 0; i < pd_people_count(desk->people); i++) {
        const PdPerson *person = pd_people_get(desk->people, i);
        if (g_strcmp0(person->name, name) == 0)
            return person->addresses[0];
    }
    return NULL;
}

static void add_on_duty(const PdDesk *desk, GPtrArray *addresses, const char *queue, gint64 at)
{
    const char *group = pd_roster_group_of_queue(desk->roster, queue);
    g_autoptr(GArray) duties =
        group != NULL ? pd_roster_who(desk->roster, group, at) : g_array_new(FALSE, FALSE, 1);

    for (guint i = 0; i < duties->len; i++)
        add(desk, addresses, g_array_index(duties, PdDuty, i).address);
}

static gboolean add_role(const PdDesk *desk, GPtrArray *addresses, const char *role,
                         const char *group)
{
    const GPtrArray *persons = pd_people_with_role(desk->people);
    gboolean found = FALSE;

    for (guint i = 0; i < persons->len; i++) {
        const PdPerson *person = g_ptr_array_index(persons, i);
        if (strcmp(pd_person_role_name(person->role), role) != 0 ||
            (group != NULL && !g_strv_contains((const char *const *)person->groups, group)))
            continue;
        add(desk, addresses, person->addresses[0]);
        found = TRUE;
    }
    return found;
}

static void add_word(const PdDesk *desk, GPtrArray *addresses, const PdTicket *ticket,
                     const char *word, gint64 at)
{
    const char *group = pd_roster_group_of_queue(desk->roster, ticket->queue);

    if (strcmp(word, "assignee") == 0)
        add(desk, addresses, pd_recipient_of_name(desk, ticket->assignee));
    else if (strcmp(word, "on-duty") == 0)
        add_on_duty(desk, addresses, ticket->queue, at);
    else if (strchr(word, '@') != NULL)
        add(desk, addresses, word);
    else if (!add_role(desk, addresses, word, group != NULL ? group : ticket->queue))
        add_role(desk, addresses, word, NULL);
}

GPtrArray *pd_recipients_found(const PdDesk *desk, const PdTicket *ticket, char *const *words,
                               gint64 at)
{
    GPtrArray *addresses = g_ptr_array_new_with_free_func(g_free);

    for (; *words != NULL; words++)
        add_word(desk, addresses, ticket, *words, at);
    return addresses;
}

GPtrArray *pd_recipients_of(const PdDesk *desk, const PdTicket *ticket, char *const *words,
                            gint64 at)
{
    GPtrArray *addresses = pd_recipients_found(desk, ticket, words, at);

    if (addresses->len == 0)
        add(desk, addresses, desk->config->admin);
    return addresses;
}

const char *pd_recipient_name(const PdDesk *desk, const char *address)
{
    return pd_people_look_up(desk->people, address).name;
}

const char *pd_recipient_called(const PdDesk *desk, const char *name)
{
    const char *address = pd_recipient_of_name(desk, name);
    const char *called = address != NULL ? pd_recipient_name(desk, address) : NULL;

    return called != NULL ? called : name;
}

const char *pd_recipient_language(const PdDesk *desk, const char *address)
{
    return pd_desk_language(desk, pd_people_look_up(desk->people, address).language);
}
