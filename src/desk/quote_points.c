/* quote_points.c: see quote_points.h. */
#include "desk/quote_points.h"

#include "desk/subject.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_QUOTED 16384 /* bytes that are compared */
#define MOST_TEXT 2048
#define PIECE 24 /* bytes looked for at once: a few words, so that a changed one costs few */
#define LONG 45
#define SHORT 18
#define NEARLY_ALL 60 /* percent */
#define A_PART 25

/* Letters and digits alone: what is quoted was wrapped, marked and laid out anew. */
static char *words_of(const char *text, gsize most)
{
    g_autofree char *head = pd_text_head(text, most);
    GString *out = g_string_sized_new(strlen(head));

    for (const char *at = head; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(out, g_unichar_tolower(c));
    }
    return g_string_free(out, FALSE);
}

static gsize piece_length(const char *words)
{
    gsize length = strlen(words);

    if (length < 2 * PIECE) /* no crumb is left behind it */
        return length;
    length = PIECE;
    while (((guchar)words[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* How many bytes of the message's words stand in the quoted ones. */
static gsize found_of(const char *words, const char *quoted)
{
    gsize found = 0;

    while (*words != '\0') {
        gsize length = piece_length(words);
        if (memmem(quoted, strlen(quoted), words, length) != NULL)
            found += length;
        words += length;
    }
    return found;
}

static guint points_of_text(const PdQuote *quote, const PdStoredMessage *message)
{
    g_autofree char *words = words_of(message->text != NULL ? message->text : "", MOST_TEXT);
    gsize length = strlen(words), found = found_of(words, quote->words);

    if (length == 0 || found * 100 < length * A_PART)
        return 0;
    if (found * 100 < length * NEARLY_ALL)
        return found >= LONG ? 30 : 0;
    return found >= LONG ? 60 : found >= SHORT ? 40 : 15;
}

/* The head that is the message's own may stand below others. */
static PdTimeFits time_of(const PdQuote *quote, const PdStoredMessage *message)
{
    PdTimeFits fits = PD_TIME_UNTOLD;

    for (guint i = 0; i < quote->heads->len && message->date != 0; i++) {
        const PdQuotedHead *head = g_ptr_array_index(quote->heads, i);
        PdTimeFits one = pd_quoted_time_fits(head->when, message->date);
        if (one == PD_TIME_SAME)
            return one;
        fits = one == PD_TIME_OTHER ? one : fits;
    }
    return fits;
}

static gboolean names(const char *text, const char *what)
{
    return text != NULL && what != NULL && g_utf8_strlen(what, -1) >= 2 &&
           strcasestr(text, what) != NULL;
}

static guint points_of_author(const PdQuote *quote, const PdStoredMessage *message)
{
    guint best = 0;

    for (guint i = 0; i < quote->heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(quote->heads, i);
        if (names(head->from, message->from))
            return 20;
        best = names(head->from, message->from_name) ? 15 : best;
    }
    return best;
}

static guint points_of_subject(const PdQuote *quote)
{
    for (guint i = 0; i < quote->heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(quote->heads, i);
        g_autofree char *matter = head->subject != NULL ? pd_subject_matter(head->subject) : NULL;
        if (matter != NULL && strcmp(matter, quote->matter) == 0)
            return 10;
    }
    return 0;
}

static void add_part(GString *what, const char *name, guint points)
{
    if (points > 0)
        g_string_append_printf(what, "%s%s", what->len > 0 ? ", " : "", name);
}

void pd_quote_init(PdQuote *quote, const PdMail *mail, const GPtrArray *heads)
{
    quote->heads = heads;
    quote->matter = pd_subject_matter(mail->subject);
    quote->words = words_of(mail->quoted, MOST_QUOTED);
}

void pd_quote_clear(PdQuote *quote)
{
    g_clear_pointer(&quote->matter, g_free);
    g_clear_pointer(&quote->words, g_free);
}

guint pd_quote_points(const PdQuote *quote, const PdStoredMessage *message, char **what)
{
    PdTimeFits time = time_of(quote, message);
    guint text = points_of_text(quote, message);
    guint author = points_of_author(quote, message);
    guint subject = points_of_subject(quote);
    guint at = time == PD_TIME_SAME ? 40 : 0;
    g_autoptr(GString) parts = g_string_new(NULL);

    *what = NULL;
    if (time == PD_TIME_OTHER || text + at == 0)
        return 0;
    add_part(parts, "text", text);
    add_part(parts, "time", at);
    add_part(parts, "author", author);
    add_part(parts, "subject", subject);
    *what = g_strdup(parts->str);
    return text + at + author + subject;
}
