/* imap.h: one IMAP session, shared by the files of this protocol.
 *
 * Answers are parsed here and not by libetpan's IMAP parser: a server that says OK to
 * CAPABILITY without one, or sends a body structure nested deep, crashes that.
 * Here nothing recurses, a line is bounded, and literals are never held in memory.
 */
#ifndef POSTDESK_WIRE_IMAP_H
#define POSTDESK_WIRE_IMAP_H

#include "wire/backend.h"
#include "wire/stream.h"

typedef struct pd_imap PdImap;

/* Reads one FETCH answer from the cursor, which stands at its parenthesis, to its end. */
typedef PdStatus *(*PdImapFetched)(PdImap *imap, gpointer user);

struct pd_imap {
    PdStream *stream;
    gint64 timeout;
    gint64 poll;
    gint64 idle_renew;
    guint tag;
    char *capabilities;         /* upper case, a space around each */
    gboolean capabilities_told; /* since this was last set to FALSE */
    char *name;                 /* of the folder, as commands have it */
    PdSourceFolder folder;
    gint64 selected_at; /* monotonic */
    gboolean no_idle;   /* offered, and refused */
    gboolean grown;     /* messages were announced that no list has seen */
    char *code;         /* of the last tagged answer: "[TRYCREATE]" without brackets, or "" */
    char *text;         /* of the last tagged answer */
    PdImapFetched fetched;
    gpointer fetched_user;
    GString *line; /* the answer at hand, from the cursor on to be read */
    gsize cursor;
};

typedef enum { PD_IMAP_OK, PD_IMAP_NO, PD_IMAP_BAD, PD_IMAP_CONTINUE } PdImapAnswer;

/* imap_dialogue.c. A command is one line without its tag and end; budget: the bytes that
 * may come back. */
PdStatus *pd_imap_send(PdImap *imap, guint64 budget, const char *command);
/* A line that continues a command. */
PdStatus *pd_imap_send_more(PdImap *imap, const char *line);
/* Reads until the command is answered or the server asks for more. */
PdStatus *pd_imap_receive(PdImap *imap, PdImapAnswer *answer);
/* Reads one untagged answer that came without a command. */
PdStatus *pd_imap_receive_unasked(PdImap *imap);
PdStatus *pd_imap_receive_greeting(PdImap *imap, gboolean *logged_in);
/* Sends and receives, with the ordinary budget. */
PdStatus *pd_imap_ask(PdImap *imap, PdImapAnswer *answer, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
gboolean pd_imap_can(const PdImap *imap, const char *capability);
/* The server's words, printable; caller frees. */
char *pd_imap_words(const PdImap *imap);

/* imap_parse.c: the cursor. The take functions give FALSE and move nothing if something
 * else stands there. */
PdStatus *pd_imap_next_line(PdImap *imap);
gboolean pd_imap_take(PdImap *imap, char character);
gboolean pd_imap_take_number(PdImap *imap, guint64 *number);
gboolean pd_imap_take_uint32(PdImap *imap, guint32 *number);
/* A UID is never 0 (RFC 3501, 2.3.1.1). */
PdStatus *pd_imap_take_uid(PdImap *imap, guint32 *uid);
/* An atom, with brackets and what is within them; cut at the size. */
gboolean pd_imap_take_word(PdImap *imap, char *word, gsize size);
gboolean pd_imap_take_quoted(PdImap *imap, char *text, gsize size);
/* "{n}" at the end of the line; its bytes come next. */
gboolean pd_imap_take_literal(PdImap *imap, guint64 *length);
/* Reads the bytes of a literal away. */
PdStatus *pd_imap_drop_literal(PdImap *imap, guint64 length);
/* Any value, however nested. */
PdStatus *pd_imap_skip_value(PdImap *imap);
/* "(NAME value NAME value …)" up to the end of the answer: each value is read by the function. */
typedef PdStatus *(*PdImapItem)(PdImap *imap, const char *name, gpointer user);
PdStatus *pd_imap_each_item(PdImap *imap, PdImapItem item, gpointer user);
/* Gives the connection up: what comes next cannot be told. */
PdStatus *pd_imap_not_understood(PdImap *imap);

/* imap_set.c: "UID FETCH 1:5,7 …" in lines of bounded length. Takes UIDs from *next on
 * (ascending) and moves it. Caller frees. */
char *pd_imap_set(const guint32 *uids, guint count, guint *next);

/* imap_list.c, imap_fetch.c, imap_idle.c */
PdStatus *pd_imap_list(gpointer imap, guint32 first, GArray **entries);
PdStatus *pd_imap_newest(gpointer imap, gint64 *arrived_at);
PdStatus *pd_imap_fetch(gpointer imap, const PdSourceEntry *entries, guint count,
                        const PdFetchSink *sink);
PdStatus *pd_imap_fetch_headers(gpointer imap, const PdSourceEntry *entry, const PdFetchSink *sink);
PdStatus *pd_imap_wait(gpointer imap, int wake_fd, gboolean *woken);

/* imap.c: opens the folder again, which then counts as grown: another one may have its name by now,
 * and what was not announced is found. */
PdStatus *pd_imap_select_again(PdImap *imap);

/* imap_login.c */
PdStatus *pd_imap_log_in(PdImap *imap, const PdServer *server, const PdSecret *secret);
PdStatus *pd_imap_read_capabilities(PdImap *imap);

#endif
