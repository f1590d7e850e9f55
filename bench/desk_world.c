/* desk_world.c: see desk_world.h. */
#include "desk_world.h"

#include <math.h>
#include <string.h>

#define ENGLISH_WORDS 20000
#define CHINESE_WORDS 8000
#define REPORTERS 20000
#define DEPARTMENTS 200
#define SENTENCES 5
#define SENTENCE 9 /* words */

static const char *const english_head[] = {
    "the",      "server",      "please",  "login",   "error",   "cannot",     "password",
    "system",   "report",      "network", "printer", "account", "database",   "connection",
    "failed",   "access",      "user",    "open",    "page",    "slow",       "since",
    "morning",  "message",     "screen",  "timeout", "vpn",     "backup",     "disk",
    "full",     "restart",     "service", "file",    "upload",  "download",   "invoice",
    "approval", "form",        "data",    "query",   "update",  "version",    "patch",
    "office",   "mail",        "folder",  "share",   "drive",   "permission", "denied",
    "expired",  "certificate", "browser", "window",  "button",  "department", "colleague"};
static const char *const chinese_head[] = {
    "系统",   "无法",   "登录", "请",   "报错", "服务器", "网络", "数据库", "打印机", "密码",
    "用户",   "连接",   "失败", "页面", "今天", "上午",   "申请", "权限",   "文件",   "处理",
    "数据",   "提示",   "超时", "业务", "办公", "电脑",   "更新", "审批",   "查询",   "报表",
    "邮件",   "发送",   "接收", "附件", "磁盘", "空间",   "备份", "重启",   "故障",   "告警",
    "应用",   "接口",   "访问", "账号", "开通", "单位",   "部门", "同事",   "尽快",   "协助",
    "表空间", "交换机", "光纤", "证书", "过期", "虚拟机", "集群", "存储",   "日志",   "监控"};
static const char *const syllables[] = {"ka",  "lo",  "mi",  "ren", "tas", "vor", "del",
                                        "pin", "gra", "sus", "ne",  "qui", "bal", "tor",
                                        "fen", "mar", "zo",  "lex", "dru", "ham"};
static const char han[] = "单据流程审核科室财务预算合同付款发票入库出库盘点资产设备维修配件厂商联系"
                          "人电话传真地址办理进度结果反馈"
                          "确认变更方案测试上线回退窗口期间影响范围原因分析临时措施永久解决责任人完"
                          "成时间等级紧急普通一般严重轻微";
static const struct {
    const char *category, *queue;
} categories[] = {
    {"account/password", "account"},    {"application/error", "application"},
    {"network/access", "network"},      {"hardware/printer", "hardware"},
    {"system/server", "system"},        {"system/database", "system"},
    {"network/vpn", "network"},         {"application/performance", "application"},
    {"question/how-to", "servicedesk"}, {"other", "servicedesk"},
    {"account/permission", "account"},  {"hardware/computer", "hardware"},
    {"change/request", "change"},       {"mail/delivery", "mail"},
    {"security/phishing", "security"},  {"data/correction", "data"},
};
static const char *const priorities[] = {"P1", "P2", "P3", "P4"};
static const char *const marks[] = {MARK_FIRST, MARK_SECOND, MARK_THIRD};

guint64 world_chance(guint64 *seed, guint64 most)
{
    guint64 z = *seed += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % most;
}

static char *english_word(guint rank)
{
    guint64 seed = rank;
    g_autoptr(GString) word = g_string_new(NULL);

    if (rank < G_N_ELEMENTS(english_head))
        return g_strdup(english_head[rank]);
    for (guint64 left = 2 + world_chance(&seed, 3); left > 0; left--)
        g_string_append(word, syllables[world_chance(&seed, G_N_ELEMENTS(syllables))]);
    return g_string_free(g_steal_pointer(&word), FALSE);
}

static char *chinese_word(guint rank)
{
    guint64 seed = rank;
    g_autoptr(GString) word = g_string_new(NULL);

    if (rank < G_N_ELEMENTS(chinese_head))
        return g_strdup(chinese_head[rank]);
    for (guint64 left = 2 + world_chance(&seed, 3); left > 0; left--)
        g_string_append_len(word, han + 3 * world_chance(&seed, (sizeof han - 1) / 3), 3);
    return g_string_free(g_steal_pointer(&word), FALSE);
}

/* Made once, when first asked for. */
const char *world_english(guint rank)
{
    static char *words[ENGLISH_WORDS];

    if (words[rank] == NULL)
        words[rank] = english_word(rank);
    return words[rank];
}

const char *world_chinese(guint rank)
{
    static char *words[CHINESE_WORDS];

    if (words[rank] == NULL)
        words[rank] = chinese_word(rank);
    return words[rank];
}

/* Zipf's law: the n-th word has a share of 1/n. */
static guint draw_rank(guint64 *seed, guint words)
{
    double drawn = (double)world_chance(seed, 1u << 30) / (double)(1u << 30);
    guint rank = (guint)exp(drawn * log((double)words + 1)) - 1;

    return MIN(rank, words - 1);
}

static void add_words(GString *text, guint64 *seed, gboolean is_chinese, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (is_chinese)
            g_string_append(text, world_chinese(draw_rank(seed, CHINESE_WORDS)));
        else
            g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                                   world_english(draw_rank(seed, ENGLISH_WORDS)));
    }
}

static char *make_subject(guint64 *seed, gboolean is_chinese)
{
    GString *subject = g_string_new(NULL);

    add_words(subject, seed, is_chinese, 4);
    return g_string_free(subject, FALSE);
}

static char *make_text(guint64 *seed, gboolean is_chinese, gint64 number)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < SENTENCES; i++) {
        add_words(text, seed, is_chinese, SENTENCE);
        g_string_append(text, is_chinese ? "。\n" : ".\n");
    }
    g_string_append_printf(text,
                           "srv-%04" G_GUINT64_FORMAT ".dc1.example.org ORA-%05" G_GUINT64_FORMAT
                           " INV-%07" G_GINT64_FORMAT " %s\n",
                           world_chance(seed, 5000), world_chance(seed, 30000), number,
                           marks[number % 3]);
    g_string_append(text, is_chinese ? "谢谢\n" : "Regards\n");
    return g_string_free(text, FALSE);
}

static void name_reporter(WorldTicket *ticket, guint64 who)
{
    guint64 seed = who + ((guint64)1 << 40);

    ticket->name = ticket->is_chinese
                       ? g_strdup(world_chinese(60 + (guint)world_chance(&seed, 3000)))
                       : g_strdup(world_english(60 + (guint)world_chance(&seed, 3000)));
    ticket->department = g_strdup_printf("%s%" G_GUINT64_FORMAT "科",
                                         world_chinese(60 + (guint)(who % 50)), who % DEPARTMENTS);
    ticket->reporter =
        g_strdup_printf("user%05" G_GUINT64_FORMAT "@dept%" G_GUINT64_FORMAT ".example.org", who,
                        who % DEPARTMENTS);
}

static void watch(WorldTicket *ticket, guint64 *seed)
{
    ticket->is_watched = TRUE;
    ticket->is_chinese = FALSE;
    ticket->category = "monitoring/alert";
    ticket->queue = "monitoring";
    g_free(ticket->subject);
    ticket->subject = g_strdup_printf(
        "** PROBLEM Service Alert: node%07" G_GINT64_FORMAT "/HTTP is CRITICAL **", ticket->number);
    ticket->merge_key = g_strdup_printf("service=node%07" G_GINT64_FORMAT "/HTTP", ticket->number);
    g_free(ticket->reporter);
    ticket->reporter = g_strdup("nagios@monitor.example.org");
    g_free(ticket->name);
    ticket->name = g_strdup("Nagios");
    (void)seed;
}

WorldTicket *world_ticket(gint64 number, gint64 total)
{
    guint64 seed = (guint64)number * 0x100000001b3u;
    WorldTicket *ticket = g_new0(WorldTicket, 1);
    guint64 category = world_chance(&seed, G_N_ELEMENTS(categories));

    ticket->number = number;
    ticket->is_chinese = world_chance(&seed, 5) < 3;
    ticket->is_answered = world_chance(&seed, 10) < 3;
    ticket->is_open = number > total - total / 20 || number % 19 == 7;
    ticket->category = categories[category].category;
    ticket->queue = categories[category].queue;
    ticket->priority = priorities[world_chance(&seed, G_N_ELEMENTS(priorities))];
    name_reporter(ticket, world_chance(&seed, REPORTERS));
    ticket->subject = make_subject(&seed, ticket->is_chinese);
    ticket->text = make_text(&seed, ticket->is_chinese, number);
    ticket->message_id = g_strdup_printf("n.%" G_GINT64_FORMAT "@client.example.org", number);
    if (world_chance(&seed, 20) == 0)
        watch(ticket, &seed);
    else if (world_chance(&seed, 100) < 15)
        ticket->file = g_strdup_printf("%s-%" G_GINT64_FORMAT ".png",
                                       ticket->is_chinese ? "屏幕截图" : "screenshot", number);
    return ticket;
}

void world_ticket_free(WorldTicket *ticket)
{
    g_free(ticket->subject);
    g_free(ticket->text);
    g_free(ticket->name);
    g_free(ticket->reporter);
    g_free(ticket->department);
    g_free(ticket->message_id);
    g_free(ticket->merge_key);
    g_free(ticket->file);
    g_free(ticket);
}

char *world_mail(const WorldMail *mail)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(mail->at / G_USEC_PER_SEC);
    g_autofree char *when = g_date_time_format(date, "%a, %d %b %Y %H:%M:%S +0000");
    g_autofree char *subject =
        g_base64_encode((const guchar *)mail->subject, strlen(mail->subject));
    g_autofree char *name = g_base64_encode((const guchar *)mail->name, strlen(mail->name));
    GString *out = g_string_new(NULL);

    g_string_printf(out,
                    "Received: from client.example.org (client.example.org [192.0.2.7])\r\n"
                    "\tby mx.example.org with ESMTPS id 1abc; %s\r\n"
                    "Message-ID: <%s>\r\nDate: %s\r\nFrom: =?utf-8?B?%s?= <%s>\r\nTo: %s\r\n"
                    "Subject: =?utf-8?B?%s?=\r\n",
                    when, mail->message_id, when, name, mail->from, mail->to, subject);
    if (mail->in_reply_to != NULL)
        g_string_append_printf(out, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", mail->in_reply_to,
                               mail->in_reply_to);
    g_string_append_printf(out,
                           "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n\r\n%s",
                           mail->text);
    return g_string_free(out, FALSE);
}

char *world_opening(const WorldTicket *ticket, gint64 at)
{
    const WorldMail mail = {
        .message_id = ticket->message_id,
        .name = ticket->name,
        .from = ticket->reporter,
        .to = "support@example.org",
        .subject = ticket->subject,
        .text = ticket->text,
        .at = at,
    };

    return world_mail(&mail);
}
