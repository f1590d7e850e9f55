/* desk.h: intake: from one inbox row to a committed plan.
 *
 *   read     message + what the store knows of its thread          (no lock)
 *   plan     pure: message, facts, rules → what to do and why      (no lock)
 *   commit   in one transaction: facts looked at again, planned again if they changed;
 *            ticket events, decision, outbox rows, inbox row done
 *
 * I2, I3, I4 and I7 are kept here. The whole desk runs without a network.
 */
#ifndef POSTDESK_DESK_H
#define POSTDESK_DESK_H

#include "postdesk/calendar.h"
#include "postdesk/config.h"
#include "postdesk/inbox.h"
#include "postdesk/json.h"
#include "postdesk/mail.h"
#include "postdesk/people.h"
#include "postdesk/roster.h"
#include "postdesk/rules.h"
#include "postdesk/store.h"
#include "postdesk/tickets.h"

typedef struct pd_desk PdDesk;

/* Everything a plan needs: rules (their tests must pass), templates, token keys. Borrows
 * config and store, which must outlive it; store may be NULL for a dry desk (explain of a
 * file before anything is stored). NULL with errors in the list. */
PdDesk *pd_desk_new(const PdConfig *config, PdStore *store, PdDiagnostics *list);
void pd_desk_free(PdDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdDesk, pd_desk_free)
/* TRUE if pd_desk_new() would succeed: loads all of it aside, unless the very same files were
 * loaded so without a mistake before, which the state folder remembers. FALSE with errors in the
 * list. */
gboolean pd_desk_check(const PdConfig *config, PdDiagnostics *list);
/* A dry desk, loaded in any case; that its files are right is remembered for pd_desk_check(). */
PdDesk *pd_desk_load(const PdConfig *config, PdDiagnostics *list);
/* A dry desk goes to work: from now on it is what pd_desk_new() with this store, which it borrows,
 * would have made. Fails where the store's token keys cannot be read. */
PdStatus *pd_desk_work_in(PdDesk *desk, PdStore *store);
PdRuleSet *pd_desk_rules(const PdDesk *desk);       /* borrowed */
PdCalendars *pd_desk_calendars(const PdDesk *desk); /* borrowed */
PdRoster *pd_desk_roster(const PdDesk *desk);       /* borrowed */
PdPeople *pd_desk_people(const PdDesk *desk);       /* borrowed */
/* Compiles the rules into the state folder's cache, which the next desk is loaded with
 * (pd_rule_set_compile()). */
PdStatus *pd_desk_compile_rules(const PdConfig *config, const PdRuleSet *rules);

/* Verifies what mail->signed_by announces and puts the result there, whatever it is (signature.h).
 * The desk asks where commands have no other proof. NULL: signatures prove nothing. */
typedef void (*PdVerify)(const char *bytes, gsize length, PdMail *mail, gpointer user);
void pd_desk_set_verifier(PdDesk *desk, PdVerify verify, gpointer user);

/* What is to be noted before and after each message, for whoever watches this process
 * (0: none in work). May be NULL. */
typedef void (*PdInWork)(gint64 inbox_id, gpointer user);

typedef struct {
    guint created, appended, ignored, quarantined;
    guint copies;  /* of the ignored: of messages that came before */
    guint waiting; /* left for later: an older message must come first */
    guint queued;  /* mails put into the outbox */
} PdProcessed;

/* Processes the rows (of PdInboxRow *) and commits them in one transaction (in several where
 * their texts together are very large), each in a savepoint; what cannot be processed is
 * quarantined with the reason, announced by an alarm, and does not hold up the rest. Logs one
 * line for each message. A status is returned only if the store is spoilt: then nothing of
 * that transaction happened, or the disk does not take it (store.h). */
PdStatus *pd_desk_process(PdDesk *desk, GPtrArray *rows, PdInWork in_work, gpointer user,
                          PdProcessed *done);
#define PD_DESK_MOST_ROWS 128 /* that one transaction takes of many */
/* The same in one transaction, with the rows from *next on that are enough for one, and some more
 * while others write to the store; *next is moved behind them. The disk is not waited for
 * (pd_store_commit_ahead()). */
PdStatus *pd_desk_process_some(PdDesk *desk, GPtrArray *rows, guint *next, PdInWork in_work,
                               gpointer user, PdProcessed *done);
/* A row whose processing killed its role twice: into quarantine, with an alarm. */
PdStatus *pd_desk_quarantine(PdDesk *desk, gint64 inbox_id, const char *reason);

/* Explains a message without changing anything: the plan of the same engine as
 * JSON: origin, threading evidence, decision with every rule, answer or why none; with "call" the
 * form of a call, with "work" the commands and the text of a mail that works on a ticket. A form
 * becomes its caller's: the mail is changed. */
PdStatus *pd_desk_explain(PdDesk *desk, PdMail *mail, PdJson **explanation);

/* The decision that was stored for a message, NULL if there is none. If the rules are those of
 * then, with "decision": every rule with its conditions, as they were asked then; else with
 * "incomplete": why not. rules: the desk's, or older ones. */
PdStatus *pd_desk_explain_stored(PdDesk *desk, gint64 inbox, const PdRuleSet *rules, PdJson **why);

/* What a ticket's status may be, in the order of its life; ends with NULL. */
const char *const *pd_lifecycle_statuses(void);

/* How satisfied the reporter is by his last word in the events of a ticket, 1 to 5; 0: he did not
 * say. */
gint64 pd_history_rating(const GPtrArray *events);

/* Puts an alarm into the store and, once a day and kind, a mail to the admin into the
 * outbox; in a transaction of its own unless one runs. Logged as well. facts: what the mail tells
 * in the desk's language in place of the text (alarm_words.c knows which by kind); or NULL. */
PdStatus *pd_desk_alarm(PdDesk *desk, const char *kind, const char *subject, const char *text,
                        const PdJson *facts);

/* A change by a person at the command line: "field=value" pairs (status, category, impact,
 * urgency, priority, queue, assignee, subject), checked against lifecycle and rules. */
/* What "field=value" pairs would set on a new ticket, in the desk's own words, or what is wrong
 * with one. Without a store, too. */
PdStatus *pd_desk_check_fields(PdDesk *desk, const char *const *pairs, PdJson **set);
PdStatus *pd_desk_change(PdDesk *desk, gint64 ticket, const char *const *pairs, const char *actor);

/* The same change of many tickets (GArray of gint64), all of them or none; *bulk is its number, 0
 * if all was so already. dry: nothing is changed, and what would be is told. *rows: an object for
 * each ticket {number, subject, outcome, changes: {field: {from, to}}}; the caller frees. */
PdStatus *pd_desk_change_all(PdDesk *desk, const GArray *tickets, const char *const *pairs,
                             const char *actor, gboolean dry, gint64 *bulk, PdJson **rows);
/* Takes a bulk back; what was changed again since stays. */
PdStatus *pd_desk_undo_all(PdDesk *desk, gint64 bulk, const char *actor, PdJson **rows);

/* One command of those that mails may hold ("resolve", "merge 7"), by a person at the command line;
 * text (may be NULL) goes where the command sends it. words: NULL-terminated. */
PdStatus *pd_desk_command(PdDesk *desk, gint64 ticket, const char *const *words, const char *text,
                          const char *actor);
/* The command "undo" (words: it and its argument), telling what it took back. *rows (the caller's):
 * a list of {ticket, subject, kind, by, at, bulk, what: [{field, from, to}], kept: [field], into};
 * kept was changed again since, into is where a message went that had come to the wrong ticket. */
PdStatus *pd_desk_undo(PdDesk *desk, gint64 ticket, const char *const *words, const char *actor,
                       PdJson **rows);
/* The text goes to the reporter and to those who follow, in the desk's name. */
PdStatus *pd_desk_reply(PdDesk *desk, gint64 ticket, const char *text, const char *actor);

/* Every interval that counted for a ticket's targets, and what is due by when. */
PdStatus *pd_desk_explain_targets(PdDesk *desk, gint64 ticket, PdJson **explanation);

/* Mails to the admin every alarm that was stored but not mailed yet (roles without a desk only
 * store theirs). *mailed counts them. */
PdStatus *pd_desk_mail_alarms(PdDesk *desk, guint *mailed);

/* Warns, escalates and reminds where a ticket's timer is due, some tickets in one transaction;
 * *mailed counts up, *more says whether there are others. */
PdStatus *pd_desk_run_timers(PdDesk *desk, guint *mailed, gboolean *more);
/* Writes the mails about what was put aside (pending.h) and whose time has come, some in one
 * transaction; *mailed counts up, *more says whether there are others. */
PdStatus *pd_desk_tell_gathered(PdDesk *desk, guint *mailed, gboolean *more);
/* Mails those who came on duty since the last look what is open. *next: the next change of a shift,
 * 0 if none is to be told of. */
PdStatus *pd_desk_hand_over(PdDesk *desk, guint *mailed, gint64 *next);
/* Tells the admin, every two weeks, of calendars whose holidays of this year, or from November on
 * of the next one, are missing. In a transaction of its own. */
PdStatus *pd_desk_watch_year(PdDesk *desk);
/* Tells the admin, once for each such time, of a group that nobody is on duty for though its
 * 'cover' wants somebody. In a transaction of its own. */
PdStatus *pd_desk_watch_duty(PdDesk *desk);

/* The mail options that follow from the configuration, for parse and explain; they borrow
 * from the config and must be cleared. mailbox: "support", "support/INBOX", or NULL. */
void pd_desk_mail_options(const PdConfig *config, const char *mailbox, PdMailOptions *options);
void pd_desk_mail_options_clear(PdMailOptions *options);

/* A form filled from a ticket, as one HTML document (form.c). language NULL: the ticket's.
 * Caller frees. */
PdStatus *pd_desk_fill_form(PdDesk *desk, const char *form, gint64 ticket, const char *language,
                            char **html);
/* Makes PDF of HTML; *pdf to be freed by the caller. */
typedef PdStatus *(*PdMakePdf)(const char *html, GBytes **pdf, gpointer user);
/* Mails the first form that a command asked for, printed with make (NULL, or where that fails: as
 * HTML). Seconds, with no transaction but a short one at the end. *mailed counts up; *more: there
 * may be others. */
PdStatus *pd_desk_mail_forms(PdDesk *desk, PdMakePdf make, gpointer user, guint *mailed,
                             gboolean *more);
/* The forms there are; NULL-terminated, the caller frees. */
char **pd_desk_forms(const PdDesk *desk);

/* A template as a mail, with the values of a ticket where it has them, else with samples. */
typedef struct {
    char *subject, *text; /* text NULL: a form */
    char *html;           /* or NULL */
    GBytes *mail;         /* whole, as it would go out; NULL: a form */
} PdPreview;
void pd_preview_clear(PdPreview *preview);

/* Changes nothing and mails nothing. name: "acknowledge", "forms/fault"; ticket 0: samples only;
 * language NULL: the ticket's, else the desk's. */
PdStatus *pd_desk_preview(PdDesk *desk, const char *name, gint64 ticket, const char *language,
                          PdPreview *preview);
/* Every template file: [{"language","name","kind","file","own","overrides","unused","same"}]; see
 * the man page of "template list". Caller frees. */
PdJson *pd_desk_templates(const PdDesk *desk);

#endif
