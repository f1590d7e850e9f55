/* talk.c: see talk.h. Of a mailbox that people and programs share its text alone tells who wrote;
 * in doubt a program, which nothing answers (I7). */
#include "talk.h"

#include "machine.h"
#include "sign.h"
#include <string.h>

#define MOST_LOOKED 4000 /* bytes */

/* What programs say of themselves, and "please" and "dear customer" they say, too. */
static const char *const automatic[] = {"automatic",   "automated",     "generated", "do not reply",
                                        "don't reply", "自动",          "自動",      "系统邮件",
                                        "请勿回复",    "请不要回复",    "請勿回覆",  "尊敬的用户",
                                        "尊敬的客户",  "dear customer", "dear user", NULL};

static const char *const eastern[] = {"我",     "帮忙", "帮我",   "帮看", "麻烦", "請幫", "麻煩",
                                      "请帮",   "请问", "請問",   "谢谢", "謝謝", "多谢", "感谢",
                                      "辛苦了", "吗",   "能不能", "？",   "咱们", NULL};

/* Each begins and ends a word. */
static const char *const western[] = {"i",     "i'm",    "i've",  "i'll",   "my",
                                      "we're", "thanks", "thank", "cheers", NULL};
static const char *const asking[] = {"could you",   "can you",     "would you",
                                     "please help", "let me know", NULL};

static gboolean has_word(const char *text, const char *const *words)
{
    g_auto(GStrv) all = g_strsplit_set(text, " \t\n.,;:!?()\"", -1);

    for (char **word = all; *word != NULL; word++) {
        for (const char *const *one = words; *one != NULL; one++) {
            if (g_ascii_strcasecmp(*word, *one) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

gboolean pd_talks(const PdReading *reading)
{
    g_autofree char *text = g_strndup(reading->mail->text, MOST_LOOKED);

    if (pd_says_any(text, automatic) || pd_machine_form(reading) != NULL)
        return FALSE;
    return pd_says_any(text, eastern) || pd_says_any(text, asking) || has_word(text, western);
}
