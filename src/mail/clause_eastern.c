/* clause_eastern.c: clauses of Chinese and Japanese: see clause.h and remark.c. */
#include "clause.h"

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
    "没有问题", "没问题", "好",           "收到",         "知道",        "明白", "了解",
    "解决",     "可以",   "正常",         "恢复",         "搞定",        "修好", "能",
    "嗯",       "通过",   "ok",           "成功",         "满意",        "顺畅", "沒有問題",
    "解決",     "沒問題", "了解しました", "承知しました", "確認しました"};
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
    "键盘",       "鼠标",         "显示器",       "屏幕",         "显示",        "投影仪",
    "摄像头",     "麦克风",       "耳机",         "音响",         "扫描仪",      "扫描",
    "复印机",     "电话",         "手机",         "笔记本",       "台式机",      "主机",
    "硬盘",       "u盘",          "无线网",       "无线",         "wifi",        "网线",
    "网速",       "门禁",         "数据库",       "报表",         "页面",        "表格",
    "文件",       "文档",         "附件",         "权限",         "数据",        "平台",
    "发票",       "税盘",         "会议",         "视频",         "声音",        "会议室",
    "机器",       "设备",         "我们",         "我",           "这边",        "这里",
    "那边",       "终于",         "完全",         "全部",         "非常",        "满意",
    "顺畅",       "很",           "收发",         "好",           "已",          "用",
    "了",         "啦",           "的",           "嗯",           "哦",          "也",
    "可",         "了解しました", "承知しました", "解決しました", "確認しました"};
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

static gboolean is_confirmation(const char *clause)
{
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
