/* signoff.c: see signoff.h.
 *
 * People begin sentences as devices do ("From my desk I see …", "发自内心地感谢"), so where the
 * first words could be theirs, the line must name a device or a program as well.
 */
#include "signoff.h"

#include "beginnings.h"
#include "postdesk/text.h"

#include <string.h>

#define MOST_NOTE 160         /* bytes of a device's line */
#define MOST_WORDS 5          /* of "From my BlackBerry wireless device" */
#define MOST_CONTACT_LABEL 24 /* bytes before the colon */
#define MOST_NOTICE 2000      /* bytes of a legal notice that are looked at */

gboolean pd_line_is_signature_mark(const PdLine *line)
{
    return (line->length == 2 && memcmp(line->text, "--", 2) == 0) ||
           (line->length == 2 && memcmp(line->text, "__", 2) == 0) ||
           (line->length == 3 && memcmp(line->text, "—", 3) == 0);
}

/* Nobody but a program begins so. */
static const char *const sure_notes[] = {
    "Sent from my ",       "Get Outlook for",        "Get [Outlook",
    "Envoyé de mon",       "Envoyé depuis",          "Enviado desde",
    "Enviado do meu",      "Enviado de mi ",         "Von meinem iP",
    "Von meinem Sam",      "Von meinem Hu",          "Inviato da ",
    "Sendt fra ",          "Skickat från ",          "Отправлено с",
    "Wysłane z",           "iPhoneから送信",         "获取 Outlook",
    "取得 Outlook",        "下载 Outlook",           "(sent from",
    "<<sent by",           "Télécharger Outlook",    "Holen Sie sich Outlook",
    "Obtener Outlook",     "Downloaden Sie Outlook", "Diese Nachricht wurde von mein",
    "Someone from mobile", "Envoyé à partir de",
};

/* A person may begin so, too. */
static const char *const likely_notes[] = {
    "Sent from ",   "Sent via ",     "Sent with ", "Sent using ", "Enviado de ",  "Enviado do ",
    "Von meinem ",  "Gesendet von",  "Envoyé de",  "Verzonden ",  "From my ",     "Outlook for ",
    "发自",         "發自",          "来自",       "來自",        "从我的",       "從我的",
    "从 ",          "由我的",        "傳送自",     "发送自",      "Envoyé avec ", "Enviado con ",
    "Inviato con ", "Gesendet mit ",
};

static const char *const devices[] = {
    "iphone", "ipad",       "ipod",       "android",  "galaxy", "samsung", "huawei",    "honor",
    "xiaomi", "redmi",      "blackberry", "nokia",    "lumia",  "pixel",   "oneplus",   "mobil",
    "handy",  "smartphone", "telefon",    "phone",    "tablet", "aka.ms",  "outlook",   "windows",
    "yahoo",  "gmail",      "mail",       "spark",    "proton", "nine",    "workspace", "手机",
    "手機",   "平板",       "客户端",     "用戶端",   "邮箱",   "信箱",    "小米",      "华为",
    "華為",   "荣耀",       "企业微信",   "钉钉",     "飞书",   "微信",    "foxmail",   "大师",
    "vivo",   "oppo",       "电子邮件",   "電子郵件",
};

static guint words_of(const char *text)
{
    guint words = 1;

    for (; (text = strchr(text, ' ')) != NULL; text++)
        words++;
    return words;
}

static gboolean has_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strstr(text, words[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean ends_with_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (g_str_has_suffix(text, words[i]))
            return TRUE;
    }
    return FALSE;
}

/* "从我的手机登录不上" is a complaint; a device says that it sends. */
static gboolean says_it_sends(const char *text)
{
    static const char *const sent[] = {"发送", "傳送", "寄出", "から送信"};
    static const char *const complaints[] = {"不", "无", "無", "没", "沒", "失败", "失敗"};

    g_autofree char *line = g_strdup(text);

    if (g_str_has_suffix(line, "。"))
        line[strlen(line) - strlen("。")] = '\0';
    return ends_with_any(line, sent, G_N_ELEMENTS(sent)) &&
           !has_any(text, complaints, G_N_ELEMENTS(complaints));
}

/* "Sent via Superhuman ( https://… )": a program, whichever it is. */
static gboolean ends_with_link(const char *text)
{
    const char *link = strstr(text, "https://");
    gsize length = strlen(text);

    return link > text + 2 && strchr("(< ", link[-1]) != NULL &&
           strchr(")>", text[length - 1]) != NULL && g_str_has_prefix(text, "Sent ");
}

static gboolean names_device(const PdLine *line)
{
    char text[MOST_NOTE + 1];

    memcpy(text, line->text, line->length);
    text[line->length] = '\0';
    if (g_str_has_prefix(text, "从我的") || g_str_has_prefix(text, "從我的") ||
        g_str_has_prefix(text, "由我的") || g_str_has_prefix(text, "从 "))
        return says_it_sends(text);
    if (ends_with_link(text))
        return TRUE;
    if (g_ascii_strncasecmp(text, "From my ", 8) == 0 && words_of(text) > MOST_WORDS)
        return FALSE;
    if (g_str_has_prefix(text, "Outlook for "))
        return strstr(text, "iOS") != NULL || strstr(text, "Android") != NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(devices); i++) {
        if (strcasestr(text, devices[i]) != NULL)
            return TRUE;
    }
    return g_str_has_prefix(text, "发自我的") || g_str_has_prefix(text, "來自我的") ||
           g_str_has_prefix(text, "来自我的");
}

/* Outlook on a phone tells in its user's language where to get it, and nearly always with a link
 * of its own: "获取适用于 iOS 的 Outlook<https://aka.ms/…>". */
static gboolean tells_where_to_get(const char *text)
{
    static const char *const getting[] = {"获取", "取得", "下载", "下載", "Get ", "Hämta "};
    static const char *const got[] = {"beziehen", "herunterladen", "入手", "받기", "downloaden"};
    static const char *const named[] = {"Outlook", "iOS", "Android"};

    if (strstr(text, "Outlook") == NULL)
        return FALSE;
    if (strstr(text, "//aka.ms/") != NULL)
        return TRUE;
    if (strstr(text, "iOS") == NULL && strstr(text, "Android") == NULL)
        return FALSE;
    if (ends_with_any(text, got, G_N_ELEMENTS(got)))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(getting); i++) {
        if (g_str_has_prefix(text, getting[i]))
            return ends_with_any(text, named, G_N_ELEMENTS(named));
    }
    return FALSE;
}

/* "Windows 版のメールから送信" */
static gboolean is_note_by_its_end(const PdLine *line)
{
    static const char gmail[] = "//www.google.com/gmail/about"; /* "Bob reacted via Gmail<…>" */

    if (pd_text_find(line->text, line->length, gmail) != NULL)
        return TRUE;
    if (pd_text_find(line->text, line->length, "Outlook") == NULL &&
        pd_text_find(line->text, line->length, "送信") == NULL)
        return FALSE;
    g_autofree char *text = g_strndup(line->text, line->length);
    return tells_where_to_get(text) ||
           (g_str_has_suffix(text, "から送信") && strstr(text, "、") == NULL);
}

gboolean pd_line_is_device_note(const PdLine *line)
{
    static PdBeginnings sure = PD_BEGINNINGS(sure_notes), likely = PD_BEGINNINGS(likely_notes);

    if (line->length == 0 || line->length > MOST_NOTE)
        return FALSE;
    if (is_note_by_its_end(line))
        return TRUE;
    return pd_line_begins_with_any(line, &sure) ||
           (pd_line_begins_with_any(line, &likely) && names_device(line));
}

/* What people sign with: how to reach them. */
static const char *const contacts[] = {
    "tel",  "phone", "mobil", "cell",   "fax",  "mail", "addr", "http", "web",
    "www",  "qq",    "skype", "wechat", "电话", "手机", "传真", "邮箱", "邮件",
    "地址", "网址",  "微信",  "主页",   "部门", "单位", "公司", "热线", "邮编",
    "電話", "手機",  "傳真",  "郵箱",   "電郵", "網址", "分機", "分机", "mob",
};

gboolean pd_line_tells_matter(const PdLine *line)
{
    gsize length = MIN(line->length, MOST_CONTACT_LABEL);
    const char *colon = memchr(line->text, ':', length);
    const char *wide = pd_text_find(line->text, length, "：");
    const char *end = colon == NULL || (wide != NULL && wide < colon) ? wide : colon;

    if (end == NULL)
        return FALSE;
    g_autofree char *label = g_strndup(line->text, (gsize)(end - line->text));
    for (gsize i = 0; i < G_N_ELEMENTS(contacts); i++) {
        if (strcasestr(label, contacts[i]) != NULL)
            return FALSE;
    }
    return TRUE;
}

/* Titles and sentences of lawyers. */
static const char *const sure_notices[] = {
    "Disclaimer",
    "Confidentiality Notice",
    "This e-mail and any",
    "This email and any",
    "This message and any",
    "This e-mail is confidential",
    "This email is confidential",
    "This communication and any",
    "This message contains confidential",
    "The information contained in this",
    "If you are not the intended recipient",
    "Please consider the environment before printing",
    "IMPORTANT NOTICE:",
    "免责声明",
    "免責聲明",
    "保密声明",
    "保密提示",
    "本邮件及其附件",
    "本邮件及附件",
    "本邮件（包括",
    "本電子郵件",
    "此邮件及其附件",
    "重要声明：",
    "Diese E-Mail enthält vertrauliche",
    "Ce message et toutes les pièces",
};

/* People write of mails, too: one that begins so must speak of secrecy as well. */
static const char *const likely_notices[] = {
    "This e-mail",
    "This email",
    "This message",
    "The contents of this",
    "The information in this",
    "CONFIDENTIAL",
    "NOTICE:",
    "本邮件",
    "本电子邮件",
    "本信件",
    "此邮件",
    "此电子邮件",
    "重要提示：",
    "声明：",
    "声明:",
    "【声明】",
    "特别声明：",
    "特别提示：",
    "聲明：",
    "Diese E-Mail",
    "Ce courriel",
    "Ce message",
    "Este mensaje",
    "Este correo electrónico",
};
static const char *const secrecy[] = {
    "confidential", "privileged",   "intended recipient", "intended only", "intended solely",
    "intended for", "保密信息",     "机密信息",           "商业秘密",      "保密资料",
    "机密资料",     "機密資訊",     "指定收件人",         "非预期收件人",  "vertraulich",
    "confidentiel", "confidencial",
};

gboolean pd_line_is_disclaimer(const PdLine *line)
{
    static PdBeginnings sure = PD_BEGINNINGS(sure_notices), likely = PD_BEGINNINGS(likely_notices);

    if (pd_line_begins_with_any(line, &sure))
        return TRUE;
    if (!pd_line_begins_with_any(line, &likely))
        return FALSE;
    g_autofree char *text = g_strndup(line->text, MIN(line->length, MOST_NOTICE));
    const char *behind = text + (g_str_has_prefix(text, "CONFIDENTIAL") ? 1 : 0);
    for (gsize i = 0; i < G_N_ELEMENTS(secrecy); i++) {
        if (strcasestr(behind, secrecy[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}
