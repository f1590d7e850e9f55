/* subject.c: see subject.h. */
#include "desk/subject.h"

#include "postdesk/limits.h"
#include "postdesk/mail.h"
#include "postdesk/text.h"
#include <string.h>

static gboolean is_one_of(gint64 number, const GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++) {
        if (g_array_index(numbers, gint64, i) == number)
            return TRUE;
    }
    return FALSE;
}

/* Takes the marks of these numbers off (NULL: all); *count of them. */
static char *without_marks(const char *subject, const GArray *numbers, guint *count)
{
    GString *out = g_string_sized_new(strlen(subject));
    gint64 found = 0;

    *count = 0;
    while (*subject != '\0') {
        gsize length = pd_subject_mark_at(subject, &found);
        if (length == 0 || (numbers != NULL && !is_one_of(found, numbers))) {
            g_string_append_c(out, *subject++);
            continue;
        }
        subject += length;
        (*count)++;
    }
    return g_string_free(out, FALSE);
}

gboolean pd_subject_answers(const char *subject)
{
    gboolean is_answer;

    pd_subject_skip_mark(pd_subject_skip_tags(subject), &is_answer);
    return is_answer; /* the outermost counts: "Fw: Re: …" forwards */
}

/* Behind all that programs put before a subject. */
static const char *skip_all(const char *text)
{
    for (;;) {
        gboolean is_answer;
        const char *behind = pd_subject_skip_mark(pd_subject_skip_tags(text), &is_answer);
        if (behind == text)
            return text;
        text = behind;
    }
}

char *pd_subject_matter(const char *subject)
{
    guint count;
    g_autofree char *bare = without_marks(subject, NULL, &count);
    g_autofree char *small = g_utf8_strdown(skip_all(bare), -1);
    GString *out = g_string_sized_new(strlen(small));

    for (const char *at = small; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!g_unichar_isspace(g_utf8_get_char(at)))
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
    }
    return g_string_free(out, FALSE);
}

char *pd_subject_clean(const char *subject, const GArray *tickets)
{
    guint count;
    g_autofree char *bare = without_marks(subject, tickets, &count);
    g_autofree char *folded = pd_text_fold_space(bare);
    const char *text = folded;
    gboolean is_answer = TRUE;

    while (is_answer) {
        const char *behind = pd_subject_skip_mark(text, &is_answer);
        text = is_answer ? behind : text;
    }
    return pd_text_shorten(text, PD_LIMIT_SUBJECT_BYTES);
}

/* Where the desk's own words end: a blank or a wide colon is before the other one's subject. */
static gboolean is_behind_words(const char *text, const char *at)
{
    return at > text && (at[-1] == ' ' || strncmp(g_utf8_prev_char(at), "：", strlen("：")) == 0);
}

char *pd_subject_clean_of(const char *subject, const GArray *tickets, const char *other)
{
    char *clean = pd_subject_clean(subject, tickets);

    if (other == NULL || other[0] == '\0' || !g_str_has_suffix(clean, other))
        return clean;
    const char *at = clean + strlen(clean) - strlen(other);
    if (is_behind_words(clean, at))
        memmove(clean, at, strlen(at) + 1);
    return clean;
}

char *pd_subject_mark(const char *subject, gint64 number)
{
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint count;

    g_array_append_val(own, number);
    g_autofree char *bare = without_marks(subject, own, &count);
    if (count == 1)
        return pd_text_fold_space(subject);
    g_autofree char *folded = pd_text_fold_space(bare);
    return g_strdup_printf("[#%" G_GINT64_FORMAT "] %s", number, folded);
}
