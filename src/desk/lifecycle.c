/* lifecycle.c: the life of a ticket, as one table.
 *
 *   new ──▶ open ◀──▶ waiting ──▶ resolved ──▶ closed        spam, merged: ended
 *            ▲                       │ reply of the reporter
 *            └───────────────────────┘
 *
 * What is not in the table is not allowed. Every move is an event with its actor. Its mail goes to
 * those whom a change of status concerns (concern.c), when their pace allows (pace.c).
 */
#include "desk/lifecycle.h"

#include <string.h>

static const char *const statuses[] = {"new",    "open", "waiting", "resolved",
                                       "closed", "spam", "merged",  NULL};

static const PdTransition table[] = {
    /* by a reply */
    {"waiting", "open", PD_BY_REPORTER | PD_BY_PARTICIPANT | PD_BY_WORD, NULL},
    {"resolved", "open", PD_BY_REPORTER, "reopened"},
    /* by what a machine tells: nobody is mailed */
    {"new", "resolved", PD_BY_RULE, NULL},
    {"open", "resolved", PD_BY_RULE, NULL},
    {"waiting", "resolved", PD_BY_RULE, NULL},
    {"resolved", "open", PD_BY_RULE, NULL},
    /* by a word of his; what he says is over is only resolved: his next reply opens it again */
    {"new", "resolved", PD_BY_WORD, "resolved"},
    {"open", "resolved", PD_BY_WORD, "resolved"},
    {"waiting", "resolved", PD_BY_WORD, "resolved"},
    {"resolved", "open", PD_BY_WORD, "reopened"},
    {"resolved", "closed", PD_BY_WORD, "closed"},
    /* by the desk */
    {"new", "open", PD_BY_STAFF, "status"},
    {"new", "waiting", PD_BY_STAFF, "status"},
    {"new", "resolved", PD_BY_STAFF, "resolved"},
    {"new", "closed", PD_BY_STAFF, "closed"},
    {"new", "spam", PD_BY_STAFF, NULL},
    {"open", "waiting", PD_BY_STAFF, "status"},
    {"open", "resolved", PD_BY_STAFF, "resolved"},
    {"open", "closed", PD_BY_STAFF, "closed"},
    {"open", "spam", PD_BY_STAFF, NULL},
    {"waiting", "open", PD_BY_STAFF, "status"},
    {"waiting", "resolved", PD_BY_STAFF, "resolved"},
    {"waiting", "closed", PD_BY_STAFF, "closed"},
    {"resolved", "open", PD_BY_STAFF, "status"},
    {"resolved", "closed", PD_BY_STAFF, NULL}, /* "resolved" was told already */
    {"closed", "open", PD_BY_STAFF, "status"},
    {"spam", "open", PD_BY_STAFF, NULL},
};

const char *const *pd_lifecycle_statuses(void)
{
    return statuses;
}

gboolean pd_lifecycle_is_to_work_on(const char *status)
{
    static const char *const working[] = {"new", "open", "waiting", NULL};

    return g_strv_contains(working, status);
}

const PdTransition *pd_lifecycle_find(const char *from, const char *to, PdMover who)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if ((table[i].who & who) != 0 && strcmp(table[i].from, from) == 0 &&
            strcmp(table[i].to, to) == 0)
            return &table[i];
    }
    return NULL;
}

const PdTransition *pd_lifecycle_of_reply(const char *from, PdMover who)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table) && (who & (PD_BY_REPORTER | PD_BY_PARTICIPANT)) != 0;
         i++) {
        if ((table[i].who & who) != 0 && strcmp(table[i].from, from) == 0)
            return &table[i];
    }
    return NULL;
}

gboolean pd_lifecycle_takes_replies(const char *status)
{
    static const char *const ended[] = {"closed", "spam", "merged", NULL};

    return !g_strv_contains(ended, status);
}

char *pd_lifecycle_choices(const char *from, PdMover who)
{
    GString *choices = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if ((table[i].who & who) == 0 || strcmp(table[i].from, from) != 0)
            continue;
        g_string_append_printf(choices, "%s%s", choices->len > 0 ? ", " : "", table[i].to);
    }
    return g_string_free(choices, FALSE);
}
