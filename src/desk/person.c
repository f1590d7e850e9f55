/* person.c: one person, one domain. */
#include "desk/people_private.h"

static const char *const role_names[] = {"reporter", "engineer", "dispatcher", "lead",
                                         "manager",  "admin",    "external",   NULL};

const char *pd_person_role_name(PdPersonRole role)
{
    return role_names[role];
}

const char *const *pd_person_role_names(void)
{
    return role_names;
}

void pd_person_free(PdPerson *person)
{
    if (person == NULL)
        return;
    g_free(person->name);
    g_strfreev(person->addresses);
    g_free(person->department);
    g_free(person->language);
    g_free(person->phone);
    g_strfreev(person->groups);
    g_free(person);
}

void pd_people_domain_free(PdPeopleDomain *domain)
{
    if (domain == NULL)
        return;
    g_free(domain->pattern);
    g_free(domain->department);
    g_free(domain->language);
    g_free(domain);
}
