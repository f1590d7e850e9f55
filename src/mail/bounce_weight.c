/* bounce_weight.c: is an address gone, or only out of reach?
 *
 * Hard: nobody has this address, so that every further mail to it is in vain. Soft: all else; a
 * full mailbox, a filter, a name server that is down. What the failing server said of the recipient
 * is looked at first, then the enhanced status code, then the report's words; in doubt soft,
 * because an address that is wrongly given up is never tried again.
 */
#include "bounce.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_WORDS 6000 /* bytes of the report's own words */

static const char *const gone[] = {
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such account",
    "does not exist",
    "doesn't exist",
    "not exist",
    "no longer exist",
    "user not found",
    "recipient not found",
    "mailbox not found",
    "account not found",
    "address not found",
    "no mailbox here",
    "no mailbox by that",
    "invalid recipient",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "address unknown",
    "invalid user",
    "invalid mailbox",
    "invalid address",
    "bad destination mailbox",
    "not a valid",
    "not listed in",
    "isn't in my",
    "not our customer",
    "not our user",
    "unknown account",
    "unknown or illegal",
    "illegal user",
    "unknown local",
    "is unknown",
    "host unknown",
    "unknown host",
    "host not found",
    "unknown domain",
    "name or service not known",
    "no such domain",
    "domain does not",
    "couldn't find any host",
    "unrouteable",
    "unrouted",
    "has moved",
    "have moved",
    "accept mail",
    "null mx",
    "user doesn't",
    "not a known",
    "not known at this",
    "wasn't found",
    "couldn't be found",
    "could not be found",
    "存在しない",
    "不存在",
    "見つかりません",
    "no existe",
    "no mx record",
    "rejected: access denied",
    "address rejected.",
    "invalid final delivery",
    "non-existent",
    "domain is not reachable",
    "lookup failure",
    "check if address",
    "failed to find",
    "user_unknown",
    "no smtp service",
    "no valid recipients",
    "mailbox unavailable",
    "not accepting network messages",
    "host does not accept mail",
    "リストにありません",
    "missing the proper dns",
    "收件人不存在",
    "用户不存在",
    "查无此人",
    "查無此",
    "无此用户",
    "无此账号",
    "无此帐号",
    "找不到",
    "introuvable",
    "inexistant",
    "nicht gefunden",
    "konnte nicht ermittelt",
    "non esiste",
    "não existe",
    "no account by that name",
    "no such address",
    "mail-box not found",
    "no mail box available for this user",
    "unknown mailbox",
    "no longer with",
    "no longer in use",
};

static const char *const out_of_reach[] = {
    "mailbox full",
    "mailbox is full",
    "quota",
    "over the limit",
    "too large",
    "too big",
    "exceed",
    "spam",
    "blocked",
    "blacklist",
    "block list",
    "policy",
    "timed out",
    "timeout",
    "expired",
    "greylist",
    "suspend",
    "disabled",
    "deactivat",
    "not active",
    "temporar",
    "refused",
    "virus",
    "reputation",
    "dmarc",
    "dkim",
    "reverse dns",
    "rdns",
    "ptr record",
    "sender address",
    "domain of sender",
    "delivery time",
    "redundant",
    "no permission",
    "not have permission",
    "found, try again",
    "権限",
    "權限",
    "权限",
    "malformed or unexpected",
    "after mail from",
    "已满",
    "已滿",
    "空间不足",
    "空間不足",
    "配额",
    "容量",
    "反垃圾",
    "垃圾邮件",
    "黑名单",
    "拒收",
    "被拒绝",
    "频率",
    "过大",
    "超过",
    "超出",
    "超时",
    "停用",
    "禁用",
    "冻结",
};

/* The recipient had been accepted when the message was refused: a filter's verdict. */
static const char *const after_data[] = {"end of data", "to data", "after data", "data command",
                                         ">>> data"};
static const char *const report_after_data[] = {"reply to end of data", "after end of data",
                                                "response to end of data", "smtp command\ndata\n"};

/* A transcript in which the server refuses after ">>> DATA" what it had not refused before. */
static gboolean shows_refused_data(const char *report)
{
    const char *data = strcasestr(report, ">>> DATA");
    const char *refused = strstr(report, "<<< 5");

    return data != NULL && refused != NULL && refused > data;
}

/* The same where nothing but this one try is told. A session's transcript holds other recipients
 * too, and a server that refused them all refuses DATA for want of one. */
static gboolean shows_data_alone_refused(const char *report)
{
    return shows_refused_data(report) && strcasestr(report, "Need RCPT") == NULL &&
           strcasestr(report, "No recipients") == NULL &&
           strcasestr(report, "Transcript of session") == NULL;
}

typedef enum { SAYS_NOTHING, SAYS_GONE, SAYS_OUT_OF_REACH, SAYS_BOTH } Says;

static gboolean says_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strcasestr(text, words[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

static Says says(const char *text)
{
    gboolean is_gone = says_any(text, gone, G_N_ELEMENTS(gone));
    gboolean reach = says_any(text, out_of_reach, G_N_ELEMENTS(out_of_reach));

    if (is_gone && reach)
        return SAYS_BOTH;
    return is_gone ? SAYS_GONE : reach ? SAYS_OUT_OF_REACH : SAYS_NOTHING;
}

static gboolean is_one_of(const char *status, const char *const *codes)
{
    return status != NULL && g_strv_contains(codes, status);
}

static const char *const address_codes[] = {"5.1.1", "5.1.2",  "5.1.3", "5.1.6",
                                            "5.4.4", "5.1.10", NULL};

/* Codes that programs write where they know nothing. */
static gboolean is_vague(const char *status)
{
    static const char *const codes[] = {"5.0.0", "5.1.0", "5.5.0", "5.5.1", "", NULL};

    return status == NULL || g_strv_contains(codes, status);
}

/* The recipient was let in, and the message was then refused. */
static gboolean was_refused_after_data(const char *words, const char *status, const char *report)
{
    if (says_any(words, after_data, G_N_ELEMENTS(after_data)))
        return TRUE;
    if (is_one_of(status, address_codes))
        return FALSE;
    return says_any(report, report_after_data, G_N_ELEMENTS(report_after_data)) ||
           (is_vague(status) ? shows_data_alone_refused(report) : shows_refused_data(report));
}

/* Up to the next reply or command of a session whose lines were folded into one. */
static gsize reply_length(const char *reply)
{
    gsize length = 0;

    while (reply[length] != '\0' && strchr("<>\n", reply[length]) == NULL &&
           !(reply[length] == ' ' && strspn(reply + length + 1, "0123456789") == 3))
        length++;
    return length;
}

/* "<<< 550 <a@b>, User unknown": the refusing server's own line, whatever else was tried later. */
static gboolean server_says_gone(const char *words)
{
    const char *reply = strstr(words, "<<< 55");

    if (reply == NULL)
        return FALSE;
    reply += strlen("<<< 550");
    reply += strspn(reply, " -");
    if (*reply == '<')
        reply += strcspn(reply, ">\n");
    reply += *reply == '>';
    g_autofree char *line = g_strndup(reply, reply_length(reply));
    return says(line) == SAYS_GONE;
}

/* What the report says of somebody is about him where no other failed, or nothing else is. */
static PdBounceWeight weigh(const char *words, const char *status, const char *report,
                            gboolean about_him)
{
    static const char *const other_codes[] = {"5.1.7", "5.1.8", "5.2.2", "5.2.3", NULL};
    Says said = says(words);

    if (status != NULL && *status == '4')
        /* given up in the end, and for the reason that nobody has the address */
        return said == SAYS_GONE && strcmp(status, "4.1.1") == 0 ? PD_BOUNCE_HARD : PD_BOUNCE_SOFT;
    if (is_one_of(status, other_codes) || was_refused_after_data(words, status, report))
        return PD_BOUNCE_SOFT;
    if (said == SAYS_BOTH && server_says_gone(words))
        said = SAYS_GONE;
    if (said == SAYS_GONE || (said != SAYS_OUT_OF_REACH && is_one_of(status, address_codes)))
        return PD_BOUNCE_HARD;
    if (said != SAYS_NOTHING || !is_vague(status))
        return PD_BOUNCE_SOFT;
    return about_him && says(report) == SAYS_GONE ? PD_BOUNCE_HARD : PD_BOUNCE_SOFT;
}

static gboolean is_failure(const PdBounceRecipient *recipient)
{
    static const char *const others[] = {"delayed", "delivered", "relayed", "expanded", NULL};

    return !g_strv_contains(others, recipient->action);
}

/* The code that the refusing server gave says more than the reporting one's; where neither is
 * known and only one recipient failed, a code in the report that says so of an address is his. */
static char *told_status(const PdMail *mail, const PdBounceRecipient *recipient, const char *report)
{
    char *told = recipient->diagnostic != NULL ? pd_bounce_status_in(recipient->diagnostic) : NULL;

    if (told == NULL && recipient->status != NULL)
        told = g_strdup(recipient->status);
    if (told != NULL || mail->bounce->len != 1)
        return told;
    told = pd_bounce_status_in(report);
    if (!is_one_of(told, address_codes))
        g_clear_pointer(&told, g_free);
    return told;
}

void pd_bounce_weigh(PdMail *mail)
{
    if (mail->bounce->len == 0)
        return;
    g_autofree char *words = pd_bounce_own_words(mail, MOST_WORDS);
    /* "Returned mail: User unknown": where one failed alone, the title is about him */
    g_autofree char *report =
        mail->bounce->len == 1 ? g_strconcat(mail->subject, "\n", words, NULL) : g_strdup(words);
    for (guint i = 0; i < mail->bounce->len; i++) {
        PdBounceRecipient *recipient = mail->bounce->pdata[i];
        if (!is_failure(recipient)) {
            recipient->weight =
                strcmp(recipient->action, "delayed") == 0 ? PD_BOUNCE_SOFT : PD_BOUNCE_NONE;
            continue;
        }
        const char *diagnostic = recipient->diagnostic != NULL ? recipient->diagnostic : "";
        g_autofree char *told = told_status(mail, recipient, report);
        recipient->weight =
            weigh(diagnostic, told, report, mail->bounce->len == 1 || *diagnostic == '\0');
    }
}
