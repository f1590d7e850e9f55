/* bounce.c: delivery reports.
 *
 * RFC 3464 where there is one. Else the words of the report are read: the part of the text
 * before the returned message, and in it addresses at places where mail servers put them.
 */
#include "bounce.h"

#include "address.h"
#include "header.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_RECIPIENTS 100
#define MOST_INTRO_LINES 400
#define MOST_DIAGNOSTIC 500
#define DIAGNOSTIC_LINES 6
#define MESSAGE_HEADING 5 /* lines that name a message inside this one (body.c) */
#define MOST_LINE 1000    /* bytes; nobody lists recipients in longer ones */

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
};

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
    "returned to you",
    "mailbox is full",
    "delivery error",
    "could not deliver",
    "was undeliverable",
    "failed to deliver",
    "quota",
    "not a valid",
    "couldn't deliver",
    "could not be sent",
    "bounced",
    "no existe",
    "unknown recipient",
    "rejected",
    "not known",
    "isn't",
    "can't be delivered",
    "not found",
    "disabled",
    "over quota",
    "unknown address",
    "invalid",
    "undeliver",
    "配信できません",
    "delivery",
    "error",
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
    "无法投递",
    "投递失败",
    "not a member of this mailing list",
    "original mail as follows",
    "undeliverable to",
};

gboolean pd_bounce_is_told(const PdMail *mail, PdBounceHint hint)
{
    gboolean subject = contains_any(mail->subject, subjects, G_N_ELEMENTS(subjects));

    /* a person's mail costs no more than the look at its subject */
    if (hint == PD_BOUNCE_HINT_NONE && (!subject || mail->in_reply_to->len > 0))
        return FALSE;
    g_autofree char *head = g_strndup(mail->full_text, 4000);
    gboolean phrase = contains_any(head, strict, G_N_ELEMENTS(strict));
    switch (hint) {
    case PD_BOUNCE_HINT_SERVER:
        return subject || phrase || strstr(head, ">:") != NULL ||
               contains_any(head, phrases, G_N_ELEMENTS(phrases));
    case PD_BOUNCE_HINT_PROGRAM:
        return phrase || (subject && contains_any(head, phrases, G_N_ELEMENTS(phrases)));
    case PD_BOUNCE_HINT_NONE:
        break;
    }
    /* nobody but a program names the recipient as well */
    return phrase && strchr(head, '@') != NULL;
}

static PdBounceRecipient *find_recipient(const PdMail *mail, const char *address)
{
    for (guint i = 0; i < mail->bounce->len; i++) {
        PdBounceRecipient *recipient = mail->bounce->pdata[i];
        if (pd_address_equal(recipient->address, address))
            return recipient;
    }
    return NULL;
}

static PdBounceRecipient *add_recipient(PdMail *mail, const char *address, const char *action)
{
    PdBounceRecipient *recipient = find_recipient(mail, address);

    if (recipient != NULL || mail->bounce->len >= MOST_RECIPIENTS)
        return recipient;
    recipient = g_new0(PdBounceRecipient, 1);
    recipient->address = g_strdup(address);
    recipient->action = g_ascii_strdown(action, -1);
    g_ptr_array_add(mail->bounce, recipient);
    return recipient;
}

/* The value of a field of one paragraph of a delivery status, unfolded, or NULL. */
static char *field_of(const char *paragraph, const char *name)
{
    gsize length = strlen(name);

    for (const char *line = paragraph; *line != '\0';) {
        gsize line_length = strcspn(line, "\n");
        if (line_length > length && g_ascii_strncasecmp(line, name, length) == 0 &&
            line[length] == ':') {
            GString *value =
                g_string_new_len(line + length + 1, (gssize)(line_length - length - 1));
            const char *next = line + line_length;
            while (*next == '\n' && (next[1] == ' ' || next[1] == '\t') && value->len < 2000) {
                gsize more = strcspn(next + 1, "\n");
                g_string_append_len(value, next + 1, (gssize)more);
                next += 1 + more;
            }
            g_strstrip(value->str);
            return g_string_free(value, FALSE);
        }
        line += line_length + (line[line_length] == '\n');
    }
    return NULL;
}

/* "rfc822; a@b" without its type. Takes value. */
static char *without_type(char *value)
{
    char *semicolon = value != NULL ? strchr(value, ';') : NULL;

    if (semicolon != NULL && semicolon - value < 20)
        memmove(value, semicolon + 1, strlen(semicolon + 1) + 1);
    if (value != NULL)
        g_strstrip(value);
    return value;
}

static char *address_in(const char *value)
{
    if (value == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = pd_addresses_parse(value, NULL);
    if (list->len == 0)
        return NULL;
    const PdAddress *first = list->pdata[0];
    return g_strdup(first->address);
}

static void read_paragraph(PdMail *mail, const char *paragraph)
{
    g_autofree char *final = without_type(field_of(paragraph, "Final-Recipient"));
    g_autofree char *original = without_type(field_of(paragraph, "Original-Recipient"));
    g_autofree char *actual = without_type(field_of(paragraph, "X-Actual-Recipient"));
    g_autofree char *action = field_of(paragraph, "Action");
    g_autofree char *address = address_in(original);

    if (final == NULL && original == NULL)
        return;
    if (address == NULL)
        address = address_in(final);
    if (address == NULL)
        address = address_in(actual);
    if (address == NULL)
        return;
    if (action != NULL)
        action[strcspn(action, " \t;(")] = '\0';
    PdBounceRecipient *recipient =
        add_recipient(mail, address, action != NULL && *action != '\0' ? action : "failed");
    if (recipient == NULL || recipient->status != NULL)
        return;
    recipient->status = field_of(paragraph, "Status");
    if (recipient->status != NULL)
        recipient->status[strspn(recipient->status, "0123456789.")] = '\0';
    recipient->diagnostic = without_type(field_of(paragraph, "Diagnostic-Code"));
}

static void read_status(PdMail *mail, const char *status)
{
    g_auto(GStrv) paragraphs = g_strsplit(status, "\n\n", 2 * MOST_RECIPIENTS);

    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
        read_paragraph(mail, *paragraph);
}

/* The last paragraph's first character of an enhanced code: "5.1.1" within text, or NULL. */
static char *status_in(const char *text)
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
    recipient->status = status_in(recipient->diagnostic);
}

/* Places in a line where mail servers put the address that failed. */
static gboolean is_recipient_place(const char *line, const char *begin, const char *end)
{
    const char *text = line + strspn(line, " \t<\"'*(>-");

    if (begin == text && (*end == '\0' || strspn(end, "> \t:\"'.,;)") == strlen(end)))
        return TRUE; /* alone on its line */
    if (begin == text && strspn(end, ">\"' ") < strlen(end) && end[strspn(end, ">\"' ")] == ':')
        return TRUE; /* "<a@b>: reason" */
    if (begin == text && (strstr(end, "...") != NULL || contains_any(end, phrases, 40)))
        return TRUE; /* "a@b... User unknown" */
    g_autofree char *before = g_strndup(line, (gsize)(begin - line));
    return strcasestr(before, "rcpt to") != NULL || strcasestr(before, "recipient") != NULL ||
           strcasestr(before, "user ") != NULL || strcasestr(before, "failed:") != NULL ||
           strcasestr(before, "address") != NULL || strcasestr(before, "mailbox") != NULL ||
           strcasestr(before, "deliver") != NULL || strcasestr(before, "550") != NULL ||
           strcasestr(before, "收件人") != NULL || strcasestr(before, "account") != NULL ||
           strcasestr(before, "unknown") != NULL || strcasestr(before, "generated from") != NULL ||
           strcasestr(before, "error-for") != NULL || strcasestr(before, "quota") != NULL ||
           strcasestr(before, "expanded from") != NULL ||
           strcasestr(before, "your message to") != NULL;
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
        PdBounceRecipient *recipient = add_recipient(intro->mail, address, "failed");
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

/* A gateway may have put the whole report into a message of its own. */
static gboolean holds_same_sender(const PdMail *mail, char **lines)
{
    g_autofree char *rest = g_strjoinv("\n", lines);
    g_autofree char *from = field_of(rest, "From");
    g_autofree char *address = address_in(from);

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

static void read_failed_recipients(PdReading *reading)
{
    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (g_ascii_strcasecmp(header->name, "X-Failed-Recipients") != 0)
            continue;
        g_autoptr(GPtrArray) list = pd_addresses_parse(header->value, NULL);
        for (guint a = 0; a < list->len; a++) {
            const PdAddress *address = list->pdata[a];
            add_recipient(reading->mail, address->address, "failed");
        }
    }
}

/* The Message-ID field of the returned message's headers, wherever they stand. */
static char *original_id(const char *text)
{
    for (const char *at = text; at != NULL && (at = strcasestr(at, "message-id:")) != NULL; at++) {
        if (at > text && strchr("\n\t >", at[-1]) == NULL)
            continue;
        g_autofree char *value = g_strndup(at + 11, 1200);
        g_strdelimit(value, "\r\n", ' ');
        char *open = strchr(value, '<');
        if (open == NULL || open - value > 8)
            continue;
        open[strcspn(open, ">") + 1] = '\0';
        g_autoptr(GPtrArray) ids = pd_header_message_ids(open);
        if (ids->len > 0)
            return g_strdup(ids->pdata[0]);
    }
    return NULL;
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
        to = field_of(rest, "To");
    } else {
        to = field_of(headers, "To");
    }
    if (to == NULL)
        return;
    g_autoptr(GPtrArray) list = pd_addresses_parse(to, NULL);
    if (list->len != 1)
        return;
    const PdAddress *only = list->pdata[0];
    read_words(&(Intro){reading->mail, NULL, 0, FALSE}, 0,
               add_recipient(reading->mail, only->address, "failed"));
}

/* {"emailAddress":"a@b", …} of a notification in JSON, also of one inside another. */
static void read_notification(PdMail *mail)
{
    static const char key[] = "emailAddress";
    const char *at = mail->full_text;

    if (*at != '{')
        return;
    while ((at = strstr(at, key)) != NULL) {
        at += strlen(key);
        at += strspn(at, "\\\": ");
        g_autofree char *address = g_strndup(at, MIN(strcspn(at, "\\\""), 254));
        if (strchr(address, '@') != NULL)
            add_recipient(mail, address, "failed");
    }
}

void pd_bounce_read(PdReading *reading)
{
    PdMail *mail = reading->mail;

    if (mail->origin != PD_ORIGIN_BOUNCE && reading->report.delivery_status == NULL)
        return;
    if (reading->report.delivery_status != NULL)
        read_status(mail, reading->report.delivery_status);
    if (mail->bounce->len == 0 && reading->report.disposition != NULL)
        read_status(mail, reading->report.disposition);
    if (mail->bounce->len == 0)
        read_failed_recipients(reading);
    if (mail->bounce->len == 0)
        read_notification(mail);
    if (mail->bounce->len == 0)
        read_status(mail, mail->full_text);
    if (mail->bounce->len == 0)
        read_words_of_report(mail);
    if (mail->bounce->len == 0)
        read_returned_recipient(reading);
    mail->bounce_original = original_id(reading->report.original_headers);
    if (mail->bounce_original == NULL)
        mail->bounce_original = original_id(mail->full_text);
}
