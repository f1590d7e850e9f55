/* command_word.c: what a reporter says in one word, without knowing commands; see command.h. The
 * lists are closed: a wrong guess would move his ticket. */
#include "desk/command.h"

#include "postdesk/identity.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_WORD_BYTES 40

char *pd_command_text_of(const PdMail *mail)
{
    const char *end = pd_identity_begin(mail, mail->text);

    return g_strchomp(g_strndup(mail->text, (gsize)(end - mail->text)));
}

/* Small letters without what stands around them: "Solved!" and "已解决。" */
static char *small_letters(const char *text)
{
    GString *word = g_string_new(NULL);
    g_autofree char *folded = pd_text_fold_space(text);
    g_autofree char *small = g_utf8_strdown(folded, -1);

    for (const char *c = small; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        if (!g_unichar_ispunct(letter) || letter == '\'')
            g_string_append_unichar(word, letter);
    }
    return g_string_free(word, FALSE);
}

/* "Solved, thanks" and "不用了，请关闭": politeness at the end says nothing. */
static void drop_politeness(char *word)
{
    static const char *const polite[] = {"please close it",
                                         "please close",
                                         "you can close it",
                                         "thank you very much",
                                         "thank you so much",
                                         "thank you",
                                         "many thanks",
                                         "thanks a lot",
                                         "thanks",
                                         "thx",
                                         "请关闭",
                                         "可以关闭了",
                                         "请结单",
                                         "可以结单了",
                                         "with kind regards",
                                         "kind regards",
                                         "best regards",
                                         "regards",
                                         "此致 敬礼",
                                         "顺祝商祺",
                                         "祝好",
                                         "谢谢您的帮助",
                                         "谢谢帮助",
                                         "感谢支持",
                                         "非常感谢",
                                         "辛苦了",
                                         "谢谢您",
                                         "谢谢",
                                         "多谢",
                                         "感谢",
                                         NULL};

    for (gsize i = 0; polite[i] != NULL; i++) {
        if (!g_str_has_suffix(word, polite[i]) || strcmp(word, polite[i]) == 0)
            continue;
        word[strlen(word) - strlen(polite[i])] = '\0';
        g_strchomp(word);
        i = (gsize)-1; /* there may be another before it */
    }
}

char *pd_command_bare_word(const char *text)
{
    char *word = small_letters(text);

    drop_politeness(word);
    return word;
}

/* Said of a ticket that is not solved yet, these say that nothing more need be done about it; of
 * one that is, they agree. "OK" and "可以了" answer too many questions to be among them. */
static const char *const over[] = {"solved",
                                   "fixed",
                                   "resolved",
                                   "it works",
                                   "it works now",
                                   "it works again",
                                   "works again",
                                   "solved it myself",
                                   "no longer needed",
                                   "not needed any more",
                                   "not needed anymore",
                                   "no longer relevant",
                                   "please close",
                                   "please close it",
                                   "close",
                                   "close it",
                                   "please cancel",
                                   "cancel",
                                   "never mind",
                                   "nevermind",
                                   "you can close it",
                                   "已解决",
                                   "解决了",
                                   "已经解决",
                                   "已经解决了",
                                   "问题已解决",
                                   "问题解决了",
                                   "问题已经解决",
                                   "问题已经解决了",
                                   "自己解决了",
                                   "已自行解决",
                                   "自行解决了",
                                   "已恢复",
                                   "已经恢复",
                                   "恢复了",
                                   "已恢复正常",
                                   "已经好了",
                                   "不用了",
                                   "不需要了",
                                   "不用处理了",
                                   "不需要处理了",
                                   "无需处理",
                                   "无需处理了",
                                   "不必处理了",
                                   "请关闭",
                                   "可以关闭了",
                                   "请结单",
                                   "可以结单了",
                                   "取消",
                                   "撤单",
                                   NULL};

const PdCommandRow *pd_command_of_word(const char *text, gboolean is_resolved)
{
    static const char *const confirms[] = {"confirm",      "confirmed",  "yes solved", "确认",
                                           "确认解决",     "确认已解决", "可以了",     "好了",
                                           "没问题了",     "没有问题了", "正常了",     "已正常",
                                           "已经正常",     "已经正常了", "可以用了",   "能用了",
                                           "已经可以用了", "已经能用了", NULL};
    static const char *const rejects[] = {"reject",       "rejected",     "not solved", "not fixed",
                                          "not resolved", "still broken", "no",         "未解决",
                                          "没解决",       "没有解决",     "不行",       "还是不行",
                                          "仍未解决",     "还没好",       NULL};
    static const char *const asks[] = {"status",   "progress", "any news", "any update", "状态",
                                       "进度",     "进展",     "查询",     "查询进度",   "进度如何",
                                       "进展如何", "到哪了",   NULL};
    gboolean is_question = strchr(text, '?') != NULL || strstr(text, "？") != NULL;
    g_autofree char *word =
        strlen(text) <= MOST_WORD_BYTES * 2 ? pd_command_bare_word(text) : g_strdup("");

    if (g_strv_contains(asks, word))
        return pd_command_row(PD_COMMAND_STANDING);
    if (is_question) /* "solved?" */
        return NULL;
    if (g_strv_contains(over, word))
        return pd_command_row(is_resolved ? PD_COMMAND_CONFIRM : PD_COMMAND_WITHDRAW);
    if (is_resolved && g_strv_contains(confirms, word))
        return pd_command_row(PD_COMMAND_CONFIRM);
    return is_resolved && g_strv_contains(rejects, word) ? pd_command_row(PD_COMMAND_REJECT) : NULL;
}

gboolean pd_command_may_be(const char *text)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(text);

    return commands->list->len > 0 || pd_command_of_word(text, TRUE) != NULL ||
           pd_command_rating(text, NULL) != 0; /* who is satisfied with a solution confirms it */
}
