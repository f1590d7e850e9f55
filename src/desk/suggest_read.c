/* suggest_read.c: the stored mails that are looked at: all that were corrected, and a sample. */
#include "desk/suggest_private.h"

#include "desk/mailread.h"
#include "desk/rulefacts.h"
#include "postdesk/desk.h"
#include "postdesk/inbox.h"
#include <string.h>

PdPast *pd_suggest_ticket(const PdSuggesting *s, guint document)
{
    return &g_array_index(s->past->tickets, PdPast, g_array_index(s->documents, guint, document));
}

static void tell_progress(PdSuggesting *s)
{
    s->read++;
    if (s->options->progress != NULL && s->read % 100 == 0)
        s->options->progress(s->read, MAX(s->read, s->to_read), s->options->user);
}

void pd_asked_clear(PdAsked *asked)
{
    g_clear_pointer(&asked->mail, pd_mail_free);
    g_free(asked->inside);
}
PdStatus *pd_suggest_ask(PdSuggesting *s, gint64 inbox, PdAsked *asked)
{
    g_autoptr(PdInboxRow) row = NULL;
    const PdMailOptions further = {.with_attachment_text =
                                       pd_rule_set_reads_attachments(s->today.rules)};

    tell_progress(s);
    PD_TRY(pd_inbox_get(s->store, inbox, &row));
    if (row == NULL)
        return NULL;
    PdStatus *status =
        pd_mail_read_stored(s->options->config, s->store, row, &further, &asked->mail);
    if (status != NULL && pd_status_spoils(status) != PD_SPOILS_MESSAGE)
        return status;
    pd_status_free(status);
    if (asked->mail != NULL)
        pd_mail_take_passed_on(asked->mail, asked->facts.ticket == 0);
    if (asked->mail != NULL)
        pd_rule_facts_add(s->today.rules, s->today.people, s->today.calendars, asked->mail,
                          row->arrived_at, &asked->facts, &asked->inside);
    return NULL;
}

/* The earliest file decides where proposals must stand. */
static void note_file(PdSuggesting *s, const PdDecision *decision, const char *field)
{
    const char *path = pd_decision_settled_in(decision, field);
    g_autofree char *name = path != NULL ? g_path_get_basename(path) : NULL;

    if (name != NULL && (s->before == NULL || strcmp(name, s->before) < 0)) {
        g_free(s->before);
        s->before = g_steal_pointer(&name);
    }
}

/* What the rules of today do rightly needs no mending. */
static PdStatus *check_corrections(PdSuggesting *s, PdPast *ticket, const PdAsked *asked)
{
    g_autoptr(PdDecision) decision = NULL;

    PD_TRY(pd_rule_set_evaluate(s->today.rules, asked->mail, &asked->facts, &decision));
    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        const char *name = pd_suggest_fields[field];
        if (((ticket->corrected >> field) & 1) == 0)
            continue;
        if (g_strcmp0(pd_decision_field(decision, name), ticket->left[field]) == 0) {
            ticket->corrected &= (guint8) ~(1u << field);
            s->past->obsolete++;
        } else {
            note_file(s, decision, name);
        }
    }
    return NULL;
}

static void leave_out(PdSuggesting *s, PdPast *ticket)
{
    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++)
        s->past->unread += (ticket->corrected >> field) & 1;
    ticket->corrected = 0;
}

PdStatus *pd_suggest_read_corrected(PdSuggesting *s)
{
    guint most = PD_SUGGEST_MOST_READ;

    for (guint i = s->past->tickets->len; i > 0; i--) {
        PdPast *ticket = &g_array_index(s->past->tickets, PdPast, i - 1);
        guint number = i - 1;
        g_auto(PdAsked) asked = {0};
        if (ticket->corrected == 0)
            continue;
        if (most > 0)
            PD_TRY(pd_suggest_ask(s, ticket->inbox, &asked));
        if (asked.mail == NULL) {
            leave_out(s, ticket);
            continue;
        }
        most--;
        PD_TRY(check_corrections(s, ticket, &asked));
        if (ticket->corrected == 0)
            continue;
        g_array_append_val(s->documents, number);
        g_ptr_array_add(s->terms, pd_terms_new(asked.mail, asked.facts.department));
    }
    return NULL;
}

void pd_suggest_add_sample(PdSuggesting *s)
{
    guint all = s->past->tickets->len, corrected = s->documents->len;
    guint others = all - MIN(all, corrected);
    guint step = MAX(1, (others + PD_SUGGEST_MOST_SAMPLE - 1) / PD_SUGGEST_MOST_SAMPLE);
    guint seen = 0;

    for (guint i = 0; i < all; i++) {
        if (g_array_index(s->past->tickets, PdPast, i).corrected == 0 && seen++ % step == 0)
            g_array_append_val(s->documents, i);
    }
    s->to_read = s->read + s->documents->len - corrected;
}
