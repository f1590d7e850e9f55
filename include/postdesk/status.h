/* status.h: how functions of Postdesk fail.
 *
 * A function that can fail returns a PdStatus *: NULL means success, anything
 * else says what is spoilt, whether trying again can help, what happened and
 * what a person should do. The caller owns what is returned (g_autoptr).
 * Libraries return statuses; only roles and the command line print them.
 */
#ifndef POSTDESK_STATUS_H
#define POSTDESK_STATUS_H

#include <glib.h>

/* What a failure spoils: how far one must step back before going on. */
typedef enum {
    PD_SPOILS_MESSAGE,       /* this message; the next one may be fine */
    PD_SPOILS_MAILBOX,       /* this mailbox or folder, or this relay's account */
    PD_SPOILS_CONNECTION,    /* this connection; a new one may be fine */
    PD_SPOILS_STORE,         /* the state folder or its database */
    PD_SPOILS_CONFIGURATION, /* what the admin wrote */
    PD_SPOILS_USAGE,         /* how a command was called */
    PD_SPOILS_SYSTEM,        /* the machine: memory, descriptors, permissions */
} PdSpoils;

typedef enum {
    PD_FINAL,     /* trying again gives the same answer */
    PD_TRY_AGAIN, /* a later attempt may succeed */
} PdRetry;

typedef struct pd_status PdStatus;

/* A new failure. advice: what a person should do, one plain sentence, or NULL.
 * The text is printf-formatted; foreign text goes in as an argument only. */
PdStatus *pd_status_new(PdSpoils spoils, PdRetry retry, const char *advice, const char *format, ...)
    G_GNUC_PRINTF(4, 5) G_GNUC_WARN_UNUSED_RESULT;

/* Puts "context: " before the text; takes and returns the same status. */
PdStatus *pd_status_prefix(PdStatus *status, const char *format, ...)
    G_GNUC_PRINTF(2, 3) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the status another advice; takes and returns the same status. */
PdStatus *pd_status_advise(PdStatus *status, const char *advice) G_GNUC_WARN_UNUSED_RESULT;

void pd_status_free(PdStatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdStatus, pd_status_free)

PdSpoils pd_status_spoils(const PdStatus *status);
const char *pd_status_spoils_name(const PdStatus *status);
gboolean pd_status_may_retry(const PdStatus *status);
const char *pd_status_text(const PdStatus *status);   /* what happened */
const char *pd_status_advice(const PdStatus *status); /* what to do, or NULL */

/* What happened; what to do. Both on one line: what a server or a file says in several adds none of
 * its own to a text that has lines, such as an alarm's. Caller frees. */
char *pd_status_told(const PdStatus *status);
char *pd_status_line(const PdStatus *status); /* what happened alone */

/* Exit codes: 0 done, 1 the answer is no, 2 wrong usage, else sysexits(3). */
typedef enum {
    PD_EXIT_OK = 0,
    PD_EXIT_NO = 1,
    PD_EXIT_USAGE = 2,
    PD_EXIT_DATA = 65,      /* EX_DATAERR: this message */
    PD_EXIT_SOFTWARE = 70,  /* EX_SOFTWARE */
    PD_EXIT_IO = 74,        /* EX_IOERR: the store */
    PD_EXIT_TRY_AGAIN = 75, /* EX_TEMPFAIL */
    PD_EXIT_REFUSED = 77,   /* EX_NOPERM: a server refused our account */
    PD_EXIT_CONFIG = 78,    /* EX_CONFIG */
} PdExit;

/* The one place that maps a failure to an exit code; NULL gives 0. Whatever
 * may succeed later exits 75. */
PdExit pd_status_exit_code(const PdStatus *status);

/* Returns the status of a call at once if it failed. */
#define PD_TRY(call)                                                                               \
    do {                                                                                           \
        PdStatus *pd_try_status_ = (call);                                                         \
        if (pd_try_status_ != NULL)                                                                \
            return pd_try_status_;                                                                 \
    } while (0)

#endif
