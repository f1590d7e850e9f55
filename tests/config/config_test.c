/* config_test.c: postdesk.yaml: what it gives, and what it says of mistakes. */
#include "postdesk/config.h"
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DESK "desk: {name: Desk, address: desk@example.org}\n"
#define MAILBOX(settings)                                                                          \
    DESK "mailboxes:\n  - name: m\n" settings "relays: [{name: r, maildir: out}]\n"
#define LOGIN "    host: imap.example.org\n    user: u\n    password: env:P\n"
#define RELAY(settings) DESK "mailboxes: [{name: m, maildir: in}]\nrelays:\n  - name: r\n" settings
#define QUIET "mailboxes: [{name: m, maildir: in}]\nrelays: [{name: r, maildir: out}]\n"

static char *folder, *path;

static void set_up(void)
{
    folder = g_dir_make_tmp("pd-config-XXXXXX", NULL);
    path = g_build_filename(folder, "postdesk.yaml", NULL);
}

static void tear_down(void)
{
    g_unlink(path);
    g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&path, g_free);
}

static PdConfig *load(const char *text, PdDiagnostics *list)
{
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    PdConfig *config = pd_config_load(path, list);
    pd_diagnostics_sort(list);
    return config;
}

/* All messages, one a line, without the name of the file. */
static char *messages(const PdDiagnostics *list)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        g_autofree char *line = pd_diagnostic_format(pd_diagnostics_get(list, i));
        const char *begin = g_str_has_prefix(line, path) ? line + strlen(path) + 1 : line;
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", begin);
    }
    return g_string_free(text, FALSE);
}

static PdConfig *load_clean(const char *text)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdConfig *config = load(text, list);
    g_autofree char *said = messages(list);

    ck_assert_str_eq(said, "");
    ck_assert_ptr_nonnull(config);
    return config;
}

START_TEST(a_short_file_gets_the_defaults)
{
    g_autoptr(PdConfig) config =
        load_clean(MAILBOX("    host: imap.example.org\n    user: u\n    password: file:pw\n"));
    const PdMailbox *mailbox = pd_config_mailbox(config, "m");
    g_autofree char *rules = g_build_filename(folder, "rules", NULL);
    g_autofree char *password = g_strdup_printf("file:%s/pw", folder);

    ck_assert_str_eq(config->path, path);
    ck_assert_str_eq(config->state, "/var/lib/postdesk");
    ck_assert_str_eq(config->rules, rules);
    ck_assert_str_eq(config->languages[0], "zh_CN");
    ck_assert_str_eq(config->default_language, "zh_CN");
    ck_assert_str_eq(config->bounce_address, "bounces@example.org");
    ck_assert_ptr_null(config->admin);
    ck_assert_ptr_null(config->desk_aliases[0]);
    ck_assert(config->acknowledge && !config->envelope_null);
    ck_assert_uint_eq(config->per_recipient_per_hour, 10);
    ck_assert_uint_eq(config->min_free_space, 500 << 20);
    ck_assert_uint_ge(config->process_workers, 1);
    ck_assert_ptr_null(pd_config_mailbox(config, "other"));
    ck_assert_uint_eq(mailbox->server.port, 993);
    ck_assert_int_eq(mailbox->server.tls, PD_TLS_IMPLICIT);
    ck_assert_int_eq(mailbox->server.auth, PD_AUTH_LOGIN);
    ck_assert_str_eq(mailbox->server.password, password);
    ck_assert_ptr_null(mailbox->server.token_command);
    ck_assert_str_eq(mailbox->folders[0], "INBOX");
    ck_assert_ptr_null(mailbox->folders[1]);
    ck_assert_int_eq(mailbox->start, PD_START_NOW);
    ck_assert_int_eq(mailbox->after, PD_AFTER_SEEN);
    ck_assert_uint_eq(mailbox->size_limit, 50 << 20);
    ck_assert_int_eq(mailbox->idle_renew, 25 * 60 * G_USEC_PER_SEC);
    ck_assert_ptr_null(mailbox->authserv_ids[0]);
}
END_TEST

START_TEST(what_is_written_is_what_counts)
{
    g_autoptr(PdConfig) config = load_clean(
        "desk: {name: 服务台, address: d@example.org, languages: [en], admin: a@example.org}\n"
        "state: s\nrules: /r\n"
        "mailboxes:\n"
        "  - name: m\n    host: '::1'\n    tls: none\n    user: u\n    token_command: [/bin/t, a, "
        "a]\n"
        "    folders: [INBOX, 报修]\n    start: 2026-01-31\n    after: move\n    move_to: Done\n"
        "    authserv_ids: [mx.example.org]\n    default_charset: GB18030\n    poll: 2h\n"
        "relays:\n  - name: r\n    host: localhost\n    port: 25\n    unknown: drop\n"
        "answers: {acknowledge: false, envelope: null, bounce_address: b@x.org, per_hour: 7,\n"
        "          gather: 0s, quiet_hours: '22:00-7:30', urgent: [P2, P1]}\n"
        "limits: {min_free_space: 0M, process_workers: 3}\n");
    const PdMailbox *mailbox = pd_config_mailbox(config, "m");
    const PdRelayConfig *relay = config->relays->pdata[0];
    g_autofree char *state = g_build_filename(folder, "s", NULL);

    ck_assert_str_eq(config->state, state);
    ck_assert_str_eq(config->rules, "/r");
    ck_assert_str_eq(config->default_language, "en");
    ck_assert_int_eq(mailbox->server.auth, PD_AUTH_XOAUTH2);
    ck_assert_uint_eq(mailbox->server.port, 143);
    ck_assert_str_eq(mailbox->server.token_command[2], "a");
    ck_assert_ptr_null(mailbox->server.token_command[3]);
    ck_assert_str_eq(mailbox->folders[1], "报修");
    ck_assert_int_eq(mailbox->start, PD_START_DATE);
    ck_assert_int_eq(mailbox->start_date, 1769817600 * (gint64)G_USEC_PER_SEC);
    ck_assert_int_eq(mailbox->after, PD_AFTER_MOVE);
    ck_assert_str_eq(mailbox->move_to, "Done");
    ck_assert_str_eq(mailbox->default_charset, "GB18030");
    ck_assert_int_eq(mailbox->poll, 7200 * (gint64)G_USEC_PER_SEC);
    ck_assert_int_eq(relay->server.auth, PD_AUTH_NONE);
    ck_assert_int_eq(relay->server.tls, PD_TLS_STARTTLS);
    ck_assert_int_eq(relay->unknown, PD_UNKNOWN_DROP);
    ck_assert(!config->acknowledge && config->envelope_null);
    ck_assert_uint_eq(config->per_hour, 7);
    ck_assert_int_eq(config->gather, 0);
    ck_assert_int_eq(config->quiet.from, 22 * 60);
    ck_assert_int_eq(config->quiet.until, 7 * 60 + 30);
    ck_assert_str_eq(config->urgent[1], "P1");
    ck_assert_uint_eq(config->min_free_space, 0);
    ck_assert_uint_eq(config->process_workers, 3);
}
END_TEST

/* Each file and all it is told, in the order of the file. */
static const struct {
    const char *text, *said;
} mistakes[] = {
    {"", " error: the file is empty; 'postdesk init' writes one to begin with"},
    {"- a\n", "1:1: error: expected a map of settings ('state: value'); known here: state, rules, "
              "templates, signature_keys, desk, mailboxes, relays, answers, limits"},
    {QUIET, "1:1: error: desk.address is missing; address of the unified service mailbox\n"
            "1:1: error: desk.name is missing; the desk's name, shown as the sender of every mail"},
    {DESK, "1:1: warning: no mailbox: mail comes in by 'postdesk inject' only\n"
           "1:1: warning: no relay: no mail goes out"},
    {"desk: {name: D}\n" QUIET,
     "1:7: error: address is missing; address of the unified service mailbox"},
    {"desk: {name: \"a\\nb\", address: a b@x}\n" QUIET,
     "1:14: error: name holds a line end or another control character; remove it\n"
     "1:31: error: address 'a b@x' is no mail address; write it as name@example.org"},
    {"desk: {name: D, address: d@x.org, aliases: [台@x.org], admin: 王芳@example.cn}\n" QUIET,
     "1:62: error: admin '王芳@example.cn' is an address that relays refuse; write one of ASCII "
     "letters, digits and '.-_+' alone, as name@example.org"},
    {"desk: {name: D, address: d@x.org, aliases: [e@x.org], admin: E@x.org}\n" QUIET,
     "1:62: warning: desk.admin is an address of the desk itself, so that no alarm would be "
     "mailed; name somebody's own"},
    {"desk: {name: D, address: d@例子.cn}\n" QUIET,
     "1:26: error: address 'd@例子.cn' is an address that relays refuse; write it as "
     "'d@xn--fsqu00a.cn'"},
    {"desk: {name: D, address: d@x.org, languages: [], aliases: x@y.org}\n" QUIET,
     "1:46: error: languages is empty; name at least one\n"
     "1:59: error: aliases is no list; expected a list of mail address, written as [one, two]"},
    {"desk: {name: D, address: d@x.org, languages: [en, fr, en], default_language: zh_CN}\n" QUIET,
     "1:51: error: languages 'fr' is no known language; zh_CN or en\n"
     "1:55: error: languages holds 'en' twice; keep one\n"
     "1:78: error: default_language 'zh_CN' is not among the languages; add it there"},
    {DESK QUIET "state:\nrules: [a]\n",
     "4:1: error: state has no value; expected: path\n"
     "5:8: error: rules is a list or a map; expected one value: path"},
    {DESK QUIET "polls: 3\nrule: x\n", "4:1: error: unknown setting 'polls'; known here: state, "
                                       "rules, templates, signature_keys, desk, mailboxes, "
                                       "relays, answers, limits\n"
                                       "5:1: error: unknown setting 'rule'; did you mean 'rules'?"},
    {DESK "mailboxes: m\nrelays: {}\n",
     "2:12: error: mailboxes is no list; begin each entry with '- name: …'\n"
     "3:9: error: relays is no list; begin each entry with '- name: …'"},
    {MAILBOX("    hots: h\n"),
     "3:5: error: host is missing; name the server, or a maildir\n"
     "3:5: error: password is missing; write file:PATH, env:NAME or credential:NAME\n"
     "3:5: error: user is missing; the name to log in with\n"
     "4:5: error: unknown setting 'hots'; did you mean 'host'?"},
    {MAILBOX(LOGIN "    port: 70000\n"), "7:11: error: port 70000 is out of range; 1 to 65535"},
    {MAILBOX(LOGIN "    port: imap\n"), "7:11: error: port is no number; 1 to 65535"},
    {MAILBOX(LOGIN "    tls: none\n"),
     "7:10: error: tls: none is allowed to loopback addresses only; use implicit or starttls"},
    {MAILBOX(LOGIN "    tls: startls\n"), "7:10: error: tls 'startls' is unknown; did you mean "
                                          "'starttls'?"},
    {MAILBOX(LOGIN "    tls: ssl\n    auth: cram-md5\n"),
     "7:10: error: tls 'ssl' is unknown; one of implicit, starttls, none\n"
     "8:11: error: auth 'cram-md5' is unknown; one of none, login, plain, xoauth2"},
    {MAILBOX(LOGIN "    tls: starttls\n    port: 993\n"),
     "8:11: warning: this port usually goes with tls: implicit"},
    {MAILBOX(LOGIN "    tls: implicit\n    port: 143\n"),
     "8:11: warning: this port usually goes with tls: starttls"},
    {MAILBOX("    host: imap.example.org\n    user: u\n    password: hunter2\n"),
     "6:15: error: password is no reference to a secret; write file:PATH, env:NAME or "
     "credential:NAME, and keep the secret itself out of this file"},
    {MAILBOX("    host: imap.example.org\n    user: u\n    password: env:1 x\n"),
     "6:15: error: password is no reference to a secret; write file:PATH, env:NAME or "
     "credential:NAME, and keep the secret itself out of this file"},
    {MAILBOX("    host: http://x/\n    user: u\n    password: credential:../x\n"),
     "4:11: error: host 'http://x/' is no host; write a name such as mail.example.org or an "
     "address\n"
     "6:15: error: password is no reference to a secret; write file:PATH, env:NAME or "
     "credential:NAME, and keep the secret itself out of this file"},
    {MAILBOX("    host: h\n    user: u\n    auth: xoauth2\n"),
     "6:11: error: auth: xoauth2 needs a token; give token or token_command"},
    {MAILBOX("    host: h\n    user: u\n    password: env:P\n    token: env:T\n"
             "    token_command: [t]\n"),
     "6:15: error: password has no meaning with auth: xoauth2; remove it\n"
     "8:20: error: token and token_command exclude each other; keep one\n"
     "8:20: error: token_command must begin with the absolute path of a program; no shell is used"},
    {MAILBOX(LOGIN "    auth: plain\n    token: env:T\n"),
     "8:12: error: token belongs to auth: xoauth2; remove it"},
    {MAILBOX(LOGIN "    auth: none\n"),
     "5:11: error: user has no meaning with auth: none; remove it\n"
     "6:15: error: password has no meaning with auth: none; remove it\n"
     "7:11: error: auth: none is for relays only; use login, plain or xoauth2"},
    {MAILBOX(LOGIN "    after: move\n"),
     "3:5: error: move_to is missing; after: move needs the folder to move to"},
    {MAILBOX(LOGIN "    move_to: Done\n"),
     "7:14: warning: move_to has no effect without after: move"},
    {MAILBOX(LOGIN "    folders: [A]\n    after: move\n    move_to: A\n"),
     "9:14: error: move_to is one of the folders that are collected; name another"},
    {MAILBOX(LOGIN "    after: move\n    move_to: inbox\n"),
     "8:14: error: move_to is one of the folders that are collected; name another"},
    {MAILBOX(LOGIN "    folders: [\"A\\u0007\", '', {a: b}, ~]\n"),
     "7:15: error: folders holds a line end or another control character; remove it\n"
     "7:26: error: folders is empty; give it a text\n"
     "7:30: error: folders is a list or a map; expected one value: text\n"
     "7:38: error: folders has an empty entry; remove it"},
    {MAILBOX(LOGIN "    size_limit: 50MB\n    poll: 60\n    idle_renew: 30m\n    timeout: 0s\n"),
     "7:17: error: size_limit '50MB' is no size; write it as 500K, 50M or 2G\n"
     "8:11: error: poll '60' is no duration; write it as 60s, 25m, 2h or 3d\n"
     "9:17: error: idle_renew 30m is out of range; 1s to 29m\n"
     "10:14: error: timeout 0s is out of range; 1s to 1h"},
    {MAILBOX(LOGIN "    start: 2026-02-30\n    default_charset: a b\n"),
     "7:12: error: start '2026-02-30' is neither now nor all nor a date such as 2026-01-31\n"
     "8:22: error: default_charset 'a b' is no character set; write its name, such as GB18030"},
    {MAILBOX("    maildir: in\n    host: h\n    password: env:P\n"),
     "5:11: error: host has no meaning beside maildir; remove it\n"
     "6:15: error: password has no meaning beside maildir; remove it"},
    {DESK "mailboxes: [{name: a/b, maildir: x}, {name: c, maildir: x}, {name: c, maildir: y}, z]\n"
          "relays: [{name: r, maildir: out}]\n",
     "2:20: error: name 'a/b' is no name; up to 32 of A-Z, a-z, 0-9, '_' and '-'\n"
     "2:68: error: a mailbox named 'c' stands above already; names are unique\n"
     "2:84: error: expected a map of settings ('name: value'); known here: name, maildir, folders, "
     "start, after, move_to, size_limit, poll, idle_renew, authserv_ids, default_charset, host, "
     "port, tls, ca, tls_name, auth, user, password, token, token_command, timeout"},
    {MAILBOX(LOGIN "    folders: [INBOX, Inbox, Inbox/A, INBOX/A]\n"),
     "7:14: warning: folder 'Inbox' is collected by mailbox 'm' already: each of its mails is "
     "taken "
     "in twice, the second time as a copy; leave it out here"},
    {MAILBOX(LOGIN "  - name: n\n    host: IMAP.example.org\n    user: u\n    password: env:Q\n"
                   "  - name: o\n" LOGIN "    port: 143\n    tls: starttls\n"
                   "  - {name: p, maildir: in}\n  - {name: q, maildir: in}\n"),
     "7:5: warning: folder 'INBOX' is collected by mailbox 'm' already: each of its mails is taken "
     "in twice, the second time as a copy; leave it out here\n"
     "18:5: warning: folder 'INBOX' is collected by mailbox 'p' already: each of its mails is "
     "taken "
     "in twice, the second time as a copy; leave it out here"},
    {DESK "mailboxes: [{name: a, maildir: in, after: move, move_to: Done},\n"
          "  {name: b, maildir: in, folders: [Done], after: move, move_to: INBOX}]\n"
          "relays: [{name: r, maildir: out}]\n",
     "2:58: error: what is moved to 'Done' is collected again by mailbox 'b'; name another folder\n"
     "3:65: error: what is moved to 'INBOX' is collected again by mailbox 'a'; name another "
     "folder"},
    {DESK "mailboxes: [{name: m, maildir: in}]\n"
          "relays: [{name: r, maildir: out}, {name: s, maildir: out}]\n",
     "3:35: error: a second relay; this version knows one"},
    {RELAY("    host: h\n    user: u\n"),
     "4:5: error: password is missing; write file:PATH, env:NAME or credential:NAME"},
    {RELAY("    host: h\n    unknown: retry\n    retry_for: 31d\n"),
     "6:14: error: unknown 'retry' is unknown; one of hold, resend, drop\n"
     "7:16: error: retry_for 31d is out of range; 1s to 30d"},
    {RELAY("    host: 127.0.0.1\n    tls: none\n    ca: x.pem\n"),
     "7:9: warning: ca has no effect with tls: none"},
    {DESK QUIET "answers: {acknowledge: yes, bounce_address: a+b@x.org, per_hour: 0}\n",
     "4:24: error: acknowledge 'yes' is neither true nor false\n"
     "4:45: error: bounce_address holds a '+'; leave it out, the token is added behind one\n"
     "4:66: error: per_hour 0 is out of range; 1 to 10000000"},
    {DESK QUIET "answers: {gather: 2h, quiet_hours: night, urgent: [high]}\n",
     "4:19: error: gather 2h is out of range; 0d to 1h\n"
     "4:36: error: quiet_hours 'night' is no stretch of hours; write 22:00-07:00, or none\n"
     "4:52: error: urgent 'high' is no priority; P1, P2, P3 or P4"},
    {DESK QUIET "limits: {process_workers: -1}\nlimits: {}\n",
     "4:27: error: process_workers -1 is out of range; 0 to 256\n"
     "5:1: error: 'limits' is given twice, first in line 4; keep one"},
};

START_TEST(mistakes_are_told_with_place_and_remedy)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) config = load(mistakes[_i].text, list);
    g_autofree char *said = messages(list);

    ck_assert_str_eq(said, mistakes[_i].said);
    ck_assert_int_eq(config == NULL, pd_diagnostics_errors(list) > 0);
}
END_TEST

START_TEST(ten_mistakes_give_ten_messages)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) config = load("desk:\n"
                                      "  name: ''\n"
                                      "  address: nobody\n"
                                      "  langauges: [en]\n"
                                      "mailboxes:\n"
                                      "  - name: my box\n"
                                      "    host: imap.example.org\n"
                                      "    port: 99999\n"
                                      "    tls: none\n"
                                      "    user: u\n"
                                      "    password: in-clear\n"
                                      "    poll: often\n"
                                      "    after: delete\n"
                                      "relays: []\n"
                                      "answers:\n"
                                      "  per_hour: many\n",
                                      list);
    static const guint lines[] = {2, 3, 4, 6, 8, 9, 11, 12, 13, 16};
    guint next = 0;

    ck_assert_ptr_null(config);
    ck_assert_uint_eq(pd_diagnostics_errors(list), 10);
    for (guint i = 0; i < pd_diagnostics_count(list); i++) {
        if (pd_diagnostics_get(list, i)->severity == PD_ERROR)
            ck_assert_uint_eq(pd_diagnostics_get(list, i)->line, lines[next++]);
    }
}
END_TEST

START_TEST(a_password_in_clear_is_not_repeated)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) config =
        load(MAILBOX("    host: h\n    user: u\n    password: 77x\n"), list);
    g_autofree char *said = messages(list);

    ck_assert_ptr_null(config);
    ck_assert_ptr_null(strstr(said, "77x"));
}
END_TEST

START_TEST(own_addresses_are_known)
{
    g_autoptr(PdConfig) config = load_clean(
        "desk: {name: D, address: Support+a@Example.org, aliases: [help@example.com]}\n" QUIET);
    static const char *const own[] = {"support+a@example.org",     "SUPPORT+A@EXAMPLE.ORG",
                                      "support+a+tok@example.org", "help@example.com",
                                      "Help+x@example.com",        "bounces@example.org",
                                      "bounces+abc@example.org"};
    static const char *const others[] = {"support@example.org",
                                         "support+ab@example.org",
                                         "help@example.org",
                                         "helper@example.com",
                                         "bounces@example.org.cn",
                                         "help",
                                         "",
                                         "help+x",
                                         "help@",
                                         "\xff@example.com",
                                         "help+@example.com@example.org"};

    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        ck_assert_msg(pd_config_is_own_address(config, own[i]), "%s", own[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        ck_assert_msg(!pd_config_is_own_address(config, others[i]), "%s", others[i]);
}
END_TEST

START_TEST(the_file_is_found_where_it_was_said_to_be)
{
    g_setenv("POSTDESK_CONFIG", "/from/environment", TRUE);
    g_autofree char *given = pd_config_find("/given");
    g_autofree char *named = pd_config_find(NULL);
    ck_assert_str_eq(given, "/given");
    ck_assert_str_eq(named, "/from/environment");
    g_unsetenv("POSTDESK_CONFIG");
    ck_assert_int_eq(chdir(folder), 0);
    g_autofree char *installed = pd_config_find(NULL);
    ck_assert_str_eq(installed, PD_SYSCONF_DIR "/postdesk.yaml");
    ck_assert(g_file_set_contents(path, "", -1, NULL));
    g_autofree char *here = pd_config_find(NULL);
    ck_assert_str_eq(here, "postdesk.yaml");
}
END_TEST

static char *read_source(const char *name)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *file = g_build_filename(top != NULL ? top : ".", name, NULL);
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(file, &text, NULL, NULL), "%s is missing", file);
    return text;
}

/* The key between what stands before and behind it there, at whichever indentation. */
static void assert_mentions(const char *name, const char *before, const char *behind)
{
    g_autofree char *text = read_source(name);
    gsize count;
    const PdSettingHelp *settings = pd_config_settings(&count);

    ck_assert_uint_gt(count, 40);
    for (gsize i = 0; i < count; i++) {
        const char *dot = strrchr(settings[i].path, '.');
        const char *key = dot != NULL ? dot + 1 : settings[i].path;
        g_autofree char *pattern = g_strdup_printf("^[ #]*(- )?%s%s%s", before, key, behind);
        ck_assert_msg(g_regex_match_simple(pattern, text, G_REGEX_MULTILINE, 0),
                      "%s does not mention %s", name, settings[i].path);
    }
}

START_TEST(every_setting_is_documented)
{
    assert_mentions("man/postdesk.yaml.5", "\\.It Cm ", " ");
    assert_mentions("schemas/postdesk.schema.json", "\"", "\": \\{");
    assert_mentions("examples/postdesk.yaml", "", ": ");
}
END_TEST

START_TEST(the_example_is_right)
{
    g_autofree char *text = read_source("examples/postdesk.yaml");
    g_autoptr(PdConfig) config = load_clean(text);

    ck_assert_uint_eq(config->mailboxes->len, 1);
    ck_assert_uint_eq(config->relays->len, 1);
}
END_TEST

START_TEST(the_table_describes_itself)
{
    gsize count;
    const PdSettingHelp *settings = pd_config_settings(&count);
    gboolean seen = FALSE;

    for (gsize i = 0; i < count; i++) {
        if (strcmp(settings[i].path, "mailboxes[].idle_renew") != 0)
            continue;
        seen = TRUE;
        ck_assert_str_eq(settings[i].type, "duration, 1s to 29m");
        ck_assert_str_eq(settings[i].fallback, "25m");
    }
    ck_assert(seen);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *cases = tcase_create("config");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, a_short_file_gets_the_defaults);
    tcase_add_test(cases, what_is_written_is_what_counts);
    tcase_add_loop_test(cases, mistakes_are_told_with_place_and_remedy, 0, G_N_ELEMENTS(mistakes));
    tcase_add_test(cases, ten_mistakes_give_ten_messages);
    tcase_add_test(cases, a_password_in_clear_is_not_repeated);
    tcase_add_test(cases, own_addresses_are_known);
    tcase_add_test(cases, the_file_is_found_where_it_was_said_to_be);
    tcase_add_test(cases, every_setting_is_documented);
    tcase_add_test(cases, the_example_is_right);
    tcase_add_test(cases, the_table_describes_itself);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
