/* effect_tell.c: whom a change is told to, as concern.c has it. */
#include "desk/effect.h"

#include "desk/accept.h"
#include "desk/concern.h"
#include "desk/handed.h"
#include "desk/history.h"
#include "desk/letoff.h"
#include "desk/tell.h"
#include "desk/undone.h"
#include <string.h>

static gboolean is_by_desk(const PdChange *change)
{
    return (change->doer->rank & PD_RANK_DESK) != 0 || (change->doer->proofs & PD_PROOF_LOCAL) != 0;
}

static gboolean is_for_outside(const PdChange *change)
{
    return is_by_desk(change) && !change->is_internal && change->external == NULL &&
           g_strcmp0(pd_json_get_text(change->set, "status"), "spam") != 0;
}

/* What is said with it to those outside; NULL: nothing. */
const char *pd_effect_words_outside(const PdChange *change)
{
    return is_for_outside(change) && change->text->len > 0 ? change->text->str : NULL;
}

/* Beside a command alone they may be meant for a colleague. */
static gboolean files_go_outside(const PdChange *change)
{
    return is_for_outside(change) && change->doer->hands_files &&
           (change->text->len > 0 || change->doer->says_nothing);
}

/* The one change that those outside are told of; what else there is stands in the same mail. While
 * somebody else is asked, that it waits for him is no matter of theirs. */
const char *pd_effect_change_outside(const PdChange *change)
{
    const PdTransition *move = change->external == NULL ? change->transition : NULL;

    if (change->merge_into != 0)
        return "merged";
    if (change->undone != 0)
        return "undone";
    if (move != NULL && move->occasion != NULL)
        return "status";
    if (change->due != NULL)
        return "due";
    gboolean says = pd_effect_words_outside(change) != NULL || files_go_outside(change);
    return says && !change->form_goes_out ? "words" : NULL;
}

/* A form that goes to the reporter is no command alone: they go with it, if with nothing else. */
PdJson *pd_effect_files_with_form(const PdChange *change)
{
    gboolean goes_before = pd_effect_change_outside(change) != NULL && files_go_outside(change);

    return change->form_goes_out && is_for_outside(change) && change->doer->hands_files &&
                   !goes_before
               ? pd_handed_list(change->doer->inbox)
               : NULL;
}

static PdStatus *tell_outside(PdChange *change, PdTelling telling)
{
    const char *what = pd_effect_change_outside(change);
    const PdConcern *concern = what != NULL ? pd_concern_of(what) : NULL;
    gboolean is_move = change->transition != NULL && change->external == NULL;

    if (change->acknowledges)
        return pd_accept_tell(change, &telling);
    if (concern == NULL)
        return NULL;
    telling.occasion = concern->occasion != NULL ? concern->occasion : change->transition->occasion;
    telling.text = pd_effect_words_outside(change);
    g_autoptr(PdJson) files = files_go_outside(change) ? pd_handed_list(change->doer->inbox) : NULL;
    telling.files = files;
    telling.told = telling.text != NULL || files != NULL ? change->told : NULL;
    telling.due_was = change->due != NULL ? change->ticket->resolve_due : NULL;
    telling.spares_desk = is_move && change->doer->told_at_desk;
    if (is_move || change->merge_into != 0)
        telling.previous_status = change->ticket->status;
    if (change->undone != 0) {
        telling.ticket = change->undone;
        telling.into = change->undone_into;
        telling.previous_status = change->undone_status;
    }
    return pd_tell_concerned(&telling, concern->whom);
}

static PdStatus *tell_external(PdChange *change, PdTelling telling)
{
    const PdWho who = pd_people_look_up(change->desk->people, change->external);

    telling.occasion = pd_concern_of("asked")->occasion;
    telling.text = change->text->str;
    g_autoptr(PdJson) files =
        change->doer->hands_files ? pd_handed_list(change->doer->inbox) : NULL;
    telling.files = files;
    return pd_tell_one(&telling, change->external, who.name, who.language, PD_RANK_EXTERNAL);
}

static PdStatus *tell_standing(PdChange *change, PdTelling telling)
{
    telling.occasion = pd_concern_of("standing")->occasion;
    return pd_tell_one(&telling, change->doer->answer_to, NULL, NULL, change->doer->rank);
}

static PdStatus *tell_split(PdTelling telling, gint64 into)
{
    const PdConcern *concern = pd_concern_of("split");

    telling.ticket = into;
    telling.mail = NULL;
    telling.occasion = concern->occasion;
    PD_TRY(pd_tell_concerned(&telling, concern->whom));
    return pd_tell_concerned(&telling, pd_concern_of("assignee")->whom); /* if it is somebody's */
}

PdStatus *pd_effect_tell(PdChange *change, gint64 split_into, guint *queued)
{
    g_autoptr(GPtrArray) events = NULL;
    PdTelling telling = {
        .desk = change->desk,
        .ticket = change->ticket->number,
        .channel = change->doer->channel,
        .inbox = change->doer->inbox,
        .event = change->event,
        .doer = change->doer->actor,
        .spares_doer = change->doer->over_budget,
        .into = change->merge_into,
        .mail = change->doer->mail,
        .row = change->doer->row,
        .held = change->doer->held,
        .is_of_many = change->is_of_many,
        .queued = queued,
    };

    PD_TRY(pd_ticket_events(change->desk->store, telling.ticket, &events));
    telling.asks_rating = pd_history_may_ask_rating(events, change->ticket->reporter);
    PD_TRY(tell_outside(change, telling));
    if (change->external != NULL)
        PD_TRY(tell_external(change, telling));
    if (change->wants_standing && change->doer->inbox != 0 && change->doer->answer_to != NULL)
        PD_TRY(tell_standing(change, telling));
    if (pd_json_length(change->taken_back) > 0 && change->bulk == 0)
        PD_TRY(pd_undone_tell(change, telling));
    PD_TRY(pd_letoff_tell(change, telling));
    if (change->assignee != NULL)
        PD_TRY(pd_tell_concerned(&telling, pd_concern_of("assignee")->whom));
    return split_into != 0 ? tell_split(telling, split_into) : NULL;
}
