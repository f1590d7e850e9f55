/* bounce_words.c: delivery reports that follow no standard.
 *
 * The part of the text before the returned message is read, and in it addresses at places where
 * mail servers put them.
 */
#include "address.h"
#include "bounce.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_INTRO_LINES 400
#define MOST_DIAGNOSTIC 500
#define DIAGNOSTIC_LINES 6
#define MESSAGE_HEADING 5     /* lines that name a message inside this one (body.c) */
#define MOST_EXPLAINED 20     /* recipients whose words are looked for */
#define MOST_EXPLANATION 8000 /* bytes in which they are */
#define MOST_LINE 1000        /* bytes; nobody lists recipients in longer ones */

static const char *const subjects[] = {
    "delivery status notification",
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
    "failed mail",
    "rejected mail",
    "mail rejected",
    "error sending",
    "未送达",
    "未传递",
    "传递失败",
    "無法傳遞",
    "無法投遞",
    "无法送达",
    "发送失败",
    "發送失敗",
    "邮件退回",
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
};

/* What servers say of a failure. */
static const char *const phrases[] = {
    "could not be delivered",
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
};

/* What says so in the mouth of a mail server only. */
static const char *const faint[] = {
    "returned to you", "quota",    "not a valid", "rejected", "not known", "isn't",
    "not found",       "disabled", "invalid",     "delivery", "error",
};

static gboolean contains_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strcasestr(text, words[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* Phrases that name the matter beyond doubt. */
static const char *const strict[] = {
    "could not be delivered to",
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
};

/* Somebody complains of mail that did not arrive, in a program's words. */
static gboolean asks_for_help(const PdMail *mail)
{
    static const char *const words[] = {
        "please help", "help me", "can you", "could you", "my mail", "my message", "my e-mail",
        "my email",    "we sent", "i sent",  "i send",    "i get",   "i got",      "we get",
        "i cannot",    "i can't", "thanks",  "thank you", "请帮",    "麻烦",       "帮忙",
        "帮我",        "我发",    "我们发",  "请问",      "谢谢",    "請幫",       "麻煩",
        "怎么",        "怎麼",    "为什么",  "请处理",    "请看"};
    g_autofree char *head = g_strndup(mail->text, 2000);

    return contains_any(head, words, G_N_ELEMENTS(words)) || strstr(head, "？") != NULL;
}

gboolean pd_bounce_is_told(const PdMail *mail, PdBounceHint hint)
{
    gboolean subject = contains_any(mail->subject, subjects, G_N_ELEMENTS(subjects));

    /* a person's mail costs no more than the look at its subject */
    if (hint == PD_BOUNCE_HINT_NONE &&
        (!subject || mail->in_reply_to->len > 0 || asks_for_help(mail)))
        return FALSE;
    g_autofree char *head = g_strndup(mail->full_text, 4000);
    gboolean phrase = contains_any(head, strict, G_N_ELEMENTS(strict));
    if (hint == PD_BOUNCE_HINT_NONE) /* nobody but a program names the recipient as well */
        return phrase && strchr(head, '@') != NULL;
    gboolean hinted = contains_any(head, phrases, G_N_ELEMENTS(phrases)) ||
                      contains_any(head, faint, G_N_ELEMENTS(faint));
    if (hint == PD_BOUNCE_HINT_PROGRAM)
        return phrase || (subject && hinted);
    return phrase || subject || hinted || strstr(head, ">:") != NULL;
}

gboolean pd_bounce_tells_delay(const PdMail *mail)
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
                                                   "再送を試み"};
    g_autofree char *words = pd_bounce_own_words(mail, 4000);

    return contains_any(words, phrases_of_delay, G_N_ELEMENTS(phrases_of_delay));
}

/* The last paragraph's first character of an enhanced code: "5.1.1" within text, or NULL. */
char *pd_bounce_status_in(const char *text)
{
    for (const char *at = text; (at = strpbrk(at, "245")) != NULL; at++) {
        if (at > text && (g_ascii_isalnum(at[-1]) || at[-1] == '.'))
            continue;
        gsize subject = at[1] == '.' ? strspn(at + 2, "0123456789") : 0;
        if (subject == 0 || subject > 3 || at[2 + subject] != '.')
            continue;
        gsize detail = strspn(at + 3 + subject, "0123456789");
        char after = at[3 + subject + detail];
        if (detail > 0 && detail <= 3 && !g_ascii_isalnum(after) &&
            !(after == '.' && g_ascii_isdigit(at[4 + subject + detail])))
            return g_strndup(at, 3 + subject + detail);
    }
    return NULL;
}

/* A line behind which the returned message stands. */
static gboolean begins_returned_message(const char *line)
{
    static const char *const starts[] = {
        "--- Below this line is a copy",
        "------ This is a copy",
        "----- Original message",
        "   ----- Original message",
        "   ----- Unsent message",
        "----- Unsent message",
        "Received: ",
        "Return-Path: ",
        "--- Original message",
        "--- Begin of original",
        "------ Original message",
        "   ----- Message header",
        "Original message follows",
        "--- Enclosed",
        "----- Message header",
        "The headers from the original",
        "---- Unsent",
        "--- The header of the original",
        "----- Original Header",
        "--- Message header",
        "   ----- Returned message",
        "*** Original",
        "----- Original Message Follows",
        "------ Original Message Follows",
        "Message headers follow",
        "-----Original Message",
        "------- The message",
        "Original message:",
        "---Original Message",
        "Original header",
        "----- Text of original",
        "---------- Forwarded message",
        "|------------------------- Message text",
        "Original mail as follows",
        "From MAILER-DAEMON",
        "-------- Returned Mail",
        "Old message:",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_ascii_strncasecmp(line, starts[i], strlen(starts[i])) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_address_byte(char c)
{
    return g_ascii_isalnum(c) || strchr(".!#$%&'*+-/=?^_`{|}~", c) != NULL;
}

/* The address around this "@", or NULL. */
static char *address_around(const char *line, const char *at)
{
    const char *begin = at, *end = at + 1;

    while (begin > line && begin[-1] != '\0' && is_address_byte(begin[-1]))
        begin--;
    const char *joint = memrchr(begin, '=', (gsize)(at - begin)); /* "SMTP=a@b" */
    if (joint != NULL)
        begin = joint + 1;
    while (begin < at && strchr("'`", *begin) != NULL)
        begin++;
    while (*end != '\0' && (g_ascii_isalnum(*end) || *end == '-' || *end == '.'))
        end++;
    while (end > at + 1 && (end[-1] == '.' || end[-1] == '-'))
        end--;
    if (begin == at || end == at + 1 || memchr(at + 1, '.', (gsize)(end - at - 1)) == NULL)
        return NULL;
    return g_strndup(begin, (gsize)(end - begin));
}

typedef struct {
    PdMail *mail;
    char **lines;
    guint count;      /* of the report's own words */
    gboolean listing; /* "… the following recipients:" stands before */
} Intro;

/* The words around a recipient: up to the next empty line. */
static void read_words(const Intro *intro, guint from, PdBounceRecipient *recipient)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (recipient == NULL || recipient->diagnostic != NULL)
        return;
    for (guint i = from; i < intro->count && i < from + DIAGNOSTIC_LINES; i++) {
        if (*intro->lines[i] == '\0' && i > from + 1)
            break;
        g_string_append_printf(words, "%s ", intro->lines[i]);
    }
    g_autofree char *folded = pd_text_fold_space(words->str);
    recipient->diagnostic = pd_text_shorten(folded, MOST_DIAGNOSTIC);
    g_free(recipient->status);
    recipient->status = pd_bounce_status_in(recipient->diagnostic);
}

/* "您发给 a@b 的邮件未能投递", "收件人：a@b" */
static gboolean is_eastern_place(const char *before)
{
    static const char *const words[] = {"收件",   "收信",   "发给", "发送给", "发往", "投递到",
                                        "投递至", "递送至", "送达", "送至",   "寄给", "传递给",
                                        "传递到", "傳遞至", "用户", "用戶",   "邮箱", "帐号",
                                        "账号",   "宛先",   "宛て", "地址"};

    return contains_any(before, words, G_N_ELEMENTS(words));
}

/* Places in a line where mail servers put the address that failed. */
static gboolean is_recipient_place(const char *line, const char *begin, const char *end)
{
    const char *text = line + strspn(line, " \t<\"'*(>-");

    if (begin == text && (*end == '\0' || strspn(end, "> \t:\"'.,;)") == strlen(end)))
        return TRUE; /* alone on its line */
    if (begin == text && strspn(end, ">\"' ") < strlen(end) && end[strspn(end, ">\"' ")] == ':')
        return TRUE; /* "<a@b>: reason" */
    if (begin == text &&
        (strstr(end, "...") != NULL || contains_any(end, phrases, G_N_ELEMENTS(phrases)) ||
         contains_any(end, faint, G_N_ELEMENTS(faint))))
        return TRUE; /* "a@b... User unknown" */
    g_autofree char *before = g_strndup(line, (gsize)(begin - line));
    return strcasestr(before, "rcpt to") != NULL || strcasestr(before, "recipient") != NULL ||
           strcasestr(before, "user ") != NULL || strcasestr(before, "failed:") != NULL ||
           strcasestr(before, "address") != NULL || strcasestr(before, "mailbox") != NULL ||
           strcasestr(before, "deliver") != NULL || strcasestr(before, "550") != NULL ||
           strcasestr(before, "account") != NULL || strcasestr(before, "unknown") != NULL ||
           strcasestr(before, "generated from") != NULL ||
           strcasestr(before, "error-for") != NULL || strcasestr(before, "quota") != NULL ||
           strcasestr(before, "expanded from") != NULL ||
           strcasestr(before, "your message to") != NULL ||
           strcasestr(before, "wasn't delivered to") != NULL || is_eastern_place(before);
}

/* The words announce a list of those that failed; it ends with an empty line behind it. */
static void look_for_listing(Intro *intro, guint number)
{
    const char *line = intro->lines[number];

    if (strcasestr(line, "following recipient") != NULL ||
        strcasestr(line, "following address") != NULL || strcasestr(line, "fatal errors") != NULL ||
        strcasestr(line, "following user") != NULL ||
        strcasestr(line, "failed addresses") != NULL ||
        strcasestr(line, "following destination") != NULL)
        intro->listing = TRUE;
    else if (*line == '\0' && number > 0 && strchr(intro->lines[number - 1], '@') != NULL)
        intro->listing = FALSE;
}

/* Somebody who can help, not somebody who was not reached. */
static gboolean is_contact(const char *line, const char *begin)
{
    static const char *const words[] = {"contact", "assistance", "send mail to",  "mailto:",
                                        "from ",   "by ",        "administrator", "postmaster"};
    g_autofree char *before = g_strndup(line, (gsize)(begin - line));

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *found = strcasestr(before, words[i]);
        if (found != NULL && (found == before || !g_ascii_isalnum(found[-1])))
            return strcasestr(before, "generated from") == NULL &&
                   strcasestr(before, "expanded from") == NULL;
    }
    return FALSE;
}

static void read_line(Intro *intro, guint number)
{
    const char *line = intro->lines[number];

    if (strlen(line) > MOST_LINE)
        return;
    look_for_listing(intro, number);

    for (const char *at = line; (at = strchr(at, '@')) != NULL; at++) {
        g_autofree char *address = address_around(line, at);
        if (address == NULL)
            continue;
        const char *begin = at - (strchr(address, '@') - address);
        if (is_contact(line, begin) || g_ascii_strncasecmp(address, "mailer-daemon@", 14) == 0 ||
            g_ascii_strncasecmp(address, "postmaster@", 11) == 0)
            continue;
        if (!intro->listing && !is_recipient_place(line, begin, begin + strlen(address)))
            continue;
        PdBounceRecipient *recipient = pd_bounce_add(intro->mail, address, "failed");
        read_words(intro, number, recipient);
    }
}

static guint intro_lines(char **lines)
{
    guint count = 0;

    while (lines[count] != NULL && count < MOST_INTRO_LINES &&
           !begins_returned_message(lines[count]))
        count++;
    return count;
}

char *pd_bounce_own_words(const PdMail *mail, gsize most)
{
    g_autofree char *head = pd_text_head(mail->full_text, most);
    g_auto(GStrv) lines = g_strsplit(head, "\n", MOST_INTRO_LINES);
    guint count = intro_lines(lines);

    /* what begins like a returned message is the report itself where nothing stands before */
    if (count < 3)
        return g_steal_pointer(&head);
    for (guint i = count; lines[i] != NULL; i++)
        g_clear_pointer(&lines[i], g_free);
    return g_strjoinv("\n", lines);
}

static gboolean names_other(const PdMail *mail, const PdBounceRecipient *recipient,
                            const char *line)
{
    for (guint i = 0; i < mail->bounce->len && i < MOST_EXPLAINED; i++) {
        const PdBounceRecipient *other = mail->bounce->pdata[i];
        if (other != recipient && strcasestr(line, other->address) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The words behind an address: up to an empty line, or to the next recipient. */
static void explain(const PdMail *mail, char **lines, PdBounceRecipient *recipient)
{
    g_autoptr(GString) words = g_string_new(NULL);
    guint at = 0;

    while (lines[at] != NULL && strcasestr(lines[at], recipient->address) == NULL)
        at++;
    for (guint i = at; lines[i] != NULL && i < at + DIAGNOSTIC_LINES; i++) {
        if ((*lines[i] == '\0' && i > at + 1) || names_other(mail, recipient, lines[i]))
            break;
        g_string_append_printf(words, "%s ", lines[i]);
    }
    g_autofree char *folded = pd_text_fold_space(words->str);
    if (*folded == '\0')
        return;
    g_free(recipient->diagnostic);
    recipient->diagnostic = pd_text_shorten(folded, MOST_DIAGNOSTIC);
    if (recipient->status == NULL)
        recipient->status = pd_bounce_status_in(recipient->diagnostic);
}

void pd_bounce_explain(PdMail *mail)
{
    g_autofree char *words = pd_bounce_own_words(mail, MOST_EXPLANATION);
    g_auto(GStrv) lines = g_strsplit(words, "\n", MOST_INTRO_LINES);

    for (guint i = 0; i < mail->bounce->len && i < MOST_EXPLAINED; i++) {
        PdBounceRecipient *recipient = mail->bounce->pdata[i];
        if (recipient->diagnostic == NULL || *recipient->diagnostic == '\0')
            explain(mail, lines, recipient);
    }
}

/* A gateway may have put the whole report into a message of its own. */
static gboolean holds_same_sender(const PdMail *mail, char **lines)
{
    g_autofree char *rest = g_strjoinv("\n", lines);
    g_autofree char *from = pd_bounce_field(rest, "From");
    g_autofree char *address = pd_bounce_address(from);

    return mail->from != NULL && pd_address_equal(address, mail->from->address);
}

static void read_words_of_report(PdMail *mail)
{
    g_autofree char *head = g_strndup(mail->full_text, 64 * 1024);
    g_auto(GStrv) lines = g_strsplit(head, "\n", MOST_INTRO_LINES);
    Intro intro = {mail, lines, intro_lines(lines), FALSE};

    for (guint i = 0; i < intro.count; i++)
        read_line(&intro, i);
    if (mail->bounce->len > 0 || lines[intro.count] == NULL ||
        !holds_same_sender(mail, lines + intro.count))
        return;
    guint from = intro.count + MESSAGE_HEADING;
    intro.count += 1;
    while (lines[intro.count] != NULL && intro.count < MOST_INTRO_LINES)
        intro.count++;
    for (guint i = from; i < intro.count; i++)
        read_line(&intro, i);
}

/* The only recipient of the returned message, where the report names none itself. */
static void read_returned_recipient(PdReading *reading)
{
    const char *headers = reading->report.original_headers;
    g_autofree char *to = NULL;

    if (headers == NULL) {
        g_auto(GStrv) lines = g_strsplit(reading->mail->full_text, "\n", MOST_INTRO_LINES);
        guint from = intro_lines(lines);
        if (lines[from] == NULL)
            return;
        g_autofree char *rest = g_strjoinv("\n", lines + from);
        to = pd_bounce_field(rest, "To");
    } else {
        to = pd_bounce_field(headers, "To");
    }
    if (to == NULL)
        return;
    g_autoptr(GPtrArray) list = pd_addresses_parse(to, NULL);
    if (list->len != 1)
        return;
    const PdAddress *only = list->pdata[0];
    read_words(&(Intro){reading->mail, NULL, 0, FALSE}, 0,
               pd_bounce_add(reading->mail, only->address, "failed"));
}

void pd_bounce_read_words(PdReading *reading)
{
    read_words_of_report(reading->mail);
    if (reading->mail->bounce->len == 0)
        read_returned_recipient(reading);
}
