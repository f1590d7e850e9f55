/* machine.c: see machine.h.
 *
 * A header that a program sets about itself is believed, and so is an address that nobody reads.
 * An address that people may share ("system@", "alert@", "root@") and a form are not where the
 * message answers another one or was made by a person's mail program; nor is such an address where
 * a person talks.
 */
#include "machine.h"

#include "autoreply.h"
#include "sign.h"
#include "talk.h"
#include <string.h>

static gboolean is_named(const char *local, const char *const *names, gboolean with_more)
{
    for (; *names != NULL; names++) {
        gsize length = strlen(*names);
        if (strncmp(local, *names, length) == 0 && (local[length] == '\0' || local[length] == '+' ||
                                                    (with_more && !g_ascii_isalpha(local[length]))))
            return TRUE;
    }
    return FALSE;
}

/* Local parts that nobody reads. */
static gboolean is_unread(const char *local)
{
    static const char *const refusing[] = {"noreply",      "no-reply",     "no_reply", "donotreply",
                                           "do-not-reply", "do_not_reply", NULL};
    static const char *const names[] = {
        "nagios",        "zabbix",   "icinga",     "alertmanager", "prometheus",
        "cron",          "daemon",   "nobody",     "monit",        "www-data",
        "apache",        "logwatch", "postmaster", "noresponse",   "mailer-daemon",
        "autoresponder", "no.reply", "grafana",    "jenkins",      "notificacion",
        "wordpress",     NULL};

    return pd_says_any(local, refusing) || is_named(local, names, FALSE);
}

gboolean pd_address_is_unread(const char *address)
{
    g_autofree char *local = g_ascii_strdown(address, (gssize)strcspn(address, "@"));

    return is_unread(local);
}

/* "printer3f", "scanner-2": a device among several. */
static gboolean is_numbered(const char *local)
{
    static const char *const devices[] = {"scanner", "scan", "copier", "printer", "mfp",
                                          "nvr",     "dvr",  "ups",    "nas"};

    for (gsize i = 0; i < G_N_ELEMENTS(devices); i++) {
        gsize length = strlen(devices[i]);
        if (strncmp(local, devices[i], length) == 0) {
            const char *rest = local + length;
            rest += *rest == '-' || *rest == '_' || *rest == '.';
            return g_ascii_isdigit(*rest);
        }
    }
    return FALSE;
}

/* Mostly programs send from these, but a department may have such a mailbox. */
static gboolean is_shared(const char *local)
{
    static const char *const names[] = {"monitoring",   "monitor",       "alert",  "alerts",
                                        "alarm",        "scanner",       "scan",   "copier",
                                        "printer",      "system",        "backup", "notify",
                                        "notification", "notifications", "nvr",    "dvr",
                                        "mfp",          "splunk",        "root",   NULL};

    return is_named(local, names, FALSE) || is_numbered(local);
}

gboolean pd_machine_is_program(const char *local)
{
    return is_unread(local) || is_shared(local);
}

static gboolean look_at_headers(PdReading *reading)
{
    static const char *const marks[] = {
        "X-Cron-Env",      "X-Zabbix-Event",        "X-Nagios-Notification",
        "X-GitHub-Reason", "X-GitLab-Project",      "X-JIRA-FingerPrint",
        "X-Jenkins-Job",   "X-FC-MachineGenerated", "X-List-Administrivia"};
    static const char *const devices[] = {
        "Canon MFP",  "Canon iR",     "imageRUNNER", "KONICA MINOLTA", "bizhub",    "KYOCERA",
        "RICOH",      "Aficio",       "FUJI XEROX",  "Xerox",          "Lexmark",   "EPSON Scan",
        "Synology",   "QNAP",         "Veeam",       "PRTG",           "Nagios",    "Zabbix",
        "SolarWinds", "ManageEngine", "Jenkins",     "smartd",         "FortiGate", NULL};
    const char *submitted = pd_autoreply_submitted(reading);
    const char *mailer = pd_sign(reading, "X-Mailer");

    if (pd_autoreply_is_set(submitted))
        return pd_conclude(reading, PD_ORIGIN_MACHINE, "Auto-Submitted", submitted);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (pd_sign(reading, marks[i]) != NULL)
            return pd_conclude(reading, PD_ORIGIN_MACHINE, marks[i], NULL);
    }
    if (mailer != NULL && pd_says_any(mailer, devices))
        return pd_conclude(reading, PD_ORIGIN_MACHINE, "X-Mailer", mailer);
    return FALSE;
}

/* A form on a web site of the organisation's that a person filled in: the site's program sends it,
 * and the answer goes to him. */
static gboolean is_web_form(const PdReading *reading, const char *local)
{
    static const char *const sites[] = {"wordpress", "www-data", "apache", "nobody", NULL};
    const PdAddress *answered = pd_mail_answer_address(reading->mail);

    if (!is_named(local, sites, FALSE) || answered == reading->mail->from)
        return FALSE;
    g_autofree char *reader = pd_local_part(answered);
    return !pd_machine_is_program(reader);
}

static gboolean look_at_sender(PdReading *reading, gboolean by_person)
{
    const PdAddress *from = reading->mail->from;
    const PdAddress *who = from != NULL ? from : reading->mail->sender;
    g_autofree char *local = pd_local_part(who);

    if ((is_unread(local) && !is_web_form(reading, local)) ||
        (is_shared(local) && !by_person && !pd_talks(reading)))
        return pd_conclude(reading, PD_ORIGIN_MACHINE, "sender", who->address);
    if (pd_is_postmaster(reading))
        return pd_conclude(reading, PD_ORIGIN_MACHINE, "a mail server's address", NULL);
    if (pd_is_null_path(reading))
        return pd_conclude(reading, PD_ORIGIN_MACHINE, "null return path", NULL);
    return FALSE;
}

gboolean pd_machine_find(PdReading *reading)
{
    gboolean by_program = pd_is_by_mail_program(reading);
    gboolean by_person = pd_is_reply(reading->mail) || by_program;

    if (look_at_headers(reading) || look_at_sender(reading, by_person))
        return TRUE;
    /* a ticket system that answers has the marks of an answer, too */
    const char *form = by_program  ? NULL
                       : by_person ? pd_machine_refusal(reading)
                                   : pd_machine_form(reading);
    return form != NULL && pd_conclude(reading, PD_ORIGIN_MACHINE, form, reading->mail->subject);
}
