/* occasions.c: one table: occasion → variables, each with a line of help and a sample value.
 *
 * Samples stand in for a ticket where a template is only looked at. Those of a list's members are
 * one line for each entry, those of a list of lines one for each line; an empty one is null.
 *
 * A template may use what its occasion declares and nothing else (checked when it is
 * loaded). postdesk-templates(5) lists the same.
 */
#include "desk/occasions.h"

#include "postdesk/diagnostics.h"
#include <string.h>

#define TEXT(english, chinese) PD_VALUE_TEXT, english, chinese
#define SAME(sample) PD_VALUE_TEXT, sample, sample
#define LINES(english, chinese) PD_VALUE_LINES, english, chinese
#define FLAG(sample) PD_VALUE_FLAG, sample, sample
#define LIST PD_VALUE_LIST, "", ""
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, PD_VALUE_TEXT, NULL, NULL                                                      \
    }

static const PdVariable of_ticket[] = {
    {"desk_name", "name of the desk", TEXT("Service Desk", "信息服务台")},
    {"desk_address", "address of the desk", SAME("desk@example.org")},
    {"number", "number of the ticket, without #", SAME("123")},
    {"subject", "subject of the ticket",
     TEXT("VPN does not connect since this morning", "今早起 VPN 无法连接")},
    {"reporter_name", "name of the person mailed; null if none is known",
     TEXT("Wang Fang", "王芳")},
    {"category", "category in words; null if there is none",
     TEXT("Network / VPN", "网络 / VPN 远程接入")},
    {"category_path", "category as it stands in the rules; null if there is none",
     SAME("network/vpn")},
    {"priority", "P1 to P4; null if there is none", SAME("P2")},
    {"priority_word", "priority in words; null if there is none", TEXT("urgent", "紧急")},
    {"expectation", "what to expect when, in words, by priority",
     TEXT("Your request comes ahead of ordinary ones.", "我们会先于一般问题处理。")},
    {"status", "status as it stands in the store", SAME("open")},
    {"status_word", "status in words", TEXT("in work", "处理中")},
    {"awaits_reporter", "true if it waits for an answer of the reporter", FLAG("")},
    {"is_reporter", "true if the reader reported it: his word decides whether it is solved",
     FLAG("true")},
    {"is_desk", "true if the reader works at the desk: what he answers goes to the reporter",
     FLAG("")},
    {"opened_at", "when the ticket was opened, by the wall clock of the desk's calendar",
     SAME("2026-11-23 09:12")},
    {"respond_by", "when somebody sees to it at the latest; null if nothing is owed",
     SAME("2026-11-23 10:12")},
    {"resolve_by", "when it is meant to be solved; null if nothing is owed",
     SAME("2026-11-23 17:00")},
    {"has_actions", "true if the reader can do something by one tap", FLAG("true")},
    {"actions", "what he can do, as a list", LIST},
    {"actions.label", "what it does, in words",
     TEXT("Where does it stand?\nAll commands", "查询进度\n全部命令")},
    {"actions.command", "the command that does it", SAME("/where\n/help")},
    {"actions.href", "the link that opens an answer with it",
     SAME("mailto:desk@example.org?body=%2Fwhere\nmailto:desk@example.org?body=%2Fhelp")},
    END,
};

static const PdVariable of_message[] = {
    {"received_at", "when the message was taken in, by the wall clock of the desk's calendar",
     SAME("2026-11-23 09:12")},
    {"attachment_count", "number of attachments; null if there are none", SAME("2")},
    {"attachments", "list of the attachments", LIST},
    {"attachments.name", "name of an attachment; null if it has none",
     TEXT("error message.png\n", "错误提示.png\n")},
    {"attachments.size", "size of an attachment, readable", SAME("48 KB\n1.2 MB")},
    {"quote", "true if the message has text", FLAG("true")},
    {"quote_lines", "its first lines, as a list",
     LINES("The VPN has not connected since nine.\n\nIt says: error 809.",
           "今天早上九点起 VPN 无法连接。\n\n提示：错误 809。")},
    {"quote_cut", "true if the message is longer than the quote", FLAG("")},
    {"full_size", "size of the message, readable", SAME("1.3 MB")},
    {"linked", "number of the closed ticket that this one goes on from; null if there is none",
     SAME("98")},
    END,
};

static const PdVariable of_change[] = {
    {"previous_status_word", "the status before, in words; null if it is the same",
     TEXT("received", "已受理")},
    {"into", "number of the ticket that this one was merged into; null if it was not", SAME("118")},
    {"due_agreed", "when it is meant to be solved, if another time was agreed; else null",
     SAME("2026-11-24 17:00")},
    END,
};

static const PdVariable of_said[] = {
    {"said", "true if somebody wrote something for the reader", FLAG("true")},
    {"said_lines", "what he wrote, as a list of lines",
     LINES("Which version of the client do you use?\n\nYou find it under Help, About.",
           "请问您使用的客户端是哪个版本？\n\n在“帮助”菜单的“关于”里可以看到。")},
    {"said_cut", "true if there is more of it on the ticket", FLAG("")},
    {"said_by", "who wrote it; null if it is not told", TEXT("Zhang San", "张三")},
    END,
};

static const PdVariable of_verdict[] = {
    {"verdict", "true if somebody who follows it said whether it is solved, which moves nothing",
     FLAG("")},
    {"unproven", "true if nothing shows that a reply is its sender's, so that it moves nothing",
     FLAG("")},
    END,
};

static const PdVariable of_letting_off[] = {
    {"given_by", "who took it from him; null if that is not known", TEXT("Li Si", "李四")},
    {"given_to", "whose it is now; null if it is nobody's", TEXT("Wang Wu", "王五")},
    END,
};

static const PdVariable of_assignment[] = {
    {"is_yours", "true if it is the reader's", FLAG("true")},
    {"is_held", "true if its sender is not known and was not answered yet", FLAG("")},
    {"requester", "name of the reporter; null if none is known", TEXT("Wang Fang", "王芳")},
    {"requester_address", "address of the reporter", SAME("wang.fang@example.org")},
    {"requester_department", "department of the reporter; null if none is known",
     TEXT("Finance", "财务处")},
    {"requester_phone", "phone of the reporter; null if none is known", SAME("010-5555 8123")},
    {"messages", "the messages of the ticket, as a list", LIST},
    {"messages.from", "who wrote it", TEXT("Wang Fang", "王芳")},
    {"messages.date", "when; null if it is not known", SAME("2026-11-23 09:12")},
    {"messages.lines", "its text, as a list of lines",
     LINES("The VPN has not connected since nine.\nIt says: error 809.",
           "今天早上九点起 VPN 无法连接。\n提示：错误 809。")},
    {"messages.pictures", "its pictures that can be shown, as a list", LIST},
    {"messages.pictures.source", "where an <img> finds it",
     SAME("data:image/gif;base64,R0lGODlhAQABAIAAAMnU4gAAACwAAAAAAQABAAACAkQBADs=")},
    {"messages.pictures.name", "its name; null if it has none",
     TEXT("error message.png", "错误提示.png")},
    {"messages.pictures.width", "how wide it is to be shown, in pixels; null if it is not known",
     SAME("120")},
    {"has_files", "true if something is attached", FLAG("true")},
    {"files", "what is attached to the messages, as a list", LIST},
    {"files.name", "name of an attachment; null if it has none",
     TEXT("error message.png\n", "错误提示.png\n")},
    {"files.size", "its size, readable", SAME("48 KB\n1.2 MB")},
    {"files.is_shown", "true if it is a picture that is shown with its message", FLAG("true\n")},
    {"has_earlier", "true if the reporter had tickets before", FLAG("true")},
    {"earlier", "his last ones, as a list", LIST},
    {"earlier.number", "number of a ticket, without #", SAME("97\n41")},
    {"earlier.subject", "its subject",
     TEXT("New token for the VPN\nOutlook asks for the password again and again",
          "申请新的 VPN 令牌\nOutlook 反复要求输入密码")},
    {"earlier.status_word", "status in words", TEXT("closed\nsolved", "已关闭\n已解决")},
    {"earlier.opened_at", "when it was opened", SAME("2026-10-08 14:20\n2026-06-17 10:05")},
    {"has_similar", "true if solved tickets are like this one", FLAG("true")},
    {"similar", "up to three of them, the most alike first", LIST},
    {"similar.number", "number of a ticket, without #", SAME("88\n63")},
    {"similar.subject", "its subject",
     TEXT("VPN: error 809 on the second floor\nVPN drops every hour",
          "二楼 VPN 报错 809\nVPN 每小时断线一次")},
    {"similar.category", "category in words; null if there is none",
     TEXT("Network / VPN\nNetwork / VPN", "网络 / VPN 远程接入\n网络 / VPN 远程接入")},
    {"similar.opened_at", "when it was opened", SAME("2026-09-30 08:55\n2026-07-02 16:40")},
    {"similar.cause", "its cause; null if nobody wrote it",
     TEXT("UDP 500 was blocked by the new firewall rule.\n", "新防火墙规则拦截了 UDP 500。\n")},
    {"similar.solution", "how it was solved",
     TEXT("The rule was changed; it connects again.\nUpgraded the client to 5.3.",
          "调整规则后恢复。\n客户端升级到 5.3。")},
    {"has_why", "true if rules classified it", FLAG("true")},
    {"why", "what was set by which rule, as a list of lines",
     LINES("category: Network / VPN (vpn)\npriority: P2 (matrix)",
           "类别: 网络 / VPN 远程接入 (vpn)\n优先级: P2 (matrix)")},
    END,
};

static const PdVariable of_attached[] = {
    {"form_word", "the form in words", TEXT("Fault report", "故障处理报告")},
    {"is_pdf", "true if it is a PDF; else it is HTML", FLAG("true")},
    END,
};

static const PdVariable of_refusal[] = {
    {"lines", "the commands of the mail, as a list", LIST},
    {"lines.line", "as it was written", TEXT("/prority P1\n/tag vpn", "/优级 P1\n/标签 vpn")},
    {"lines.understood", "true if it could have been done", FLAG("\ntrue")},
    {"lines.reason", "why not, in words", TEXT("there is no such command\n", "没有这个命令\n")},
    {"lines.nearest", "what was probably meant; null if nothing is near",
     TEXT("/priority\n", "/优先级\n")},
    {"lines.choices", "what could stand there; null if that is not a list", SAME("P1|P2|P3|P4\n")},
    {"unproven", "true if one was not his to say, or nothing shows that he said it", FLAG("true")},
    END,
};

static const PdVariable of_help[] = {
    {"commands", "the commands that the reader may give, as a list", LIST},
    {"commands.name", "its English word", SAME("resolve\nhelp")},
    {"commands.chinese", "its Chinese word", SAME("解决\n帮助")},
    {"commands.form", "what stands behind it; null if nothing does",
     TEXT("[WHAT SOLVED IT]\n", "[解决方法]\n")},
    {"commands.help", "what it does",
     TEXT("the problem is solved; text below goes to the reporter\nsends this list",
          "问题已解决，下面的文字发给报告人\n发送本列表")},
    {"call_href", "link that opens an empty form for a call; null unless the reader may",
     SAME("mailto:desk@example.org?body=%2Fnew")},
    END,
};

static const PdVariable of_call[] = {
    {"has_lines", "true if something of the form could not be taken over", FLAG("true")},
    {"lines", "what could not be taken over, as a list", LIST},
    {"lines.line", "as it was written", TEXT("priority: P9", "优先级：P9")},
    {"lines.understood", "false", FLAG("")},
    {"lines.reason", "why not, in words", TEXT("this value is not possible", "不能取这个值")},
    {"lines.nearest", "what was probably meant; null if nothing is near", SAME("")},
    {"lines.choices", "what could stand there; null if that is not a list", SAME("P1, P2, P3, P4")},
    END,
};

static const PdVariable of_form[] = {
    {"reporter_address", "address of the reporter", SAME("wang.fang@example.org")},
    {"department", "the reporter's department; null if none is known", TEXT("Finance", "财务处")},
    {"assignee", "who works on the ticket; null if nobody is named", SAME("zhang.san@example.org")},
    {"queue", "queue; null if there is none", SAME("network")},
    {"impact_word", "impact in words; null if there is none", TEXT("medium", "中")},
    {"urgency_word", "urgency in words; null if there is none", TEXT("high", "高")},
    {"responded_at", "when the desk first took it up; null if it did not yet",
     SAME("2026-11-23 09:30")},
    {"resolved_at", "when it was last resolved; null if it is not", SAME("2026-11-23 15:40")},
    {"closed_at", "when it was closed; null if it is not", SAME("2026-11-23 16:05")},
    {"filled_at", "when the form was filled", SAME("2026-11-24 08:30")},
    {"description", "the text of the first message, as a list of lines",
     LINES("The VPN has not connected since nine.\nIt says: error 809.",
           "今天早上九点起 VPN 无法连接。\n提示：错误 809。")},
    {"cause", "the cause, from the newest note that names it; null if none does",
     TEXT("The certificate of the gateway had expired.", "网关证书过期。")},
    {"solution", "what was done, likewise",
     TEXT("A new certificate was installed.", "已更换证书。")},
    {"prevention", "how it is kept from coming back, likewise",
     TEXT("Expiry is watched from now on.", "已纳入到期监控。")},
    {"attachment_count", "number of attachments of all messages; null if there are none",
     SAME("2")},
    {"attachments", "list of them", LIST},
    {"attachments.name", "name of an attachment; null if it has none",
     TEXT("error message.png\n", "错误提示.png\n")},
    {"attachments.size", "size of an attachment, readable", SAME("48 KB\n1.2 MB")},
    {"history", "what happened, as a list from old to new", LIST},
    {"history.at", "when", SAME("2026-11-23 09:12\n2026-11-23 15:40")},
    {"history.who", "who", SAME("wang.fang@example.org\nzhang.san@example.org")},
    {"history.what", "what, in words",
     TEXT("mail received\nstatus: resolved", "受理来信\n状态: 已解决")},
    END,
};

static const PdVariable of_escalation[] = {
    {"is_late", "true if the target is due already", FLAG("")},
    {"target_word", "what is due, in words", TEXT("the solution", "解决")},
    {"due_at", "when it is due; null for a reminder", SAME("2026-11-23 17:00")},
    {"holder", "who has the ticket; null if nobody has", TEXT("Zhang San", "张三")},
    {"requester", "name or address of the reporter", TEXT("Wang Fang", "王芳")},
    {"requester_department", "department of the reporter; null if none is known",
     TEXT("Finance", "财务处")},
    END,
};

static const PdVariable of_reminder[] = {
    {"is_outside", "true if somebody was asked who is not the reporter", FLAG("")},
    END,
};

static const PdVariable of_handover[] = {
    {"desk_name", "name of the desk", TEXT("Service Desk", "信息服务台")},
    {"desk_address", "address of the desk", SAME("desk@example.org")},
    {"reporter_name", "name of the person mailed; null if none is known",
     TEXT("Wang Fang", "王芳")},
    {"group", "the group of the roster", TEXT("network", "网络组")},
    {"shift", "the shift that begins", TEXT("day", "白班")},
    {"until", "when it ends", SAME("2026-11-23 18:00")},
    {"before", "who was on duty before; null if nobody was", TEXT("Li Si", "李四")},
    {"count", "how many tickets are open; null if none is", SAME("2")},
    {"not_listed", "how many of them the list leaves out; null if none", SAME("")},
    {"tickets", "list of the open tickets, the most pressing first", LIST},
    {"tickets.number", "number of a ticket, without #", SAME("123\n125")},
    {"tickets.subject", "its subject",
     TEXT("VPN does not connect since this morning\nPrinter on the third floor jams",
          "今早起 VPN 无法连接\n三楼打印机卡纸")},
    {"tickets.priority", "P1 to P4; null if there is none", SAME("P2\n")},
    {"tickets.resolve_by", "when it is due; null if nothing is owed", SAME("2026-11-23 17:00\n")},
    {"tickets.is_late", "true once it is past what it owes", FLAG("true\n")},
    {"tickets.status_word", "status in words", TEXT("in work\nreceived", "处理中\n已受理")},
    {"tickets.holder", "who has it; null if nobody has", TEXT("Zhang San\n", "张三\n")},
    {"tickets.take_href", "link that gives it to the reader; null if he has it",
     SAME("mailto:desk+r1.a@example.org?body=%2Fassign%20me\n"
          "mailto:desk+r1.b@example.org?body=%2Fassign%20me")},
    {"call_href", "link that opens an empty form for a call; null unless the reader may",
     SAME("mailto:desk@example.org?body=%2Fnew")},
    END,
};

static const PdVariable of_unknown[] = {
    {"desk_name", "name of the desk", TEXT("Service Desk", "信息服务台")},
    {"desk_address", "address of the desk", SAME("desk@example.org")},
    {"contact", "how else the desk is reached (desk.contact); null if that is not said",
     TEXT("Telephone 010-5555 8000", "电话 010-5555 8000")},
    {"received_at", "when the mail was taken in, by the wall clock of the desk's calendar",
     SAME("2026-11-23 09:12")},
    END,
};

static const PdVariable of_digest[] = {
    {"desk_name", "name of the desk", TEXT("Service Desk", "信息服务台")},
    {"desk_address", "address of the desk", SAME("desk@example.org")},
    {"reporter_name", "name of the person mailed; null if none is known",
     TEXT("Wang Fang", "王芳")},
    {"at", "when it was written, by the wall clock of the desk's calendar",
     SAME("2026-11-23 17:00")},
    {"count", "how many tickets there are news of", SAME("2")},
    {"tickets", "list of them", LIST},
    {"tickets.number", "number of a ticket, without #", SAME("123\n125")},
    {"tickets.subject", "its subject",
     TEXT("VPN does not connect since this morning\nPrinter on the third floor jams",
          "今早起 VPN 无法连接\n三楼打印机卡纸")},
    {"tickets.category", "category in words; null if there is none",
     TEXT("Network / VPN\n", "网络 / VPN 远程接入\n")},
    {"tickets.priority", "P1 to P4; null if there is none", SAME("P2\n")},
    {"tickets.priority_word", "priority in words; null if there is none",
     TEXT("urgent\n", "紧急\n")},
    {"tickets.status_word", "status in words", TEXT("in work\nreceived", "处理中\n已受理")},
    {"tickets.previous_status_word", "the status before, in words; null if it is the same",
     TEXT("received\n", "已受理\n")},
    {"tickets.resolve_by", "when it is meant to be solved; null if nothing is owed",
     SAME("2026-11-24 17:00\n")},
    {"tickets.is_given", "true if it was given to the reader", FLAG("")},
    {"tickets.was_yours", "true if it was the reader's and is no longer", FLAG("")},
    {"tickets.given_to", "whose it is then; null if it is nobody's", SAME("")},
    {"tickets.is_to_take", "true if it is new and nobody's", FLAG("\ntrue")},
    {"tickets.due_agreed", "the same, if another time was agreed; else null",
     SAME("\n2026-11-27 17:00")},
    {"tickets.into", "number of the ticket that it was merged into; null if it was not", SAME("")},
    {"tickets.words", "what was said, as a list", LIST},
    {"tickets.words.by", "who said it; null: the desk", TEXT("Wang Fang", "王芳")},
    {"tickets.words.at", "when", SAME("2026-11-23 14:30")},
    {"tickets.words.lines", "his words, as a list of lines",
     LINES("It is version 5.2.\nIt says: error 809.", "版本是 5.2。\n提示：错误 809。")},
    {"tickets.reply_to", "the address that answers about this ticket go to; the reader's own",
     SAME("desk+r1.a@example.org\ndesk+r1.b@example.org")},
    {"tickets.href", "the link that opens such an answer",
     SAME("mailto:desk+r1.a@example.org?subject=%5B%23123%5D\n"
          "mailto:desk+r1.b@example.org?subject=%5B%23125%5D")},
    END,
};

static const PdVariable of_alarm[] = {
    {"desk_name", "name of the desk", TEXT("Service Desk", "信息服务台")},
    {"desk_address", "address of the desk", SAME("desk@example.org")},
    {"kind", "kind of the alarm, one word", SAME("mail-failed")},
    {"kind_word", "kind of the alarm in words; null if there is none",
     TEXT("A mail could not be delivered", "有邮件投递失败")},
    {"about", "whom or what it is about (an address, a folder, a relay); null if that is said",
     SAME("wang.fang@example.org")},
    {"subject", "what happened, one line", TEXT("A mail could not be delivered", "有邮件投递失败")},
    {"text_lines", "what happened and what to do, as a list of lines",
     LINES("Mail 4711 of ticket #123 to wang.fang@example.org: 550 no such user\n"
           "It will not be tried again by itself.\nTo send it anew: postdesk outbox retry 4711",
           "发给 wang.fang@example.org 的邮件 4711（工单 #123）未能送达：550 no such user\n"
           "系统不会再自动重试；如需重发：postdesk outbox retry 4711")},
    {"at", "when, by the wall clock of the desk's calendar", SAME("2026-11-23 09:12")},
    {"host", "name of the machine", SAME("desk1.example.org")},
    END,
};

static const PdVariable of_undone[] = {
    {"undone_by", "who took it back, for somebody else whose change it was; else null", SAME("")},
    {"made_by", "who had made the change", TEXT("Zhang San", "张三")},
    {"made_at", "when", SAME("2026-11-23 15:20")},
    {"bulk", "number of the change of many tickets that it was part of; else null", SAME("")},
    {"is_whole_bulk", "true if that was taken back at all of them", FLAG("")},
    {"has_more", "true if more tickets were changed than are listed", FLAG("")},
    {"tickets", "list of the tickets that it was taken back at", LIST},
    {"tickets.number", "number of a ticket, without #", SAME("123")},
    {"tickets.subject", "its subject",
     TEXT("VPN does not connect since this morning", "今早起 VPN 无法连接")},
    {"tickets.lines", "what is as before, a line for each",
     LINES("status: solved → in work", "状态：已解决 → 处理中")},
    {"tickets.kept", "what was changed again since and stays, or null", TEXT("priority", "优先级")},
    {"tickets.is_unchanged", "true if nothing of it was left to take back", FLAG("")},
    {"tickets.moved_to", "ticket that a message went to, or null", SAME("")},
    END,
};

static const PdOccasion occasions[] = {
    {"acknowledge", "a mail opened a ticket", {of_ticket, of_message, NULL}},
    {"oversize",
     "a mail over the size limit opened a ticket with its headers only",
     {of_ticket, of_message, NULL}},
    {"reopened",
     "the reporter's reply reopened a resolved ticket",
     {of_ticket, of_message, of_said, NULL}},
    {"status", "the desk changed the status of a ticket", {of_ticket, of_change, of_said, NULL}},
    {"resolved", "the desk resolved a ticket", {of_ticket, of_change, of_said, NULL}},
    {"closed", "a ticket was closed", {of_ticket, of_change, of_said, NULL}},
    {"reply", "somebody of the desk writes to the reporter", {of_ticket, of_said, NULL}},
    {"standing",
     "somebody asked where a ticket stands, or says whether it is solved and follows it only",
     {of_ticket, of_said, of_verdict, NULL}},
    {"assigned", "a ticket was given to an engineer", {of_ticket, of_assignment, of_said, NULL}},
    {"let_off", "a ticket is no longer the reader's", {of_ticket, of_letting_off, NULL}},
    {"answered",
     "somebody wrote about a ticket, to the engineer who works on it",
     {of_ticket, of_message, of_said, of_verdict, NULL}},
    {"attached", "a form that was asked for", {of_ticket, of_attached, of_said, NULL}},
    {"asked", "somebody outside is asked", {of_ticket, of_said, NULL}},
    {"refused", "commands of a mail were not carried out", {of_ticket, of_refusal, NULL}},
    {"taken",
     "a call that was mailed in opened a ticket, to whoever took it down",
     {of_ticket, of_message, of_call, NULL}},
    {"undone", "a change was taken back, to whoever asked for it", {of_ticket, of_undone, NULL}},
    {"help", "somebody asked for the list of commands", {of_ticket, of_help, NULL}},
    {"escalation",
     "a target of a ticket will be due soon, or is past",
     {of_ticket, of_escalation, NULL}},
    {"reminder",
     "a ticket waits for the one mailed",
     {of_ticket, of_escalation, of_said, of_reminder, NULL}},
    {"unknown",
     "a mail was refused, for people.yaml does not know its sender",
     {of_unknown, NULL, NULL}},
    {"digest", "what happened, for who wants it in one mail", {of_digest, NULL, NULL}},
    {"handover", "a shift begins", {of_handover, NULL, NULL}},
    {"alarm", "something that the admin must look at", {of_alarm, NULL, NULL}},
};

static const PdOccasion form = {
    "form", "a form is filled from a ticket", {of_ticket, of_form, NULL}};

const PdOccasion *pd_occasions(gsize *count)
{
    *count = G_N_ELEMENTS(occasions);
    return occasions;
}

static const PdOccasion *find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(occasions); i++) {
        if (strcmp(occasions[i].name, name) == 0)
            return &occasions[i];
    }
    return NULL;
}

gboolean pd_occasion_is_known(const char *name)
{
    return find(name) != NULL;
}

const PdOccasion *pd_occasion_of(const char *template_name)
{
    const PdOccasion *own = find(template_name);

    if (g_str_has_prefix(template_name, PD_FORMS))
        return &form;
    return own != NULL ? own : find("acknowledge");
}

gboolean pd_occasion_declares(const PdOccasion *occasion, const char *variable)
{
    for (const PdVariable *const *list = occasion->variables; *list != NULL; list++) {
        for (const PdVariable *known = *list; known->name != NULL; known++) {
            if (strcmp(known->name, variable) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

const char *pd_occasion_nearest(const PdOccasion *occasion, const char *variable)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for (const PdVariable *const *list = occasion->variables; *list != NULL; list++) {
        for (const PdVariable *known = *list; known->name != NULL; known++)
            g_ptr_array_add(words, (gpointer)known->name);
    }
    g_ptr_array_add(words, NULL);
    return pd_nearest_word(variable, (const char *const *)words->pdata);
}
