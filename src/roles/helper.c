/* helper.c: see postdesk/signature.h and helper.h. */
#include "helper.h"

#include "beside.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/program.h"
#include "postdesk/signature.h"
#include "sandbox.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_MESSAGE (64u << 20) /* bytes; larger ones are not verified */
#define MOST_KEYS (64u << 20)    /* bytes of one keyring */
#define MOST_SECONDS 20

/* What of the admin's folder the helper needs. Private keys are not among it. */
static const char *const key_files[] = {"pubring.kbx", "pubring.gpg", "trustlist.txt"};

/* The folder holds only keys that the admin trusts; nothing is fetched from anywhere. */
static const struct {
    const char *name, *text;
} settings[] = {
    {"gpg.conf", "trust-model always\nno-auto-key-retrieve\ndisable-dirmngr\n"},
    {"gpgsm.conf", "disable-crl-checks\ndisable-dirmngr\n"},
    {"gpg-agent.conf", "disable-scdaemon\n"},
};

static PdStatus *write_file(const char *home, const char *name, const char *bytes, gsize length)
{
    g_autofree char *path = g_build_filename(home, name, NULL);
    g_autoptr(GError) error = NULL;

    if (g_file_set_contents_full(path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600,
                                 &error))
        return NULL;
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "%s", error->message);
}

static PdStatus *copy_keys(const char *keys, const char *home)
{
    for (gsize i = 0; i < G_N_ELEMENTS(key_files); i++) {
        g_autofree char *from = g_build_filename(keys, key_files[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length;
        if (access(from, F_OK) != 0)
            continue;
        PD_TRY(pd_file_read(from, MOST_KEYS, &bytes, &length));
        PD_TRY(write_file(home, key_files[i], bytes, length));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        PD_TRY(write_file(home, settings[i].name, settings[i].text, strlen(settings[i].text)));
    return NULL;
}

/* gpg-agent, which gpgsm starts for itself, ends when its folder goes. */
static void remove_home(const char *home)
{
    GDir *folder = g_dir_open(home, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(home, name, NULL);
        if (g_unlink(path) != 0)
            remove_home(path); /* private-keys-v1.d and the like */
    }
    if (folder != NULL)
        g_dir_close(folder);
    g_rmdir(home);
}

PdStatus *pd_helper_read(const char *text, gsize length, PdMailSigned **made)
{
    g_autoptr(PdJson) answer = NULL;

    PD_TRY(pd_json_parse(text, length, &answer));
    *made = pd_mail_signed_from_json(answer);
    return NULL;
}

static PdStatus *run_helper(const char *program, const char *home, int message, char *output,
                            gsize *length)
{
    char *const argv[] = {(char *)program, "signature", "--home", (char *)home, NULL};
    const PdProgram helper = {.argv = argv,
                              .input = message,
                              .most_time = MOST_SECONDS * PD_SECOND,
                              .most_output = PD_HELPER_MOST_ANSWER,
                              .spoils = PD_SPOILS_MESSAGE,
                              .what = "helper"};

    return pd_program_run(&helper, output, length);
}

PdStatus *pd_helper_run(const char *program, const char *keys, int message, char *output,
                        gsize *length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *home = g_dir_make_tmp("postdesk-keys-XXXXXX", &error);

    if (home == NULL)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "%s", error->message);
    PdStatus *status = copy_keys(keys, home);
    if (status == NULL)
        status = run_helper(program, home, message, output, length);
    remove_home(home);
    return status;
}

void pd_helper_settle(PdMail *mail, PdMailSigned *made, const PdStatus *status)
{
    if (made != NULL) {
        pd_mail_set_signed(mail, made);
        return;
    }
    mail->signed_by->result = PD_SIGNED_ERROR;
    g_free(mail->signed_by->why);
    mail->signed_by->why =
        g_strdup(status != NULL ? pd_status_text(status) : "the helper found no signature");
}

static PdStatus *verify(const char *program, const char *keys, const char *bytes, gsize length,
                        PdMailSigned **made)
{
    char output[PD_HELPER_MOST_ANSWER];
    gsize got = 0;
    int fd;

    PD_TRY(pd_beside_hand_over(bytes, length, &fd));
    PdStatus *status = pd_helper_run(program, keys, fd, output, &got);
    close(fd);
    return status != NULL ? status : pd_helper_read(output, got, made);
}

void pd_signature_verify(const char *program, const char *keys, const char *bytes, gsize length,
                         PdMail *mail)
{
    PdMailSigned *made = NULL;

    if (mail->signed_by == NULL || length > MOST_MESSAGE)
        return;
    g_autoptr(PdStatus) status = verify(program, keys, bytes, length, &made);
    pd_helper_settle(mail, made, status);
}

/* Nothing of what the caller knows: an environment may hold secrets. */
static void forget_environment(const char *home)
{
    g_autofree char *path = g_strdup(g_getenv("PATH"));

    clearenv();
    g_setenv("PATH", path != NULL ? path : "/usr/bin:/bin", TRUE);
    g_setenv("GNUPGHOME", home, TRUE);
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
}

PdStatus *pd_signature_help(const char *home)
{
    g_autofree char *bytes = NULL;
    gsize length;

    forget_environment(home);
    PD_TRY(pd_sandbox_enter(PD_SANDBOX_HELPER));
    pd_sandbox_allow_time(MOST_SECONDS);
    PD_TRY(pd_file_read_fd(STDIN_FILENO, MOST_MESSAGE, &bytes, &length));
    PdMailSigned *made = pd_mail_verify(bytes, length);
    g_autoptr(PdJson) json = pd_mail_signed_json(made);
    g_autofree char *line = pd_json_compact(json);
    pd_mail_signed_free(made);
    puts(line);
    return NULL;
}
