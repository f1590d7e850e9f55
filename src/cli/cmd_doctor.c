/* cmd_doctor.c: doctor: what stands between this installation and its first answered mail. Every
 * server is really tried; nothing is taken in, nothing is sent. */
#include "doctor.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/outbox.h"
#include "postdesk/relay.h"
#include "postdesk/roles.h"
#include "postdesk/secrets.h"
#include "postdesk/sharing.h"
#include "postdesk/source.h"
#include "postdesk/token.h"
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#define CLOCK_TOLERANCE (5 * PD_MINUTE)

void pd_doctor_find(PdDoctor *doctor, PdFinding finding, const char *subject, const char *text,
                    const char *advice)
{
    static const char *const words[] = {"ok", "warning", "problem"};
    static const char *const colours[] = {"good", "warn", "bad"};
    PdJson *found = pd_json_object();

    doctor->bad += finding == PD_FINDING_BAD;
    pd_json_set_text(found, "verdict", words[finding]);
    pd_json_set_text(found, "subject", subject);
    pd_json_set_text(found, "text", text);
    pd_json_set_text(found, "advice", advice);
    pd_json_add(doctor->findings, found);
    if (doctor->cli->print.json)
        return;
    g_autofree char *word = g_strdup_printf("%-8s", words[finding]);
    g_autofree char *painted = pd_print_paint(&doctor->cli->print, colours[finding], word);
    printf("%s", painted);
    pd_print_line(&doctor->cli->print, " %s: %s", subject, text);
    if (advice != NULL)
        pd_print_line(&doctor->cli->print, "         %s", advice);
}

/* Takes the status. */
static void find_status(PdDoctor *doctor, const char *subject, PdStatus *taken, const char *good)
{
    g_autoptr(PdStatus) status = taken;

    if (status == NULL)
        pd_doctor_find(doctor, PD_FINDING_GOOD, subject, good, NULL);
    else
        pd_doctor_find(doctor, PD_FINDING_BAD, subject, pd_status_text(status),
                       pd_status_advice(status));
}

static char *nearest_folder(const char *path)
{
    char *folder = g_strdup(path);

    while (!g_file_test(folder, G_FILE_TEST_EXISTS)) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
    }
    return folder;
}

/* Nothing is made here: what doctor makes as root would be root's. */
static void look_at_absent_state(PdDoctor *doctor, const char *state, const char *above)
{
    if (access(above, W_OK) == 0) {
        g_autofree char *good = g_strconcat(state, ", not there yet; run makes it", NULL);
        pd_doctor_find(doctor, PD_FINDING_GOOD, "state folder", good, NULL);
        return;
    }
    g_autofree char *bad =
        g_strdup_printf("%s is not there, and user %s may not make it", state, g_get_user_name());
    g_autofree char *advice =
        g_strdup_printf("run: sudo install -d -m 700 -o %s %s", g_get_user_name(), state);
    pd_doctor_find(doctor, PD_FINDING_BAD, "state folder", bad, advice);
}

static void look_at_space(PdDoctor *doctor, const char *folder)
{
    guint64 space = pd_folder_free_space(folder);
    g_autofree char *text = g_format_size(space);

    if (space < doctor->cli->config->min_free_space)
        pd_doctor_find(doctor, PD_FINDING_BAD, "free space", text,
                       "collecting pauses below limits.min_free_space: make room, or lower it");
    else
        pd_doctor_find(doctor, PD_FINDING_GOOD, "free space", text, NULL);
}

/* A remark: all works without, and takes more room. */
static void look_at_holes(PdDoctor *doctor, const char *state)
{
    if (!pd_sharing_is_possible(state))
        pd_doctor_find(
            doctor, PD_FINDING_WARNING, "disk",
            "the file system gives no blocks back: what several mails carry takes its room with "
            "each of them",
            "nothing is lost by that; ext4, XFS and Btrfs would keep it once");
}

static void look_at_names(PdDoctor *doctor)
{
    PdStatus *status = pd_role_check_names(doctor->cli->config);

    if (status != NULL)
        find_status(doctor, "state folder", status, NULL);
}

static void look_at_state(PdDoctor *doctor)
{
    const char *state = doctor->cli->config->state;
    g_autofree char *folder = nearest_folder(state);

    look_at_names(doctor);
    if (strcmp(folder, state) != 0) {
        look_at_absent_state(doctor, state, folder);
    } else {
        g_autofree char *probe = g_build_filename(state, ".doctor", NULL);
        PdStatus *status = pd_file_replace(probe, "x", 1, 0600);
        unlink(probe);
        find_status(doctor, "state folder", status, state);
        look_at_holes(doctor, state);
    }
    look_at_space(doctor, folder);
}

/* Signatures prove nothing where the programs or the keys are not there. */
static void look_at_signatures(PdDoctor *doctor)
{
    const char *keys = doctor->cli->config->signature_keys;
    g_autofree char *gpg = g_find_program_in_path("gpg");
    g_autofree char *gpgsm = g_find_program_in_path("gpgsm");

    if (keys == NULL)
        return;
    if (access(keys, R_OK | X_OK) != 0)
        pd_doctor_find(
            doctor, PD_FINDING_BAD, "signature keys", keys,
            "the folder cannot be read: make it with gpg --homedir, or take signature_keys out");
    else if (gpg == NULL || gpgsm == NULL)
        pd_doctor_find(doctor, PD_FINDING_BAD, "signature keys",
                       gpg == NULL ? "there is no gpg" : "there is no gpgsm",
                       "install gnupg and gpgsm; until then signatures prove nothing");
    else
        pd_doctor_find(doctor, PD_FINDING_GOOD, "signature keys", keys, NULL);
}

static void look_at_files(PdDoctor *doctor)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdDesk) desk = pd_desk_new(doctor->cli->config, NULL, list);

    find_status(doctor, "rules and templates", desk == NULL ? pd_diagnostics_status(list) : NULL,
                "loaded, their tests pass");
}

/* The kernel knows whether something keeps its clock right. */
static void look_at_clock(PdDoctor *doctor)
{
    struct timex times = {.modes = 0};

    if (adjtimex(&times) == TIME_ERROR || (times.status & STA_UNSYNC) != 0)
        pd_doctor_find(doctor, PD_FINDING_WARNING, "clock",
                       "nothing keeps this machine's clock synchronised",
                       "install chrony or enable systemd-timesyncd");
    else
        pd_doctor_find(doctor, PD_FINDING_GOOD, "clock", "synchronised", NULL);
}

/* Mail that arrived in the future: one of the two clocks is wrong. */
static void compare_clocks(PdDoctor *doctor, const char *subject, PdSource *source)
{
    gint64 newest = 0;
    g_autoptr(PdStatus) status = pd_source_newest(source, &newest);

    if (status != NULL || newest - pd_clock_now() < CLOCK_TOLERANCE)
        return;
    g_autofree char *text = g_strdup_printf("the newest message arrived %" G_GINT64_FORMAT
                                            " minutes in the future of this machine",
                                            (newest - pd_clock_now()) / PD_MINUTE);
    pd_doctor_find(doctor, PD_FINDING_BAD, subject, text,
                   "set the clock of this machine or of the server");
}

/* What is taken in could be neither marked nor moved away, nor anything be moved there. */
static void look_at_rights(PdDoctor *doctor, const char *subject, const PdMailbox *mailbox,
                           PdSource *source)
{
    if (pd_source_folder(source)->read_only && mailbox->after != PD_AFTER_KEEP)
        pd_doctor_find(doctor, PD_FINDING_BAD, subject, "this account may only read the folder",
                       "set after: keep, or give the account the right to change the folder");
}

static void try_folder(PdDoctor *doctor, const PdMailbox *mailbox, const char *folder,
                       const PdSecret *secret)
{
    g_autofree char *subject = g_strdup_printf("mailbox %s/%s", mailbox->name, folder);
    g_autoptr(PdSource) source = NULL;
    PdStatus *status = pd_source_open(mailbox, folder, secret, &source);

    g_autofree char *good = NULL;
    if (status == NULL)
        good = g_strdup_printf("logged in, %u messages", pd_source_folder(source)->exists);
    find_status(doctor, subject, status, good);
    if (source == NULL)
        return;
    look_at_rights(doctor, subject, mailbox, source);
    compare_clocks(doctor, subject, source);
}

static void try_mailbox(PdDoctor *doctor, const PdMailbox *mailbox)
{
    g_autoptr(PdSecret) secret = NULL;
    PdStatus *status =
        mailbox->maildir == NULL ? pd_secret_of_server(&mailbox->server, &secret) : NULL;

    if (status != NULL) {
        g_autofree char *subject = g_strdup_printf("mailbox %s", mailbox->name);
        find_status(doctor, subject, status, NULL);
        return;
    }
    for (char **folder = mailbox->folders; *folder != NULL; folder++)
        try_folder(doctor, mailbox, *folder, secret);
    if (mailbox->after == PD_AFTER_MOVE)
        try_folder(doctor, mailbox, mailbox->move_to, secret);
}

/* As the answers will have it, but for the token. */
static char *envelope_sender(const PdConfig *config)
{
    const char *address = config->bounce_address;
    const char *at = address != NULL ? strrchr(address, '@') : NULL;

    if (config->envelope_null || at == NULL)
        return g_strdup("");
    return g_strdup_printf("%.*s+doctor%s", (int)(at - address), address, at);
}

/* Greylisting refuses for now what it takes later. */
static void try_envelope(PdDoctor *doctor, const char *subject, PdRelay *relay)
{
    const PdConfig *config = doctor->cli->config;
    const char *recipient = config->admin != NULL ? config->admin : config->desk_address;
    g_autofree char *sender = envelope_sender(config);
    g_autoptr(PdStatus) status = pd_relay_try(relay, sender, recipient);

    if (status != NULL)
        pd_doctor_find(doctor, pd_status_may_retry(status) ? PD_FINDING_WARNING : PD_FINDING_BAD,
                       subject, pd_status_text(status), pd_status_advice(status));
    else
        pd_doctor_find(doctor, PD_FINDING_GOOD, subject, "connected and accepted; takes our mail",
                       NULL);
}

static void try_relay(PdDoctor *doctor, const PdRelayConfig *config)
{
    g_autofree char *subject = g_strdup_printf("relay %s", config->name);
    g_autoptr(PdSecret) secret = NULL;
    g_autoptr(PdRelay) relay = NULL;
    PdStatus *status =
        config->maildir == NULL ? pd_secret_of_server(&config->server, &secret) : NULL;

    if (status == NULL)
        status = pd_relay_open(config, secret, &relay);
    if (status != NULL)
        find_status(doctor, subject, status, NULL);
    else
        try_envelope(doctor, subject, relay);
}

static void look_at_answers(PdDoctor *doctor)
{
    const PdConfig *config = doctor->cli->config;

    if (config->envelope_null)
        pd_doctor_find(doctor, PD_FINDING_WARNING, "bounces",
                       "answers.envelope is null: bounces are not tracked",
                       "set answers.envelope: token");
    if (config->admin == NULL)
        pd_doctor_find(doctor, PD_FINDING_WARNING, "alarms",
                       "desk.admin is not set: alarms are only logged", "set desk.admin");
    if (config->mailboxes->len == 0)
        pd_doctor_find(doctor, PD_FINDING_BAD, "mailboxes", "none is configured",
                       "add one to mailboxes");
    if (config->relays->len == 0)
        pd_doctor_find(doctor, PD_FINDING_BAD, "relays",
                       "none is configured: nothing can be answered", "add one to relays");
}

static void look_at_outbox(PdDoctor *doctor)
{
    gboolean held = FALSE;
    PdStatus *status = pd_outbox_is_held(doctor->cli->store, &held);

    if (status != NULL)
        find_status(doctor, "outbox", status, NULL);
    else if (held)
        pd_doctor_find(doctor, PD_FINDING_BAD, "outbox", "held since a restore",
                       "run postdesk reconcile");
}

/* Absent, it is made at the first start. */
static void look_at_token_key(PdDoctor *doctor)
{
    g_autofree char *path = g_build_filename(doctor->cli->config->state, "token.key", NULL);
    g_autoptr(PdTokenKeys) keys = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return;
    PdStatus *status = pd_token_keys_load(path, &keys);
    if (status != NULL)
        find_status(doctor, "token key", status, NULL);
}

/* And at what it tells, if it can be opened; where nothing is stored yet it looks empty. */
static void look_at_store(PdDoctor *doctor)
{
    PdStatus *status = pd_cli_store(doctor->cli, PD_STORE_LOOK);

    if (status != NULL) {
        find_status(doctor, "store", status, NULL);
        return;
    }
    look_at_token_key(doctor);
    look_at_outbox(doctor);
    pd_doctor_look_at_trust(doctor);
}

static void look_at_kernel(PdDoctor *doctor)
{
    gboolean seccomp = access("/proc/sys/kernel/seccomp/actions_avail", R_OK) == 0;

    if (seccomp)
        pd_doctor_find(doctor, PD_FINDING_GOOD, "sandbox", "seccomp holds the roles", NULL);
    else
        pd_doctor_find(doctor, PD_FINDING_WARNING, "sandbox",
                       "this kernel has no seccomp: roles are not held", NULL);
}

PdStatus *pd_cmd_doctor(PdCli *cli)
{
    g_autoptr(PdJson) document = pd_json_object();
    PdDoctor doctor = {.cli = cli, .findings = pd_json_array()};

    pd_json_set(document, "findings", doctor.findings);
    PD_TRY(pd_cli_options(cli, NULL));
    PD_TRY(pd_cli_config(cli));
    look_at_files(&doctor);
    look_at_state(&doctor);
    look_at_clock(&doctor);
    look_at_kernel(&doctor);
    look_at_signatures(&doctor);
    look_at_answers(&doctor);
    look_at_store(&doctor);
    for (guint i = 0; i < cli->config->mailboxes->len; i++)
        try_mailbox(&doctor, g_ptr_array_index(cli->config->mailboxes, i));
    for (guint i = 0; i < cli->config->relays->len; i++)
        try_relay(&doctor, g_ptr_array_index(cli->config->relays, i));
    cli->answer = doctor.bad > 0 ? PD_EXIT_NO : PD_EXIT_OK;
    if (cli->print.json)
        pd_print_json(document);
    else
        pd_print_line(&cli->print, "%s",
                      doctor.bad > 0 ? "\nNot ready yet: see the problems above."
                                     : "\nReady for mail: postdesk run");
    return NULL;
}
