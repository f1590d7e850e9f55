/* config.h: what the admin wrote in postdesk.yaml, read and checked.
 *
 * The record owns all it points to and is not changed after loading. Durations
 * are microseconds, sizes are bytes, paths are absolute. Secrets are references
 * ("file:/…", "env:NAME", "credential:NAME"); PdSecrets resolves them.
 */
#ifndef POSTDESK_CONFIG_H
#define POSTDESK_CONFIG_H

#include "postdesk/diagnostics.h"
#include "postdesk/hours.h"
#include <glib.h>

typedef enum { PD_TLS_IMPLICIT, PD_TLS_STARTTLS, PD_TLS_NONE } PdTls;
typedef enum { PD_AUTH_NONE, PD_AUTH_LOGIN, PD_AUTH_PLAIN, PD_AUTH_XOAUTH2 } PdAuth;
typedef enum { PD_START_NOW, PD_START_ALL, PD_START_DATE } PdStart;
typedef enum { PD_AFTER_SEEN, PD_AFTER_KEEP, PD_AFTER_MOVE } PdAfter;
typedef enum { PD_UNKNOWN_HOLD, PD_UNKNOWN_RESEND, PD_UNKNOWN_DROP } PdUnknownPolicy;

/* How to reach and prove oneself to a server: the same for IMAP and SMTP. */
typedef struct {
    char *host;
    guint port;
    PdTls tls;
    char *ca;       /* path of a CA file, or NULL for the system's */
    char *tls_name; /* name the certificate must have; NULL: host */
    PdAuth auth;
    char *user;           /* NULL with PD_AUTH_NONE */
    char *password;       /* secret reference, or NULL */
    char *token;          /* secret reference of an XOAUTH2 token, or NULL */
    char **token_command; /* NULL-terminated argv, or NULL */
    gint64 timeout;       /* deadline of one command */
} PdServer;

typedef struct {
    char *name;
    PdServer server;
    char *maildir;  /* a local Maildir instead of a server, or NULL */
    char **folders; /* NULL-terminated, UTF-8 */
    PdStart start;
    gint64 start_date; /* with PD_START_DATE: midnight UTC */
    PdAfter after;
    char *move_to; /* with PD_AFTER_MOVE */
    guint64 size_limit;
    gint64 poll;
    gint64 idle_renew;
    char **authserv_ids;   /* NULL-terminated, may be empty */
    char *default_charset; /* prior for undeclared charsets, or NULL */
} PdMailbox;

typedef struct {
    char *name;
    PdServer server;
    char *maildir; /* a local Maildir that mails are written to instead, or NULL */
    gint64 retry_for;
    PdUnknownPolicy unknown;
} PdRelayConfig;

typedef struct {
    char *path; /* of postdesk.yaml itself */
    char *desk_name;
    char *desk_address;
    char **desk_aliases; /* NULL-terminated */
    char *admin;         /* address, or NULL: no alarm mails */
    char *contact;       /* how else the desk is reached, or NULL */
    char **languages;    /* NULL-terminated, at least one */
    char *default_language;
    char *state;
    char *rules;
    char *templates;      /* the admin's folder; shipped ones lie in PD_TEMPLATE_DIR */
    GPtrArray *mailboxes; /* of PdMailbox * */
    GPtrArray *relays;    /* of PdRelayConfig *; at most one in this version, may be empty */
    char *signature_keys; /* GnuPG folder that signatures are verified with, or NULL */
    gboolean acknowledge;
    gint64 reopen_within;   /* so long after it was resolved a reply reopens a ticket */
    gboolean envelope_null; /* TRUE: null envelope sender */
    char *bounce_address;   /* local@domain that bounces are plus-addressed to */
    guint per_recipient_per_hour;
    guint per_hour;
    gint64 keep_sent; /* so long a sent mail is kept whole; 0: for ever */
    gint64 gather;    /* so long changes are gathered into one mail; 0: each is told at once */
    PdDayHours quiet; /* of the desk, by the wall clock of its calendar */
    char **urgent;    /* priorities whose mails wait neither for the morning nor for a digest */
    guint64 min_free_space;
    guint process_workers; /* resolved: at least 1 */
} PdConfig;

/* NULL with errors in the list; warnings may be there in any case. */
PdConfig *pd_config_load(const char *path, PdDiagnostics *list);
/* The same of a copy of that file: it is read as if it lay at path. Mistakes name the copy. */
PdConfig *pd_config_load_copy(const char *copy, const char *path, PdDiagnostics *list);
void pd_config_free(PdConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdConfig, pd_config_free)

/* The path that "-c" or its absence means: given, else $POSTDESK_CONFIG, else
 * ./postdesk.yaml if it is there, else the installed one. Caller frees. */
char *pd_config_find(const char *given);

/* Where a shipped file or folder lies ("rules", "templates", "postdesk.yaml"): below $POSTDESK_DATA
 * if that is set, else where it is installed. Caller frees. */
char *pd_config_shipped(const char *name);

const PdMailbox *pd_config_mailbox(const PdConfig *config, const char *name); /* or NULL */
/* TRUE if the address is the desk's own (address, aliases, bounce address), plus
 * details aside, letter case aside. */
gboolean pd_config_is_own_address(const PdConfig *config, const char *address);

/* The settings as a table, for the man page and for "check --settings": each row's
 * path ("mailboxes[].host"), type, default, bounds and one line of help. */
typedef struct {
    const char *path;
    const char *type;
    const char *fallback;
    const char *help;
} PdSettingHelp;
const PdSettingHelp *pd_config_settings(gsize *count);

#endif
