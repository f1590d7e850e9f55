/* people.h: who is behind an address: rules/people.yaml and rules/people/ (postdesk-people(5)).
 *
 * An address of somebody says who he claims to be, not who he is: a From line proves nothing.
 * What is found here may be shown and may choose words; it gives no right by itself.
 */
#ifndef POSTDESK_PEOPLE_H
#define POSTDESK_PEOPLE_H

#include "postdesk/diagnostics.h"
#include "postdesk/hours.h"
#include "postdesk/rules.h"
#include <glib.h>

typedef enum {
    PD_ROLE_REPORTER,
    PD_ROLE_ENGINEER,
    PD_ROLE_DISPATCHER,
    PD_ROLE_LEAD,
    PD_ROLE_MANAGER,
    PD_ROLE_ADMIN,
    PD_ROLE_EXTERNAL,
} PdPersonRole;
const char *pd_person_role_name(PdPersonRole role);
const char *const *pd_person_role_names(void); /* NULL-terminated */

/* What becomes of mail of those whom neither a person nor a domain names. */
typedef enum { PD_UNKNOWN_ALLOWED, PD_UNKNOWN_HELD, PD_UNKNOWN_REFUSED } PdUnknownSenders;

#define PD_MOST_DIGESTS 6 /* of one day */

/* When somebody wants to be mailed. */
typedef struct {
    gboolean digest;                 /* what is not urgent comes together, at these times */
    gint digest_at[PD_MOST_DIGESTS]; /* minutes of the day, ascending */
    guint digests;                   /* how many of them; with digest at least one */
    gboolean workdays;               /* on working days of the desk's calendar only */
    gboolean has_quiet;              /* of his own, in place of the desk's */
    PdDayHours quiet;
} PdMailWish;

typedef struct {
    char *name;
    char **addresses; /* NULL-terminated, at least one; the first is the one to write to */
    char *department; /* these three may be NULL */
    char *language;
    char *phone;
    PdPersonRole role;
    char **groups; /* NULL-terminated, may be empty */
    PdMailWish wish;
} PdPerson;

typedef struct pd_people PdPeople;

/* people.yaml of the folder and the files of its folder people/, in order of name; what is absent
 * holds nobody. Where several files name an address, the first has it. languages: those the desk
 * writes, or NULL. NULL with errors in the list. */
PdPeople *pd_people_load(const char *folder, const char *const *languages, PdDiagnostics *list);
void pd_people_free(PdPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPeople, pd_people_free)

guint pd_people_count(const PdPeople *people);
const PdPerson *pd_people_get(const PdPeople *people, guint index);
/* The few of them that have a role other than the reporter's; borrowed, of PdPerson *. */
const GPtrArray *pd_people_with_role(const PdPeople *people);
PdUnknownSenders pd_people_unknown_senders(const PdPeople *people);

/* The person of an address, letter case and plus details aside; NULL if there is none. */
const PdPerson *pd_people_find(const PdPeople *people, const char *address);
/* The same address, or two of one person. */
gboolean pd_people_are_same(const PdPeople *people, const char *one, const char *other);

/* What is known of an address: by its person, else by its domain. Texts are borrowed, NULL
 * where nothing is known. */
typedef struct {
    gboolean is_known;
    const PdPerson *person; /* or NULL */
    const char *domain;     /* the pattern that fitted, or NULL */
    const char *name, *department, *language;
    PdPersonRole role;
} PdWho;
PdWho pd_people_look_up(const PdPeople *people, const char *address);

/* The one person of the desk (engineer, dispatcher, lead, admin) that is meant by an address, a
 * name or the beginning of a name that no other has; NULL if there is none or several. names: the
 * names of all of them are added to it (borrowed), or NULL. */
const PdPerson *pd_people_of_desk(const PdPeople *people, const char *meant, GPtrArray *names);

/* Who is meant by the name, the phone or the address of somebody who called. phone: where he can be
 * called back, or NULL; of several it tells one. *several: it fits more than one, and NULL is
 * given. */
const PdPerson *pd_people_caller(const PdPeople *people, const char *caller, const char *phone,
                                 gboolean *several);

/* A table of people (CSV with a line of names; commas, semicolons or tabs; UTF-8 or GB18030), or,
 * where the path ends in ".ldif", what a directory exported (RFC 2849), as the text of a file for
 * the folder people/. NULL with errors in the list. Caller frees. */
char *pd_people_import(const char *path, const char *const *languages, PdDiagnostics *list,
                       guint *count);

/* Warns of tickets that rules give to somebody who is nobody of the desk. */
void pd_people_check_rules(const PdPeople *people, const PdRuleSet *rules, PdDiagnostics *list);

#endif
