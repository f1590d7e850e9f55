/* suggest_test.c: a stored mail in the short form of rule tests.
 *
 * It is short, and tells no more of the sender than what rules need: the beginning of what is
 * said, the lines that hold the words of the rule, and of the sender the domain.
 */
#include "desk/suggest_private.h"

#include "postdesk/text.h"
#include "postdesk/yaml.h"
#include <string.h>

#define MOST_SUBJECT 200
#define MOST_LINE 160
#define MOST_LINES 4

static void append_member(GString *out, guint indent, const char *key, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_string_append_printf(out, "%*s%s: ", (int)indent, "", key);
    pd_yaml_quote(out, value);
    g_string_append_c(out, '\n');
}

static gboolean asks_for(const PdTestDraft *draft, char kind)
{
    for (guint i = 0; draft->words != NULL && i < draft->words->len; i++) {
        if (*(const char *)g_ptr_array_index(draft->words, i) == kind)
            return TRUE;
    }
    return FALSE;
}

static char *lower(const char *text)
{
    g_autofree char *whole = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);

    return whole != NULL ? g_utf8_strdown(whole, -1) : g_strdup("");
}

/* Where in the line, in characters, one of the words stands; -1: nowhere. */
static glong find_word(const PdTestDraft *draft, const char *line)
{
    g_autofree char *text = lower(line);

    for (guint i = 0; draft->words != NULL && i < draft->words->len; i++) {
        const char *word = g_ptr_array_index(draft->words, i);
        const char *at = *word == PD_WORD_TEXT ? strstr(text, word + 1) : NULL;
        if (at != NULL)
            return g_utf8_pointer_to_offset(text, at);
    }
    return -1;
}

/* A part of a long line, with the word in it. */
static char *cut_line(const char *line, glong word)
{
    glong from = word > MOST_LINE / 6 ? word - MOST_LINE / 6 : 0;
    const char *begin = line;

    for (; from > 0 && *begin != '\0'; from--)
        begin = g_utf8_next_char(begin);
    return pd_text_head(begin, MOST_LINE);
}

/* The first lines, and whichever hold words. */
static char *short_body(const PdTestDraft *draft, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 2000);
    GString *body = g_string_new(NULL);
    guint taken = 0, words = draft->words != NULL ? draft->words->len : 0;

    for (guint i = 0; lines[i] != NULL && taken < MOST_LINES + words; i++) {
        glong word = find_word(draft, g_strstrip(lines[i]));
        if (*lines[i] == '\0' || (word < 0 && taken >= MOST_LINES / 2))
            continue;
        g_autofree char *part = cut_line(lines[i], word);
        g_string_append_printf(body, "%s%s", taken++ > 0 ? "\n" : "", part);
    }
    return g_string_free(body, FALSE);
}

/* Who it was is nobody's business, unless a rule asks. */
static char *sender_of(const PdTestDraft *draft)
{
    const PdAddress *from = draft->mail->from;
    const char *at = from != NULL ? strrchr(from->address, '@') : NULL;

    if (at == NULL)
        return NULL;
    return asks_for(draft, PD_WORD_FROM) ? g_strdup(from->address)
                                         : g_strconcat("someone", at, NULL);
}

static void append_list(GString *out, guint indent, const char *key, const char *const *values)
{
    if (values == NULL || *values == NULL)
        return;
    g_string_append_printf(out, "%*s%s: [", (int)indent, "", key);
    for (guint i = 0; values[i] != NULL; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        pd_yaml_quote(out, values[i]);
    }
    g_string_append(out, "]\n");
}

static void append_recipients(GString *out, const PdTestDraft *draft)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new();

    for (guint i = 0; i < draft->mail->to->len && i < 5; i++)
        g_ptr_array_add(addresses, ((PdAddress *)g_ptr_array_index(draft->mail->to, i))->address);
    g_ptr_array_add(addresses, NULL);
    if (asks_for(draft, PD_WORD_TO))
        append_list(out, draft->indent, "to", (const char *const *)addresses->pdata);
}

static void append_files(GString *out, const PdTestDraft *draft)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < draft->mail->attachments->len && names->len < 5; i++) {
        const PdAttachment *attachment = g_ptr_array_index(draft->mail->attachments, i);
        if (!attachment->is_inline && attachment->name[0] != '\0')
            g_ptr_array_add(names, attachment->name);
    }
    g_ptr_array_add(names, NULL);
    append_list(out, draft->indent, "attachments", (const char *const *)names->pdata);
}

static void append_headers(GString *out, const PdTestDraft *draft)
{
    for (guint i = 0; draft->words != NULL && i < draft->words->len; i++) {
        const char *word = g_ptr_array_index(draft->words, i);
        const char *space = *word == PD_WORD_MAILER ? strchr(word, ' ') : NULL;
        g_autofree char *name =
            space != NULL ? g_strndup(word + 1, (gsize)(space - word - 1)) : NULL;
        const char *value = name != NULL ? pd_mail_header(draft->mail, name) : NULL;
        if (value == NULL)
            continue;
        g_string_append_printf(out, "%*sheaders: {%s: ", (int)draft->indent, "", name);
        pd_yaml_quote(out, value);
        g_string_append(out, "}\n");
        return; /* one of them is asked for */
    }
}

static void append_kind(GString *out, const PdTestDraft *draft)
{
    const PdMail *mail = draft->mail;

    if (mail->origin != PD_ORIGIN_PERSON)
        append_member(out, draft->indent, "origin", pd_origin_name(mail->origin));
    if (mail->via != PD_VIA_DIRECT)
        append_member(out, draft->indent, "via", pd_via_name(mail->via));
    append_member(out, draft->indent, "language", mail->language);
    append_member(out, draft->indent, "department", draft->facts->department);
    append_list(out, draft->indent, "inside", draft->facts->inside);
}

static void append_expected(GString *out, const PdTestDraft *draft)
{
    const char *gap = "expect: {";

    g_string_append_printf(out, "%*s", (int)draft->indent, "");
    for (guint i = 0; i < PD_SUGGEST_FIELDS; i++) {
        if (draft->expect[i] == NULL)
            continue;
        g_string_append_printf(out, "%s%s: ", gap, pd_suggest_fields[i]);
        pd_yaml_quote(out, draft->expect[i]);
        gap = ", ";
    }
    g_string_append(out, "}\n");
}

char *pd_suggest_test(const PdTestDraft *draft)
{
    GString *out = g_string_new(NULL);
    guint indent = draft->indent;
    g_autofree char *from = sender_of(draft);
    g_autofree char *subject = pd_text_head(draft->mail->subject, MOST_SUBJECT);
    g_autofree char *body = short_body(draft, draft->mail->text);

    append_member(out, indent, "name", draft->name);
    append_member(out, indent, "from", from);
    append_recipients(out, draft);
    append_member(out, indent, "subject", subject);
    append_member(out, indent, "body", body);
    append_headers(out, draft);
    append_files(out, draft);
    append_kind(out, draft);
    append_expected(out, draft);
    out->str[indent - 2] = '-'; /* the first member begins the item */
    return g_string_free(out, FALSE);
}
