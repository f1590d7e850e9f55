/* clause_eastern.c: clauses of Chinese and Japanese: see clause.h and remark.c. */
#include "clause.h"

#include "sign.h"
#include <string.h>

#define MOST_SALUTATION 6 /* characters of "王老师您好" before the greeting */

/* What clauses are made of; longer ones before their beginnings. */
static const char *const thanking[] = {
    "非常感谢", "十分感谢", "万分感谢", "再次感谢",   "多谢",       "感谢",
    "谢谢",     "谢啦",     "谢了",     "辛苦了",     "辛苦",       "非常感謝",
    "感謝",     "謝謝",     "多謝",     "ありがとう", "感謝します", "助かりました"};
static const char *const thanked[] = {
    "大家",   "各位", "师傅", "提醒", "你们", "您们", "你們",         "老师",       "同事", "领导",
    "工程师", "的",   "您",   "你",   "了",   "啦",   "哈",           "啊",         "帮助", "帮忙",
    "支持",   "及时", "快速", "处理", "回复", "协助", "配合",         "解决",       "幫忙", "協助",
    "支援",   "处置", "耐心", "服务", "很",   "对",   "ございました", "ございます", "ます"};
/* one of these must be there */
static const char *const confirming[] = {
    "没有问题", "没问题",       "好",           "收到",        "知道", "明白",     "了解",
    "解决",     "可以",         "正常",         "恢复",        "搞定", "修好",     "能",
    "嗯",       "通过",         "ok",           "成功",        "满意", "沒有問題", "解決",
    "沒問題",   "了解しました", "承知しました", "確認しました"};
/* and these may stand around: what it is about, and what holds the words together */
static const char *const around[] = {
    "没有问题",   "没问题",       "沒有問題",     "沒問題",       "好的",        "收到",
    "已经",       "知道",         "明白",         "了解",         "解决",        "问题",
    "可以",       "正常",         "恢复",         "现在",         "使用",        "ok",
    "搞定",       "修好",         "测试",         "确认",         "验证",        "通过",
    "成功",       "都",           "能",           "打印机",       "重置",        "安装",
    "更新",       "连接",         "连上",         "打印",         "电脑",        "系统",
    "网络",       "邮箱",         "邮件",         "账号",         "帐号",        "登录",
    "登陆",       "密码",         "服务器",       "软件",         "网页",        "网站",
    "vpn",        "上网",         "访问",         "打开",         "故障已恢复",  "故障已经恢复",
    "故障已解决", "故障已经解决", "故障恢复",     "故障解决",     "故障已排除",  "故障排除",
    "解決",       "問題",         "現在",         "印表機",       "網路",        "登入",
    "非常",       "很",           "满意",         "好",           "已",          "用",
    "了",         "啦",           "的",           "嗯",           "哦",          "也",
    "可",         "了解しました", "承知しました", "解決しました", "確認しました"};
/* "我这边打印机已经好用了": who, what, how and in which state, in this order, and nothing behind
 * it: 可以重置我的密码 has such words, too, and asks for something. */
static const char *const whose[] = {"我们", "我", "这边", "这里", "那边", "的", "现在", "终于"};
static const char *const things[] = {
    "打印机", "印表机", "复印机", "扫描仪", "键盘", "鼠标",   "显示器", "屏幕", "投影仪", "摄像头",
    "麦克风", "耳机",   "音响",   "电话",   "手机", "笔记本", "台式机", "主机", "电脑",   "硬盘",
    "u盘",    "无线网", "无线",   "wifi",   "网线", "网速",   "网络",   "网页", "网站",   "门禁",
    "数据库", "数据",   "报表",   "页面",   "表格", "文件",   "文档",   "附件", "权限",   "平台",
    "系统",   "软件",   "服务器", "邮箱",   "邮件", "账号",   "帐号",   "密码", "vpn",    "会议室",
    "视频",   "声音",   "发票",   "税盘",   "机器", "设备",   "问题",   "故障", "的"};
static const char *const how[] = {"已经", "已", "现在", "终于", "也", "都",  "完全",
                                  "全部", "全", "可以", "能够", "能", "正常"};
static const char *const done[] = {"恢复", "修好", "解决", "搞定", "收到", "打开", "登录", "登陆",
                                   "上网", "访问", "打印", "收发", "显示", "使用", "连接", "连上",
                                   "播放", "正常", "好用", "用",   "顺畅", "好"};
static const char *const after_done[] = {"了", "啦"};
/* "王工", "刘科长": a name and what its bearer is called */
static const char *const titles[] = {"工", "老师", "经理", "主任", "科长", "处长", "师傅"};
static const char *const closing[] = {"此致",
                                      "敬礼",
                                      "祝好",
                                      "顺祝商祺",
                                      "祝工作顺利",
                                      "可以关单了",
                                      "可以关单",
                                      "可以结单了",
                                      "可以结单",
                                      "可以关闭了",
                                      "可以关闭工单了",
                                      "请关单",
                                      "请关闭工单",
                                      "よろしくお願いします",
                                      "よろしくお願いいたします"};
static const char *const greeting[] = {"您好", "你好", "大家好", "お世話になっております"};

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

static gboolean is_greeting(const char *clause)
{
    for (gsize i = 0; i < G_N_ELEMENTS(greeting); i++) {
        const char *found = strstr(clause, greeting[i]);
        if (found != NULL && found[strlen(greeting[i])] == '\0' &&
            g_utf8_strlen(clause, found - clause) <= MOST_SALUTATION)
            return TRUE;
    }
    return FALSE;
}

/* Behind a name of one or two characters and what its bearer is called; NULL if there is none. */
static const char *skip_person(const char *at)
{
    static const char *const asking[] = {"请", "让", "叫", "找", "安", "联", "派", "麻", "烦"};

    if (skip_any(at, asking, G_N_ELEMENTS(asking)) != NULL)
        return NULL;
    for (guint characters = 0; characters < 2 && (guchar)*at >= 0xe3; characters++) {
        at = g_utf8_next_char(at);
        const char *behind = skip_any(at, titles, G_N_ELEMENTS(titles));
        if (behind != NULL)
            return behind;
    }
    return NULL;
}

/* "谢谢王工的帮助": the rest is nothing but what one is thanked for, or further thanks. */
static gboolean is_thanks_to_end(const char *at)
{
    while (at != NULL && *at != '\0') {
        const char *next = skip_any(at, thanked, G_N_ELEMENTS(thanked));
        if (next == NULL)
            next = skip_any(at, thanking, G_N_ELEMENTS(thanking));
        at = next != NULL ? next : skip_person(at);
    }
    return at != NULL;
}

static const char *skip_all(const char *at, const char *const *phrases, gsize count)
{
    for (const char *next = at; next != NULL; next = skip_any(at, phrases, count))
        at = next;
    return at;
}

static gboolean says_it_is_well(const char *clause)
{
    const char *thing = skip_all(clause, whose, G_N_ELEMENTS(whose));
    const char *behind = skip_all(thing, things, G_N_ELEMENTS(things));
    const char *state = skip_all(behind, how, G_N_ELEMENTS(how));
    const char *end = skip_all(state, done, G_N_ELEMENTS(done));
    const char *rest = skip_all(end, after_done, G_N_ELEMENTS(after_done));

    if (behind == thing || end == state || *rest != '\0')
        return FALSE;
    /* "可以打印了", "已恢复", "使用正常"; but 可以打印 may be asked, and 数据恢复 is a task */
    gboolean is_called_well =
        g_str_has_suffix(clause, "正常") || g_str_has_suffix(clause, "好用") || state > behind;
    return rest > end ||
           (is_called_well && strstr(clause, "可以") == NULL && strstr(clause, "能") == NULL);
}

/* "可以安装软件", "好的现在的问题": leave to do something, or what is still to be said. */
static gboolean asks_for_more(const char *clause)
{
    static const char *const may[] = {"可以", "能", NULL};
    static const char *const tasks[] = {"重置", "安装", "更新", "连接", "打开",
                                        "测试", "确认", "验证", NULL};
    static const char *const happened[] = {"了", "啦", "正常", NULL};
    static const char *const no_problem[] = {"没问题", "没有问题", "沒問題", "沒有問題", NULL};

    return (pd_says_any(clause, may) && pd_says_any(clause, tasks) &&
            !pd_says_any(clause, happened)) ||
           (g_str_has_suffix(clause, "问题") && !pd_says_any(clause, no_problem));
}

static gboolean is_confirmation(const char *clause)
{
    if (says_it_is_well(clause))
        return TRUE;
    if (asks_for_more(clause))
        return FALSE;
    if (!consists_of(clause, around, G_N_ELEMENTS(around)))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(confirming); i++) {
        if (strstr(clause, confirming[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* "好的谢谢": thanks, and nothing before but a confirmation. */
static gboolean is_thanks(const char *clause)
{
    for (gsize i = 0; i < G_N_ELEMENTS(thanking); i++) {
        const char *found = strstr(clause, thanking[i]);
        if (found == NULL || !is_thanks_to_end(found))
            continue;
        g_autofree char *before = g_strndup(clause, (gsize)(found - clause));
        if (*before == '\0' || is_confirmation(before))
            return TRUE;
    }
    return FALSE;
}

PdClause pd_clause_eastern(const char *written)
{
    g_auto(GStrv) words = g_strsplit(written, " ", -1);
    g_autofree char *clause = g_strjoinv("", words);

    if (is_thanks(clause))
        return PD_CLAUSE_THANKS;
    if (consists_of(clause, closing, G_N_ELEMENTS(closing)) || is_greeting(clause))
        return PD_CLAUSE_POLITE;
    return is_confirmation(clause) ? PD_CLAUSE_CONFIRMS : PD_CLAUSE_OTHER;
}

/* Latin with its accents stays below. */
gboolean pd_clause_is_eastern(const char *clause)
{
    for (; *clause != '\0'; clause++) {
        if ((guchar)*clause >= 0xe3)
            return TRUE;
    }
    return FALSE;
}
