/* command.c: the one table of commands: their words in both languages, the nearest to what somebody
 * wrote, and what stands behind them. See command.h. */
#include "desk/command.h"

#include "desk/meant.h"
#include "postdesk/diagnostics.h"
#include <string.h>

static const PdCommandRow table[PD_COMMANDS] = {
    {PD_COMMAND_HELP, "help", "帮助", "? 命令", PD_ARGUMENT_NONE, "", "sends this list",
     "发送本列表"},
    {PD_COMMAND_STANDING, "where", "进度", "进展 progress", PD_ARGUMENT_NONE, "",
     "tells where the ticket stands", "查询工单进度"},
    {PD_COMMAND_ASSIGN, "assign", "指派", "分派 转派 转给 交给 give", PD_ARGUMENT_NEEDED,
     "me|NAME|ADDRESS|none", "gives the ticket to somebody", "把工单交给某人（me 或 我 为自己）"},
    {PD_COMMAND_PRIORITY, "priority", "优先级", "prio", PD_ARGUMENT_NEEDED, "P1|P2|P3|P4",
     "sets the priority", "设置优先级"},
    {PD_COMMAND_STATUS, "status", "状态", NULL, PD_ARGUMENT_OPTIONAL,
     "open|waiting|resolved|closed", "sets the status; alone: tells where it stands",
     "设置状态；不带参数则查询进度"},
    {PD_COMMAND_RESOLVE, "resolve", "解决", "resolved solve solved done fixed 已解决 完成 已完成",
     PD_ARGUMENT_OPTIONAL, "[WHAT SOLVED IT]",
     "the problem is solved; text below goes to the reporter", "问题已解决，下面的文字发给报告人"},
    {PD_COMMAND_CLOSE, "close", "关闭", "结单", PD_ARGUMENT_OPTIONAL, "[WHY]", "closes the ticket",
     "关闭工单"},
    {PD_COMMAND_REOPEN, "reopen", "重开", "open 重新打开", PD_ARGUMENT_OPTIONAL, "[WHY]",
     "opens the ticket again", "重新打开工单"},
    {PD_COMMAND_SPAM, "spam", "垃圾", "垃圾邮件", PD_ARGUMENT_NONE, "",
     "it is spam: the ticket ends without an answer", "标为垃圾邮件，不答复即结束"},
    {PD_COMMAND_CATEGORY, "category", "分类", "类别 cat", PD_ARGUMENT_NEEDED, "network/vpn",
     "sets the category", "设置分类"},
    {PD_COMMAND_IMPACT, "impact", "影响", "影响度", PD_ARGUMENT_NEEDED, "high|medium|low",
     "sets the impact", "设置影响度"},
    {PD_COMMAND_URGENCY, "urgency", "紧急", "紧急度", PD_ARGUMENT_NEEDED, "high|medium|low",
     "sets the urgency", "设置紧急度"},
    {PD_COMMAND_QUEUE, "queue", "队列", NULL, PD_ARGUMENT_NEEDED, "QUEUE", "sets the queue",
     "设置队列"},
    {PD_COMMAND_SUBJECT, "subject", "主题", "标题", PD_ARGUMENT_NEEDED, "TEXT",
     "renames the ticket", "修改主题"},
    {PD_COMMAND_DUE, "due", "期限", "截止 到期", PD_ARGUMENT_NEEDED, "YYYY-MM-DD",
     "to be solved by the end of that day", "须在该日结束前解决"},
    {PD_COMMAND_TAG, "tag", "标签", NULL, PD_ARGUMENT_NEEDED, "WORD…", "adds tags", "添加标签"},
    {PD_COMMAND_NOTE, "note", "备注", "内部 internal", PD_ARGUMENT_OPTIONAL, "[TEXT]",
     "keeps the text inside: the reporter is not mailed", "文字仅内部可见，不发给报告人"},
    {PD_COMMAND_EXTERNAL, "external", "外部", "外协 厂商 vendor", PD_ARGUMENT_NEEDED,
     "ADDRESS [TEXT]", "asks somebody outside; the ticket waits for the answer",
     "询问外部单位，工单等待其答复"},
    {PD_COMMAND_MERGE, "merge", "合并", NULL, PD_ARGUMENT_NEEDED, "NUMBER",
     "this ticket goes on in that one", "把本工单并入该工单"},
    {PD_COMMAND_SPLIT, "split", "拆分", NULL, PD_ARGUMENT_OPTIONAL, "[SUBJECT]",
     "makes a ticket of its own of the last message", "把最近一封来信另立工单"},
    {PD_COMMAND_LINK, "link", "关联", NULL, PD_ARGUMENT_NEEDED,
     "[blocks|duplicates|relates] NUMBER", "links it to another ticket", "与另一工单关联"},
    {PD_COMMAND_WATCH, "watch", "关注", "follow", PD_ARGUMENT_OPTIONAL, "[ADDRESS|NAME]",
     "mails of this ticket go to you, or to the other one, as well", "关注本工单，或请他人关注"},
    {PD_COMMAND_UNWATCH, "unwatch", "取消关注", "leave unfollow 退出", PD_ARGUMENT_OPTIONAL,
     "[ADDRESS|NAME]", "no more mails of this ticket", "不再接收本工单的邮件"},
    {PD_COMMAND_UNDO, "undo", "撤销", "撤回", PD_ARGUMENT_OPTIONAL, "[message|bulk]",
     "takes the last change back; message: the last one came to the wrong ticket; bulk: at all "
     "tickets that it went to",
     "撤销上一次更改；加“来信”则把误归入的来信另立工单；加“批量”则撤销整次批量更改"},
    {PD_COMMAND_FORM, "form", "表单", "报告 report", PD_ARGUMENT_NEEDED, "fault|problem [reporter]",
     "mails you the form as PDF; with \"reporter\", to the reporter with the text below",
     "把填好的表单（PDF）发给您；加“报告人”则连同下面的文字发给报告人"},
    {PD_COMMAND_CONFIRM, "confirm", "确认", "ok", PD_ARGUMENT_NONE, "",
     "the problem is solved indeed", "确认已解决"},
    {PD_COMMAND_REJECT, "reject", "未解决", "没解决", PD_ARGUMENT_OPTIONAL, "[WHY]",
     "the problem is not solved", "问题仍未解决"},
    {PD_COMMAND_RATE, "rate", "评价", "评分", PD_ARGUMENT_NEEDED, "1|2|3|4|5",
     "how satisfied you are, 5 is best", "满意度，5 分最好"},
    {PD_COMMAND_ACCEPT, "accept", "受理", "接单", PD_ARGUMENT_NONE, "",
     "takes a new ticket in; an unknown sender who was held is acknowledged",
     "受理新工单；对暂扣的未登记发件人发出受理回执"},
    {PD_COMMAND_FIELD, "field", "字段", "属性", PD_ARGUMENT_NEEDED, "NAME=VALUE",
     "sets a field of your own; without a value it is taken off", "设置自定义字段；不写值则删除"},
    {PD_COMMAND_UNTAG, "untag", "取消标签", "去标签", PD_ARGUMENT_NEEDED, "WORD…", "takes tags off",
     "去掉标签"},
    {PD_COMMAND_WITHDRAW, "withdraw", "撤单", "cancel 取消 不用了", PD_ARGUMENT_OPTIONAL, "[WHY]",
     "your problem is gone or no longer matters: nobody need work on it",
     "问题已解决或不再需要处理，不必继续处理"},
    {PD_COMMAND_NEW, "new", "来电", "登记 报障 call", PD_ARGUMENT_OPTIONAL, "[WHO]",
     "opens a ticket for somebody who called; below: who, phone, dept, subject, priority, text",
     "为来电者建立工单，下面逐行写：报障人、电话、部门、主题、优先级、情况"},
};

const PdCommandRow *pd_command_row(PdCommandId id)
{
    return &table[id];
}

static gboolean has_word(const PdCommandRow *row, const char *word)
{
    if (strcmp(row->name, word) == 0 || strcmp(row->chinese, word) == 0)
        return TRUE;
    g_auto(GStrv) also = g_strsplit(row->also != NULL ? row->also : "", " ", -1);
    return g_strv_contains((const char *const *)also, word);
}

const char *pd_command_without_slash(const char *word)
{
    if (word[0] == '/')
        return word + 1;
    return g_str_has_prefix(word, "／") ? word + strlen("／") : word;
}

const PdCommandRow *pd_command_find(const char *word)
{
    g_autofree char *small = g_utf8_strdown(pd_command_without_slash(word), -1);

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (has_word(&table[i], small))
            return &table[i];
    return NULL;
}

/* Every word of every command. */
static GPtrArray *all_words(gboolean with_further)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(GStrv) also =
            g_strsplit(with_further && table[i].also != NULL ? table[i].also : "", " ", -1);
        g_ptr_array_add(words, g_strdup(table[i].name));
        g_ptr_array_add(words, g_strdup(table[i].chinese));
        for (char **word = also; *word != NULL; word++)
            g_ptr_array_add(words, g_strdup(*word));
    }
    g_ptr_array_add(words, NULL);
    return words;
}

/* Of a Chinese word one character may be missing, too many, or another; of a long one two. */
static const char *nearest_chinese(const char *written, const char *const *words)
{
    glong length = g_utf8_strlen(written, -1);
    guint best = length > 3 ? 3 : 2;
    const char *found = NULL;

    for (; *words != NULL && length > 1; words++) {
        guint distance = pd_meant_distance(written, *words);
        if (g_str_is_ascii(*words) || distance >= best || distance >= (guint)length)
            continue;
        best = distance;
        found = *words;
    }
    return found;
}

/* The command's own word, in the language of the one that was found. */
static const char *word_of_table(const PdCommandRow *row, const char *word)
{
    return g_str_is_ascii(word) ? row->name : row->chinese;
}

const PdCommandRow *pd_command_nearest(const char *written, const char **word)
{
    g_autofree char *small = g_utf8_strdown(pd_command_without_slash(written), -1);
    g_autoptr(GPtrArray) few = all_words(FALSE);
    g_autoptr(GPtrArray) all = all_words(TRUE);
    gboolean is_english = g_ascii_isalpha(small[0]);
    const char *const *names = (const char *const *)few->pdata;
    const char *const *further = (const char *const *)all->pdata;
    const char *near = is_english ? pd_nearest_word(small, names) : nearest_chinese(small, further);

    if (near == NULL && is_english)
        near = pd_nearest_word(small, further);
    if (near == NULL && (small[0] == 'p' && g_ascii_isdigit(small[1]) && small[2] == '\0'))
        near = "priority"; /* "/P1" */
    g_autofree char *value = pd_command_value(small);
    if (near == NULL && strcmp(value, "waiting") == 0)
        near = is_english ? "status" : "状态";
    const PdCommandRow *row = near != NULL ? pd_command_find(near) : NULL;
    *word = row != NULL ? word_of_table(row, near) : NULL;
    return row;
}

/* The first of several for one value is how it is told. */
static const char *const values[][2] = {
    {"处理中", "open"},     {"打开", "open"},      {"等待", "waiting"}, {"等候", "waiting"},
    {"已解决", "resolved"}, {"解决", "resolved"},  {"关闭", "closed"},  {"已关闭", "closed"},
    {"垃圾", "spam"},       {"高", "high"},        {"中", "medium"},    {"低", "low"},
    {"我", "me"},           {"自己", "me"},        {"无", "none"},      {"阻塞", "blocks"},
    {"重复", "duplicates"}, {"相关", "relates"},   {"来信", "message"}, {"批量", "bulk"},
    {"故障", "fault"},      {"故障报告", "fault"}, {"问题", "problem"}, {"报告人", "reporter"},
};

char *pd_command_value(const char *argument)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i][0], argument) == 0)
            return g_strdup(values[i][1]);
    return g_strdup(argument);
}

static void append_value_in_chinese(GString *out, const char *value, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        if (strlen(values[i][1]) == length && memcmp(values[i][1], value, length) == 0) {
            g_string_append(out, values[i][0]);
            return;
        }
    }
    g_string_append_len(out, value, (gssize)length);
}

/* What is to be filled in. */
static void put_blanks_into_chinese(GString *form)
{
    static const char *const words[][2] = {
        {"WHAT SOLVED IT", "解决方法"},
        {"NAME=VALUE", "名称=值"},
        {"YYYY-MM-DD", "年-月-日"},
        {"ADDRESS", "邮箱地址"},
        {"SUBJECT", "主题"},
        {"NUMBER", "工单号"},
        {"WORD…", "标签…"},
        {"TEXT", "文字"},
        {"QUEUE", "队列名"},
        {"NAME", "姓名"},
        {"WHY", "原因"},
        {"WHO", "来电人"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_string_replace(form, words[i][0], words[i][1], 0);
}

char *pd_command_choices(const char *choices, gboolean in_chinese)
{
    static const char *const marks = "|[], ";
    g_autoptr(GString) form = g_string_new(choices);
    g_autoptr(GString) told = g_string_new(NULL);

    if (!in_chinese)
        return g_strdup(choices);
    put_blanks_into_chinese(form);
    for (const char *at = form->str; *at != '\0';) {
        gsize length = strcspn(at, marks);
        append_value_in_chinese(told, at, length);
        at += length;
        length = strspn(at, marks);
        g_string_append_len(told, at, (gssize)length);
        at += length;
    }
    return g_string_free(g_steal_pointer(&told), FALSE);
}
