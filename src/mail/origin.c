/* origin.c: who wrote a message (keeps the mail room's part of I7).
 *
 * Signs are looked at from the strongest to the weakest: our own address; machine-readable
 * reports; what a bounce says in words; headers that programs set about themselves; senders
 * and subjects that only programs use. A list, or Precedence: bulk, is a way and never
 * an origin. Each conclusion leaves its evidence.
 */
#include "origin.h"

#include "address.h"
#include "bounce.h"
#include "postdesk/text.h"
#include "sign.h"
#include "via.h"
#include <string.h>

#define MOST_DETAIL 100 /* bytes of a value that are told as evidence */

static gboolean conclude(PdReading *reading, PdOrigin origin, const char *why, const char *detail)
{
    g_autofree char *text =
        pd_text_make_valid(detail != NULL ? detail : "", detail != NULL ? strlen(detail) : 0, NULL);
    g_autofree char *valid = pd_text_shorten(text, MOST_DETAIL);

    reading->mail->origin = origin;
    pd_note(reading->mail->evidence, "%s: %s%s%s", pd_origin_name(origin), why,
            *valid != '\0' ? ": " : "", valid);
    return TRUE;
}

/* A bounce names the desk as its sender where a server is set up badly; its report tells. */
static gboolean look_for_self(PdReading *reading)
{
    const PdMail *mail = reading->mail;

    if (reading->report.delivery_status != NULL)
        return FALSE;
    if (mail->from != NULL && pd_is_own(reading, mail->from->address))
        return conclude(reading, PD_ORIGIN_SELF, "From is an address of the desk",
                        mail->from->address);
    if (mail->sender != NULL && pd_is_own(reading, mail->sender->address) &&
        pd_sign(reading, "X-Postdesk-Ticket") != NULL)
        return conclude(reading, PD_ORIGIN_SELF, "a mail of the desk came back", NULL);
    return FALSE;
}

/* "Action: failed" in any of the report's paragraphs; delays and successes are no bounce. */
static gboolean has_failed_action(const char *status)
{
    gboolean any = FALSE;

    for (const char *line = status; line != NULL && *line != '\0';) {
        if (g_ascii_strncasecmp(line, "Action:", 7) == 0) {
            const char *value = line + 7 + strspn(line + 7, " \t");
            any = TRUE;
            /* some servers write "expired" or "error" for a failure */
            if (strchr("FfEe", *value) != NULL && g_ascii_strncasecmp(value, "expan", 5) != 0)
                return TRUE;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return !any;
}

/* Amazon's service tells of deliveries in JSON. */
static gboolean look_for_notification(PdReading *reading)
{
    const char *text = reading->mail->full_text;

    /* plain, or escaped inside another document */
    const char *kind = *text == '{' ? strstr(text, "notificationType") : NULL;
    if (kind == NULL)
        return FALSE;
    kind += strcspn(kind, ":");
    gboolean bounce = g_ascii_strncasecmp(kind + strspn(kind, ":\\\" "), "Bounce", 6) == 0;
    return conclude(reading, bounce ? PD_ORIGIN_BOUNCE : PD_ORIGIN_REPORT, "notification in JSON",
                    NULL);
}

static gboolean look_for_report(PdReading *reading)
{
    const char *type = reading->report_type != NULL ? reading->report_type : "";

    if (look_for_notification(reading))
        return TRUE;

    if (reading->report.feedback != NULL || strcmp(type, "feedback-report") == 0)
        return conclude(reading, PD_ORIGIN_REPORT, "abuse feedback report", NULL);
    if (reading->report.delivery_status != NULL) {
        gboolean failed = has_failed_action(reading->report.delivery_status);
        return conclude(reading, failed ? PD_ORIGIN_BOUNCE : PD_ORIGIN_REPORT,
                        failed ? "delivery status: failed" : "delivery status without a failure",
                        NULL);
    }
    if (reading->report.disposition != NULL &&
        strstr(reading->report.disposition, "automatic-action") != NULL &&
        strstr(reading->report.disposition, "; deleted") != NULL)
        return conclude(reading, PD_ORIGIN_BOUNCE, "disposition: refused by the recipient's filter",
                        NULL);
    if (reading->report.disposition != NULL || strcmp(type, "disposition-notification") == 0)
        return conclude(reading, PD_ORIGIN_REPORT, "disposition notification", NULL);
    if (strcmp(type, "tlsrpt") == 0)
        return conclude(reading, PD_ORIGIN_REPORT, "TLS report", NULL);
    if (g_str_has_prefix(reading->mail->subject, "complaint about message from "))
        return conclude(reading, PD_ORIGIN_REPORT, "complaint in Microsoft's form", NULL);
    if (g_str_has_prefix(reading->mail->subject, "Report Domain:") ||
        g_str_has_prefix(reading->mail->subject, "Report domain:"))
        return conclude(reading, PD_ORIGIN_REPORT, "DMARC report", NULL);
    return FALSE;
}

static gboolean is_null_path(const PdReading *reading)
{
    const char *path = pd_sign(reading, "Return-Path");

    return path != NULL &&
           (strcmp(path, "<>") == 0 || g_ascii_strncasecmp(path, "<MAILER-DAEMON", 14) == 0);
}

/* A server's own mailbox. */
static gboolean is_postmaster(const PdReading *reading)
{
    static const char *const prefixes[] = {"mailer-daemon", "mailer_daemon", "mailerdaemon",
                                           "postmaster",    "mail-daemon",   "maildaemon",
                                           "mdaemon",       "daemon-mailer", "post_master"};
    g_autofree char *local = pd_local_part(reading->mail->from);
    const char *from = pd_sign(reading, "From");

    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(local, prefixes[i]))
            return TRUE;
    }
    if (from == NULL)
        return FALSE;
    return strcasestr(from, "mailer-daemon") != NULL || strcasestr(from, "mail delivery") != NULL ||
           strcasestr(from, "mail administrator") != NULL ||
           strcasestr(from, "postmaster") != NULL || strcasestr(from, "delivery subsystem") != NULL;
}

/* Local parts that nobody reads. */
static gboolean is_program(const char *local)
{
    static const char *const names[] = {
        "noreply",       "no-reply",      "no_reply",   "donotreply",    "do-not-reply",
        "do_not_reply",  "nagios",        "zabbix",     "icinga",        "alertmanager",
        "prometheus",    "cron",          "root",       "daemon",        "nobody",
        "monit",         "monitoring",    "monitor",    "alert",         "alerts",
        "alarm",         "scanner",       "scan",       "copier",        "notification",
        "notifications", "notify",        "system",     "www-data",      "apache",
        "logwatch",      "mailer-daemon", "postmaster", "autoresponder", "noresponse",
        "no.reply",      "backup",        "grafana",    "jenkins",       "printer",
        "notificacion",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length = strlen(names[i]);
        if (strncmp(local, names[i], length) == 0 &&
            (local[length] == '\0' || local[length] == '+' ||
             (i < 6 && !g_ascii_isalpha(local[length]))))
            return TRUE;
    }
    return strstr(local, "noreply") != NULL || strstr(local, "no-reply") != NULL ||
           strstr(local, "donotreply") != NULL;
}

/* Subject starts with the word, and then the subject of the answered mail or nothing follows:
 * "自动回复：…" is an answer, "自动回复功能无效" is a person's complaint. */
static gboolean begins_automatic(const char *subject)
{
    static const char *const words[] = {
        "自动回复",
        "自動回覆",
        "自动答复",
        "自動返信",
        "自動応答",
        "外出自动回复",
        "休假自动回复",
        "离开自动回复",
        "Automatic reply",
        "Auto reply",
        "Auto-reply",
        "Autoreply",
        "AutoReply",
        "Auto Response",
        "Auto-Response",
        "Out of office",
        "Out of the office",
        "Out-of-office",
        "Abwesenheitsnotiz",
        "Automatische Antwort",
        "Réponse automatique",
        "Respuesta automática",
        "Risposta automatica",
        "Resposta automática",
        "Auto",
        "OOO",
        "Automatisch antwoord",
        "Vacation reply",
        "Automatiskt svar",
        "不在通知",
        "Absence du bureau",
        "Automated reply",
        "Auto:",
    };

    if (*subject == '[' || *subject == '(')
        subject++;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(subject, words[i], length) != 0)
            continue;
        const char *rest = subject + length;
        rest += strspn(rest, " ");
        if (*rest == ':' || *rest == ']' || *rest == ')' || g_str_has_prefix(rest, "：") ||
            g_str_has_prefix(rest, "】") || (*rest == '\0' && length > 4) ||
            (g_str_has_prefix(rest, "- ") && length > 4))
            return TRUE;
    }
    return FALSE;
}

/* How much the sender hints at a bounce before a word is read. */
static PdBounceHint bounce_hint(const PdReading *reading)
{
    g_autofree char *local = pd_local_part(reading->mail->from);

    if (is_postmaster(reading))
        return PD_BOUNCE_HINT_SERVER;
    if (is_null_path(reading) || is_program(local) || pd_is_list_local(local) ||
        pd_sign(reading, "X-MLServer") != NULL)
        return PD_BOUNCE_HINT_PROGRAM;
    return PD_BOUNCE_HINT_NONE;
}

static gboolean look_for_bounce(PdReading *reading)
{
    const PdMail *mail = reading->mail;
    PdBounceHint hint = bounce_hint(reading);

    if (pd_sign(reading, "X-Failed-Recipients") != NULL)
        return conclude(reading, PD_ORIGIN_BOUNCE, "X-Failed-Recipients", NULL);
    if (reading->report_type != NULL && strcmp(reading->report_type, "delivery-status") == 0)
        return conclude(reading, PD_ORIGIN_BOUNCE, "report of type delivery-status", NULL);
    if (begins_automatic(mail->subject) || !pd_bounce_is_told(mail, hint))
        return FALSE;
    return conclude(reading, PD_ORIGIN_BOUNCE,
                    hint == PD_BOUNCE_HINT_SERVER ? "a mail server tells of a failure"
                                                  : "the text tells of a failure",
                    NULL);
}

/* "no", nothing, or forwarded by a rule: a person may have written it. */
static gboolean is_set(const char *value)
{
    return value != NULL && *value != '\0' && g_ascii_strncasecmp(value, "no", 2) != 0 &&
           g_ascii_strncasecmp(value, "auto-forwarded", 14) != 0;
}

/* An absence told in the first lines of a text that is short. */
static gboolean tells_absence(const char *text)
{
    static const char *const phrases[] = {
        "out of the office",
        "out of office",
        "on vacation",
        "on annual leave",
        "on leave until",
        "limited access to email",
        "limited access to my email",
        "away from my desk",
        "自动回复",
        "正在休假",
        "休假中",
        "出差中，",
        "不在办公室",
        "无法及时回复",
        "已收到您的邮件",
        "您的邮件我已收到",
        "nicht im Büro",
        "absent du bureau",
        "fuera de la oficina",
        "不在にしております",
        "i am currently away",
        "i'm currently away",
        "automatic response",
        "automated response",
        "will be away from",
        "auto-generated response",
        "私は不在",
        "vacation message",
    };
    g_autofree char *head = g_strndup(text, 600);

    if (strlen(text) > 2500)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        if (strcasestr(head, phrases[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean look_for_auto_reply(PdReading *reading)
{
    static const char *const marks[] = {"X-Autoreply",      "X-Autorespond",     "X-Autoresponder",
                                        "X-Autoreply-From", "X-Mail-Autoreply",  "X-AutoReply-From",
                                        "X-Vacation",       "X-Auto-Reply-From", "X-Auto-Reply"};
    const char *submitted = pd_sign(reading, "Auto-Submitted");
    const char *precedence = pd_sign(reading, "Precedence");

    if (submitted != NULL && g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0)
        return conclude(reading, PD_ORIGIN_AUTO_REPLY, "Auto-Submitted", submitted);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (is_set(pd_sign(reading, marks[i])))
            return conclude(reading, PD_ORIGIN_AUTO_REPLY, marks[i], pd_sign(reading, marks[i]));
    }
    if (precedence != NULL && (g_ascii_strcasecmp(precedence, "auto_reply") == 0 ||
                               g_ascii_strcasecmp(precedence, "auto-reply") == 0))
        return conclude(reading, PD_ORIGIN_AUTO_REPLY, "Precedence", precedence);
    if (begins_automatic(reading->mail->subject))
        return conclude(reading, PD_ORIGIN_AUTO_REPLY, "subject", reading->mail->subject);
    const char *class = pd_sign(reading, "X-POST-MessageClass");
    if (class != NULL && strcasestr(class, "autoresponder") != NULL)
        return conclude(reading, PD_ORIGIN_AUTO_REPLY, "X-POST-MessageClass", class);
    gboolean hinted = is_null_path(reading) || is_set(submitted) ||
                      pd_sign(reading, "X-Auto-Response-Suppress") != NULL ||
                      (precedence != NULL && g_ascii_strcasecmp(precedence, "junk") == 0);
    if (hinted && tells_absence(reading->mail->text))
        return conclude(reading, PD_ORIGIN_AUTO_REPLY, "the text tells of an absence", NULL);
    return FALSE;
}

static gboolean look_for_machine(PdReading *reading)
{
    static const char *const marks[] = {
        "X-Cron-Env",       "X-Zabbix-Event",     "X-Nagios-Notification", "X-GitHub-Reason",
        "X-GitLab-Project", "X-JIRA-FingerPrint", "X-Jenkins-Job",         "X-FC-MachineGenerated"};
    const char *submitted = pd_sign(reading, "Auto-Submitted");

    if (is_set(submitted))
        return conclude(reading, PD_ORIGIN_MACHINE, "Auto-Submitted", submitted);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (pd_sign(reading, marks[i]) != NULL)
            return conclude(reading, PD_ORIGIN_MACHINE, marks[i], NULL);
    }
    if (g_str_has_prefix(reading->mail->subject, "Cron <"))
        return conclude(reading, PD_ORIGIN_MACHINE, "subject", reading->mail->subject);
    g_autofree char *local = pd_local_part(reading->mail->from);
    if (is_program(local))
        return conclude(reading, PD_ORIGIN_MACHINE, "sender", reading->mail->from->address);
    g_autofree char *sender = pd_local_part(reading->mail->sender);
    if (is_program(sender) && reading->mail->from == NULL)
        return conclude(reading, PD_ORIGIN_MACHINE, "sender", reading->mail->sender->address);
    if (is_postmaster(reading))
        return conclude(reading, PD_ORIGIN_MACHINE, "a mail server's address", NULL);
    if (is_null_path(reading))
        return conclude(reading, PD_ORIGIN_MACHINE, "null return path", NULL);
    return FALSE;
}

void pd_origin_read(PdReading *reading)
{
    if (!look_for_self(reading) && !look_for_report(reading) && !look_for_bounce(reading) &&
        !look_for_auto_reply(reading))
        look_for_machine(reading);
    pd_via_read(reading);
}
