/* said.c: see said.h. Every clause must be of the lists, and one of them what is asked for: a word
 * that is not known may be the one that matters. */
#include "desk/said.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_BYTES 200

typedef struct {
    const char *const *cores;
    const char *const *before, *const *behind; /* what may stand around them */
} Sayings;

/* Says nothing by itself. */
static const char *const polite[] = {"您好",         "你好",         "您好老师",
                                     "老师您好",     "老师好",       "请问",
                                     "请问一下",     "麻烦了",       "谢谢",
                                     "谢谢您",       "多谢",         "感谢",
                                     "非常感谢",     "谢谢老师",     "辛苦了",
                                     "好",           "好的",         "收到",
                                     "嗯",           "明白",         "知道了",
                                     "hello",        "hi",           "hi all",
                                     "hello all",    "dear all",     "hi team",
                                     "hello team",   "good morning", "good afternoon",
                                     "please",       "thanks",       "thank you",
                                     "many thanks",  "thanks a lot", "thank you very much",
                                     "thx",          "ok",           "okay",
                                     "got it",       "noted",        "regards",
                                     "best regards", "kind regards", NULL};

static const char *const status_cores[] = {"进度如何",
                                           "进展如何",
                                           "进度怎么样",
                                           "进展怎么样",
                                           "进度怎么样了",
                                           "进展怎么样了",
                                           "有进展吗",
                                           "有进展了吗",
                                           "有没有进展",
                                           "有新进展吗",
                                           "有什么进展",
                                           "什么进度",
                                           "处理进度",
                                           "进度查询",
                                           "查询进度",
                                           "处理得怎么样了",
                                           "处理的怎么样了",
                                           "处理怎么样了",
                                           "处理得怎么样",
                                           "怎么样了",
                                           "到哪一步了",
                                           "到哪了",
                                           "处理到哪了",
                                           "处理到哪一步了",
                                           "解决了吗",
                                           "处理好了吗",
                                           "处理了吗",
                                           "修好了吗",
                                           "好了吗",
                                           "什么时候能好",
                                           "什么时候能解决",
                                           "什么时候能处理好",
                                           "什么时候能修好",
                                           "什么时候可以解决",
                                           "何时能解决",
                                           "何时解决",
                                           "大概什么时候能好",
                                           "大概什么时候能解决",
                                           "还要多久",
                                           "还需要多久",
                                           "多久能好",
                                           "多久能解决",
                                           "status",
                                           "status update",
                                           "progress",
                                           "any update",
                                           "any updates",
                                           "any news",
                                           "any progress",
                                           "is there any update",
                                           "is there any news",
                                           "is there any progress",
                                           "are there any updates",
                                           "are there any news",
                                           "what is the status",
                                           "what's the status",
                                           "whats the status",
                                           "what is the current status",
                                           "what's the current status",
                                           "where does it stand",
                                           "where do we stand",
                                           "how is it going",
                                           "how's it going",
                                           "could you give me an update",
                                           "can you give me an update",
                                           "could i have an update",
                                           "when will it be fixed",
                                           "when will this be fixed",
                                           "when will it be solved",
                                           "when will this be solved",
                                           "when will it be resolved",
                                           "when will this be resolved",
                                           "when will it be done",
                                           "how long will it take",
                                           NULL};
static const char *const status_before[] = {
    "您好",       "你好",     "请问一下", "请问",     "麻烦问一下",     "想问一下",     "问一下",
    "想了解一下", "这个问题", "那个问题", "我的问题", "这个工单",       "我的工单",     "该工单",
    "此工单",     "工单",     "问题",     "这个",     "我这个",         "现在",         "目前",
    "的",         "please ",  "hello ",   "hi ",      "just checking ", "do you have ", NULL};
static const char *const status_behind[] = {"呢",
                                            "啊",
                                            "呀",
                                            "谢谢",
                                            " on this",
                                            " on that",
                                            " on it",
                                            " on my ticket",
                                            " on this ticket",
                                            " on my request",
                                            " on this request",
                                            " on my issue",
                                            " on this issue",
                                            " of my ticket",
                                            " of this ticket",
                                            " of the ticket",
                                            " of my request",
                                            " of this request",
                                            " of this",
                                            " of my issue",
                                            " of this issue",
                                            " for my ticket",
                                            " about this",
                                            " about my ticket",
                                            " please",
                                            " yet",
                                            " now",
                                            NULL};

static const char *const try_cores[] = {"我试试",        "我试一下",        "我试一试",
                                        "我先试试",      "我先试一下",      "我再试试",
                                        "我再试一下",    "我测试一下",      "我先测试一下",
                                        "我去试试",      "我验证一下",      "我先验证一下",
                                        "我看一下",      "我先看看",        "我看看",
                                        "我确认一下",    "我先用用看",      "试试",
                                        "试一下",        "测试一下",        "i'll test",
                                        "i will test",   "i'll try",        "i will try",
                                        "i'll test it",  "i will test it",  "i'll try it",
                                        "i will try it", "i'll check",      "i will check",
                                        "i'll check it", "i will check it", "let me try",
                                        "let me test",   "let me check",    "will test",
                                        "will try",      "will check",      NULL};
static const char *const try_before[] = {
    "好的", "收到", "那",   "我",   "我们", "稍后",    "一会儿", "一会", "待会",  "等会", "明天",
    "今天", "下午", "上午", "回头", "晚点", "thanks ", "ok ",    "and ", "then ", NULL};
static const char *const try_behind[] = {"看",
                                         "吧",
                                         "再说",
                                         "再联系您",
                                         "再联系你",
                                         "再反馈",
                                         "后反馈",
                                         "谢谢",
                                         " tomorrow",
                                         " today",
                                         " later",
                                         " soon",
                                         " it out",
                                         " again",
                                         " and let you know",
                                         " and come back to you",
                                         " this afternoon",
                                         " on monday",
                                         " next week",
                                         NULL};
static const char *const contact_cores[] = {
    "有问题再联系",         "有问题再联系您",       "有问题再联系你",         "有问题再找您",
    "有问题再找你",         "如有问题再联系",       "如有问题再联系您",       "有问题再反馈",
    "如有问题再反馈",       "有情况再联系",         "有结果再告诉您",         "再给您反馈",
    "i'll let you know",    "i will let you know",  "will let you know",      "and let you know",
    "will get back to you", "i'll get back to you", "i will get back to you", NULL};

static const Sayings status_sayings = {status_cores, status_before, status_behind};
static const Sayings try_sayings = {try_cores, try_before, try_behind};

/* Takes off what stands before and behind, as often as something does. */
static gboolean says(const char *clause, const Sayings *sayings)
{
    g_autofree char *text = g_strdup(clause);
    char *start = text;

    for (gboolean again = TRUE; again;) {
        if (g_strv_contains(sayings->cores, start))
            return TRUE;
        again = FALSE;
        for (const char *const *word = sayings->before; *word != NULL && !again; word++)
            again = g_str_has_prefix(start, *word) && (start += strlen(*word)) != NULL;
        for (const char *const *word = sayings->behind; *word != NULL && !again; word++) {
            again = g_str_has_suffix(start, *word);
            if (again)
                start[strlen(start) - strlen(*word)] = '\0';
        }
    }
    return FALSE;
}

static gboolean ends_clause(gunichar c)
{
    return c == '\n' || (g_unichar_ispunct(c) && c != '\'' && c != '-');
}

GPtrArray *pd_said_clauses(const char *text)
{
    if (strlen(text) > MOST_BYTES)
        return NULL;
    GPtrArray *clauses = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *small = g_utf8_strdown(text, -1);
    g_autoptr(GString) clause = g_string_new(NULL);

    for (const char *c = small;; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c) == 0x2019 ? '\'' : g_utf8_get_char(c);
        if (letter != '\0' && !ends_clause(letter)) {
            g_string_append_unichar(clause, letter);
            continue;
        }
        char *folded = g_strstrip(pd_text_fold_space(clause->str));
        if (folded[0] != '\0')
            g_ptr_array_add(clauses, folded);
        else
            g_free(folded);
        g_string_truncate(clause, 0);
        if (letter == '\0')
            return clauses;
    }
}

gboolean pd_said_is_polite(const char *clause)
{
    return g_strv_contains(polite, clause);
}

/* Once at least; besides it only politeness and what may come with it (NULL: nothing). */
static gboolean all_say(const char *text, const Sayings *sayings, const char *const *besides)
{
    g_autoptr(GPtrArray) clauses = pd_said_clauses(text);
    guint found = 0;

    for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
        const char *clause = g_ptr_array_index(clauses, i);
        gboolean is_it = says(clause, sayings);
        if (!is_it && !pd_said_is_polite(clause) &&
            (besides == NULL || !g_strv_contains(besides, clause)))
            return FALSE;
        found += is_it;
    }
    return found > 0;
}

gboolean pd_said_asks_status(const char *text)
{
    return all_say(text, &status_sayings, NULL);
}

gboolean pd_said_will_try(const char *text)
{
    gboolean asks = strchr(text, '?') != NULL || strstr(text, "？") != NULL;

    return !asks && all_say(text, &try_sayings, contact_cores);
}
