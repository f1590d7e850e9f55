/* desk_private.h: the desk as its own files see it. */
#ifndef DESK_DESK_PRIVATE_H
#define DESK_DESK_PRIVATE_H

#include "desk/template_private.h"
#include "postdesk/calendar.h"
#include "postdesk/desk.h"
#include "postdesk/outbox.h"
#include "postdesk/people.h"
#include "postdesk/roster.h"
#include "postdesk/targets.h"
#include "postdesk/token.h"

struct pd_desk {
    const PdConfig *config; /* borrowed */
    PdStore *store;         /* borrowed; NULL: a dry desk */
    PdRuleSet *rules;
    PdTemplates *templates;
    PdCalendars *calendars;
    PdPeople *people;
    PdTargets *targets;
    PdRoster *roster;
    PdTokenKeys *keys; /* NULL in a dry desk */
    char *domain;      /* of the desk's address, for Message-IDs */
    PdVerify verify;   /* or NULL */
    gpointer verify_user;
};

/* The language to answer in: of this mail or ticket if the desk writes it, else the default. */
const char *pd_desk_language(const PdDesk *desk, const char *wanted);

#endif
