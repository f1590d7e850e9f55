/* separator.c: see separator.h. Only bounded pieces of bounded numbers of lines are looked
 * at, so the work grows with the text only. */
#include "separator.h"

#include <string.h>

#define MOST_LINE 400      /* bytes of a line that may be part of a separator */
#define MOST_ATTRIBUTION 5 /* lines */
#define MOST_HEADER_LINES 14
#define MOST_TITLE 80
#define MOST_LABEL 47 /* bytes */
#define MOST_FOREIGN_LABEL 30
#define LEAST_FOREIGN_LINES 4

static const char *const verbs[] = {
    "wrote",    "writes",       "schrieb", "a écrit", "écrivait",  "escribió", "ha scritto",
    "escreveu", "написал",      "пишет",   "пише",    "napisał",   "skrev",    "geschreven",
    "schreef",  "写道",         "寫道",    "写到",    "kirjoitti", "yazdı",    "さんは書きました",
    "のメール", "を書きました", "napsal",  "írta",    "작성",      "έγραψε",   "scrisse",
};

static const char *const openings[] = {
    "On ",   "At ",     "Am ",  "Le ", "El ", "Il ", "Em ", "Op ", "Den ",
    "Dnia ", "W dniu ", "Dne ", "在",  "于",  "於",  "Pe ", "Na ",
};

/* Labels of header blocks, lower case, without spaces. */
typedef enum {
    LABEL_NONE = 0,
    LABEL_FROM = 1,
    LABEL_DATE = 2,
    LABEL_TO = 4,
    LABEL_SUBJECT = 8,
    LABEL_OTHER = 16
} Label;

static const struct {
    const char *name;
    Label label;
} labels[] = {
    {"from", LABEL_FROM},
    {"发件人", LABEL_FROM},
    {"寄件者", LABEL_FROM},
    {"寄件人", LABEL_FROM},
    {"差出人", LABEL_FROM},
    {"von", LABEL_FROM},
    {"de", LABEL_FROM},
    {"da", LABEL_FROM},
    {"van", LABEL_FROM},
    {"från", LABEL_FROM},
    {"fra", LABEL_FROM},
    {"от", LABEL_FROM},
    {"від", LABEL_FROM},
    {"od", LABEL_FROM},
    {"lähettäjä", LABEL_FROM},
    {"보낸사람", LABEL_FROM},
    {"发送人", LABEL_FROM},
    {"expéditeur", LABEL_FROM},
    {"absender", LABEL_FROM},
    {"remitente", LABEL_FROM},
    {"sent", LABEL_DATE},
    {"date", LABEL_DATE},
    {"发送时间", LABEL_DATE},
    {"日期", LABEL_DATE},
    {"寄件日期", LABEL_DATE},
    {"傳送時間", LABEL_DATE},
    {"送信日時", LABEL_DATE},
    {"日時", LABEL_DATE},
    {"日付", LABEL_DATE},
    {"gesendet", LABEL_DATE},
    {"datum", LABEL_DATE},
    {"envoyé", LABEL_DATE},
    {"envoyéle", LABEL_DATE},
    {"enviado", LABEL_DATE},
    {"enviadoel", LABEL_DATE},
    {"fecha", LABEL_DATE},
    {"data", LABEL_DATE},
    {"inviato", LABEL_DATE},
    {"verzonden", LABEL_DATE},
    {"skickat", LABEL_DATE},
    {"sendt", LABEL_DATE},
    {"dato", LABEL_DATE},
    {"отправлено", LABEL_DATE},
    {"дата", LABEL_DATE},
    {"wysłano", LABEL_DATE},
    {"datesent", LABEL_DATE},
    {"时间", LABEL_DATE},
    {"发送日期", LABEL_DATE},
    {"보낸날짜", LABEL_DATE},
    {"to", LABEL_TO},
    {"收件人", LABEL_TO},
    {"收件者", LABEL_TO},
    {"宛先", LABEL_TO},
    {"an", LABEL_TO},
    {"à", LABEL_TO},
    {"a", LABEL_TO},
    {"para", LABEL_TO},
    {"aan", LABEL_TO},
    {"till", LABEL_TO},
    {"til", LABEL_TO},
    {"кому", LABEL_TO},
    {"do", LABEL_TO},
    {"받는사람", LABEL_TO},
    {"destinataire", LABEL_TO},
    {"subject", LABEL_SUBJECT},
    {"主题", LABEL_SUBJECT},
    {"主旨", LABEL_SUBJECT},
    {"主題", LABEL_SUBJECT},
    {"件名", LABEL_SUBJECT},
    {"betreff", LABEL_SUBJECT},
    {"objet", LABEL_SUBJECT},
    {"asunto", LABEL_SUBJECT},
    {"assunto", LABEL_SUBJECT},
    {"oggetto", LABEL_SUBJECT},
    {"onderwerp", LABEL_SUBJECT},
    {"ämne", LABEL_SUBJECT},
    {"emne", LABEL_SUBJECT},
    {"тема", LABEL_SUBJECT},
    {"temat", LABEL_SUBJECT},
    {"标题", LABEL_SUBJECT},
    {"제목", LABEL_SUBJECT},
    {"re", LABEL_SUBJECT},
    {"cc", LABEL_OTHER},
    {"抄送", LABEL_OTHER},
    {"抄送人", LABEL_OTHER},
    {"副本", LABEL_OTHER},
    {"kopie", LABEL_OTHER},
    {"bcc", LABEL_OTHER},
    {"reply-to", LABEL_OTHER},
    {"replyto", LABEL_OTHER},
    {"importance", LABEL_OTHER},
    {"附件", LABEL_OTHER},
    {"attachments", LABEL_OTHER},
    {"risposta", LABEL_OTHER},
    {"优先级", LABEL_OTHER},
    {"organization", LABEL_OTHER},
    {"cci", LABEL_OTHER},
    {"重要性", LABEL_OTHER},
    {"kopia", LABEL_OTHER},
    {"копия", LABEL_OTHER},
    {"message-id", LABEL_OTHER},
    {"newsgroups", LABEL_OTHER},
};

static gboolean ends_with(const char *text, gsize length, const char *word)
{
    gsize tail = strlen(word);

    return length >= tail && memcmp(text + length - tail, word, tail) == 0;
}

gboolean pd_line_is_quoted(const PdLine *line)
{
    return line->length > 0 && (*line->text == '>' || pd_line_starts_with(line, "＞"));
}

/* Bytes at the start that draw a line. */
static gsize rule_length(const char *text, gsize length)
{
    gsize at = 0;

    while (at < length) {
        if (strchr("-*#~=_+ ", text[at]) != NULL && text[at] != '\0')
            at++;
        else if (length - at >= 3 &&
                 (memcmp(text + at, "—", 3) == 0 || memcmp(text + at, "–", 3) == 0 ||
                  memcmp(text + at, "─", 3) == 0 || memcmp(text + at, "ᐧ", 3) == 0 ||
                  memcmp(text + at, "━", 3) == 0))
            at += 3;
        else
            break;
    }
    return at;
}

gboolean pd_line_is_rule(const PdLine *line)
{
    return line->length >= 2 && rule_length(line->text, line->length) == line->length;
}

/* Words of such titles, one of which must be there: people rule off logs and tables as well. */
static const char *const title_words[] = {
    "original", "message",    "forward",  "messaggio",  "mensaje",   "mensagem",    "nachricht",
    "bericht",  "meddelande", "melding",  "besked",     "viesti",    "wiadomo",     "сообщен",
    "письмо",   "повідомлен", "原始邮件", "原邮件",     "邮件原件",  "转发",        "原始郵件",
    "轉寄",     "郵件",       "転送",     "メッセージ", "transféré", "appointment", "wrote",
    "写道",     "回复的原",   "메시지",   "원본",
};

static gboolean has_title_word(const char *title, gsize length)
{
    g_autofree char *text = g_strndup(title, length);

    for (gsize i = 0; i < G_N_ELEMENTS(title_words); i++) {
        if (strcasestr(text, title_words[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* "-----Original Message-----", "------------------ 原始邮件 ------------------". */
static gboolean is_dashed_title(const PdLine *line)
{
    const char *text = line->text;
    gsize length = line->length;
    gsize before = rule_length(text, length);
    gsize after = 0;

    if (length > MOST_LINE || before < 3 || before == length)
        return FALSE;
    while (after < length - before && strchr("-*#~=_ ", text[length - 1 - after]) != NULL)
        after++;
    gsize title = length - before - after;
    if (after < 3 || title > MOST_TITLE || title < 4)
        return FALSE;
    return has_title_word(text + before, title);
}

static gboolean is_forward_title(const PdLine *line)
{
    static const char *const titles[] = {
        "Begin forwarded message:", "开始转发的邮件", "Anfang der weitergeleiteten",
        "Début du message réexpédié", "Début du message transféré"};

    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (pd_line_starts_with(line, titles[i]))
            return TRUE;
    }
    return FALSE;
}

/* Where the label of "Label: value" ends, or NULL. */
static const char *label_end(const PdLine *line)
{
    gsize length = MIN(line->length, MOST_LABEL);
    const char *colon = memchr(line->text, ':', length);
    const char *wide = memmem(line->text, length, "：", 3);

    return colon == NULL || (wide != NULL && wide < colon) ? wide : colon;
}

/* The kind of "Label: value", stars and spaces in the label aside. */
static Label label_of(const PdLine *line)
{
    char name[MOST_LABEL + 1];
    gsize used = 0;
    const char *end = label_end(line);

    if (end == NULL)
        return LABEL_NONE;
    for (const char *at = line->text; at < end; at++) {
        if (*at == '\xc2' && at[1] == '\xa0')
            at++;
        else if (*at != ' ' && *at != '*' && *at != '\t' && *at != '|')
            name[used++] = g_ascii_tolower(*at);
    }
    name[used] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (*labels[i].name == *name && strcmp(labels[i].name, name) == 0)
            return labels[i].label;
    }
    return LABEL_NONE;
}

/* Lines of "From: … / Sent: … / To: … / Subject: …", folded values included. */
static guint header_block_lines(const PdLine *lines, guint count)
{
    guint seen = 0, kinds = 0, last = 0, strange = 0;

    if (!(label_of(&lines[0]) & (LABEL_FROM | LABEL_DATE | LABEL_SUBJECT)))
        return 0;
    for (guint i = 0; i < MIN(count, MOST_HEADER_LINES); i++) {
        Label label = label_of(&lines[i]);
        if (lines[i].length == 0 && i > 0 && label_of(&lines[i - 1]) == LABEL_NONE)
            break;
        if (label != LABEL_NONE) {
            kinds += (seen & label) == 0;
            seen |= label;
            last = i;
            strange = 0;
        } else if (++strange > 2) {
            break;
        }
    }
    gboolean enough = kinds >= 3 || (kinds == 2 && (seen & LABEL_FROM) && last <= 2 &&
                                     (seen & (LABEL_DATE | LABEL_SUBJECT)));
    return enough && (seen & LABEL_FROM) ? last + 1 : 0;
}

static gboolean has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

static gboolean has_verb(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strstr(text, verbs[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* "2016-03-03 17:21", "2013/7/20", "20 окт. 2016", "23 mar 2017". */
static gboolean starts_with_date(const char *text)
{
    gsize digits = strspn(text, "0123456789");

    if (digits == 4)
        return g_str_has_prefix(text + 4, "年") ||
               (strchr("-/.", text[4]) != NULL && text[4] != '\0' && g_ascii_isdigit(text[5]));
    return (digits == 1 || digits == 2) && text[digits] == ' ' && strstr(text, " 20") != NULL;
}

/* "02.04.2012", "2/4/12": says little alone, but an attribution that begins so begins here. */
static gboolean starts_with_numeric_date(const char *text)
{
    gsize day = strspn(text, "0123456789");

    if (day < 1 || day > 2 || text[day] == '\0' || strchr("./-", text[day]) == NULL)
        return FALSE;
    gsize month = strspn(text + day + 1, "0123456789");
    return (month == 1 || month == 2) && text[day + 1 + month] == text[day] &&
           g_ascii_isdigit(text[day + 2 + month]);
}

static gboolean may_open(const PdLine *line)
{
    if (line->length > MOST_LINE || pd_line_is_quoted(line))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (pd_line_starts_with(line, openings[i]))
            return TRUE;
    }
    for (gsize i = 0; i < line->length; i++) {
        char c = line->text[i];
        if (c == '@' || c == '<' || (g_ascii_isdigit(c) && line->length > 6))
            return TRUE;
    }
    return FALSE;
}

/* "10:00", "9.30" */
static gboolean has_clock_time(const char *text)
{
    for (const char *at = text; (at = strpbrk(at, ":.")) != NULL; at++) {
        if (at > text && g_ascii_isdigit(at[-1]) && g_ascii_isdigit(at[1]) &&
            g_ascii_isdigit(at[2]) && !g_ascii_isdigit(at[3]))
            return TRUE;
    }
    return FALSE;
}

static gboolean holds_clock_time(const PdLine *line)
{
    g_autofree char *text = g_strndup(line->text, MIN(line->length, MOST_LINE));

    return has_clock_time(text);
}

/* Behind a rule, in a language that is not known: lines of "Label: value" as Outlook writes them,
 * the first with "Name <a@b>", the second with a time. Forms that people fill in have other lines.
 */
static guint foreign_block_lines(const PdLine *lines, guint count)
{
    guint found = 0;

    if (count < LEAST_FOREIGN_LINES || memchr(lines[0].text, '@', lines[0].length) == NULL ||
        memchr(lines[0].text, '<', lines[0].length) == NULL || !holds_clock_time(&lines[1]))
        return 0;
    while (found < MIN(count, MOST_HEADER_LINES) && lines[found].length > 0) {
        const char *end = label_end(&lines[found]);
        if (end == NULL || end == lines[found].text || end - lines[found].text > MOST_FOREIGN_LABEL)
            break;
        found++;
    }
    return found >= LEAST_FOREIGN_LINES ? found : 0;
}

static guint block_behind_rule(const PdLine *lines, guint count)
{
    guint block = header_block_lines(lines, count);

    return block > 0 ? block : foreign_block_lines(lines, count);
}

/* In any language: a time, "<a@b>" and the colon, and then the quoted lines. */
static gboolean is_foreign_attribution(const char *text, gboolean quote_follows)
{
    const char *angle = strchr(text, '<');

    return quote_follows && angle != NULL && strchr(angle, '@') != NULL && has_clock_time(text);
}

/* Who wrote, and when: a verb with a date or an address, or a date with an address. */
static gboolean is_attribution(const char *text, gsize length, gboolean quote_follows)
{
    gboolean colon = ends_with(text, length, ":") || ends_with(text, length, "：");
    gboolean dashed = ends_with(text, length, "--"); /* "---- On … wrote ----" */
    gboolean date = starts_with_date(text);

    if (!colon && !dashed && !date)
        return FALSE;
    gboolean address = strchr(text, '@') != NULL;
    if (date && (strstr(text, " GMT") != NULL ||
                 (address && (colon || quote_follows || ends_with(text, length, ">")))))
        return TRUE;
    if (colon && is_foreign_attribution(text, quote_follows))
        return TRUE;
    if (!(colon && (has_digit(text) || address)) && !(dashed && has_digit(text) && address))
        return FALSE;
    return has_verb(text);
}

static gboolean next_is_quoted(const PdLine *lines, guint count, guint from)
{
    for (guint i = from; i < count && i < from + 3; i++) {
        if (lines[i].length > 0)
            return pd_line_is_quoted(&lines[i]);
    }
    return FALSE;
}

/* An attribution while its lines are put together. */
typedef struct {
    GString *text;
    gsize begins[2 * MOST_ATTRIBUTION]; /* where each line begins in text */
    guint count;
} Joined;

static void join(Joined *joined, const PdLine *line)
{
    if (joined->text->len > 0)
        g_string_append_c(joined->text, ' ');
    joined->begins[joined->count++] = joined->text->len;
    g_string_append_len(joined->text, line->text, (gssize)line->length);
}

static gboolean has_opening(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (g_str_has_prefix(text, openings[i]))
            return TRUE;
    }
    return starts_with_date(text) || starts_with_numeric_date(text);
}

/* The first lines are prose, and the attribution proper begins further down. */
static gboolean begins_later(const Joined *joined, gboolean quote_follows)
{
    const char *text = joined->text->str;

    if (has_opening(text))
        return FALSE;
    for (guint i = 1; i < joined->count; i++) {
        gsize begin = joined->begins[i];
        if (is_attribution(text + begin, joined->text->len - begin, quote_follows))
            return TRUE;
    }
    return FALSE;
}

/* TRUE if an attribution cannot go on with this line. */
static gboolean breaks_attribution(const Joined *joined, const PdLine *lines, guint count, guint i)
{
    gboolean open = strchr(joined->text->str, '<') != NULL;

    if (lines[i].length > MOST_LINE || (i >= MOST_ATTRIBUTION && !open))
        return TRUE;
    /* quoted lines break in only where a program wraps and marks its own attribution */
    if (pd_line_is_quoted(&lines[i]))
        return !(lines[i].length < 60 && i > 0 && open);
    if (lines[i].length > 0 || i == 0 || open)
        return FALSE;
    /* an empty line ends it, unless an address stands alone behind it */
    return !(i == 1 && strchr(joined->text->str, ':') != NULL && has_digit(joined->text->str) &&
             count > 2 && lines[2].length > 0 && *lines[2].text == '<');
}

static guint join_attribution(Joined *joined, const PdLine *lines, guint count)
{
    for (guint i = 0; i < MIN(count, 2 * MOST_ATTRIBUTION); i++) {
        if (breaks_attribution(joined, lines, count, i))
            return 0;
        if (lines[i].length == 0)
            continue;
        join(joined, &lines[i]);
        if (joined->text->len > 2 * MOST_LINE)
            return 0;
        gboolean quote_follows = next_is_quoted(lines, count, i + 1);
        if (is_attribution(joined->text->str, joined->text->len, quote_follows))
            return begins_later(joined, quote_follows) ? 0 : i + 1;
    }
    return 0;
}

static guint attribution_lines(const PdLine *lines, guint count)
{
    if (!may_open(&lines[0]))
        return 0;
    Joined joined = {.text = g_string_sized_new(256)};
    guint found = join_attribution(&joined, lines, count);
    g_string_free(joined.text, TRUE);
    return found;
}

guint pd_separator_lines(const PdLine *lines, guint count)
{
    if (lines[0].length == 0)
        return 0;
    guint block = header_block_lines(lines, count);
    if (block > 0)
        return block;
    if (pd_line_is_rule(&lines[0]) && lines[0].length >= 5) {
        guint next = 1;
        while (next < count && next < 4 && lines[next].length == 0)
            next++;
        block = next < count ? block_behind_rule(lines + next, count - next) : 0;
        return block > 0 ? next + block : 0;
    }
    if (is_dashed_title(&lines[0]) || is_forward_title(&lines[0])) {
        guint next = 1;
        while (next < count && next < 3 && lines[next].length == 0)
            next++;
        block = next < count ? header_block_lines(lines + next, count - next) : 0;
        return block > 0 ? next + block : 1;
    }
    return attribution_lines(lines, count);
}
