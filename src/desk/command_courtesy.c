/* command_courtesy.c: "/close it please" asks for no more than "/close"; see command.h. The lists
 * are closed: what holds one word beyond them is told to the reporter as it stands. */
#include "desk/command.h"

#include <string.h>

static gsize length_of_word(const char *text)
{
    gsize length = 0;

    while (g_ascii_isalnum(text[length]) || text[length] == '\'')
        length++;
    return length;
}

/* The bytes of a word that says nothing; 0: the text begins with none. */
static gsize empty_word(const char *text)
{
    static const char *const english[] = {
        "it",      "this", "that",   "one", "the", "a",      "ticket", "issue", "case",
        "request", "now",  "please", "pls", "plz", "thanks", "thank",  "thx",   "many",
        "you",     "then", "for",    "me",  "us",  "close",  NULL};
    static const char *const chinese[] = {
        "请",   "麻烦", "您",   "你",   "把",   "将",   "它",   "此",   "该",   "本", "这", "个",
        "张",   "条",   "工单", "单",   "问题", "一下", "现在", "先",   "了",   "吧", "掉", "啦",
        "谢谢", "多谢", "感谢", "非常", "辛苦", "即可", "可以", "关闭", "结单", NULL};
    gsize length = length_of_word(text);

    for (const char *const *word = english; *word != NULL && length > 0; word++)
        if (strlen(*word) == length && g_ascii_strncasecmp(text, *word, length) == 0)
            return length;
    for (const char *const *word = chinese; *word != NULL; word++)
        if (g_str_has_prefix(text, *word))
            return strlen(*word);
    return 0;
}

static gboolean ends_a_clause(gunichar c)
{
    return g_utf8_strchr(",.;:!?，。；：！？、", -1, c) != NULL;
}

/* Clauses of such words at the front are passed over; the first other one is kept whole. */
const char *pd_command_without_courtesy(const char *argument)
{
    const char *kept = argument;

    for (const char *at = argument; *at != '\0';) {
        gunichar c = g_utf8_get_char(at);
        gsize empty = empty_word(at);
        if (empty == 0 && !g_unichar_isspace(c) && !g_unichar_ispunct(c))
            return kept;
        at = empty > 0 ? at + empty : g_utf8_next_char(at);
        if (empty > 0 || !ends_a_clause(c))
            continue;
        while (*at != '\0' && g_unichar_isspace(g_utf8_get_char(at)))
            at = g_utf8_next_char(at);
        kept = at;
    }
    return "";
}
