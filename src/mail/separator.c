/* separator.c: see separator.h. Only bounded pieces of bounded numbers of lines are looked
 * at, so the work grows with the text only. */
#include "separator.h"

#include "attribution.h"
#include "quoted_header.h"
#include "quoted_label.h"
#include "quoted_notes.h"

#define MOST_LINE 400 /* bytes of a line that may be part of a separator */
#define MOST_TITLE 80
#define LONG_RULE 5
#define FULL_HEADER 4 /* lines */

/* ">>> Ann <a@b> 6/3/2024 10:00 AM >>>": GroupWise's title of plain lines that it quotes. */
static gboolean is_arrow_title(const PdLine *line)
{
    return line->length > 16 && line->length < MOST_LINE && memcmp(line->text, ">>> ", 4) == 0 &&
           memcmp(line->text + line->length - 4, " >>>", 4) == 0 && pd_line_tells_time(line);
}

gboolean pd_line_is_quoted(const PdLine *line)
{
    return line->length > 0 && (*line->text == '>' || pd_line_starts_with(line, "＞")) &&
           !is_arrow_title(line);
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

/* Words of such titles: what it is and what became of it, both of which must be there, since people
 * rule off logs, tables and messages of their own as well. */
static const char *const matters[] = {
    "message", "messaggio", "mensaje",    "mensagem",    "nachricht", "bericht", "meddel",
    "melding", "besked",    "viesti",     "wiadomo",     "сообщен",   "письмо",  "повідомлен",
    "邮件",    "郵件",      "メッセージ", "메시지",      "mail",      "mesaj",   "ileti",
    "üzenet",  "zpráva",    "správa",     "μήνυμα",      "消息",      "信件",    "съобщ",
    "poruka",  "sporočilo", "i̇leti",      "appointment",
};
static const char *const fates[] = {
    "origin",       "forwarded",      "ursprüng",
    "ursprung",     "weitergeleitet", "oorspronkelijk",
    "doorgestuurd", "opprinneli",     "oprindeli",
    "videresendt",  "vidarebefordra", "alkuperäi",
    "välitetty",    "oryginal",       "przekazan",
    "исходн",       "оригинал",       "пересла",
    "пересыл",      "transféré",      "reenviad",
    "encaminhad",   "inoltrat",       "původní",
    "pôvodn",       "eredeti",        "továbbított",
    "orijinal",     "iletilen",       "αρχικό",
    "原始",         "转发的",         "轉寄的",
    "転送",         "元の",           "전달",
    "원본",         "reply message",  "antwort nachricht",
    "copy of",      "перенаправлен",  "přeposlan",
    "özgün",        "вихідн",         "оригінал",
    "izvorn",       "izvirn",         "returned",
};
static const char *const sure[] = {"原始邮件", "原邮件",       "邮件原件", "回复的原",
                                   "原始郵件", "转发邮件信息", "転送",     "원본"};
static const char *const writing[] = {"写道", "wrote"}; /* with a time or an address */

/* "---- Error message ----": what a person pastes, and goes on below it. */
static const char *const pasted_words[] = {"error", "fehler", "erreur", "ошибк",
                                           "错误",  "報錯",   "报错",   "エラー"};

static gboolean has_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strcasestr(text, words[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean has_title_words(const char *title, gsize length)
{
    g_autofree char *text = g_utf8_strdown(title, (gssize)length);

    if (has_any(text, pasted_words, G_N_ELEMENTS(pasted_words)))
        return FALSE;
    return has_any(text, sure, G_N_ELEMENTS(sure)) ||
           (has_any(text, writing, G_N_ELEMENTS(writing)) &&
            strpbrk(text, "0123456789@") != NULL) ||
           (has_any(text, matters, G_N_ELEMENTS(matters)) &&
            has_any(text, fates, G_N_ELEMENTS(fates)));
}

typedef enum {
    TITLE_NONE,
    TITLE_SHAPED, /* dashes around words: a title if a header follows */
    TITLE_KNOWN,
} Title;

/* "-----Original Message-----", "------------------ 原始邮件 ------------------". */
static Title dashed_title(const PdLine *line)
{
    const char *text = line->text;
    gsize length = line->length;
    gsize before = rule_length(text, length);
    gsize after = 0;

    if (length > MOST_LINE || before < 3 || before == length)
        return TITLE_NONE;
    while (after < length - before && strchr("-*#~=_ ", text[length - 1 - after]) != NULL)
        after++;
    gsize title = length - before - after;
    if (after < 3 || title > MOST_TITLE || title < 4)
        return TITLE_NONE;
    return has_title_words(text + before, title) ? TITLE_KNOWN : TITLE_SHAPED;
}

static gboolean is_forward_title(const PdLine *line)
{
    static const char *const titles[] = {
        "Begin forwarded message:", "开始转发的邮件", "Anfang der weitergeleiteten",
        "Début du message réexpédié", "Début du message transféré"};

    static const char whole[] = "Forwarded message:";

    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (pd_line_starts_with(line, titles[i]))
            return TRUE;
    }
    return line->length == strlen(whole) && pd_line_starts_with(line, whole);
}

/* The first of at most so many lines that is not empty; count if there is none. */
static guint skip_empty(const PdLine *lines, guint count, guint from, guint most)
{
    while (from < MIN(count, most) && lines[from].length == 0)
        from++;
    return from;
}

static guint ruled_lines(const PdLine *lines, guint count)
{
    guint next = skip_empty(lines, count, 1, 4);
    guint block = next < count ? pd_quoted_header_behind_rule(lines + next, count - next) : 0;

    return block > 0 ? next + block : 0;
}

static guint titled_lines(const PdLine *lines, guint count, Title title)
{
    guint next = skip_empty(lines, count, 1, 3);
    guint block = next < count ? pd_quoted_header_behind_title(lines + next, count - next) : 0;

    if (block > 0)
        return next + block;
    return title == TITLE_KNOWN ? 1 : 0;
}

static gboolean has_four_digits(const PdLine *line)
{
    guint digits = 0;

    for (gsize i = 0; i < line->length && digits < 4; i++)
        digits = g_ascii_isdigit(line->text[i]) ? digits + 1 : 0;
    return digits == 4;
}

/* "From: Berlin / To: Hamburg / Subject: the parcel" names no address and no time: a form. */
static gboolean is_of_mail(const PdLine *lines, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (memchr(lines[i].text, '@', lines[i].length) != NULL)
            return TRUE;
        if (pd_label_of(&lines[i]) == PD_LABEL_DATE &&
            (pd_line_tells_time(&lines[i]) || (count >= FULL_HEADER && has_four_digits(&lines[i]))))
            return TRUE;
    }
    return FALSE;
}

guint pd_separator_lines(const PdLine *lines, guint count)
{
    if (lines[0].length == 0)
        return 0;
    if (is_arrow_title(&lines[0]))
        return 1;
    guint block = pd_quoted_header_lines(lines, count);
    if (!is_of_mail(lines, block))
        block = 0;
    if (block == 0)
        block = pd_quoted_notes_lines(lines, count);
    if (block > 0)
        return block;
    if (pd_line_is_rule(&lines[0]) && lines[0].length >= LONG_RULE)
        return ruled_lines(lines, count);
    Title title = is_forward_title(&lines[0]) ? TITLE_KNOWN : dashed_title(&lines[0]);
    guint titled = title != TITLE_NONE ? titled_lines(lines, count, title) : 0;
    return titled > 0 ? titled : pd_attribution_lines(lines, count);
}
