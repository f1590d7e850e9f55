/* autoreply.c: see autoreply.h. */
#include "autoreply.h"

#include "header.h"
#include "postdesk/text.h"
#include "sign.h"
#include <string.h>

#define MOST_OWN_TEXT 2500 /* bytes of an answer that nobody wrote */

/* "假期自动回复：": behind why nobody is there. */
static const char *skip_reason(const char *subject)
{
    static const char *const reasons[] = {"假期", "休假", "年假",   "外出", "出差", "离开",  "离职",
                                          "会议", "培训", "节假日", "系统", "邮件", "休假中"};

    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
        const char *rest = subject + strlen(reasons[i]);
        if (g_str_has_prefix(subject, reasons[i]) &&
            (g_str_has_prefix(rest, "自动回") || g_str_has_prefix(rest, "自动答")))
            return rest;
    }
    return subject;
}

/* Subject starts with the word, and then the subject of the answered mail or nothing follows:
 * "自动回复：…" is an answer, "自动回复功能无效" is a person's complaint. */
static gboolean is_titled(const char *subject, const char *const *words, gsize count)
{
    subject += strspn(subject, " [(");
    if (g_str_has_prefix(subject, "【"))
        subject += strlen("【");
    subject = skip_reason(subject);
    for (gsize i = 0; i < count; i++) {
        if (!pd_text_may_begin_with(subject, words[i]))
            continue;
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

gboolean pd_autoreply_is_title(const char *subject)
{
    static const char *const words[] = {
        "自动回复",
        "自動回覆",
        "自动答复",
        "自動返信",
        "自動応答",
        "Automatic reply",
        "Auto reply",
        "Auto-reply",
        "Autoreply",
        "Auto Response",
        "Auto-Response",
        "Out of office",
        "Out of the office",
        "Out-of-office",
        "Abwesenheitsnotiz",
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
        "Request received",
        "Ticket received",
        "自动回信",
        "自動回信",
        "自動答覆",
        "Autosvar",
        "Automaattinen vastaus",
        "Automatische Antwort",
        "Absence Notice",
        "부재중",
        "자동 회신",
        "Автоматический ответ",
        "Автоответ",
        "Odpowiedź automatyczna",
        "Automatyczna odpowiedź",
        "Automatická odpověď",
        "Automatická odpoveď",
        "Automatikus válasz",
        "Otomatik yanıt",
        "Automatisk svar",
        "Răspuns automat",
        "Αυτόματη απάντηση",
        "Автоматична відповідь",
        "Автоматичен отговор",
        "Automatski odgovor",
        "Samodejni odgovor",
        "Automaatne vastus",
        "Automātiska atbilde",
        "Automatinis atsakymas",
        "Trả lời tự động",
        "Balasan otomatis",
        "ตอบกลับอัตโนมัติ",
        "رد تلقائي",
        "תשובה אוטומטית",
        "Respuesta automatica",
        "Reponse automatique",
        "Vacation autoreply",
        "Holiday auto reply",
    };

    return is_titled(subject, words, G_N_ELEMENTS(words));
}

/* Words that an employee also writes to whom he tells, or asks about, an absence. */
static gboolean is_title_of_absence(const char *subject)
{
    static const char *const words[] = {
        "Away",
        "Fuera de la oficina",
        "Fuera de oficina",
        "Fora do escritório",
        "Fuori sede",
        "Afwezig",
        "Abwesend",
        "Abwesenheit",
        "Poissa toimistolta",
        "Fravær",
        "Frånvaro",
        "Message d'absence",
        "Vacation response",
    };

    return is_titled(subject, words, G_N_ELEMENTS(words));
}

/* "no", nothing, or forwarded by a rule: a person may have written it. */
gboolean pd_autoreply_is_set(const char *value)
{
    return value != NULL && *value != '\0' && g_ascii_strncasecmp(value, "no", 2) != 0 &&
           g_ascii_strncasecmp(value, "auto-forwarded", 14) != 0;
}

/* A program's own "no" may stand above what the answering one wrote. */
const char *pd_autoreply_submitted(const PdReading *reading)
{
    static const char name[] = "Auto-Submitted";

    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (pd_header_is_named(header->name, name) && pd_autoreply_is_set(header->value))
            return header->value;
    }
    return pd_sign(reading, name);
}

/* "I was out of the office yesterday": who says so is back. */
static gboolean is_told_as_past(const char *text, const char *phrase)
{
    static const char *const words[] = {"was ", "were ", "been ", "after "};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if ((gsize)(phrase - text) >= length &&
            g_ascii_strncasecmp(phrase - length, words[i], length) == 0)
            return TRUE;
    }
    return FALSE;
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
        "we have received your",
        "your request has been received",
        "您的请求已收到",
        "您的来信已收到",
        "不在辦公室",
        "休假中",
    };
    g_autofree char *head = g_strndup(text, 600);

    if (strlen(text) > MOST_OWN_TEXT)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        const char *found = strcasestr(head, phrases[i]);
        if (found != NULL && !is_told_as_past(head, found))
            return TRUE;
    }
    return FALSE;
}

/* "Thank you for your e-mail. I will reply …": the first words of a text that is short. */
static gboolean is_receipt(const char *text)
{
    static const char *const openings[] = {
        "thank you for your e",  "thanks for your e",    "thank you for your message",
        "thank you for you e",   "thank you for cont",   "thanks for contacting",
        "thank you for writing", "vielen dank für ihre", "merci pour votre",
        "gracias por su",        "感谢您的来信",         "感谢您的邮件",
        "您的邮件已收到",        "已收到您的来信",       "我已收到您的邮件"};
    g_autofree char *head = g_strndup(text, 200);

    if (strlen(text) > MOST_OWN_TEXT || strchr(text, '?') != NULL || strstr(text, "？") != NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (strcasestr(head, openings[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The first words, or the whole line that stands last, say so of this mail itself. */
static gboolean tells_of_itself(const PdMail *mail)
{
    static const char *const sentences[] = {"这是来自QQ邮箱的假期自动回复",
                                            "这是一封自动回复邮件",
                                            "此为自动回复",
                                            "此邮件为自动回复",
                                            "本邮件为自动回复",
                                            "本邮件是自动回复",
                                            "这是自动回复邮件",
                                            "此為自動回覆",
                                            "這是自動回覆",
                                            "[自动回复]",
                                            "【自动回复】",
                                            "（自动回复）",
                                            "(自动回复)",
                                            "This is an automatic reply",
                                            "This is an automated reply",
                                            "This is an automatic response",
                                            "This is an automated response",
                                            "This is an auto-reply",
                                            "This is an autoreply",
                                            "本メールは自動返信",
                                            "このメールは自動返信",
                                            "Dies ist eine automatische Antwort",
                                            "Ceci est une réponse automatique"};
    const char *text = mail->text + strspn(mail->text, " \n");
    gsize length = strlen(text);

    while (length > 0 && g_ascii_isspace(text[length - 1]))
        length--;
    if (length > MOST_OWN_TEXT || strchr(text, '?') != NULL || strstr(text, "？") != NULL)
        return FALSE;
    const char *last = memrchr(text, '\n', length);
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) {
        if (g_str_has_prefix(text, sentences[i]) ||
            (last != NULL && g_str_has_prefix(last + 1, sentences[i])))
            return TRUE;
    }
    return FALSE;
}

/* Notes: "Lee is out of the office (returning 06/10/2024)". */
static gboolean is_notes_title(const char *subject)
{
    return g_str_has_suffix(subject, ")") &&
           (strstr(subject, " is out of the office") != NULL ||
            strstr(subject, "不在办公室") != NULL) &&
           strpbrk(subject, "0123456789") != NULL && strchr(subject, '(') != NULL;
}

/* A mail program began it, and it answers nothing of ours: who asks about automatic replies may
 * name them in his subject. An automatic reply to us names what it answers, or our number. */
static gboolean is_written_anew(const PdReading *reading)
{
    return pd_is_by_mail_program(reading) && !pd_is_reply(reading->mail) &&
           !pd_subject_has_number(reading->mail->subject) && !pd_is_null_path(reading) &&
           !pd_autoreply_is_set(pd_autoreply_submitted(reading)) &&
           pd_sign(reading, "X-Auto-Response-Suppress") == NULL &&
           pd_sign(reading, "Precedence") == NULL;
}

gboolean pd_autoreply_find(PdReading *reading)
{
    static const char *const marks[] = {"X-Autoreply",       "X-Autorespond",    "X-Autoresponder",
                                        "X-Autoreply-From",  "X-Mail-Autoreply", "X-Vacation",
                                        "X-Auto-Reply-From", "X-Auto-Reply"};
    const char *submitted = pd_autoreply_submitted(reading);
    const char *precedence = pd_sign(reading, "Precedence");

    if (submitted != NULL && g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0)
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "Auto-Submitted", submitted);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (pd_autoreply_is_set(pd_sign(reading, marks[i])))
            return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, marks[i], pd_sign(reading, marks[i]));
    }
    if (precedence != NULL && (g_ascii_strcasecmp(precedence, "auto_reply") == 0 ||
                               g_ascii_strcasecmp(precedence, "auto-reply") == 0))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "Precedence", precedence);
    if ((pd_autoreply_is_title(reading->mail->subject) || is_notes_title(reading->mail->subject)) &&
        !is_written_anew(reading))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "subject", reading->mail->subject);
    if (reading->answers_invitation && reading->says_nothing)
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "a calendar's answer without a word",
                           reading->mail->subject);
    if (tells_of_itself(reading->mail) && !pd_is_by_mail_program(reading))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "the text says so of itself", NULL);
    const char *class = pd_sign(reading, "X-POST-MessageClass");
    if (class != NULL && strcasestr(class, "autoresponder") != NULL)
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "X-POST-MessageClass", class);
    gboolean hinted = pd_is_null_path(reading) || pd_autoreply_is_set(submitted) ||
                      pd_sign(reading, "X-Auto-Response-Suppress") != NULL ||
                      (precedence != NULL && g_ascii_strcasecmp(precedence, "junk") == 0);
    if (pd_is_null_path(reading) && is_receipt(reading->mail->text))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "the text thanks for a message", NULL);
    if ((hinted || pd_is_reply(reading->mail) || pd_subject_has_number(reading->mail->subject)) &&
        is_title_of_absence(reading->mail->subject))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "subject", reading->mail->subject);
    if (hinted && tells_absence(reading->mail->text))
        return pd_conclude(reading, PD_ORIGIN_AUTO_REPLY, "the text tells of an absence", NULL);
    return FALSE;
}
