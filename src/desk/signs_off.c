/* signs_off.c: see signs_off.h. Only what is sure goes: a telephone that the reporter is to call
 * must reach him, and one line too many hurts nobody. */
#include "desk/signs_off.h"

#include "postdesk/identity.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_LINES 8

/* Who says one of these may mean what stands below. */
static const char *const pointers[] = {
    "电话", "手机",   "分机",  "联系",     "拨打",  "致电",      "来电",    "微信",
    "邮箱", "邮件",   "找我",  "以下",     "如下",  "下面",      "下方",    "電話",
    "手機", "聯繫",   "call",  "phone",    "ring",  "reach",     "contact", "mobile",
    "dial", "e-mail", "email", "write to", "below", "following", "ask for", "address"};

/* His names and what his addresses call him. Caller frees. */
static char *names_of(const PdMail *mail, const PdPerson *person)
{
    g_autoptr(GString) names = g_string_new(person->name);

    for (guint i = 0; person->addresses[i] != NULL; i++)
        g_string_append_printf(names, " %.*s", (int)strcspn(person->addresses[i], "@"),
                               person->addresses[i]);
    if (mail->from != NULL && mail->from->name != NULL)
        g_string_append_printf(names, " %s", mail->from->name);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static gboolean is_blank(const char *line, const char *end)
{
    return line + strspn(line, " \t") >= end;
}

/* Where the last paragraph begins; the text's beginning where it has but one. */
static char *last_paragraph(char *text)
{
    char *begin = text;

    for (char *line = text; *line != '\0';) {
        char *end = strchrnul(line, '\n');
        char *next = *end == '\n' ? end + 1 : end;
        if (is_blank(line, end))
            begin = next;
        line = next;
    }
    return begin;
}

static guint lines_of(const char *text)
{
    guint lines = 1;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

static gboolean points_below(const char *text, gsize length)
{
    g_autofree char *above = g_strndup(text, length);
    g_autofree char *small = g_utf8_strdown(g_strchomp(above), -1);

    if (g_str_has_suffix(small, ":") || g_str_has_suffix(small, "：") || strchr(small, '@') != NULL)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(pointers); i++) {
        if (strstr(small, pointers[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

void pd_signs_off(char *text, const PdMail *mail, const PdPerson *person, gboolean all)
{
    g_strchomp(text);
    char *block = last_paragraph(text);
    if (person == NULL || *block == '\0' || (block == text && !all) ||
        lines_of(block) > MOST_LINES || points_below(text, (gsize)(block - text)))
        return;
    g_autofree char *names = names_of(mail, person);
    if (!pd_identity_signs(names, block))
        return;
    *block = '\0';
    g_strchomp(text);
}
