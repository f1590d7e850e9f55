/* remark.c: thanks alone; absences that no header tells of are absence.c's.
 *
 * A wrong guess would hide a person's "still broken", so the vocabulary is closed: a text is
 * thanks only if every word of it is one of those below. What follows a word of thanks may
 * name what the thanks are for ("thanks for the help"); a clause without one may only confirm
 * ("it works now"), since "please help" is a request. Greetings and the sender's own name do
 * not count. A question is never thanks.
 */
#include "remark.h"

#include "absence.h"
#include "postdesk/text.h"
#include "sign.h"
#include <string.h>

#define MOST_THANKS 300   /* bytes of a text that may be thanks alone */
#define MOST_GREETED 4    /* words of "Dear Mr Wang Li" */
#define MOST_SALUTATION 6 /* characters of "王老师您好" before the greeting */

/* Words in lower case between spaces. */
static const char thanking[] =
    " thanks thank thankyou thx thks ty tks cheers appreciate appreciated "
    "danke dank merci gracias obrigado grazie bedankt ";
static const char before_thanks[] = " many so very big ok okay great perfect super i we much "
                                    "really highly and vielen herzlichen besten "
                                    "lieben muchas mille muito with ";
static const char thanked_for[] =
    " you u a lot very much so for your the my help helping quick fast prompt support again all "
    "everyone team guys and response reply assistance time effort efforts service solution work "
    "solving fixing resolving it this that indeed kindly in advance sir ihre die deine schnelle "
    "hilfe unterstützung für beaucoup pour votre aide por su ayuda tu mil sehr dir ihnen euch vous "
    "bien both ";
static const char confirming[] =
    " ok okay k yes great perfect excellent awesome super cool good fine nice it works worked "
    "working work now well all everything solved fixed resolved is has been that this done got "
    "received noted again properly perfectly and my the problem issue ticket confirmed understood "
    "es funktioniert jetzt wieder alles gut prima erledigt ça marche maintenant parfait tout est "
    "bon todo funciona perfecto ahora ";
static const char closing[] =
    " best kind warm regards regard wishes sincerely yours br rgds greetings have a nice good "
    "great "
    "day weekend evening morning afternoon mit freundlichen grüßen viele liebe grüße gruß beste "
    "mfg "
    "cordialement bonne journée saludos cordiales bien à vous atentamente ";
static const char greeting[] = " hi hello hey dear hallo liebe lieber bonjour hola good ";

/* What Chinese and Japanese clauses are made of; longer ones before their beginnings. */
static const char *const east_thanking[] = {
    "非常感谢", "十分感谢", "万分感谢", "再次感谢",   "多谢",       "感谢",
    "谢谢",     "谢啦",     "谢了",     "辛苦了",     "辛苦",       "非常感謝",
    "感謝",     "謝謝",     "多謝",     "ありがとう", "感謝します", "助かりました"};
static const char *const east_thanked[] = {
    "大家", "各位", "你们", "您们", "你們",         "老师",       "同事", "领导", "工程师", "的",
    "您",   "你",   "了",   "啦",   "哈",           "啊",         "帮助", "帮忙", "支持",   "及时",
    "快速", "处理", "回复", "协助", "配合",         "解决",       "幫忙", "協助", "支援",   "处置",
    "耐心", "服务", "很",   "对",   "ございました", "ございます", "ます"};
static const char *const east_confirming[] = {
    "没问题了", "没问题", "好的",         "收到",         "已经",         "知道",        "明白",
    "了解",     "解决",   "问题",         "可以",         "正常",         "恢复",        "现在",
    "使用",     "ok",     "好",           "已",           "都",           "能",          "用",
    "了",       "啦",     "的",           "嗯",           "哦",           "沒問題",      "解決",
    "問題",     "現在",   "了解しました", "承知しました", "解決しました", "確認しました"};
static const char *const east_closing[] = {"此致",
                                           "敬礼",
                                           "祝好",
                                           "顺祝商祺",
                                           "祝工作顺利",
                                           "よろしくお願いします",
                                           "よろしくお願いいたします"};
static const char *const east_greeting[] = {"您好", "你好", "大家好", "お世話になっております"};

typedef enum { CLAUSE_OTHER, CLAUSE_THANKS, CLAUSE_CONFIRMS, CLAUSE_POLITE } Clause;

static gboolean lists(const char *words, const char *word)
{
    g_autofree char *wanted = g_strconcat(" ", word, " ", NULL);

    return strstr(words, wanted) != NULL;
}

static gboolean all_listed(char **words, const char *list)
{
    for (; *words != NULL; words++) {
        if (!lists(list, *words))
            return FALSE;
    }
    return TRUE;
}

/* "many thanks for the quick help" */
static gboolean is_thanks(char **words)
{
    while (*words != NULL && !lists(thanking, *words) && lists(before_thanks, *words))
        words++;
    if (*words == NULL || !lists(thanking, *words))
        return FALSE;
    for (words++; *words != NULL; words++) {
        if (!lists(thanked_for, *words) && !lists(thanking, *words))
            return FALSE;
    }
    return TRUE;
}

/* "is it fixed" is a question even without its mark. */
static gboolean is_confirmation(char **words)
{
    return !lists(" is has ", words[0]) && all_listed(words, confirming);
}

/* The words of the name or of the address that the mail is from. */
static gboolean is_own_name(const PdMail *mail, const char *clause)
{
    if (mail->from == NULL)
        return FALSE;
    g_autofree char *who = g_strconcat(mail->from->name, " ", mail->from->address, NULL);
    g_autofree char *known = g_utf8_strdown(who, -1);
    g_auto(GStrv) words = g_strsplit(clause, " ", -1);

    for (char **word = words; *word != NULL; word++) {
        if (strstr(known, *word) == NULL)
            return FALSE;
    }
    return TRUE;
}

static const char *skip_any(const char *at, const char *const *phrases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (g_str_has_prefix(at, phrases[i]))
            return at + strlen(phrases[i]);
    }
    return NULL;
}

/* TRUE if the rest is nothing but these phrases. */
static gboolean consists_of(const char *at, const char *const *phrases, gsize count)
{
    while (at != NULL && *at != '\0')
        at = skip_any(at, phrases, count);
    return at != NULL;
}

static gboolean is_eastern_greeting(const char *clause)
{
    for (gsize i = 0; i < G_N_ELEMENTS(east_greeting); i++) {
        const char *found = strstr(clause, east_greeting[i]);
        if (found != NULL && found[strlen(east_greeting[i])] == '\0' &&
            g_utf8_strlen(clause, found - clause) <= MOST_SALUTATION)
            return TRUE;
    }
    return FALSE;
}

static Clause eastern_clause(const char *clause)
{
    const char *rest = skip_any(clause, east_thanking, G_N_ELEMENTS(east_thanking));

    if (rest != NULL && consists_of(rest, east_thanked, G_N_ELEMENTS(east_thanked)))
        return CLAUSE_THANKS;
    if (consists_of(clause, east_confirming, G_N_ELEMENTS(east_confirming)))
        return CLAUSE_CONFIRMS;
    if (consists_of(clause, east_closing, G_N_ELEMENTS(east_closing)) ||
        is_eastern_greeting(clause))
        return CLAUSE_POLITE;
    return CLAUSE_OTHER;
}

static gboolean is_ascii_word(const char *clause)
{
    return (guchar)clause[0] < 0xe0; /* Latin with its accents; what lies above is eastern here */
}

static Clause classify(const PdMail *mail, const char *clause, gboolean is_first)
{
    if (!is_ascii_word(clause)) {
        Clause eastern = eastern_clause(clause);
        return eastern == CLAUSE_OTHER && is_own_name(mail, clause) ? CLAUSE_POLITE : eastern;
    }
    g_auto(GStrv) words = g_strsplit(clause, " ", -1);
    if (is_thanks(words))
        return CLAUSE_THANKS;
    if (is_confirmation(words))
        return CLAUSE_CONFIRMS;
    if (all_listed(words, closing) || is_own_name(mail, clause))
        return CLAUSE_POLITE;
    if (is_first && lists(greeting, words[0]) && g_strv_length(words) <= MOST_GREETED)
        return CLAUSE_POLITE;
    return CLAUSE_OTHER;
}

static gboolean ends_clause(gunichar c)
{
    return c == '\n' || (c < 0x80 && strchr(".!,;:~()*-_", (char)c) != NULL) ||
           (c >= 0x3000 && c <= 0x3002) || c == 0x2026 || c == 0x2014 || c == 0xff01 ||
           c == 0xff0c || c == 0xff1b || c == 0xff1a || c == 0xff5e || c == 0xff08 || c == 0xff09;
}

/* Pictures of feelings are no words. */
static gboolean is_picture(gunichar c)
{
    return (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || c == 0xfe0f ||
           c == 0x200d;
}

/* The clauses of a text in lower case, white space folded, without marks; of char *. */
static GPtrArray *clauses_of(const char *text)
{
    GPtrArray *clauses = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *lower = g_utf8_strdown(text, -1);
    g_autoptr(GString) clause = g_string_new(NULL);

    for (const char *c = lower;; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (character != '\0' && !ends_clause(character)) {
            if (!is_picture(character))
                g_string_append_unichar(clause, character);
            continue;
        }
        char *folded = pd_text_fold_space(clause->str);
        if (*folded != '\0')
            g_ptr_array_add(clauses, folded);
        else
            g_free(folded);
        g_string_truncate(clause, 0);
        if (character == '\0')
            return clauses;
    }
}

static gboolean asks(const char *text)
{
    return strchr(text, '?') != NULL || strstr(text, "？") != NULL;
}

static gboolean brings_files(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = mail->attachments->pdata[i];
        if (!attachment->is_inline)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_thanks_only(const PdMail *mail)
{
    gboolean says_it = FALSE;

    if (strlen(mail->text) > MOST_THANKS || asks(mail->text) || brings_files(mail))
        return FALSE;
    g_autoptr(GPtrArray) clauses = clauses_of(mail->text);
    for (guint i = 0; i < clauses->len; i++) {
        Clause clause = classify(mail, clauses->pdata[i], i == 0);
        if (clause == CLAUSE_OTHER)
            return FALSE;
        says_it = says_it || clause != CLAUSE_POLITE;
    }
    return says_it;
}

void pd_remark_read(PdReading *reading)
{
    PdMail *mail = reading->mail;

    if (mail->origin != PD_ORIGIN_PERSON || mail->truncated)
        return;
    if (is_thanks_only(mail))
        mail->remark = PD_REMARK_THANKS;
    else if (!asks(mail->text) && !brings_files(mail) && pd_absence_is_told(mail->text))
        mail->remark = PD_REMARK_ABSENCE;
}
