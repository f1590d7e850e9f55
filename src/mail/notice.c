/* notice.c: see notice.h. */
#include "notice.h"

#include "sign.h"
#include <string.h>

#define MOST_RECALL 600
#define MOST_RECEIPT 1500 /* bytes of a receipt's text */

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
    return pd_conclude(reading, bounce ? PD_ORIGIN_BOUNCE : PD_ORIGIN_REPORT,
                       "notification in JSON", NULL);
}

/* "sender!domain!begin!end.xml.gz" (RFC 7489, 7.2.1.1), and the same of TLS reports. */
static gboolean is_traffic_file(const char *name)
{
    const char *domain = strchr(name, '!');
    const char *begin = domain != NULL ? strchr(domain + 1, '!') : NULL;

    return begin != NULL && strspn(begin + 1, "0123456789") >= 8 &&
           begin[1 + strspn(begin + 1, "0123456789")] == '!';
}

static gboolean brings_traffic_file(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = mail->attachments->pdata[i];
        if (is_traffic_file(attachment->name))
            return TRUE;
    }
    return FALSE;
}

/* What receivers tell of the domain's mail: DMARC and TLS, in aggregate. */
static gboolean look_for_traffic_report(PdReading *reading)
{
    const PdMail *mail = reading->mail;

    if (pd_is_reply(mail))
        return FALSE;
    if (strcasestr(mail->subject, "Report domain:") != NULL &&
        (strcasestr(mail->subject, "Submitter:") != NULL || brings_traffic_file(mail) ||
         g_ascii_strncasecmp(mail->subject, "Report domain:", 14) == 0))
        return pd_conclude(reading, PD_ORIGIN_REPORT, "DMARC report", NULL);
    /* a person who passes such a file on says why */
    if (brings_traffic_file(mail) && *mail->text == '\0')
        return pd_conclude(reading, PD_ORIGIN_REPORT, "a file as of a DMARC report", NULL);
    return FALSE;
}

/* "已读: …" and the form that mail programs fill in; both, since people write of read mails, too.
 */
static gboolean look_for_receipt(PdReading *reading)
{
    static const char *const titles[] = {
        "已读:",    "已读：",    "未读:",          "未读：",       "已讀",
        "未讀",     "讀取:",     "讀取：",         "已读回执",     "阅读回执",
        "读信回执", "Read:",     "Not read:",      "Gelesen:",     "Ungelesen:",
        "Lu :",     "Lu:",       "Non lu",         "Leído:",       "開封済み",
        "开封済み", "Letto:",    "Return Receipt", "Read receipt", "Read-Receipt",
        "Lida:",    "Odczytano:"};
    static const char *const forms[] = {"was read on",
                                        "was deleted without being read",
                                        "wurde gelesen",
                                        " gelesen.",
                                        "a été lu",
                                        "阅读。",
                                        "未阅读",
                                        "已被阅读",
                                        "被阅读",
                                        "邮件收条",
                                        "的邮件的回执",
                                        "讀取。",
                                        "已於",
                                        "was displayed",
                                        "Return Receipt",
                                        "fue leído",
                                        "に開封されました",
                                        "ungelesen gelöscht",
                                        "è stato letto",
                                        "ce reçu",
                                        "foi lida",
                                        NULL};
    const PdMail *mail = reading->mail;
    gboolean titled = FALSE;

    for (gsize i = 0; !titled && i < G_N_ELEMENTS(titles); i++)
        titled = g_ascii_strncasecmp(mail->subject, titles[i], strlen(titles[i])) == 0;
    if (!titled || strlen(mail->text) > MOST_RECEIPT || !pd_says_any(mail->text, forms))
        return FALSE;
    static const char *const yours[] = {
        "你的邮件",      "您的邮件",   "您发送给",     "您发给",     "你发给",
        "您的郵件",      "你的郵件",   "Your message", "Your",       "Ihre Nachricht",
        "Votre message", "Su mensaje", "El mensaje",   "メッセージ", "Il messaggio",
        "message",       NULL};
    if (!pd_says_any(mail->text, yours))
        return FALSE;
    return pd_conclude(reading, PD_ORIGIN_REPORT, "a receipt in words", mail->subject);
}

/* "Recall: …", which Outlook sends after a mail that its sender regrets, and what became of it. */
static gboolean look_for_recall(PdReading *reading)
{
    static const char *const titles[] = {"Recall: ",  "撤回: ",    "撤回：",         "召回: ",
                                         "Rückruf: ", "Rappel : ", "Message Recall", "邮件撤回"};
    static const char *const forms[] = {"would like to recall the message",
                                        "撤回邮件“",
                                        "撤回邮件\"",
                                        "撤回邮件「",
                                        "召回邮件“",
                                        "召回邮件\"",
                                        "möchte die Nachricht",
                                        "souhaite rappeler le message",
                                        "was recalled",
                                        "could not be recalled",
                                        NULL};
    const PdMail *mail = reading->mail;

    if (strlen(mail->text) > MOST_RECALL || !pd_says_any(mail->text, forms) ||
        strpbrk(mail->text, "?!") != NULL || strstr(mail->text, "？") != NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (g_str_has_prefix(mail->subject, titles[i]))
            return pd_conclude(reading, PD_ORIGIN_REPORT, "a recall", mail->subject);
    }
    return FALSE;
}

gboolean pd_notice_find(PdReading *reading)
{
    const char *type = reading->report_type != NULL ? reading->report_type : "";

    if (look_for_notification(reading))
        return TRUE;

    if (reading->report.feedback != NULL || strcmp(type, "feedback-report") == 0)
        return pd_conclude(reading, PD_ORIGIN_REPORT, "abuse feedback report", NULL);
    if (reading->report.delivery_status != NULL) {
        gboolean failed = has_failed_action(reading->report.delivery_status);
        return pd_conclude(reading, failed ? PD_ORIGIN_BOUNCE : PD_ORIGIN_REPORT,
                           failed ? "delivery status: failed" : "delivery status without a failure",
                           NULL);
    }
    if (reading->report.disposition != NULL &&
        strstr(reading->report.disposition, "automatic-action") != NULL &&
        strstr(reading->report.disposition, "; deleted") != NULL)
        return pd_conclude(reading, PD_ORIGIN_BOUNCE,
                           "disposition: refused by the recipient's filter", NULL);
    if (reading->report.disposition != NULL || strcmp(type, "disposition-notification") == 0)
        return pd_conclude(reading, PD_ORIGIN_REPORT, "disposition notification", NULL);
    if (strcmp(type, "tlsrpt") == 0 || pd_sign(reading, "TLS-Report-Domain") != NULL)
        return pd_conclude(reading, PD_ORIGIN_REPORT, "TLS report", NULL);
    if (g_str_has_prefix(reading->mail->subject, "complaint about message from "))
        return pd_conclude(reading, PD_ORIGIN_REPORT, "complaint in Microsoft's form", NULL);
    return look_for_traffic_report(reading) || look_for_receipt(reading) ||
           look_for_recall(reading);
}
