/* suggest_terms.c: a mail as the words that a condition could ask for.
 *
 * Chinese is written without spaces and no dictionary knows the names of an office's systems. So
 * every piece of two to six characters is a word here; which pieces are cut rightly shows only
 * when many mails are looked at (suggest_features.c).
 */
#include "desk/suggest_private.h"

#include <string.h>

#define MOST_BODY 2000 /* bytes: what it is about is said first */
#define LONGEST_WORD 40
#define LONGEST_PREFIX 40

static char *normal(const char *text, gsize most)
{
    g_autofree char *whole = g_utf8_normalize(text != NULL ? text : "", -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = whole != NULL ? g_utf8_strdown(whole, -1) : g_strdup("");

    if (strlen(lower) <= most)
        return g_steal_pointer(&lower);
    const char *end = lower + most;
    while (((guchar)*end & 0xc0) == 0x80)
        end--;
    return g_strndup(lower, (gsize)(end - lower));
}

static void add_plain(PdTerms *terms, char kind, const char *text)
{
    gsize length = text != NULL ? strlen(text) : 0;

    if (length > 0 && length <= LONGEST_WORD * 2)
        g_ptr_array_add(terms->plain, g_strdup_printf("%c%s", kind, text));
}

static void add_sender(PdTerms *terms, const PdMail *mail)
{
    g_autofree char *address = mail->from != NULL ? g_ascii_strdown(mail->from->address, -1) : NULL;
    const char *at = address != NULL ? strrchr(address, '@') : NULL;

    if (at == NULL)
        return;
    add_plain(terms, PD_WORD_FROM, address);
    add_plain(terms, PD_WORD_DOMAIN, at + 1);
}

static void add_recipients(PdTerms *terms, const PdMail *mail)
{
    for (guint i = 0; i < mail->to->len && i < 5; i++) {
        g_autofree char *address =
            g_ascii_strdown(((const PdAddress *)g_ptr_array_index(mail->to, i))->address, -1);
        add_plain(terms, PD_WORD_TO, address);
    }
}

/* The program without its version. */
static void add_mailer(PdTerms *terms, const PdMail *mail)
{
    static const char *const headers[] = {"X-Mailer", "User-Agent"};

    for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
        const char *value = pd_mail_header(mail, headers[i]);
        g_autofree char *name =
            value != NULL ? g_strndup(value, strcspn(value, "/0123456789([")) : NULL;
        if (name != NULL && *g_strstrip(name) != '\0' && g_utf8_validate(name, -1, NULL)) {
            g_autofree char *word = g_strdup_printf("%s %s", headers[i], name);
            add_plain(terms, PD_WORD_MAILER, word);
        }
    }
}

static void add_files(PdTerms *terms, const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len && i < 20; i++) {
        const PdAttachment *attachment = g_ptr_array_index(mail->attachments, i);
        const char *dot = strrchr(attachment->name, '.');
        gsize length = dot != NULL ? strlen(dot + 1) : 0;
        if (attachment->is_inline || length == 0 || length > 8)
            continue;
        g_autofree char *end = g_ascii_strdown(dot + 1, -1);
        if (end[strspn(end, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0')
            add_plain(terms, PD_WORD_FILE, end);
    }
}

/* "[Nagios]", "backup:", as programs write them; not "Re:". */
static void add_prefix(PdTerms *terms)
{
    const char *subject = terms->subject;
    gboolean is_answer;
    const char *end = *subject == '[' ? strchr(subject, ']') : strchr(subject, ':');

    if (end == NULL || end == subject || end - subject > LONGEST_PREFIX ||
        pd_subject_skip_mark(subject, &is_answer) != subject)
        return;
    g_autofree char *prefix = g_strndup(subject, (gsize)(end + 1 - subject));
    add_plain(terms, PD_WORD_PREFIX, prefix);
}

PdTerms *pd_terms_new(const PdMail *mail, const char *department)
{
    PdTerms *terms = g_new0(PdTerms, 1);

    terms->subject = normal(mail->subject, MOST_BODY);
    terms->body = normal(mail->text, MOST_BODY);
    terms->plain = g_ptr_array_new_with_free_func(g_free);
    add_sender(terms, mail);
    add_plain(terms, PD_WORD_DEPARTMENT, department);
    add_recipients(terms, mail);
    add_mailer(terms, mail);
    add_files(terms, mail);
    add_prefix(terms);
    return terms;
}

void pd_terms_free(PdTerms *terms)
{
    if (terms == NULL)
        return;
    g_free(terms->subject);
    g_free(terms->body);
    g_ptr_array_unref(terms->plain);
    g_free(terms);
}

static gboolean is_han(gunichar c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
           (c >= 0x20000 && c <= 0x2ffff);
}

typedef struct {
    PdTermVisitor visit;
    gpointer user;
    GString *word; /* the kind's letter and the text */
} Visiting;

static gboolean call(Visiting *v, char kind, const char *from, const char *to, guint chars,
                     gunichar before, gunichar behind)
{
    g_string_truncate(v->word, 0);
    g_string_append_c(v->word, kind);
    g_string_append_len(v->word, from, to - from);
    return v->visit(v->word->str, chars, before, behind, v->user);
}

/* All pieces that begin here, the shortest first, as long as longer ones are asked for. */
static void visit_han(Visiting *v, char kind, const char *at, gunichar before)
{
    const char *end = g_utf8_next_char(at);

    for (guint chars = 2; chars <= PD_LONGEST_HAN && is_han(g_utf8_get_char(end)); chars++) {
        end = g_utf8_next_char(end);
        gunichar behind = g_utf8_get_char(end);
        if (!call(v, kind, at, end, chars, before, is_han(behind) ? behind : 0))
            return;
    }
}

static gboolean is_letter(const char *at)
{
    gunichar c = g_utf8_get_char(at);

    return g_unichar_isalnum(c) && !is_han(c);
}

static const char *word_end(const char *at)
{
    while (*at != '\0' && is_letter(at))
        at = g_utf8_next_char(at);
    return at;
}

/* A word, and what hyphens, dots and underscores join it with: "sap-fi", "outlook.exe". */
static const char *visit_word(Visiting *v, char kind, const char *at)
{
    const char *end = word_end(at), *joined = end;

    if (end - at >= 2 && end - at <= LONGEST_WORD)
        call(v, kind, at, end, 0, 0, 0);
    while (*joined != '\0' && strchr("-._", *joined) != NULL && is_letter(joined + 1))
        joined = word_end(joined + 1);
    if (joined > end && joined - at <= LONGEST_WORD)
        call(v, kind, at, joined, 0, 0, 0);
    return end;
}

static void visit_text(Visiting *v, char kind, const char *text)
{
    gunichar before = 0;

    while (*text != '\0') {
        gunichar c = g_utf8_get_char(text);
        if (is_han(c)) {
            visit_han(v, kind, text, before);
            text = g_utf8_next_char(text);
            before = c;
            continue;
        }
        before = 0;
        text = is_letter(text) ? visit_word(v, kind, text) : g_utf8_next_char(text);
    }
}

void pd_terms_visit(const PdTerms *terms, PdTermVisitor visit, gpointer user)
{
    g_autoptr(GString) word = g_string_new(NULL);
    Visiting v = {visit, user, word};

    for (guint i = 0; i < terms->plain->len; i++)
        visit(g_ptr_array_index(terms->plain, i), 0, 0, 0, user);
    visit_text(&v, PD_WORD_SUBJECT, terms->subject);
    visit_text(&v, PD_WORD_TEXT, terms->subject);
    visit_text(&v, PD_WORD_TEXT, terms->body);
}

/* A word begins and ends with none of these, though names and terms may hold them. */
static gboolean is_particle(gunichar c)
{
    static const char particles[] =
        "的了着是在我你您他她它们请吗呢吧啊呀嘛就都也还很太又才及与和或等被把给让向从对"
        "个这那哪有没不无为以到去来说要会能可想已再只些么什怎谢好啦哦嗯先所而且但因如果于之其";

    return g_utf8_strchr(particles, -1, c) != NULL;
}

gboolean pd_terms_is_sound(const char *word)
{
    const char *text = word + 1;
    gunichar first = g_utf8_get_char(text);

    if (!is_han(first))
        return TRUE;
    return !is_particle(first) &&
           !is_particle(g_utf8_get_char(g_utf8_prev_char(text + strlen(text))));
}

/* Courtesies and the grammar of both languages; numbers that stand alone. */
gboolean pd_terms_is_stopped(const char *word)
{
    static const char *const stopped[] = {
        "an",      "am",   "and",    "any",   "are",    "as",   "at",    "be",    "been",  "but",
        "by",      "can",  "cannot", "com",   "could",  "dear", "did",   "do",    "does",  "for",
        "from",    "get",  "got",    "had",   "has",    "have", "hello", "help",  "here",  "hi",
        "how",     "i'm",  "if",     "in",    "is",     "it",   "its",   "just",  "kind",  "me",
        "my",      "need", "no",     "not",   "now",    "of",   "on",    "or",    "our",   "please",
        "regards", "so",   "some",   "thank", "thanks", "that", "the",   "their", "there", "they",
        "this",    "to",   "today",  "up",    "us",     "was",  "we",    "were",  "what",  "when",
        "which",   "who",  "will",   "with",  "would",  "www",  "you",   "your",  "http",  "https",
        "re",      "fw",   "fwd",    "ll",    "ve",     "还是", "一下",  "问题",  "帮忙",  "尽快",
        "处理",    "今天", "昨天",   "现在",  "老师",   "领导", "大家",  "同事",  "部门",  "上午",
        "下午",    "早上", "刚刚",   "一直",  "一个",   "情况", "麻烦",  "辛苦",  "感谢",  "申请人",
        NULL};
    const char *text = word + 1;

    if (*word != PD_WORD_TEXT && *word != PD_WORD_SUBJECT)
        return FALSE;
    return g_strv_contains(stopped, text) || text[strspn(text, "0123456789")] == '\0';
}
