/* attribution.c: see attribution.h. Programs wrap these lines, so several are put together until
 * they say who wrote, and when. */
#include "attribution.h"

#include "beginnings.h"

#define MOST_LINE 400      /* bytes of a line that may be part of one */
#define MOST_ATTRIBUTION 5 /* lines */
#define MOST_TAIL 16       /* bytes behind the verb */
#define DIGITS "0123456789"

static const char *const verbs[] = {
    "wrote",    "writes",       "schrieb",   "a écrit", "écrivait",  "escribió", "ha scritto",
    "escreveu", "написал",      "пишет",     "пише",    "napisał",   "skrev",    "geschreven",
    "schreef",  "写道",         "寫道",      "写到",    "kirjoitti", "yazdı",    "さんは書きました",
    "のメール", "を書きました", "napsal",    "írta",    "작성",      "έγραψε",   "scrisse",
    "pisze",    "a scris",      "napísal",   "napisal", "napisao",   "написа",   "rašė",
    "rakstīja", "kirjutas",     "ha escrit", "đã viết", "menulis",   "쓴 글",    "כתב",
    "נכתב",     "كتب",          "كتابة",     "نوشت",    "เขียน",
};

static const char *const openings[] = {
    "On ", "At ", "Am ", "Le ", "El ", "Il ",  "Em ",   "Op ",   "Den ", "Dnia ", "W dniu ", "Dne ",
    "在",  "于",  "於",  "Pe ", "Na ", "Dňa ", "Dana ", "Дана ", "На ",  "Vào ",  "Pada ",
};

static gboolean ends_with(const char *text, gsize length, const char *word)
{
    gsize tail = strlen(word);

    return length >= tail && memcmp(text + length - tail, word, tail) == 0;
}

static gboolean has_digit(const char *text)
{
    return strpbrk(text, DIGITS) != NULL;
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
    gsize digits = strspn(text, DIGITS);

    if (digits == 4)
        return g_str_has_prefix(text + 4, "年") ||
               (strchr("-/.", text[4]) != NULL && text[4] != '\0' && g_ascii_isdigit(text[5]));
    return (digits == 1 || digits == 2) && text[digits] == ' ' && strstr(text, " 20") != NULL;
}

/* "02.04.2012", "2/4/12": says little alone, but an attribution that begins so begins here. */
static gboolean starts_with_numeric_date(const char *text)
{
    gsize day = strspn(text, DIGITS);

    if (day < 1 || day > 2 || text[day] == '\0' || strchr("./-", text[day]) == NULL)
        return FALSE;
    gsize month = strspn(text + day + 1, DIGITS);
    return (month == 1 || month == 2) && text[day + 1 + month] == text[day] &&
           g_ascii_isdigit(text[day + 2 + month]);
}

static gboolean has_opening_word(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (g_str_has_prefix(text, openings[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean has_opening(const char *text)
{
    return has_opening_word(text) || starts_with_date(text) || starts_with_numeric_date(text);
}

/* An address, or in a line of some length a number, which tells less. */
static gboolean tells_who_or_when(const PdLine *line)
{
    static const guint8 telling[256] = {['@'] = 2, ['<'] = 2, ['0' ... '9'] = 1};
    const guint8 wanted = line->length > 6 ? 1 : 2;

    for (gsize i = 0; i < line->length; i++) {
        if (telling[(guchar)line->text[i]] >= wanted)
            return TRUE;
    }
    return FALSE;
}

static gboolean may_open(const PdLine *line)
{
    static PdBeginnings opening = PD_BEGINNINGS(openings);

    if (line->length > MOST_LINE || pd_line_is_quoted(line))
        return FALSE;
    return pd_line_begins_with_any(line, &opening) || tells_who_or_when(line);
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

gboolean pd_line_tells_time(const PdLine *line)
{
    g_autofree char *text = g_strndup(line->text, MIN(line->length, MOST_LINE));

    return has_clock_time(text);
}

/* "… by a@b:" */
static gboolean ends_with_address(const char *text)
{
    const char *last = strrchr(text, ' ');

    return last != NULL && strchr(last, '@') != NULL;
}

/* "2016-03-03 17:21 GMT+01:00 Ann", where a log would tell the seconds. */
static gboolean tells_gmail_time(const char *text)
{
    const char *zone = strstr(text, " GMT");

    return zone != NULL && zone - text > 6 && (zone[4] == '+' || zone[4] == '-') &&
           zone[-3] == ':' && zone[-6] != ':';
}

/* "… Ann <a@b>:", but not "… F=<a@b> rejected RCPT <c@d>:", a line of a mail server's log, nor
 * "… with a@b it says:" */
static gboolean ends_with_who(const char *text)
{
    return ends_with_address(text) && strchr(text, '=') == NULL &&
           strchr(text, '<') == strrchr(text, '<');
}

/* In any language: a time, "<a@b>" or "a@b" at the end, and the colon, and then the quoted lines.
 */
static gboolean is_foreign_attribution(const char *text, gboolean quote_follows)
{
    const char *angle = strchr(text, '<');
    gboolean addressed = (angle != NULL && strchr(angle, '@') != NULL) || ends_with_address(text);

    return quote_follows && addressed && has_clock_time(text);
}

/* "2024", "1999" */
static gboolean has_year(const char *text)
{
    for (const char *at = text; (at = strpbrk(at, "12")) != NULL; at++) {
        if ((memcmp(at, "19", 2) == 0 || memcmp(at, "20", 2) == 0) && strspn(at, DIGITS) == 4 &&
            (at == text || !g_ascii_isdigit(at[-1])))
            return TRUE;
    }
    return FALSE;
}

/* "3.6.2024 …", "Mon, …": no sentence of a person's. */
static gboolean starts_as_date(const char *text)
{
    gsize word = strcspn(text, " ");

    return g_ascii_isdigit(*text) || (word > 1 && text[word - 1] == ',');
}

/* In any language, and whatever follows: a year, a time, "<a@b>" as the last words, and the colon.
 */
static gboolean is_dated_address(const char *text, gsize length)
{
    const char *angle = strrchr(text, '<');

    return starts_as_date(text) && ends_with(text, length, ">:") && ends_with_who(text) &&
           angle != NULL && strchr(angle, ' ') == NULL && has_year(text) && has_clock_time(text);
}

/* "On Mon, 3 Jun 2024 10:00:00 +0200 Ann <a@b> wrote", and no colon. */
static gboolean ends_with_writing(const char *text, gsize length)
{
    const char *angle = strrchr(text, '>');

    if (angle == NULL || angle[1] != ' ' || !has_opening(text) || !has_year(text) ||
        !has_clock_time(text))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strlen(verbs[i]) == length - (gsize)(angle + 2 - text) &&
            strcmp(angle + 2, verbs[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

/* "4/11/2011", "12.03.2024" */
static gboolean has_numeric_date(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || !g_ascii_isalnum(at[-1])) && starts_with_numeric_date(at))
            return TRUE;
    }
    return FALSE;
}

/* "<a@b>" */
static gboolean has_angle_address(const char *text)
{
    const char *angle = strrchr(text, '<');

    return angle != NULL && strchr(angle, '@') != NULL;
}

/* "Ann <a@b> wrote that the printer is broken:" goes on behind the verb; a program tells the day
 * there, or nothing. */
static gboolean goes_on(const char *text)
{
    const char *behind = strrchr(text, '>');
    gsize longest = 0;

    for (gsize i = 0; behind != NULL && i < G_N_ELEMENTS(verbs); i++) {
        const char *verb = strstr(behind, verbs[i]);
        if (verb != NULL) {
            gsize tail = strlen(verb + strlen(verbs[i]));
            longest = MAX(longest, tail);
        }
    }
    return longest > MOST_TAIL && !has_digit(behind);
}

/* What tells the line of a program from "the display on floor 3 wrote:" of a person, whose next
 * words are his own. */
static gboolean is_of_program(const char *text, gboolean quote_follows)
{
    return quote_follows || (has_angle_address(text) && !goes_on(text)) ||
           ((has_year(text) || has_numeric_date(text)) && has_clock_time(text));
}

/* Who wrote, and when: a verb with a date or an address, or a date with an address. */
static gboolean is_attribution(const char *text, gsize length, gboolean quote_follows)
{
    gboolean colon = ends_with(text, length, ":") || ends_with(text, length, "：");
    gboolean dashed = ends_with(text, length, "--"); /* "---- On … wrote ----" */
    gboolean date = starts_with_date(text);

    if (is_dated_address(text, length) || ends_with_writing(text, length))
        return TRUE;
    if (!colon && !dashed && !date)
        return FALSE;
    gboolean address = strchr(text, '@') != NULL;
    if (date && (tells_gmail_time(text) || (address && quote_follows)))
        return TRUE;
    if (date && (colon || ends_with(text, length, ">")) && ends_with_who(text))
        return TRUE;
    if (colon && is_foreign_attribution(text, quote_follows))
        return TRUE;
    if (!(colon && (has_digit(text) || address)) && !(dashed && has_digit(text) && address))
        return FALSE;
    return has_verb(text) && is_of_program(text, quote_follows);
}

static gboolean next_is_quoted(const PdLine *lines, guint count, guint from)
{
    for (guint i = from; i < count && i < from + 3; i++) {
        if (lines[i].length > 0)
            return pd_line_is_quoted(&lines[i]);
    }
    return FALSE;
}

/* "Room 5, thanks--- On Mon, 3 Jun 2024 …": an answer that lost its line end, on one line with it.
 */
static gboolean has_words_before(const char *text, gboolean quote_follows)
{
    gsize before = strcspn(text, DIGITS "<@");

    for (gsize at = 1; at < before; at++) {
        if ((text[at - 1] == ' ' || text[at - 1] == '-') && g_ascii_isupper(text[at]) &&
            has_opening_word(text + at))
            return strspn(text, " -") < at &&
                   is_attribution(text + at, strlen(text + at), quote_follows);
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

static gboolean tells_day_and_time(const char *text, gsize length)
{
    g_autofree char *piece = g_strndup(text, length);

    return has_year(piece) && has_clock_time(piece);
}

/* "Am Montag kann ich nicht." before "Am 3.6.2024 …": both open, but it tells no day. */
static gboolean opens_without_day(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_isdigit(text[i]) || text[i] == '<')
            return FALSE;
    }
    return has_opening_word(text + length);
}

/* The first lines are prose, and the attribution proper begins further down. */
static gboolean begins_later(const Joined *joined, gboolean quote_follows)
{
    const char *text = joined->text->str;
    gboolean opens = has_opening(text);

    for (guint i = 1; i < joined->count; i++) {
        gsize begin = joined->begins[i];
        if (opens && !opens_without_day(text, begin))
            continue;
        if (text[begin] == '<' && tells_day_and_time(text, begin))
            return FALSE; /* what stands above it is when, and who */
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

/* "…has failed.", "really?", but not "Mon, 15. Sept.": no program ends its line so. */
static gboolean ends_sentence(const PdLine *line)
{
    gsize length = line->length;
    guint letters = 0;

    if (length < 2 || strchr(".!?", line->text[length - 1]) == NULL)
        return ends_with(line->text, length, "。") || ends_with(line->text, length, "！") ||
               ends_with(line->text, length, "？");
    if (line->text[length - 1] != '.')
        return TRUE;
    for (gsize i = length - 1; i > 0; i--) {
        guchar c = (guchar)line->text[i - 1];
        if (!g_ascii_isalpha(c) && c < 0x80)
            break;
        letters += (c & 0xC0) != 0x80;
    }
    return letters > 4;
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
            return begins_later(joined, quote_follows) ||
                           has_words_before(joined->text->str, quote_follows)
                       ? 0
                       : i + 1;
        if (ends_sentence(&lines[i]))
            return 0;
    }
    return 0;
}

guint pd_attribution_lines(const PdLine *lines, guint count)
{
    if (!may_open(&lines[0]))
        return 0;
    Joined joined = {.text = g_string_sized_new(256)};
    guint found = join_attribution(&joined, lines, count);
    g_string_free(joined.text, TRUE);
    return found;
}
