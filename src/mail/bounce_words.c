/* bounce_words.c: delivery reports that follow no standard.
 *
 * The part of the text before the returned message is read, and in it addresses at places where
 * mail servers put them.
 */
#include "address.h"
#include "bounce.h"
#include "postdesk/text.h"
#include "sign.h"
#include <string.h>

#define MOST_INTRO_LINES 400
#define MOST_ANNOUNCEMENT 100 /* bytes */
#define MOST_DIAGNOSTIC 500
#define DIAGNOSTIC_LINES 6
#define MESSAGE_HEADING 5 /* lines that name a message inside this one (body.c) */
#define MOST_READERS 20
#define MOST_EXPLAINED 20     /* recipients whose words are looked for */
#define MOST_EXPLANATION 8000 /* bytes in which they are */
#define MOST_LINE 1000        /* bytes; nobody lists recipients in longer ones */

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

/* "-- The header and top 20 lines of the message follows --", in whatever words. */
static gboolean announces_returned_message(const char *line)
{
    static const char *const what[] = {"original message", "header", "copy of"};

    if (strlen(line) > MOST_ANNOUNCEMENT)
        return FALSE;
    const char *follow = strcasestr(line, "follow");
    if (follow != NULL && g_ascii_strncasecmp(follow, "following", 9) == 0)
        return FALSE; /* "the following addresses did not receive a copy of …" */
    if (follow == NULL && strcasestr(line, "below") == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(what); i++) {
        if (strcasestr(line, what[i]) != NULL)
            return TRUE;
    }
    return FALSE;
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
        "    ---- Contents of the undelivered",
        "---- Contents of the undelivered",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_ascii_strncasecmp(line, starts[i], strlen(starts[i])) == 0)
            return TRUE;
    }
    return announces_returned_message(line);
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
    gboolean own;     /* whom the report is for may have failed himself */
    gboolean listing; /* "… the following recipients:" stands before */
} Intro;

/* "550 …", "452-…" */
static gboolean is_reply_code(const char *text)
{
    return (*text == '4' || *text == '5') && strspn(text, "0123456789") == 3 &&
           (text[3] == ' ' || text[3] == '-');
}

/* A reply of its own follows one that is told whole. */
static gboolean begins_next_reply(char **lines, guint at, guint from)
{
    if (at == from || !is_reply_code(lines[from]) ||
        (is_reply_code(lines[at - 1]) && lines[at - 1][3] == '-'))
        return FALSE;
    return (is_reply_code(lines[at]) || g_str_has_prefix(lines[at], "While talking"));
}

/* The words from a line on, up to the next empty one. Caller frees. */
static char *words_from(const Intro *intro, guint from)
{
    g_autoptr(GString) words = g_string_new(NULL);

    for (guint i = from; i < intro->count && i < from + DIAGNOSTIC_LINES; i++) {
        if ((*intro->lines[i] == '\0' && i > from + 1) || begins_next_reply(intro->lines, i, from))
            break;
        g_string_append_printf(words, "%s ", intro->lines[i]);
    }
    return pd_text_fold_space(words->str);
}

/* The words around a recipient. He may be named twice: for people, and then with the server's
 * code. */
static void read_words(const Intro *intro, guint from, PdBounceRecipient *recipient)
{
    if (recipient == NULL || (recipient->diagnostic != NULL && recipient->status != NULL))
        return;
    g_autofree char *words = words_from(intro, from);
    g_autofree char *status = pd_bounce_status_in(words);
    if (recipient->diagnostic != NULL && status == NULL)
        return;
    g_autofree char *before = recipient->diagnostic;
    g_autofree char *all = before != NULL ? g_strconcat(before, " ", words, NULL) : g_strdup(words);
    recipient->diagnostic = pd_text_shorten(all, MOST_DIAGNOSTIC);
    g_free(recipient->status);
    recipient->status = g_steal_pointer(&status);
}

/* "您发给 a@b 的邮件未能投递", "收件人：a@b" */
static gboolean is_eastern_place(const char *before)
{
    static const char *const words[] = {
        "收件", "收信", "发给", "发送给", "发往",   "投递到",     "投递给", "投递至", "递送至",
        "送达", "送至", "寄给", "传递给", "传递到", "傳遞至",     "用户",   "用戶",   "邮箱",
        "帐号", "账号", "宛先", "宛て",   "地址",   "无法发送到", "받는",   "수신",   NULL};

    return pd_says_any(before, words);
}

/* "the group you tried to contact (a@b)" */
static gboolean tells_of_trying(const char *before)
{
    return strcasestr(before, "you tried to ") != NULL ||
           strcasestr(before, "you are trying to ") != NULL;
}

/* Places in a line where mail servers put the address that failed. */
static gboolean is_recipient_place(const char *line, const char *begin, const char *end)
{
    const char *text = line + strspn(line, " \t<\"'*(>-");

    if (begin == text && (*end == '\0' || strspn(end, "> \t:\"'.,;)") == strlen(end)))
        return TRUE; /* alone on its line */
    if (begin == text && strspn(end, ">\"' ") < strlen(end) && end[strspn(end, ">\"' ")] == ':')
        return TRUE; /* "<a@b>: reason" */
    if (begin == text && is_reply_code(end + strspn(end, " \t>\"'")))
        return TRUE; /* "a@b  550 …" */
    if (begin == text && (strstr(end, "...") != NULL || pd_bounce_says_failure(end)))
        return TRUE; /* "a@b... User unknown" */
    g_autofree char *before = g_strndup(line, (gsize)(begin - line));
    if (is_reply_code(before) && strspn(before + 3, " -<") == strlen(before + 3))
        return TRUE; /* "554 <a@b>... Host unknown" */
    return strcasestr(before, "rcpt to") != NULL || strcasestr(before, "recipient") != NULL ||
           strcasestr(before, "user ") != NULL || strcasestr(before, "failed:") != NULL ||
           strcasestr(before, "address") != NULL || strcasestr(before, "mailbox") != NULL ||
           strcasestr(before, "deliver") != NULL || strcasestr(before, "550") != NULL ||
           strcasestr(before, "account") != NULL || strcasestr(before, "unknown") != NULL ||
           strcasestr(before, "generated from") != NULL ||
           strcasestr(before, "error-for") != NULL || strcasestr(before, "quota") != NULL ||
           strcasestr(before, "expanded from") != NULL ||
           strcasestr(before, "your message to") != NULL ||
           strcasestr(before, "wasn't delivered to") != NULL || tells_of_trying(before) ||
           is_eastern_place(before);
}

/* The words announce a list of those that failed; it ends with an empty line behind it. */
static void look_for_listing(Intro *intro, guint number)
{
    const char *line = intro->lines[number];

    if (strcasestr(line, "following recipient") != NULL ||
        strcasestr(line, "following address") != NULL || strcasestr(line, "fatal errors") != NULL ||
        strcasestr(line, "following user") != NULL ||
        strcasestr(line, "failed addresses") != NULL ||
        strcasestr(line, "following destination") != NULL || strstr(line, "下列收件人") != NULL ||
        strstr(line, "以下收件人") != NULL || strstr(line, "下列地址") != NULL ||
        strstr(line, "以下地址") != NULL)
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

    if (tells_of_trying(before))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *found = strcasestr(before, words[i]);
        if (found != NULL && (found == before || !g_ascii_isalnum(found[-1])))
            return strcasestr(before, "generated from") == NULL &&
                   strcasestr(before, "expanded from") == NULL;
    }
    return FALSE;
}

/* "Sorry a@b, your mail to …": whom the report is for. */
static gboolean is_reader(const PdMail *mail, const char *address)
{
    for (guint i = 0; i < MIN(mail->to->len, MOST_READERS); i++) {
        const PdAddress *to = mail->to->pdata[i];
        if (pd_address_equal(address, to->address))
            return TRUE;
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
        if (!intro->own && is_reader(intro->mail, address))
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

static void read_words_of_report(PdMail *mail, gboolean own)
{
    g_autofree char *head = g_strndup(mail->full_text, 64 * 1024);
    g_auto(GStrv) lines = g_strsplit(head, "\n", MOST_INTRO_LINES);
    Intro intro = {.mail = mail, .lines = lines, .count = intro_lines(lines), .own = own};

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

/* "… the following recipients could not be reached:", and then names alone: a server that speaks of
 * its own people leaves their domain away. */
static void read_bare_names(PdMail *mail)
{
    g_autofree char *head = pd_bounce_own_words(mail, MOST_EXPLANATION);
    g_auto(GStrv) lines = g_strsplit(head, "\n", MOST_INTRO_LINES);
    const char *domain = mail->from != NULL ? pd_address_domain(mail->from->address) : "";
    Intro intro = {.mail = mail, .lines = lines, .count = g_strv_length(lines)};

    for (guint i = 0; i < intro.count && *domain != '\0'; i++) {
        gboolean listed = intro.listing;
        char *name = g_strstrip(lines[i]);
        look_for_listing(&intro, i);
        gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");
        if (!listed || length < 2 || name[length] != '\0')
            continue;
        g_autofree char *lower = g_ascii_strdown(domain, -1);
        g_autofree char *address = g_strdup_printf("%s@%s", name, lower);
        read_words(&intro, i, pd_bounce_add(mail, address, "failed"));
    }
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
    read_words(&(Intro){.mail = reading->mail}, 0,
               pd_bounce_add(reading->mail, only->address, "failed"));
}

void pd_bounce_read_words(PdReading *reading)
{
    read_words_of_report(reading->mail, FALSE);
    if (reading->mail->bounce->len == 0)
        read_bare_names(reading->mail);
    if (reading->mail->bounce->len == 0)
        read_returned_recipient(reading);
    if (reading->mail->bounce->len == 0)
        read_words_of_report(reading->mail, TRUE);
}
