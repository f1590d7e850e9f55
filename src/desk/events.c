/* events.c: see events.h. The row of the ticket is a view of these (tickets.h). */
#include "desk/events.h"

#include "desk/answer.h"
#include "desk/authority.h"
#include "desk/merge.h"
#include "desk/subject.h"
#include "desk/unknown.h"
#include "desk/why.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define PROVEN (PD_PROOF_TOKEN | PD_PROOF_ALIGNED | PD_PROOF_SIGNATURE)

static PdEvent *mail_event(const PdPlanInput *input, const char *kind)
{
    const PdMail *mail = input->mail;
    gboolean has_from = mail->from != NULL && mail->from->address != NULL;
    const char *actor = input->call != NULL ? input->call->taken_by
                        : has_from          ? mail->from->address
                                            : "unknown";
    PdEvent *event = pd_event_new(kind, actor, input->call != NULL ? input->call->channel : "mail");

    event->inbox = input->row->id;
    if (input->call != NULL)
        pd_json_set_text(event->data, "taken_by", actor);
    return event;
}

static void add_once(PdJson *list, GHashTable *seen, const char *address)
{
    if (g_hash_table_size(seen) < PD_LIMIT_RECIPIENTS &&
        g_hash_table_add(seen, g_ascii_strdown(address, -1)))
        pd_json_add_text(list, address);
}

/* Lists and programs are nobody: what is mailed to those that take part would go to them. */
static gboolean is_somebody(const PdPlanInput *input, const char *address)
{
    return address != NULL && pd_text_is_address(address) &&
           !pd_config_is_own_address(input->config, address) && !pd_address_is_unread(address) &&
           !pd_mail_is_list(input->mail, address);
}

static void add_people(PdJson *list, GHashTable *seen, const PdPlanInput *input,
                       const GPtrArray *people)
{
    for (guint i = 0; i < people->len; i++) {
        const PdAddress *person = g_ptr_array_index(people, i);
        if (is_somebody(input, person->address))
            add_once(list, seen, person->address);
    }
}

/* Whom a mail's own lines name has a part in a new ticket; in one that is there only if something
 * shows that they are of its sender, for they would read all that is answered. */
static gboolean brings_people_in(const PdPlanInput *input, const PdPlan *plan)
{
    gboolean is_added = plan->act == PD_PLAN_APPEND && !plan->by_key;

    return plan->answer.is_partner &&
           (!is_added || pd_authority_reply_moves(input->facts->standing.proofs));
}

/* Those whom the desk talks with: the sender, whoever he wrote to besides the desk, and whom
 * rules add. A machine, a list or a forged sender brings nobody in; a key only the sender. */
static PdJson *participants(const PdPlanInput *input, const PdPlan *plan)
{
    PdJson *list = pd_json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *watchers = input->decision != NULL ? pd_decision_watchers(input->decision) : NULL;
    /* Who is asked has his part already; his colleague, and whom they write to besides, have none.
     */
    gboolean is_outside = input->facts->standing.rank == PD_RANK_EXTERNAL;

    if (brings_people_in(input, plan) && !is_outside) {
        add_once(list, seen, plan->answer.to->address);
        if (pd_text_is_address(input->mail->from->address) &&
            !pd_config_is_own_address(input->config, input->mail->from->address) &&
            !input->mail->list_address)
            add_once(list, seen, input->mail->from->address);
    }
    if (brings_people_in(input, plan) && !plan->by_key && !is_outside) {
        add_people(list, seen, input, input->mail->to);
        add_people(list, seen, input, input->mail->cc);
    }
    for (guint i = 0; watchers != NULL && i < watchers->len; i++)
        add_once(list, seen, g_ptr_array_index(watchers, i));
    return list;
}

/* Somebody of the desk is known by the address that he is mailed at. */
static const char *assignee_of(const PdDesk *desk, const char *assign)
{
    const PdPerson *person = pd_people_of_desk(desk->people, assign, NULL);

    return person != NULL ? person->addresses[0] : assign;
}

static void set_decided(const PdDesk *desk, PdJson *set, const PdDecision *decision)
{
    static const char *const fields[][2] = {
        {"category", "category"}, {"impact", "impact"}, {"urgency", "urgency"},
        {"priority", "priority"}, {"queue", "queue"},   {"assign", "assignee"},
    };

    for (gsize i = 0; decision != NULL && i < G_N_ELEMENTS(fields); i++) {
        const char *value = pd_decision_field(decision, fields[i][0]);
        if (value != NULL)
            pd_json_set_text(set, fields[i][1],
                             strcmp(fields[i][0], "assign") == 0 ? assignee_of(desk, value)
                                                                 : value);
    }
}

static void set_reporter(PdJson *set, const PdPlanInput *input, const PdPlan *plan)
{
    const PdAddress *from = input->mail->from;
    const PdAddress *reporter = plan->answer.is_partner ? plan->answer.to : from;

    if (reporter == NULL)
        return;
    if (from != NULL && from->name != NULL && from->name[0] != '\0')
        pd_json_set_text(set, "reporter_name", from->name);
    if (input->facts->sender.name != NULL)
        pd_json_set_text(set, "reporter_name", input->facts->sender.name);
    pd_json_set_text(set, "reporter", reporter->address);
    if (input->facts->sender.department != NULL)
        pd_json_set_text(set, "department", input->facts->sender.department);
}

static PdJson *opening(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    PdJson *set = pd_json_object();
    /* What goes on from a closed ticket keeps its name: its mails carry words of ours. */
    g_autofree char *subject =
        plan->linked != 0
            ? g_strdup(input->facts->ticket->subject)
            : pd_subject_clean_of(input->mail->subject, input->facts->threading->in_subject,
                                  input->facts->suggested_subject);

    pd_json_set_text(set, "subject", subject);
    pd_json_set_text(set, "status", "new");
    set_decided(desk, set, input->decision);
    set_reporter(set, input, plan);
    if (input->call != NULL)
        pd_call_set(input->call, set);
    if (pd_merge_key(input->mail, input->decision) != NULL)
        pd_json_set_text(set, "merge_key", pd_merge_key(input->mail, input->decision));
    pd_json_set_text(set, "language", pd_desk_language(desk, plan->language));
    if (plan->suggested != 0) {
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, plan->suggested);
        pd_json_set_text(set, "suggested_link", number);
    }
    return set;
}

static void add_tags(PdJson *data, const PdDecision *decision, const char *further)
{
    GPtrArray *tags = decision != NULL ? pd_decision_tags(decision) : NULL;
    g_autoptr(PdJson) list = pd_json_array();

    for (guint i = 0; tags != NULL && i < tags->len; i++)
        pd_json_add_text(list, g_ptr_array_index(tags, i));
    if (further != NULL)
        pd_json_add_text(list, further);
    if (pd_json_length(list) > 0)
        pd_json_set(data, "tags", g_steal_pointer(&list));
}

/* What both kinds of events say of the message and of why it came here. */
static void add_message(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan,
                        PdEvent *event)
{
    const PdMail *mail = input->mail;

    pd_json_set(event->data, "participants", participants(input, plan));
    if (mail->message_id != NULL)
        pd_json_set_text(event->data, "message_id", mail->message_id);
    if (mail->conversation != NULL)
        pd_json_set_text(event->data, "conversation", mail->conversation);
    pd_json_set(event->data, "origin", pd_why_origin(mail));
    pd_json_set(event->data, "threading", pd_why_threading(plan, input->facts));
    pd_json_set(event->data, "answer", pd_why_answer(desk, plan));
    if (mail->truncated) {
        pd_json_set_text(event->data, "note",
                         "over the size limit: only the headers were taken in");
        pd_json_set_int(event->data, "full_size", (gint64)input->row->full_size);
    }
}

static void add_custom(PdJson *data, const PdDecision *decision)
{
    g_autoptr(PdJson) custom = decision != NULL ? pd_decision_custom(decision) : pd_json_object();
    g_autofree const char **names = pd_json_keys(custom);

    if (names[0] != NULL)
        pd_json_set(data, "fields", pd_json_ref(custom));
}

static void link_to(PdEvent *event, gint64 other)
{
    PdJson *link = pd_json_set_text(pd_json_object(), "kind", "relates");

    pd_json_set_text(link, "back", "relates");
    pd_json_set_int(link, "ticket", other);
    pd_json_set(event->data, "links", pd_json_add(pd_json_array(), link));
}

PdEvent *pd_event_goes_on(const PdPlanInput *input, const PdPlan *plan, gint64 opened)
{
    PdEvent *event = mail_event(input, "linked");

    event->ticket = plan->linked;
    link_to(event, opened);
    return event;
}

PdEvent *pd_event_opened(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    PdEvent *event = mail_event(input, "opened");

    event->rule_set = g_strdup(pd_rule_set_hash(desk->rules));
    pd_json_set(event->data, "set", opening(desk, input, plan));
    add_custom(event->data, input->decision);
    add_tags(event->data, input->decision, pd_unknown_is_held(input) ? PD_TAG_UNKNOWN : NULL);
    add_message(desk, input, plan, event);
    if (plan->linked != 0)
        link_to(event, plan->linked);
    return event;
}

/* Somebody of the desk writes, and it is shown that he does. */
static gboolean is_proven_work(const PdPlanInput *input)
{
    const PdStanding *standing = &input->facts->standing;

    return (standing->rank & PD_RANK_DESK) != 0 && (standing->proofs & PROVEN) != 0;
}

PdEvent *pd_event_message(const PdDesk *desk, const PdPlanInput *input, const PdPlan *plan)
{
    PdEvent *event = mail_event(input, "message");

    event->ticket = plan->ticket;
    if (input->decision != NULL)
        event->rule_set = g_strdup(pd_rule_set_hash(desk->rules));
    if (plan->transition != NULL)
        pd_json_set(event->data, "set",
                    pd_json_set_text(pd_json_object(), "status", plan->transition->to));
    add_tags(event->data, input->decision, NULL);
    if (plan->by_key)
        add_custom(event->data, input->decision); /* what a machine says now */
    if (plan->by_key)
        pd_json_set_text(event->data, "merge_key", pd_merge_key(input->mail, input->decision));
    add_message(desk, input, plan, event);
    if (plan->is_internal)
        pd_json_set_bool(event->data, "internal", TRUE);
    if (is_proven_work(input))
        pd_json_set_bool(event->data, "proven", TRUE);
    else if (input->facts->standing.proofs == 0) /* nor is who answers it (standing.c) */
        pd_json_set_bool(event->data, "unproven", TRUE);
    if (plan->note != NULL)
        pd_json_set_text(event->data, "note", plan->note);
    if (pd_mail_tells_of_failure(input->mail))
        pd_json_set(event->data, "bounce", pd_mail_bounce_json(input->mail));
    return event;
}

PdEvent *pd_event_mailed(gint64 ticket, gint64 inbox, const char *channel, const char *occasion,
                         const char *recipient, const char *message_id, gint64 outbox,
                         gboolean is_held)
{
    PdEvent *event = pd_event_new("mailed", "desk", channel);

    event->ticket = ticket;
    event->inbox = inbox;
    if (message_id != NULL)
        pd_json_set_text(event->data, "message_id", message_id);
    pd_json_set_text(event->data, "occasion", occasion);
    pd_json_set_text(event->data, "recipient", recipient);
    pd_json_set_int(event->data, "outbox", outbox);
    if (is_held)
        pd_json_set_bool(event->data, "held", TRUE);
    return event;
}
