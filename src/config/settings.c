/* settings.c: every setting of postdesk.yaml, once: type, default, bounds, help. */
#include "settings.h"

#include "postdesk/clock.h"

#define KIB ((gint64)1 << 10)
#define GIB ((gint64)1 << 30)

static const PdChoice tls_choices[] = {
    {"implicit", PD_TLS_IMPLICIT},
    {"starttls", PD_TLS_STARTTLS},
    {"none", PD_TLS_NONE},
    {NULL, 0},
};
static const PdChoice auth_choices[] = {
    {"none", PD_AUTH_NONE},
    {"login", PD_AUTH_LOGIN},
    {"plain", PD_AUTH_PLAIN},
    {"xoauth2", PD_AUTH_XOAUTH2},
    {NULL, 0},
};
static const PdChoice after_choices[] = {
    {"seen", PD_AFTER_SEEN},
    {"keep", PD_AFTER_KEEP},
    {"move", PD_AFTER_MOVE},
    {NULL, 0},
};
static const PdChoice unknown_choices[] = {
    {"hold", PD_UNKNOWN_HOLD},
    {"resend", PD_UNKNOWN_RESEND},
    {"drop", PD_UNKNOWN_DROP},
    {NULL, 0},
};
static const PdChoice envelope_choices[] = {
    {"token", FALSE},
    {"null", TRUE},
    {NULL, 0},
};

static const PdSetting root_settings[] = {
    {.key = "state",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdConfig, state),
     .fallback = "/var/lib/postdesk",
     .help = "folder of the database, raw mail, keys and sockets"},
    {.key = "rules",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdConfig, rules),
     .fallback = "rules",
     .help = "folder of rule files"},
    {.key = "templates",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdConfig, templates),
     .fallback = "templates",
     .help = "folder of templates that override the shipped ones"},
    {.key = "signature_keys",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdConfig, signature_keys),
     .help = "GnuPG folder whose keys S/MIME and PGP signatures are verified with"},
};

static const PdSetting desk_settings[] = {
    {.key = "name",
     .type = PD_SETTING_TEXT,
     .required = TRUE,
     .offset = offsetof(PdConfig, desk_name),
     .help = "the desk's name, shown as the sender of every mail"},
    {.key = "address",
     .type = PD_SETTING_MAILED,
     .required = TRUE,
     .offset = offsetof(PdConfig, desk_address),
     .help = "address of the unified service mailbox"},
    {.key = "aliases",
     .type = PD_SETTING_ADDRESS,
     .is_list = TRUE,
     .offset = offsetof(PdConfig, desk_aliases),
     .help = "other addresses that are the desk itself"},
    {.key = "admin",
     .type = PD_SETTING_MAILED,
     .offset = offsetof(PdConfig, admin),
     .help = "address that alarms and failed mails are reported to"},
    {.key = "contact",
     .type = PD_SETTING_TEXT,
     .offset = offsetof(PdConfig, contact),
     .help = "how else the desk is reached, told to those whose mail is refused"},
    {.key = "languages",
     .type = PD_SETTING_LANGUAGE,
     .is_list = TRUE,
     .required = TRUE,
     .offset = offsetof(PdConfig, languages),
     .fallback = "zh_CN en",
     .help = "languages of the answers: zh_CN, en"},
    {.key = "default_language",
     .type = PD_SETTING_LANGUAGE,
     .offset = offsetof(PdConfig, default_language),
     .derived = "the first of languages",
     .help = "language of the answer where that of the mail cannot be told"},
};

/* Of a mailbox and of a relay alike. */
static const PdSetting server_settings[] = {
    {.key = "host",
     .type = PD_SETTING_HOST,
     .offset = offsetof(PdServer, host),
     .derived = "required without maildir",
     .help = "name or address of the server"},
    {.key = "port",
     .type = PD_SETTING_PORT,
     .offset = offsetof(PdServer, port),
     .least = 1,
     .most = 65535,
     .derived = "by tls: a mailbox 993, else 143; a relay 465, 587 with starttls, else 25",
     .help = "TCP port of the server"},
    {.key = "tls",
     .type = PD_SETTING_CHOICE,
     .offset = offsetof(PdServer, tls),
     .choices = tls_choices,
     .derived = "starttls with port 143, 587 or 25, else implicit",
     .help = "TLS from the first byte, after STARTTLS, or none (to loopback addresses only)"},
    {.key = "ca",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdServer, ca),
     .derived = "the system's",
     .help = "file of the CA certificates that are trusted instead of the system's"},
    {.key = "tls_name",
     .type = PD_SETTING_HOST,
     .offset = offsetof(PdServer, tls_name),
     .derived = "the host",
     .help = "name the server's certificate must have"},
    {.key = "auth",
     .type = PD_SETTING_CHOICE,
     .offset = offsetof(PdServer, auth),
     .choices = auth_choices,
     .derived = "a mailbox login; a relay plain, none without user and password",
     .help = "how to log in; none: relays only"},
    {.key = "user",
     .type = PD_SETTING_TEXT,
     .offset = offsetof(PdServer, user),
     .derived = "required unless auth is none",
     .help = "user name to log in with"},
    {.key = "password",
     .type = PD_SETTING_SECRET,
     .offset = offsetof(PdServer, password),
     .derived = "required with login and plain",
     .help = "where the password lies"},
    {.key = "token",
     .type = PD_SETTING_SECRET,
     .offset = offsetof(PdServer, token),
     .help = "where the access token of xoauth2 lies"},
    {.key = "token_command",
     .type = PD_SETTING_TEXT,
     .is_list = TRUE,
     .is_argv = TRUE,
     .offset = offsetof(PdServer, token_command),
     .help = "program and arguments whose first output line is the access token of xoauth2"},
    {.key = "timeout",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdServer, timeout),
     .fallback = "60s",
     .least = PD_SECOND,
     .most = PD_HOUR,
     .help = "deadline of one command to the server"},
};

static const PdSetting mailbox_settings[] = {
    {.key = "name",
     .type = PD_SETTING_NAME,
     .required = TRUE,
     .offset = offsetof(PdMailbox, name),
     .help = "names the mailbox in logs and lists"},
    {.key = "maildir",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdMailbox, maildir),
     .help = "a local Maildir to collect from instead of a server"},
    {.key = "folders",
     .type = PD_SETTING_TEXT,
     .is_list = TRUE,
     .required = TRUE,
     .offset = offsetof(PdMailbox, folders),
     .fallback = "INBOX",
     .help = "folders of the mailbox that are collected"},
    {.key = "start",
     .type = PD_SETTING_START,
     .fallback = "now",
     .help = "which mail that was there before counts: none, all, or from a date on"},
    {.key = "after",
     .type = PD_SETTING_CHOICE,
     .offset = offsetof(PdMailbox, after),
     .fallback = "seen",
     .choices = after_choices,
     .help = "what happens on the server to a message that was stored"},
    {.key = "move_to",
     .type = PD_SETTING_TEXT,
     .offset = offsetof(PdMailbox, move_to),
     .derived = "required with after: move",
     .help = "folder on the server that stored messages are moved to"},
    {.key = "size_limit",
     .type = PD_SETTING_SIZE,
     .offset = offsetof(PdMailbox, size_limit),
     .fallback = "50M",
     .least = KIB,
     .most = 2 * GIB,
     .help = "larger mail becomes a ticket with its headers only"},
    {.key = "poll",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdMailbox, poll),
     .fallback = "60s",
     .least = PD_SECOND,
     .most = PD_DAY,
     .help = "how often to look where the server offers no IDLE"},
    {.key = "idle_renew",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdMailbox, idle_renew),
     .fallback = "25m",
     .least = PD_SECOND,
     .most = 29 * PD_MINUTE,
     .help = "how often IDLE is renewed"},
    {.key = "authserv_ids",
     .type = PD_SETTING_TEXT,
     .is_list = TRUE,
     .offset = offsetof(PdMailbox, authserv_ids),
     .help = "servers whose Authentication-Results are believed"},
    {.key = "default_charset",
     .type = PD_SETTING_CHARSET,
     .offset = offsetof(PdMailbox, default_charset),
     .help = "character set that mail without a declared one is tried in first"},
};

static const PdSetting relay_settings[] = {
    {.key = "name",
     .type = PD_SETTING_NAME,
     .required = TRUE,
     .offset = offsetof(PdRelayConfig, name),
     .help = "names the relay in logs and lists"},
    {.key = "maildir",
     .type = PD_SETTING_PATH,
     .offset = offsetof(PdRelayConfig, maildir),
     .help = "a local Maildir that mails are written to instead of a server"},
    {.key = "retry_for",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdRelayConfig, retry_for),
     .fallback = "3d",
     .least = PD_SECOND,
     .most = 30 * PD_DAY,
     .help = "how long a mail is retried after temporary refusals"},
    {.key = "unknown",
     .type = PD_SETTING_CHOICE,
     .offset = offsetof(PdRelayConfig, unknown),
     .fallback = "hold",
     .choices = unknown_choices,
     .help = "what becomes of a mail that may have gone out when the connection was lost"},
};

static const PdSetting answers_settings[] = {
    {.key = "acknowledge",
     .type = PD_SETTING_BOOLEAN,
     .offset = offsetof(PdConfig, acknowledge),
     .fallback = "true",
     .help = "answer a new ticket with its number"},
    {.key = "reopen_within",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdConfig, reopen_within),
     .fallback = "14d",
     .least = 0,
     .most = 3650 * PD_DAY,
     .help = "so long after it was resolved a reply reopens a ticket; later it opens a new one"},
    {.key = "keep_sent",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdConfig, keep_sent),
     .fallback = "0s",
     .least = 0,
     .most = 36500 * PD_DAY,
     .help = "so long the text of a sent mail is kept; 0s: for ever"},
    {.key = "envelope",
     .type = PD_SETTING_CHOICE,
     .offset = offsetof(PdConfig, envelope_null),
     .fallback = "token",
     .choices = envelope_choices,
     .help = "envelope sender: with a token, so that bounces find their ticket, or null"},
    {.key = "bounce_address",
     .type = PD_SETTING_MAILED,
     .offset = offsetof(PdConfig, bounce_address),
     .derived = "bounces@ the domain of desk.address",
     .help = "where bounces arrive; the token is added behind a plus sign"},
    {.key = "per_recipient_per_hour",
     .type = PD_SETTING_COUNT,
     .offset = offsetof(PdConfig, per_recipient_per_hour),
     .fallback = "10",
     .least = 1,
     .most = 10000,
     .help = "how many automatic answers one recipient gets in an hour"},
    {.key = "per_hour",
     .type = PD_SETTING_COUNT,
     .offset = offsetof(PdConfig, per_hour),
     .fallback = "2000",
     .least = 1,
     .most = 10000000,
     .help = "how many automatic answers leave in an hour"},
    {.key = "gather",
     .type = PD_SETTING_DURATION,
     .offset = offsetof(PdConfig, gather),
     .fallback = "60s",
     .least = 0,
     .most = PD_HOUR,
     .help = "changes of a ticket within this time make one mail; 0s: each is told at once"},
    {.key = "quiet_hours",
     .type = PD_SETTING_HOURS,
     .offset = offsetof(PdConfig, quiet),
     .fallback = "none",
     .help = "hours in which mails that answer nobody wait for their end, such as 22:00-07:00"},
    {.key = "urgent",
     .type = PD_SETTING_PRIORITY,
     .is_list = TRUE,
     .offset = offsetof(PdConfig, urgent),
     .fallback = "P1",
     .help = "priorities whose mails wait neither for the end of quiet hours nor for a digest"},
};

static const PdSetting limits_settings[] = {
    {.key = "min_free_space",
     .type = PD_SETTING_SIZE,
     .offset = offsetof(PdConfig, min_free_space),
     .fallback = "500M",
     .least = 0,
     .most = 1024 * 1024 * GIB,
     .help = "free space in the state folder below which collecting pauses and alarms"},
    {.key = "process_workers",
     .type = PD_SETTING_COUNT,
     .offset = offsetof(PdConfig, process_workers),
     .fallback = "0",
     .least = 0,
     .most = 256,
     .help = "how many processes turn messages into tickets; 0: one per core"},
};

#define ROWS(table, record_base)                                                                   \
    {                                                                                              \
        .rows = (table), .count = G_N_ELEMENTS(table), .base = (record_base)                       \
    }

const PdSection pd_section_root = {"", {ROWS(root_settings, 0)}};
const PdSection pd_section_desk = {"desk", {ROWS(desk_settings, 0)}};
const PdSection pd_section_mailbox = {
    "mailboxes[]", {ROWS(mailbox_settings, 0), ROWS(server_settings, offsetof(PdMailbox, server))}};
const PdSection pd_section_relay = {
    "relays[]", {ROWS(relay_settings, 0), ROWS(server_settings, offsetof(PdRelayConfig, server))}};
const PdSection pd_section_answers = {"answers", {ROWS(answers_settings, 0)}};
const PdSection pd_section_limits = {"limits", {ROWS(limits_settings, 0)}};

static void add_help(GArray *all, const PdSection *section)
{
    for (gsize part = 0; part < G_N_ELEMENTS(section->rows); part++) {
        for (gsize i = 0; i < section->rows[part].count; i++) {
            const PdSetting *row = &section->rows[part].rows[i];
            PdSettingHelp help = {
                .path = *section->path == '\0' ? g_strdup(row->key)
                                               : g_strconcat(section->path, ".", row->key, NULL),
                .type = pd_setting_describe_type(row),
                .fallback = row->derived != NULL ? row->derived : row->fallback,
                .help = row->help,
            };
            g_array_append_val(all, help);
        }
    }
}

/* Made once from the tables above and kept, for the texts that are put together. */
const PdSettingHelp *pd_config_settings(gsize *count)
{
    static const PdSection *const sections[] = {
        &pd_section_desk,  &pd_section_root,    &pd_section_mailbox,
        &pd_section_relay, &pd_section_answers, &pd_section_limits,
    };
    static GArray *all;

    if (g_once_init_enter(&all)) {
        GArray *made = g_array_new(FALSE, FALSE, sizeof(PdSettingHelp));
        for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
            add_help(made, sections[i]);
        g_once_init_leave(&all, made);
    }
    *count = all->len;
    return (const PdSettingHelp *)(const void *)all->data;
}
