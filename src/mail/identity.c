/* identity.c: see postdesk/identity.h.
 *
 * Without a mark such as "-- " nothing but its words tells a signature, and a matter that is taken
 * for one would be overlooked. So the name must be the sender's own, or be one by its family name
 * where an office or a number stands below it (programs that know only "wangfang" send it without);
 * each line about it must be of a known kind, and an office is none where its line holds a word
 * that things happen with.
 */
#include "postdesk/identity.h"

#include "clause.h"
#include "postdesk/text.h"
#include "sign.h"
#include <string.h>

#define MOST_OFFICE 60  /* bytes of "某某市某某局信息中心" */
#define FEWEST_DIGITS 3 /* of an extension */
#define FEWEST_NAME 4   /* bytes: two characters of Chinese, or "Anna" */
#define SEPARATORS "|,/;·，、；　【】\t"

static const char *const offices[] = {
    "处",      "科",       "部",       "局",         "室",        "院",         "所",
    "厅",      "中心",     "公司",     "集团",       "大队",      "支队",       "委员会",
    "工程师",  "经理",     "主任",     "科长",       "处长",      "科员",       "主管",
    "专员",    "助理",     "處",       "department", "dept",      "dept.",      "division",
    "office",  "bureau",   "ltd",      "ltd.",       "inc",       "inc.",       "gmbh",
    "manager", "engineer", "director", "officer",    "assistant", "accountant", "abteilung"};
static const char *const happenings[] = {
    "不",   "没",   "无",       "坏",     "错",    "失",   "又",   "还",     "再",      "故障",
    "问题", "慢",   "急",       "请",     "来",    "去",   "到",   "在",     "找",      "要",
    "需",   "给",   "让",       "把",     "被",    "叫",   "换",   "修",     "装",      "联系",
    "断",   "卡",   " the ",    " not ",  " no ",  " in ", " is ", " from ", " again ", " still ",
    " to ", " at ", " please ", " call ", " ask ", " my ", " our "};
static const char *const reaches[] = {
    "电话", "手机",      "座机", "分机", "内线",   "短号",  "传真",   "联系", "办公",
    "邮箱", "微信",      "電話", "手機", "分機",   "phone", "mobile", "tel",  "cell",
    "fax",  "extension", "ext",  "qq",   "e-mail", "email", "wechat"};
static const char *const dates[] = {"年", "月", "日"};

/* The commonest, but for those that many other words begin with (白屏, 文件, 周五). */
static const char families[] =
    "王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘"
    "杜戴夏汪姜范姚谭廖邹熊陆郝崔康邱秦侯邵孟钱汤尹黎乔贺赖龚張劉陳楊趙黃吳孫羅鄭謝許蘇盧蔣";

/* What is known of the lines so far, from the last one up. */
typedef struct {
    const char *names;   /* of who writes, in lower case */
    gboolean only_own;   /* nobody else's name counts */
    gboolean named;      /* the sender's name was there, or one with matter below it */
    gboolean has_more;   /* an office, a number */
    gboolean has_office; /* or a number that is said to be a telephone's and the like */
} Told;

/* In lower case. Caller frees. */
static char *names_of(const PdMail *mail)
{
    if (mail->from == NULL)
        return g_strdup("");
    const char *at = strchr(mail->from->address, '@');
    g_autofree char *local =
        g_strndup(mail->from->address, at != NULL ? (gsize)(at - mail->from->address) : 0);
    g_autofree char *who = g_strconcat(mail->from->name, " ", local, NULL);

    return g_utf8_strdown(who, -1);
}

static gboolean is_own_name(const char *names, const char *field)
{
    return strlen(field) >= FEWEST_NAME && pd_says_all_words(names, field);
}

static gboolean is_office(const char *field)
{
    if (strlen(field) > MOST_OFFICE)
        return FALSE;
    g_autofree char *spaced = g_strconcat(" ", field, " ", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(happenings); i++) {
        if (strstr(spaced, happenings[i]) != NULL)
            return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(offices); i++) {
        if (g_str_has_suffix(field, offices[i]))
            return TRUE;
    }
    return FALSE;
}

static const char *behind_any(const char *at, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (g_str_has_prefix(at, words[i]))
            return at + strlen(words[i]);
    }
    return NULL;
}

static const char *skip_label(const char *at)
{
    const char *behind = behind_any(at, reaches, G_N_ELEMENTS(reaches));

    return behind != NULL ? behind : behind_any(at, dates, G_N_ELEMENTS(dates));
}

/* It says of itself that somebody is reached there. */
static gboolean is_labelled_reach(const char *field)
{
    return behind_any(field, reaches, G_N_ELEMENTS(reaches)) != NULL || strchr(field, '@') != NULL;
}

/* "电话：010-8888 8888", "ext. 8123", "wang@example.org", a date. */
static gboolean is_reach(const char *field)
{
    guint digits = 0;
    gboolean labelled = FALSE;

    while (*field != '\0') {
        const char *behind = skip_label(field);
        labelled = labelled || behind != NULL;
        if (behind == NULL && strchr(field, ' ') == NULL &&
            (strchr(field, '@') != NULL || g_str_has_prefix(field, "http") ||
             g_str_has_prefix(field, "www.")))
            return TRUE;
        if (behind == NULL && g_str_has_prefix(field, "："))
            behind = field + strlen("：");
        if (behind == NULL && strchr("0123456789 ()+-.:#", *field) == NULL)
            return FALSE;
        digits += g_ascii_isdigit(*field);
        field = behind != NULL ? behind : field + 1;
    }
    return labelled || digits >= FEWEST_DIGITS;
}

/* "王芳": two or three characters, the first one a family's. */
static gboolean is_persons_name(const char *field)
{
    glong length = g_utf8_strlen(field, -1);

    return length >= 2 && length <= 3 && strlen(field) == (gsize)length * 3 &&
           g_utf8_strchr(families, -1, g_utf8_get_char(field)) != NULL &&
           g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(field + strlen(field)))) &&
           pd_clause_eastern(field) == PD_CLAUSE_OTHER;
}

static gboolean tells_who(Told *told, const char *field)
{
    if (is_own_name(told->names, field) ||
        (told->has_more && !told->only_own && is_persons_name(field))) {
        told->named = TRUE;
        return TRUE;
    }
    gboolean is_where = is_office(field);
    if (!is_where && !is_reach(field))
        return FALSE;
    told->has_more = TRUE;
    told->has_office |= is_where || is_labelled_reach(field);
    return TRUE;
}

/* "财务处 王芳 分机 8123" */
static gboolean words_tell_who(Told *told, const char *field)
{
    g_auto(GStrv) words = g_strsplit(field, " ", -1);

    for (char **word = words; *word != NULL; word++) {
        if (!tells_who(told, *word))
            return FALSE;
    }
    return TRUE;
}

static gboolean line_tells_who(Told *told, const char *line)
{
    g_autofree char *lower = g_utf8_strdown(line, -1);
    g_autoptr(GString) spread = g_string_new(NULL);

    for (const char *c = lower; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        g_string_append_unichar(spread,
                                g_utf8_strchr(SEPARATORS, -1, character) != NULL ? '|' : character);
    }
    g_auto(GStrv) fields = g_strsplit(spread->str, "|", -1);
    for (char **field = fields; *field != NULL; field++) {
        g_autofree char *folded = pd_text_fold_space(*field);
        if (*folded != '\0' && !tells_who(told, folded) && !words_tell_who(told, folded))
            return FALSE;
    }
    return TRUE;
}

const char *pd_identity_begin(const PdMail *mail, const char *text)
{
    const char *end = text + strlen(text);
    const char *begin = end;
    g_autofree char *names = names_of(mail);
    Told told = {.names = names};

    while (begin > text) {
        const char *line = begin - 1;
        while (line > text && line[-1] != '\n')
            line--;
        g_autofree char *one = g_strndup(line, (gsize)(begin - line));
        if (!line_tells_who(&told, one))
            break;
        begin = line;
    }
    return told.named ? begin : end;
}

gboolean pd_identity_signs(const char *names, const char *lines)
{
    g_autofree char *known = g_utf8_strdown(names, -1);
    g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
    Told told = {.names = known, .only_own = TRUE};

    for (char **line = each; *line != NULL; line++) {
        if (!line_tells_who(&told, *line) || !told.named)
            return FALSE;
    }
    return told.named && told.has_office;
}
