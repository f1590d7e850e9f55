/* letoff.c: see letoff.h. Only of a ticket that was to be worked on: of one that is solved nothing
 * was expected any more. That one is spam is told nobody (concern.c). */
#include "desk/letoff.h"

#include "desk/concern.h"
#include "desk/lifecycle.h"
#include "desk/undone.h"
#include <string.h>

static gboolean is_doer(const PdChange *change, const PdPerson *person)
{
    return person == change->doer->person ||
           person == pd_people_find(change->desk->people, change->doer->actor);
}

/* He did it himself, or reads of it in the mail about what was taken back. */
static gboolean knows(const PdChange *change, const PdPerson *person)
{
    gboolean is_mailed = change->bulk == 0 || change->tells_maker;

    return is_doer(change, person) || (is_mailed && person == pd_undone_maker(change));
}

PdStatus *pd_letoff_tell(const PdChange *change, PdTelling telling)
{
    const PdPeople *people = change->desk->people;
    const PdPerson *before = pd_people_of_desk(people, change->ticket->assignee, NULL);
    g_autoptr(PdTicket) now = NULL;

    if (change->undoes_bulk || !pd_lifecycle_is_to_work_on(change->ticket->status))
        return NULL; /* each ticket of the bulk is told of by itself */
    PD_TRY(pd_ticket_get(change->desk->store, change->ticket->number, &now));
    const PdPerson *after = pd_people_of_desk(people, now->assignee, NULL);
    if (before == after || strcmp(now->status, "spam") == 0)
        return NULL;
    if (before != NULL && !knows(change, before))
        PD_TRY(pd_tell_former(&telling, before->addresses[0]));
    gboolean has_it_again = pd_json_length(change->taken_back) > 0 && change->assignee == NULL &&
                            after != NULL && !knows(change, after);
    return has_it_again ? pd_tell_concerned(&telling, pd_concern_of("assignee")->whom) : NULL;
}
