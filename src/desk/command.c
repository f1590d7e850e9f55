/* command.c: see command.h.
 *
 * A command is a line that begins with "/" (or "／") and a word. A word with a further slash
 * in it is a path ("/var/log is full") and no command. "note:" at the top is "/note". The first
 * line that is no command ends them. What stands there came from outside: it is bounded and is
 * only ever compared. */
#include "desk/command.h"

#include "desk/meant.h"
#include "postdesk/diagnostics.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_COMMANDS 20
#define MOST_LINE_BYTES 500
#define MOST_WORD_BYTES 40 /* of all that a reporter says in one word */

static const PdCommandRow table[PD_COMMANDS] = {
    {PD_COMMAND_HELP, "help", "帮助", "? 命令", PD_ARGUMENT_NONE, "", "sends this list",
     "发送本列表"},
    {PD_COMMAND_STANDING, "where", "进度", "进展 progress", PD_ARGUMENT_NONE, "",
     "tells where the ticket stands", "查询工单进度"},
    {PD_COMMAND_ASSIGN, "assign", "指派", "分派 转派 give", PD_ARGUMENT_NEEDED,
     "me|NAME|ADDRESS|none", "gives the ticket to somebody", "把工单交给某人（me 或 我 为自己）"},
    {PD_COMMAND_PRIORITY, "priority", "优先级", "prio", PD_ARGUMENT_NEEDED, "P1|P2|P3|P4",
     "sets the priority", "设置优先级"},
    {PD_COMMAND_STATUS, "status", "状态", NULL, PD_ARGUMENT_OPTIONAL,
     "open|waiting|resolved|closed", "sets the status; alone: tells where it stands",
     "设置状态；不带参数则查询进度"},
    {PD_COMMAND_RESOLVE, "resolve", "解决", "resolved solve solved 已解决", PD_ARGUMENT_OPTIONAL,
     "[WHAT SOLVED IT]", "the problem is solved; text below goes to the reporter",
     "问题已解决，下面的文字发给报告人"},
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
    {PD_COMMAND_QUEUE, "queue", "队列", NULL, PD_ARGUMENT_NEEDED, "NAME", "sets the queue",
     "设置队列"},
    {PD_COMMAND_SUBJECT, "subject", "主题", "标题", PD_ARGUMENT_NEEDED, "TEXT",
     "renames the ticket", "修改主题"},
    {PD_COMMAND_DUE, "due", "期限", "截止 到期", PD_ARGUMENT_NEEDED, "2026-12-01",
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
    {PD_COMMAND_WATCH, "watch", "关注", "follow", PD_ARGUMENT_OPTIONAL, "[ADDRESS]",
     "mails of this ticket go to you, or to the address, as well", "关注本工单，或为该地址关注"},
    {PD_COMMAND_UNWATCH, "unwatch", "取消关注", "leave unfollow 退出", PD_ARGUMENT_OPTIONAL,
     "[ADDRESS]", "no more mails of this ticket", "不再接收本工单的邮件"},
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

static const char *without_slash(const char *word)
{
    if (word[0] == '/')
        return word + 1;
    return g_str_has_prefix(word, "／") ? word + strlen("／") : word;
}

const PdCommandRow *pd_command_find(const char *word)
{
    g_autofree char *small = g_utf8_strdown(without_slash(word), -1);

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
    g_autofree char *small = g_utf8_strdown(without_slash(written), -1);
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
    const PdCommandRow *row = near != NULL ? pd_command_find(near) : NULL;
    *word = row != NULL ? word_of_table(row, near) : NULL;
    return row;
}

PdCommand *pd_command_new(const PdCommandRow *row, const char *line, const char *argument)
{
    PdCommand *command = g_new0(PdCommand, 1);

    command->row = row;
    command->line = g_strdup(line);
    command->argument = g_strdup(argument);
    return command;
}

void pd_command_free(PdCommand *command)
{
    if (command == NULL)
        return;
    g_free(command->line);
    g_free(command->argument);
    g_free(command);
}

void pd_commands_free(PdCommands *commands)
{
    if (commands == NULL)
        return;
    g_ptr_array_unref(commands->list);
    g_free(commands->rest);
    g_free(commands->inside);
    g_free(commands);
}

/* Where the text behind "note:" begins, in any width and with the marks that mail programs put
 * around it: "Note :", "*Note:*", "ＮＯＴＥ：". NULL if the line is none. */
static const char *behind_note_mark(const char *line)
{
    static const char *const words[] = {"note", "internal", "备注", "内部"};
    static const char around[] = " \t*_";

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text = line + strspn(line, around);
        const char *word = words[i];
        for (; *word != '\0'; word = g_utf8_next_char(word), text = g_utf8_next_char(text)) {
            gunichar c = g_utf8_get_char(text);
            gunichar narrow = c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
            if (g_unichar_tolower(narrow) != g_utf8_get_char(word))
                break;
        }
        text += strspn(text, around);
        if (*word != '\0' || !(text[0] == ':' || g_str_has_prefix(text, "：")))
            continue;
        text = g_utf8_next_char(text);
        return text + strspn(text, around);
    }
    return NULL;
}

/* "note: …", "备注：…": as people write it without knowing commands. */
static PdCommand *read_note(const char *line)
{
    const char *text = behind_note_mark(line);
    g_autofree char *argument = text != NULL ? g_strstrip(g_strdup(text)) : NULL;

    return text != NULL ? pd_command_new(&table[PD_COMMAND_NOTE], line, argument) : NULL;
}

/* Where the word of a command ends: at a space or a colon of either width. */
static const char *end_of_word(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_isspace(c) || c == ':' || c == 0xff1a)
            break;
    }
    return text;
}

static const char *skip_gap(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_isspace(c) && c != ':' && c != 0xff1a)
            break;
    }
    return text;
}

/* "/优先级P2": Chinese is written without a space between. */
static const PdCommandRow *find_glued(const char *text, const char **argument)
{
    const PdCommandRow *found = NULL;
    gsize longest = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gsize length = strlen(table[i].chinese);
        if (length <= longest || !g_str_has_prefix(text, table[i].chinese) ||
            table[i].argument == PD_ARGUMENT_NONE)
            continue;
        found = &table[i];
        longest = length;
    }
    if (found != NULL)
        *argument = skip_gap(text + longest);
    return found;
}

/* "/ priority P1" and "\\priority P1" are slips of the hand where a command stands there; else they
 * are text. */
static const char *behind_slash(const char *line)
{
    const char *text = line[0] == '\\' ? line + 1 : without_slash(line);
    const char *start = text;

    while (text != line && *start != '\0' && g_unichar_isspace(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    if (start == text && line[0] != '\\')
        return text;
    g_autofree char *word = g_strndup(start, (gsize)(end_of_word(start) - start));
    return pd_command_find(word) != NULL ? start : line;
}

static PdCommand *read_command(const char *line)
{
    const char *text = behind_slash(line);
    const char *end = end_of_word(text);
    g_autofree char *word = g_strndup(text, (gsize)(end - text));
    const char *argument = skip_gap(end);

    if (text == line)
        return read_note(line);
    if (word[0] == '\0' || strchr(word, '/') != NULL ||
        !(g_unichar_isalpha(g_utf8_get_char(word)) || word[0] == '?'))
        return NULL;
    const PdCommandRow *row = pd_command_find(word);
    if (row == NULL)
        row = find_glued(text, &argument);
    PdCommand *command = pd_command_new(row, line, argument);
    if (row == NULL)
        pd_command_nearest(word, &command->nearest);
    return command;
}

PdCommands *pd_commands_parse(const char *text)
{
    PdCommands *commands = g_new0(PdCommands, 1);

    commands->list = g_ptr_array_new_with_free_func((GDestroyNotify)pd_command_free);
    while (*text != '\0' && commands->list->len < MOST_COMMANDS) {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strstrip(g_strndup(text, (gsize)(end - text)));
        PdCommand *command =
            line[0] != '\0' && strlen(line) <= MOST_LINE_BYTES ? read_command(line) : NULL;
        if (command == NULL && line[0] != '\0')
            break;
        if (command != NULL)
            g_ptr_array_add(commands->list, command);
        text = *end == '\n' ? end + 1 : end;
    }
    commands->rest = g_strstrip(g_strdup(text));
    commands->inside = g_strdup("");
    return commands;
}

/* "note:" or "/note", below other text, too: whoever wrote it wants it kept inside. */
static gboolean is_note(const char *line)
{
    g_autofree char *text = pd_text_head(line, MOST_LINE_BYTES);

    *strchrnul(text, '\n') = '\0';
    PdCommand *note = read_command(g_strstrip(text));
    gboolean is_one = note != NULL && note->row == &table[PD_COMMAND_NOTE];

    pd_command_free(note);
    return is_one;
}

void pd_commands_keep_inside(PdCommands *commands)
{
    for (char *line = commands->rest; *line != '\0';) {
        const char *end = strchrnul(line, '\n');
        if (is_note(line)) {
            g_free(commands->inside);
            commands->inside = g_strdup(line);
            *line = '\0';
            g_strchomp(commands->rest);
            return;
        }
        line += end - line + (*end == '\n');
    }
}

PdCommand *pd_command_below(const char **line)
{
    while (**line != '\0') {
        const char *end = strchrnul(*line, '\n');
        g_autofree char *text = g_strstrip(g_strndup(*line, (gsize)(end - *line)));
        PdCommand *command =
            text[0] != '\0' && strlen(text) <= MOST_LINE_BYTES ? read_command(text) : NULL;
        *line = *end == '\n' ? end + 1 : end;
        if (command != NULL && command->row != NULL)
            return command;
        pd_command_free(command);
    }
    return NULL;
}

/* Small letters without what stands around them: "Solved!" and "已解决。" */
static char *bare_word(const char *text)
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
                                         "thank you",
                                         "thanks",
                                         "请关闭",
                                         "可以关闭了",
                                         "请结单",
                                         "可以结单了",
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
    static const char *const confirms[] = {"confirm",  "confirmed",  "yes solved", "确认",
                                           "确认解决", "确认已解决", "可以了",     NULL};
    static const char *const rejects[] = {"reject",       "rejected",     "not solved", "not fixed",
                                          "not resolved", "still broken", "no",         "未解决",
                                          "没解决",       "没有解决",     "不行",       "还是不行",
                                          "仍未解决",     "还没好",       NULL};
    static const char *const asks[] = {"status",   "progress", "any news", "any update", "状态",
                                       "进度",     "进展",     "查询",     "查询进度",   "进度如何",
                                       "进展如何", "到哪了",   NULL};
    gboolean is_question = strchr(text, '?') != NULL || strstr(text, "？") != NULL;
    g_autofree char *word = strlen(text) <= MOST_WORD_BYTES * 2 ? bare_word(text) : g_strdup("");

    drop_politeness(word);
    if (g_strv_contains(asks, word))
        return &table[PD_COMMAND_STANDING];
    if (is_question) /* "solved?" */
        return NULL;
    if (g_strv_contains(over, word))
        return &table[is_resolved ? PD_COMMAND_CONFIRM : PD_COMMAND_WITHDRAW];
    if (is_resolved && g_strv_contains(confirms, word))
        return &table[PD_COMMAND_CONFIRM];
    return is_resolved && g_strv_contains(rejects, word) ? &table[PD_COMMAND_REJECT] : NULL;
}

gboolean pd_command_may_be(const char *text)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(text);

    return commands->list->len > 0 || pd_command_of_word(text, TRUE) != NULL;
}

char *pd_command_form(const PdCommandRow *row, gboolean in_chinese)
{
    static const char *const words[][2] = {
        {"WHAT SOLVED IT", "解决方法"},
        {"NAME=VALUE", "名称=值"},
        {"ADDRESS", "邮箱地址"},
        {"SUBJECT", "主题"},
        {"NUMBER", "工单号"},
        {"WORD…", "标签…"},
        {"TEXT", "文字"},
        {"NAME", "姓名或名称"},
        {"WHY", "原因"},
        {"WHO", "来电人"},
    };
    g_autoptr(GString) form = g_string_new(row->form);

    for (gsize i = 0; in_chinese && i < G_N_ELEMENTS(words); i++)
        g_string_replace(form, words[i][0], words[i][1], 0);
    return g_string_free(g_steal_pointer(&form), FALSE);
}

char *pd_command_value(const char *argument)
{
    static const char *const words[][2] = {
        {"处理中", "open"},     {"打开", "open"},      {"等待", "waiting"}, {"等候", "waiting"},
        {"已解决", "resolved"}, {"解决", "resolved"},  {"关闭", "closed"},  {"已关闭", "closed"},
        {"垃圾", "spam"},       {"高", "high"},        {"中", "medium"},    {"低", "low"},
        {"我", "me"},           {"自己", "me"},        {"无", "none"},      {"阻塞", "blocks"},
        {"重复", "duplicates"}, {"相关", "relates"},   {"来信", "message"}, {"批量", "bulk"},
        {"故障", "fault"},      {"故障报告", "fault"}, {"问题", "problem"}, {"报告人", "reporter"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i][0], argument) == 0)
            return g_strdup(words[i][1]);
    return g_strdup(argument);
}
