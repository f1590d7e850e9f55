/* tickets.h: tickets, their events, messages and decisions.
 *
 * I6: the ticket row, its participants and its thread keys are a view of the events.
 * They change by pd_ticket_append() only, and pd_store_verify() rebuilds them and
 * compares byte for byte.
 *
 * An event's data is a JSON object. Its members that the view knows:
 *   "set": {field: text or null}   subject, status, category, impact, urgency, priority, queue,
 *                                  assignee, reporter_name, reporter, language, department,
 *                                  suggested_link, respond_due, resolve_due, merge_key
 *   "fields": {name: text or null} the desk's own fields; null takes one off
 *   "tags": [text …]               added; a tag holds no white space
 *   "untags": [text …]             taken off again, before others are added
 *   "participants": [address …]    added; empty ones are left out, letter case is ignored
 *   "parts": {address: part}       what somebody takes part as from now on: null (follows the
 *                                  ticket), "left",
 *                                  "watches", "external"
 *   "message_id": text             a Message-ID that leads to this ticket from now on (where
 *                                  several tickets claim one, the oldest has it)
 *   "conversation": text           PdMail.conversation, which leads to it, too (the newest has it)
 * Anything else in it is kept as it is.
 */
#ifndef POSTDESK_TICKETS_H
#define POSTDESK_TICKETS_H

#include "postdesk/hash.h"
#include "postdesk/json.h"
#include "postdesk/store.h"

typedef struct {
    gint64 number;
    gint64 version; /* sequence number of its last event */
    char *subject, *status, *category, *impact, *urgency, *priority, *queue, *assignee;
    char *reporter_name, *reporter; /* name, address */
    char *department, *language;
    gint64 suggested_link; /* a ticket it may belong to; 0: none */
    gint64 created_at, updated_at;
    /* What is owed by when, "2026-11-23T09:30:00Z"; "" while nothing is: done, paused, no target */
    char *respond_due, *resolve_due;
    char *merge_key; /* mails with the same key join it, as rules say */
    char *custom;    /* the desk's own fields as a JSON object (pd_ticket_custom()), or "" */
    char *tags;      /* separated by single spaces, sorted */
} PdTicket;          /* text fields are "" where nothing is set */

/* One of which nothing is known yet. Caller frees. */
PdTicket *pd_ticket_blank(void);
void pd_ticket_free(PdTicket *ticket);
PdTicket *pd_ticket_copy(const PdTicket *ticket);
/* {name: text} of the desk's own fields; caller frees. */
PdJson *pd_ticket_custom(const PdTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdTicket, pd_ticket_free)

typedef struct {
    gint64 ticket, sequence; /* given by the store */
    gint64 at;
    char *kind;     /* "opened", "message", "mailed", "changed", "note", "form" */
    char *actor;    /* address, "rules", "desk", or a user's name on this machine */
    char *channel;  /* "mail", "cli", "clock" */
    gint64 inbox;   /* the message that caused it, 0: none */
    char *rule_set; /* hash, or NULL */
    PdJson *data;   /* object */
} PdEvent;

PdEvent *pd_event_new(const char *kind, const char *actor, const char *channel);
void pd_event_free(PdEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdEvent, pd_event_free)

/* Appends the event in the running transaction and projects the row. event->ticket 0
 * opens a ticket; its number is set in the event. expected_version: the version that
 * was read when planning (0 for a new one); another one gives PD_SPOILS_MESSAGE, try again. */
PdStatus *pd_ticket_append(PdStore *store, PdEvent *event, gint64 expected_version);

PdStatus *pd_ticket_get(PdStore *store, gint64 number, PdTicket **ticket); /* NULL if unknown */
PdStatus *pd_ticket_events(PdStore *store, gint64 number, GPtrArray **events);
/* One of them; NULL: there is none. Caller frees. */
PdStatus *pd_ticket_event(PdStore *store, gint64 number, gint64 sequence, PdEvent **event);
/* What somebody said on this machine, to the reporter or to himself, by a "note"; NULL: the event
 * is none. Borrowed. */
const char *pd_event_note(const PdEvent *event);
PdStatus *pd_ticket_participants(PdStore *store, gint64 number, GPtrArray **addresses);
#define PD_PART_FOLLOWS ""
#define PD_PART_LEFT "left"         /* may still write, and is mailed no more */
#define PD_PART_WATCHES "watches"   /* of the desk, and mailed like a follower */
#define PD_PART_EXTERNAL "external" /* asked by the desk; what he writes goes to the desk only */
/* Those with just that part. */
PdStatus *pd_ticket_people(PdStore *store, gint64 number, const char *part, GPtrArray **addresses);
/* *part is NULL for somebody who takes no part. Caller frees. */
PdStatus *pd_ticket_part(PdStore *store, gint64 number, const char *address, char **part);
PdStatus *pd_ticket_has_participant(PdStore *store, gint64 number, const char *address,
                                    gboolean *is_one);
/* The ticket a Message-ID belongs to, 0 if none. */
PdStatus *pd_ticket_by_message_id(PdStore *store, const char *message_id, gint64 *number);
/* The newest one that PdMail.conversation leads to, 0 if none. */
PdStatus *pd_ticket_by_conversation(PdStore *store, const char *conversation, gint64 *number);
/* The Message-IDs, or conversations, of its events, but for messages of which nothing showed whose
 * they are. Of char *, some perhaps twice. */
PdStatus *pd_ticket_proven_ids(PdStore *store, gint64 number, GPtrArray **ids);
PdStatus *pd_ticket_proven_conversations(PdStore *store, gint64 number, GPtrArray **conversations);

/* Those that have the key and are not ended (closed, merged, spam), the oldest first. */
PdStatus *pd_ticket_by_merge_key(PdStore *store, const char *key, guint most, GPtrArray **tickets);

/* Adds those that an address reported before a ticket, the newest first, at most so many; not
 * merged ones, nor spam. */
PdStatus *pd_ticket_add_of_reporter(PdStore *store, const char *address, gint64 before, guint most,
                                    GPtrArray *tickets);

typedef struct {
    const char *status, *queue, *category, *reporter; /* NULL: any; category matches below too */
    const char *tag;                                  /* NULL: any */
    const char *field, *value; /* a field of the desk's own; value NULL: whatever it holds */
    gboolean open_only;        /* neither closed, merged nor spam */
    guint most;
} PdTicketFilter;
/* The newest first. */
PdStatus *pd_ticket_list(PdStore *store, const PdTicketFilter *filter, GPtrArray **tickets);
/* What is to be done in the queues, neither over nor resolved: the most pressing of it (by
 * priority, then by what is due first), and how many there are. */
PdStatus *pd_ticket_list_undone(PdStore *store, const char *const *queues, guint most,
                                GPtrArray **tickets, gint64 *count);

/* Messages of tickets (and of ignored mail, ticket 0), to know copies and to show. */
typedef struct {
    gint64 inbox, ticket;
    char *message_id; /* or NULL */
    guint8 content_hash[PD_HASH_SIZE];
    char *from_name, *from, *subject;
    gint64 date;
    char *text;        /* the new text */
    char *origin;      /* "person", … */
    char *attachments; /* JSON array as pd_mail_attachments_json() makes it, or NULL */
} PdStoredMessage;
void pd_stored_message_free(PdStoredMessage *message);
PdStatus *pd_message_put(PdStore *store, const PdStoredMessage *message);
PdStatus *pd_message_get(PdStore *store, gint64 inbox, PdStoredMessage **message); /* or NULL */
/* Of a ticket, in order; a storm of alerts can be thousands. */
PdStatus *pd_message_of_ticket(PdStore *store, gint64 ticket, GPtrArray **messages);
/* The first one and the newest, at most so many of these. */
PdStatus *pd_message_ends_of_ticket(PdStore *store, gint64 ticket, guint most,
                                    GPtrArray **messages);
PdStatus *pd_message_first_of_ticket(PdStore *store, gint64 ticket, gint64 *inbox); /* 0: none */
/* A message was put into a wrong ticket: from now on it is shown with that one. Transaction. */
PdStatus *pd_message_move(PdStore *store, gint64 inbox, gint64 ticket);
/* The earlier message that this is a copy of: same Message-ID and same content hash; *inbox 0 if
 * none. Without a Message-ID it is the content hash alone. near: the inbox row of a mail that bears
 * no date either, as machines write them that say the same again with each fault: only what arrived
 * within an hour of it is its copy. Else 0. */
PdStatus *pd_message_find_copy(PdStore *store, const char *message_id,
                               const guint8 content_hash[PD_HASH_SIZE], gint64 near, gint64 *inbox,
                               gint64 *ticket);
/* Is one of the ticket's latest messages one with this id that the same author wrote at the same
 * second? Then what brings it once more was changed on its way: by a list, a gateway. date as of
 * the mail. */
PdStatus *pd_message_came_changed(PdStore *store, gint64 ticket, const char *message_id,
                                  const char *from, gint64 date, gboolean *came);

/* Decisions: one line of JSON for each processed message. What stands in its gaps is kept once
 * (phrases: of PdPhrase *; NULL: it has none); it is whole again when it is read. */
PdStatus *pd_decision_put(PdStore *store, gint64 inbox, gint64 ticket, const char *json,
                          const GPtrArray *phrases);
PdStatus *pd_decision_get(PdStore *store, gint64 inbox, char **json); /* NULL if none */

typedef struct {
    gint64 inbox, ticket, taken_at; /* ticket 0: it has none */
    char *json;
} PdStoredDecision;
void pd_stored_decision_free(PdStoredDecision *decision);
/* The first ones of messages behind one, in order of message, taken in since then. */
PdStatus *pd_decisions_after(PdStore *store, gint64 after, gint64 since, guint most,
                             GPtrArray **decisions);
/* A message before which all were taken in earlier; 0 for since 0. A few look-ups. */
PdStatus *pd_decisions_before(PdStore *store, gint64 since, gint64 *inbox);

#endif
