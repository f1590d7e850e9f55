/* people_private.h: people as their own files see them. */
#ifndef DESK_PEOPLE_PRIVATE_H
#define DESK_PEOPLE_PRIVATE_H

#include "postdesk/people.h"

/* A pattern "example.org" or "*.example.org" and what it says of its addresses. */
typedef struct {
    char *pattern;
    char *department, *language; /* or NULL */
    PdPersonRole role;
} PdPeopleDomain;

struct pd_people {
    GPtrArray *with_role;   /* of PdPerson *, borrowed from persons */
    GPtrArray *persons;     /* of PdPerson * */
    GPtrArray *all_domains; /* of PdPeopleDomain * */
    GHashTable *addresses;  /* small letters → PdPerson *; borrowed */
    GHashTable *domains;    /* small letters → PdPeopleDomain *; borrowed */
    PdUnknownSenders unknown;
};

void pd_person_free(PdPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPerson, pd_person_free)
void pd_people_domain_free(PdPeopleDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPeopleDomain, pd_people_domain_free)

/* One file over what is there; people.yaml alone may hold the settings. */
void pd_people_read(PdPeople *people, const char *path, const char *const *languages,
                    PdDiagnostics *list);

#endif
