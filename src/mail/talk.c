/* talk.c: see talk.h. Of a mailbox that people and programs share its text alone tells who wrote;
 * in doubt a program, which nothing answers (I7). */
#include "talk.h"

#include "machine.h"
#include "sign.h"
#include <string.h>

#define MOST_LOOKED 4000 /* bytes */

/* What programs say of themselves and to those whom they serve; "please" and "thanks" they say,
 * too. */
static const char *const automatic[] = {
    "automatic", "automated", "generated",    "do not reply",  "don't reply",  "dear customer",
    "dear user", "for using", "for choosing", "your password", "your account", "your mailbox",
    "自动",      "自動",      "系统邮件",     "请勿回复",      "请不要回复",   "請勿回覆",
    "尊敬的",    "您的密码",  "您的账",       "您的帐",        "您的邮箱",     "您的工单",
    "您的申请",  "感谢使用",  "感谢您的使用", "您的支持",      "您的理解",     "您的配合",
    "感谢支持",  "感谢配合",  "我行",         "我司",          "祝您工作",     NULL};

static const char *const eastern[] = {"我",     "帮忙", "帮我",   "帮看", "麻烦", "請幫", "麻煩",
                                      "请帮",   "请问", "請問",   "谢谢", "謝謝", "多谢", "感谢",
                                      "辛苦了", "吗",   "能不能", "？",   "咱们", NULL};

/* Each is a word between blanks, and another follows: "Drive I: full" and "my.cnf" talk of
 * something else. */
static const char *const own[] = {"i", "i'm", "i've", "i'll", "my", "we're", NULL};
static const char *const western[] = {"thanks", "thank", "cheers", NULL};
static const char *const asking[] = {"could you",   "can you",     "would you",
                                     "please help", "let me know", NULL};

static gboolean is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (g_ascii_strcasecmp(word, *words) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean has_word(const char *text, const char *const *words)
{
    g_auto(GStrv) all = g_strsplit_set(text, " \t\n.,;:!?()\"", -1);

    for (char **word = all; *word != NULL; word++) {
        if (is_one_of(*word, words))
            return TRUE;
    }
    return FALSE;
}

/* "I cannot", "my screen"; "volume I is full" is of a volume. */
static gboolean speaks_of_himself(const char *text)
{
    static const char *const of_things[] = {"is", "has", NULL};
    g_auto(GStrv) all = g_strsplit_set(text, " \t\n", -1);

    for (char **word = all; word[0] != NULL && word[1] != NULL; word++) {
        if (is_one_of(word[0], own) && g_ascii_isalpha(word[1][0]) &&
            !is_one_of(word[1], of_things))
            return TRUE;
    }
    return FALSE;
}

gboolean pd_talks(const PdReading *reading)
{
    g_autofree char *text = g_strndup(reading->mail->text, MOST_LOOKED);

    if (pd_says_any(text, automatic) || pd_machine_form(reading) != NULL)
        return FALSE;
    return pd_says_any(text, eastern) || pd_says_any(text, asking) || has_word(text, western) ||
           speaks_of_himself(text);
}
