/* author.c: see author.h. Anybody can write anything into Reply-To: it makes him the reporter only
 * where he opened the ticket so. */
#include "desk/author.h"

#include "desk/answer.h"

gboolean pd_author_is(const PdDesk *desk, const PdMail *mail, const char *address)
{
    return mail->from != NULL && mail->from->address != NULL &&
           pd_people_are_same(desk->people, address, mail->from->address);
}

/* Whether the ticket's first mail is from this address. */
static PdStatus *opened(const PdDesk *desk, const PdTicket *ticket, const char *address,
                        gboolean *is)
{
    PdStoredMessage *first = NULL;
    gint64 inbox = 0;

    PD_TRY(pd_message_first_of_ticket(desk->store, ticket->number, &inbox));
    if (inbox != 0)
        PD_TRY(pd_message_get(desk->store, inbox, &first));
    *is = first != NULL && pd_address_equal(first->from, address);
    pd_stored_message_free(first);
    return NULL;
}

PdStatus *pd_author_is_reporter(const PdDesk *desk, const PdMail *mail, const PdTicket *ticket,
                                gboolean *is)
{
    const PdAddress *answer = pd_answer_address(mail, desk->config);

    *is = pd_author_is(desk, mail, ticket->reporter);
    if (*is || answer == NULL || mail->from == NULL || mail->from->address == NULL ||
        !pd_address_equal(answer->address, ticket->reporter))
        return NULL;
    return opened(desk, ticket, mail->from->address, is);
}
