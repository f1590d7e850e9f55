/* subject_mark.c: what mail programs, gateways and desks put into a subject. */
#include "postdesk/mail.h"
#include "postdesk/text.h"

#include <string.h>

static const char *const answering[] = {"re",  "aw",   "sv",   "vs",   "antw", "antwort",
                                        "res", "回复", "答复", "回覆", "答覆", "返信"};
static const char *const forwarding[] = {"fw", "fwd",  "wg",   "tr",   "rv",   "enc",
                                         "vl", "转发", "轉寄", "转寄", "轉發", "転送"};

/* Behind "[2]" or "(2)", which some programs count with. */
static const char *skip_count(const char *text)
{
    gsize length = strspn(text, "[(0123456789");

    return strchr("[(", *text) != NULL && strchr("])", text[length]) != NULL && text[length] != '\0'
               ? text + length + 1
               : text;
}

static const char *skip_any(const char *subject, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (!pd_text_may_begin_with(subject, words[i]))
            continue;
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(subject, words[i], length) != 0)
            continue;
        const char *behind = skip_count(subject + length);
        if (*behind == ':')
            return behind + 1;
        if (g_str_has_prefix(behind, "："))
            return behind + strlen("：");
    }
    return subject;
}

const char *pd_subject_skip_mark(const char *subject, gboolean *is_answer)
{
    const char *behind = skip_any(subject, answering, G_N_ELEMENTS(answering));

    *is_answer = behind != subject;
    if (!*is_answer)
        behind = skip_any(subject, forwarding, G_N_ELEMENTS(forwarding));
    return behind != subject ? behind + strspn(behind, " ") : subject;
}

/* The length of one, with the blanks behind it; 0 if there is none. */
static gsize tag_length(const char *subject)
{
    static const char *const brackets[][2] = {{"[", "]"}, {"【", "】"}};

    for (gsize i = 0; i < G_N_ELEMENTS(brackets); i++) {
        const char *end =
            g_str_has_prefix(subject, brackets[i][0]) ? strstr(subject, brackets[i][1]) : NULL;
        if (end != NULL) {
            end += strlen(brackets[i][1]);
            return (gsize)(end - subject) + strspn(end, " ");
        }
    }
    return 0;
}

const char *pd_subject_skip_tags(const char *subject)
{
    const char *behind = subject + strspn(subject, " ");

    for (gsize length = tag_length(behind); length > 0; length = tag_length(behind))
        behind += length;
    return *behind != '\0' ? behind : subject;
}

/* Also as an input method for Chinese writes it. */
gsize pd_subject_mark_at(const char *text, gint64 *number)
{
    static const char *const opening[] = {"[", "【", "［", NULL}, *const closing[] = {"]", "】",
                                                                                      "］", NULL};
    static const char *const hash[] = {"#", "＃", NULL};
    char *end;

    if (strchr("[\xe3\xef", *text) == NULL) /* their first bytes: most places have none of them */
        return 0;
    const char *at = pd_text_behind(text, opening);
    at = at != NULL ? pd_text_behind(at, hash) : NULL;
    if (at == NULL || !g_ascii_isdigit(*at))
        return 0;
    *number = g_ascii_strtoll(at, &end, 10);
    at = pd_text_behind(end, closing);
    return at != NULL ? (gsize)(at - text) : 0;
}

gboolean pd_subject_has_number(const char *subject)
{
    gint64 number;

    for (; *subject != '\0'; subject++)
        if (pd_subject_mark_at(subject, &number) > 0)
            return TRUE;
    return FALSE;
}
