/* bounce_told.c: does a message say that a mail could not be delivered, or is late?
 *
 * The less the sender looks like a mail server, the more must be said; people complain of mail that
 * did not arrive in the words of the servers that told them.
 */
#include "bounce.h"

#include "sign.h"
#include <string.h>

static const char *const subjects[] = {"delivery status notification",
                                       "undeliver",
                                       "delivery failure",
                                       "failure notice",
                                       "mail delivery failed",
                                       "returned mail",
                                       "delivery notification",
                                       "mail system error",
                                       "delivery report",
                                       "non delivery",
                                       "nondeliverable",
                                       "delivery error",
                                       "退信",
                                       "系统退信",
                                       "邮件被退回",
                                       "投递失败",
                                       "message not delivered",
                                       "could not be delivered",
                                       "not deliverable",
                                       "delivery problem",
                                       "delivery has failed",
                                       "mail failure",
                                       "failed delivery",
                                       "returned to sender",
                                       "non remis",
                                       "unzustellbar",
                                       "unable to deliver",
                                       "warning: could not send message",
                                       "mail error",
                                       "配送できません",
                                       "delivery unsuccessful",
                                       "failed mail",
                                       "user unknown",
                                       "配信不能",
                                       "不达",
                                       "message status - undeliverable",
                                       "bounced",
                                       "mail failed",
                                       "non-delivery",
                                       "your message to",
                                       "メールエラー",
                                       "rejected mail",
                                       "mail rejected",
                                       "error sending",
                                       "未送达",
                                       "未传递",
                                       "传递失败",
                                       "無法傳遞",
                                       "無法投遞",
                                       "无法送达",
                                       "无法投递",
                                       "无法传递",
                                       "未能送达",
                                       "未能投递",
                                       "未能传递",
                                       "发送失败",
                                       "發送失敗",
                                       "傳送失敗",
                                       "邮件退回",
                                       "被拦截",
                                       "被拒收",
                                       "郵件退回",
                                       "退件",
                                       "被退回",
                                       "投递状态",
                                       "échec de la remise",
                                       "no se puede entregar",
                                       "non recapitabile",
                                       "não entregue",
                                       "nicht zugestellt",
                                       "배달",
                                       NULL};

/* What servers say of a failure. */
static const char *const phrases[] = {"could not be delivered",
                                      "undeliverable",
                                      "delivery failed",
                                      "delivery has failed",
                                      "was not delivered",
                                      "unable to deliver",
                                      "couldn't be delivered",
                                      "user unknown",
                                      "unknown user",
                                      "no such user",
                                      "permanent error",
                                      "permanent fatal error",
                                      "fatal errors",
                                      "mailbox full",
                                      "mailbox unavailable",
                                      "not delivered",
                                      "undelivered",
                                      "delivery to the following",
                                      "recipient address rejected",
                                      "does not exist",
                                      "无法投递",
                                      "投递失败",
                                      "退回",
                                      "退信",
                                      "cannot be delivered",
                                      "has been returned",
                                      "mailbox is full",
                                      "delivery error",
                                      "could not deliver",
                                      "was undeliverable",
                                      "failed to deliver",
                                      "couldn't deliver",
                                      "could not be sent",
                                      "bounced",
                                      "no existe",
                                      "unknown recipient",
                                      "can't be delivered",
                                      "over quota",
                                      "unknown address",
                                      "undeliver",
                                      "配信できません",
                                      "未能向以下",
                                      "无法将邮件传递给",
                                      "無法傳遞至",
                                      "未递送至",
                                      "未能投递",
                                      "未能成功投递",
                                      "发送失败",
                                      "失败收件人",
                                      "投递过程中失败",
                                      "无法送达",
                                      "拒收",
                                      "拒绝接收",
                                      "could not be reached",
                                      "fehler bei der nachrichtenzustellung",
                                      "échec de la remise",
                                      NULL};

/* What says so in the mouth of a mail server only. */
static const char *const faint[] = {"returned to you", "quota",    "not a valid", "rejected",
                                    "not known",       "isn't",    "not found",   "disabled",
                                    "invalid",         "delivery", "error",       NULL};

/* Phrases that name the matter beyond doubt. */
static const char *const strict[] = {"could not be delivered to",
                                     "following recipient",
                                     "following address",
                                     "following user",
                                     "failed recipient",
                                     "delivery to the following",
                                     "permanent fatal errors",
                                     "couldn't be delivered to",
                                     "was not delivered to",
                                     "送信できませんでした",
                                     "not a member of this mailing list",
                                     "original mail as follows",
                                     "undeliverable to",
                                     NULL};

/* "您的邮件未能送达以下收件人": Chinese servers put it in many ways, so that in one line there must
 * be that it failed, what failed, and whom it was for. */
static gboolean is_eastern_failure(const char *line)
{
    static const char *const failed[] = {"未能", "无法", "無法",   "没有", "沒有", "不能",
                                         "失败", "失敗", "未成功", "退回", NULL};
    static const char *const what[] = {"送达", "送達", "投递", "投遞",   "传递", "傳遞", "递送",
                                       "遞送", "到达", "到達", "联系到", "退回", NULL};
    static const char *const whom[] = {"收件人",   "收件者",   "收信人", "以下地址",
                                       "下列地址", "您发给",   "您发往", "您发送给",
                                       "您的邮件", "您的郵件", NULL};

    return pd_says_any(line, failed) && pd_says_any(line, what) && pd_says_any(line, whom);
}

static gboolean tells_eastern_failure(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 60);

    for (char **line = lines; *line != NULL; line++) {
        if (is_eastern_failure(*line))
            return TRUE;
    }
    return FALSE;
}

/* Somebody complains of mail that did not arrive, in a program's words. */
static gboolean asks_for_help(const PdMail *mail)
{
    static const char *const words[] = {
        "please help", "help me", "can you", "could you", "my mail", "my message", "my e-mail",
        "my email",    "we sent", "i sent",  "i send",    "i get",   "i got",      "we get",
        "i cannot",    "i can't", "thanks",  "thank you", "请帮",    "麻烦",       "帮忙",
        "帮我",        "我发",    "我们发",  "请问",      "谢谢",    "請幫",       "麻煩",
        "怎么",        "怎麼",    "为什么",  "请处理",    "请看",    NULL};
    g_autofree char *head = g_strndup(mail->text, 2000);

    return pd_says_any(head, words) || strstr(head, "？") != NULL;
}

gboolean pd_bounce_says_failure(const char *text)
{
    return pd_says_any(text, phrases) || pd_says_any(text, faint);
}

static gboolean tells_code(const char *text)
{
    g_autofree char *status = pd_bounce_status_in(text);

    return status != NULL;
}

gboolean pd_bounce_is_told(const PdMail *mail, PdBounceHint hint)
{
    gboolean subject = pd_says_any(mail->subject, subjects);

    /* a person's mail costs no more than the look at its subject */
    if (hint == PD_BOUNCE_HINT_NONE &&
        (!subject || mail->in_reply_to->len > 0 || asks_for_help(mail)))
        return FALSE;
    g_autofree char *head = g_strndup(mail->full_text, 4000);
    gboolean phrase =
        pd_says_any(head, strict) ||
        ((hint != PD_BOUNCE_HINT_NONE || !pd_is_reply(mail)) && tells_eastern_failure(head));
    if (hint == PD_BOUNCE_HINT_NONE) /* nobody but a program names recipient or code as well */
        return phrase && (strchr(head, '@') != NULL || tells_code(head));
    gboolean hinted = pd_bounce_says_failure(head);
    if (hint == PD_BOUNCE_HINT_PROGRAM)
        return phrase || (subject && hinted);
    return phrase || subject || hinted || strstr(head, ">:") != NULL;
}

gboolean pd_bounce_tells_delay(const PdMail *mail, PdBounceHint hint)
{
    static const char *const phrases_of_delay[] = {"has not yet been delivered",
                                                   "not yet been delivered to",
                                                   "warning only",
                                                   "warning message only",
                                                   "will be retried",
                                                   "will keep trying",
                                                   "delivery attempts will continue",
                                                   "will retry for",
                                                   "continue to try",
                                                   "continue trying",
                                                   "only a temporary failure report",
                                                   "temporary problem delivering",
                                                   "delivery is delayed",
                                                   "has been delayed",
                                                   "delivery incomplete",
                                                   "do not need to resend",
                                                   "尚未送达",
                                                   "尚未投递",
                                                   "继续尝试",
                                                   "继续投递",
                                                   "将重试",
                                                   "仍在尝试",
                                                   "传递被延迟",
                                                   "投递延迟",
                                                   "延迟投递",
                                                   "繼續嘗試",
                                                   "傳遞延遲",
                                                   "wird weiterhin versucht",
                                                   "verzögert sich",
                                                   "配信が遅れて",
                                                   "再送を試み",
                                                   NULL};

    if (hint != PD_BOUNCE_HINT_SERVER && !pd_says_any(mail->subject, subjects))
        return FALSE;
    g_autofree char *words = pd_bounce_own_words(mail, 4000);
    return pd_says_any(words, phrases_of_delay);
}
