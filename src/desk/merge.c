/* merge.c: see merge.h.
 *
 * A key is no proof: whoever can write a subject can write a key. So a mail joins by it only
 *   a machine's    a ticket whose reporter is of the same domain, or if people.yaml knows it
 *   a person's     if people.yaml knows him or he takes part, and his rule says merge_persons
 * and a ticket in which a person takes part is joined only by rules that say merge_persons.
 */
#include "desk/merge.h"

#include <string.h>

#define MOST_TICKETS 20 /* with one key that are looked at */

static gboolean says_persons(const PdDecision *decision)
{
    return pd_decision_field(decision, "merge_persons") != NULL;
}

const char *pd_merge_key(const PdMail *mail, const PdDecision *decision)
{
    if (decision == NULL || mail->from == NULL || mail->dmarc == PD_AUTH_RESULT_FAIL)
        return NULL;
    if (mail->origin != PD_ORIGIN_MACHINE &&
        (mail->origin != PD_ORIGIN_PERSON || !says_persons(decision)))
        return NULL;
    return pd_decision_field(decision, "merge_key");
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return at != NULL ? at + 1 : "";
}

/* Whose mails about the matter are believed. *talks: a person takes part in it. */
static PdStatus *lets_in(const PdDesk *desk, const PdMail *mail, const PdDecision *decision,
                         const PdFacts *facts, const PdTicket *ticket, gboolean *talks,
                         const char **why_not)
{
    gboolean takes_part = FALSE;
    const char *from = mail->from->address;

    /* Machines bring nobody in: a reporter who takes part is a person. */
    PD_TRY(pd_ticket_has_participant(desk->store, ticket->number, ticket->reporter, talks));
    PD_TRY(pd_ticket_has_participant(desk->store, ticket->number, from, &takes_part));
    *why_not = NULL;
    if (*talks && !says_persons(decision))
        *why_not = "a person takes part in it, and the rule does not say merge_persons";
    else if (mail->origin == PD_ORIGIN_PERSON && !takes_part && !facts->sender.is_known)
        *why_not = "the sender is not known";
    else if (mail->origin == PD_ORIGIN_MACHINE && !facts->sender.is_known &&
             g_ascii_strcasecmp(domain_of(from), domain_of(ticket->reporter)) != 0)
        *why_not = "it was reported from another domain";
    return NULL;
}

static void forget(PdFacts *facts)
{
    g_clear_pointer(&facts->keyed, pd_ticket_free);
    g_clear_pointer(&facts->key_evidence, g_free);
    facts->keyed_talks = FALSE;
}

static void note(PdFacts *facts, const char *key, const PdTicket *ticket, const char *why_not)
{
    g_free(facts->key_evidence);
    facts->key_evidence =
        ticket == NULL
            ? g_strdup_printf("merge key %s: no open ticket has it", key)
            : g_strdup_printf(
                  "merge key %s: #%" G_GINT64_FORMAT ": %s%s", key, ticket->number,
                  why_not == NULL ? "believed" : "not believed: ", why_not != NULL ? why_not : "");
}

/* The oldest that lets the mail in. */
static PdStatus *choose(const PdDesk *desk, const PdMail *mail, const PdDecision *decision,
                        GPtrArray *tickets, PdFacts *facts)
{
    const char *key = pd_decision_field(decision, "merge_key");

    for (guint i = 0; i < tickets->len && facts->keyed == NULL; i++) {
        PdTicket *ticket = g_ptr_array_index(tickets, i);
        const char *why_not;
        gboolean talks = FALSE;
        PD_TRY(lets_in(desk, mail, decision, facts, ticket, &talks, &why_not));
        note(facts, key, ticket, why_not);
        if (why_not != NULL)
            continue;
        facts->keyed_talks = talks;
        facts->keyed = g_ptr_array_steal_index(tickets, i);
    }
    return NULL;
}

PdStatus *pd_merge_look_up(const PdDesk *desk, const PdMail *mail, const PdDecision *decision,
                           PdFacts *facts)
{
    const char *key = pd_merge_key(mail, decision);
    g_autoptr(GPtrArray) tickets = NULL;

    forget(facts);
    if (key == NULL || facts->ticket != NULL || desk->store == NULL)
        return NULL;
    PD_TRY(pd_ticket_by_merge_key(desk->store, key, MOST_TICKETS, &tickets));
    note(facts, key, NULL, NULL);
    return choose(desk, mail, decision, tickets, facts);
}
