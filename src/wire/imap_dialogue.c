/* imap_dialogue.c: commands out, answers in; see imap.h.
 *
 * Invariant: what the server says of the folder unasked (EXISTS, EXPUNGE) is taken in
 * wherever it comes, so that no new message goes unnoticed.
 */
#include "wire/imap.h"

#include "postdesk/limits.h"
#include "postdesk/text.h"

#include <string.h>

#define LONGEST_WORD 64
#define LONGEST_CODE 256

char *pd_imap_words(const PdImap *imap)
{
    g_autofree char *valid = pd_text_make_valid(imap->text, strlen(imap->text), NULL);
    g_autofree char *cut = pd_text_shorten(valid, 200);

    return pd_text_printable(cut);
}

PdStatus *pd_imap_send_more(PdImap *imap, const char *line)
{
    PD_TRY(pd_stream_write(imap->stream, line, strlen(line)));
    PD_TRY(pd_stream_write(imap->stream, "\r\n", 2));
    return pd_stream_flush(imap->stream);
}

PdStatus *pd_imap_send(PdImap *imap, guint64 budget, const char *command)
{
    char tag[16];

    g_snprintf(tag, sizeof tag, "P%u ", ++imap->tag);
    pd_stream_allow(imap->stream, imap->timeout, budget);
    PD_TRY(pd_stream_write(imap->stream, tag, strlen(tag)));
    return pd_imap_send_more(imap, command);
}

gboolean pd_imap_can(const PdImap *imap, const char *capability)
{
    g_autofree char *word = g_strdup_printf(" %s ", capability);

    return imap->capabilities != NULL && strstr(imap->capabilities, word) != NULL;
}

static void keep_capabilities(PdImap *imap, const char *list)
{
    g_autofree char *upper = g_ascii_strup(list, -1);

    g_free(imap->capabilities);
    imap->capabilities = g_strdup_printf(" %s ", upper);
    imap->capabilities_told = TRUE;
}

static void note_code(PdImap *imap, const char *code)
{
    guint64 number = 0;
    const char *space = strchr(code, ' ');

    if (space == NULL)
        return;
    if (g_ascii_strncasecmp(code, "CAPABILITY ", 11) == 0)
        keep_capabilities(imap, space + 1);
    if (!g_ascii_string_to_unsigned(space + 1, 10, 1, G_MAXUINT32, &number, NULL))
        return;
    if (g_ascii_strncasecmp(code, "UIDVALIDITY ", 12) == 0)
        imap->folder.uidvalidity = (guint32)number;
    else if (g_ascii_strncasecmp(code, "UIDNEXT ", 8) == 0)
        imap->folder.uidnext = (guint32)number;
}

/* "[CODE …] text" behind OK, NO, BAD and BYE. */
static void take_text(PdImap *imap, char **code, char **text)
{
    const char *start;
    const char *end;

    pd_imap_take(imap, ' ');
    start = imap->line->str + imap->cursor;
    end = *start == '[' ? strchr(start, ']') : NULL;
    *code = end != NULL ? g_strndup(start + 1, (gsize)(end - start - 1)) : g_strdup("");
    note_code(imap, *code);
    *text = g_strdup(end == NULL ? start : end[1] == ' ' ? end + 2 : end + 1);
}

static PdStatus *finish_tagged(PdImap *imap)
{
    g_free(imap->code);
    g_free(imap->text);
    take_text(imap, &imap->code, &imap->text);
    return NULL;
}

static PdStatus *said_good_bye(PdImap *imap)
{
    finish_tagged(imap);
    g_autofree char *words = pd_imap_words(imap);
    return pd_stream_broken("the server closes the connection: %s", words);
}

static void exists(PdImap *imap, guint32 count)
{
    if (count > imap->folder.exists)
        imap->grown = TRUE;
    imap->folder.exists = count;
}

/* Whatever is left of an answer, with its literals. */
static PdStatus *skip_rest(PdImap *imap)
{
    guint64 length;

    for (;;) {
        const char *brace = strrchr(imap->line->str + imap->cursor, '{');
        if (brace == NULL)
            return NULL;
        imap->cursor = (gsize)(brace - imap->line->str);
        if (!pd_imap_take_literal(imap, &length))
            return NULL;
        PD_TRY(pd_imap_drop_literal(imap, length));
    }
}

static PdStatus *take_numbered(PdImap *imap, guint32 number)
{
    char word[LONGEST_WORD];

    if (!pd_imap_take(imap, ' ') || !pd_imap_take_word(imap, word, sizeof word))
        return pd_imap_not_understood(imap);
    if (g_ascii_strcasecmp(word, "EXISTS") == 0)
        exists(imap, number);
    else if (g_ascii_strcasecmp(word, "EXPUNGE") == 0 && imap->folder.exists > 0)
        imap->folder.exists--;
    else if (g_ascii_strcasecmp(word, "FETCH") == 0 && imap->fetched != NULL)
        return pd_imap_take(imap, ' ') ? imap->fetched(imap, imap->fetched_user)
                                       : pd_imap_not_understood(imap);
    return skip_rest(imap);
}

static gboolean is_state(const char *word)
{
    static const char *const states[] = {"OK", "NO", "BAD", "PREAUTH", NULL};
    g_autofree char *upper = g_ascii_strup(word, -1);

    return g_strv_contains(states, upper);
}

static PdStatus *take_untagged(PdImap *imap)
{
    guint32 number;
    char word[LONGEST_WORD];
    g_autofree char *code = NULL;
    g_autofree char *text = NULL;

    imap->cursor = 2;
    if (pd_imap_take_uint32(imap, &number))
        return take_numbered(imap, number);
    if (!pd_imap_take_word(imap, word, sizeof word) || g_ascii_isdigit(*word))
        return pd_imap_not_understood(imap);
    if (g_ascii_strcasecmp(word, "BYE") == 0)
        return said_good_bye(imap);
    if (is_state(word)) {
        take_text(imap, &code, &text);
        return NULL;
    }
    if (g_ascii_strcasecmp(word, "CAPABILITY") == 0 && pd_imap_take(imap, ' '))
        keep_capabilities(imap, imap->line->str + imap->cursor);
    return skip_rest(imap);
}

static PdStatus *take_tagged(PdImap *imap, PdImapAnswer *answer)
{
    char tag[LONGEST_WORD];
    char expected[16];
    char word[LONGEST_WORD];

    g_snprintf(expected, sizeof expected, "P%u", imap->tag);
    if (!pd_imap_take_word(imap, tag, sizeof tag) || strcmp(tag, expected) != 0 ||
        !pd_imap_take(imap, ' ') || !pd_imap_take_word(imap, word, sizeof word))
        return pd_imap_not_understood(imap);
    if (g_ascii_strcasecmp(word, "OK") == 0)
        *answer = PD_IMAP_OK;
    else if (g_ascii_strcasecmp(word, "NO") == 0)
        *answer = PD_IMAP_NO;
    else if (g_ascii_strcasecmp(word, "BAD") == 0)
        *answer = PD_IMAP_BAD;
    else
        return pd_imap_not_understood(imap);
    return finish_tagged(imap);
}

PdStatus *pd_imap_receive(PdImap *imap, PdImapAnswer *answer)
{
    for (;;) {
        PD_TRY(pd_imap_next_line(imap));
        if (imap->line->str[0] == '+') {
            *answer = PD_IMAP_CONTINUE;
            return NULL;
        }
        if (strncmp(imap->line->str, "* ", 2) != 0)
            return take_tagged(imap, answer);
        PD_TRY(take_untagged(imap));
    }
}

PdStatus *pd_imap_receive_unasked(PdImap *imap)
{
    pd_stream_allow(imap->stream, imap->timeout, PD_LIMIT_REPLY_BYTES);
    PD_TRY(pd_imap_next_line(imap));
    if (strncmp(imap->line->str, "* ", 2) != 0)
        return pd_imap_not_understood(imap);
    return take_untagged(imap);
}

PdStatus *pd_imap_receive_greeting(PdImap *imap, gboolean *logged_in)
{
    PD_TRY(pd_imap_next_line(imap));
    *logged_in = g_ascii_strncasecmp(imap->line->str, "* PREAUTH", 9) == 0;
    if (!*logged_in && g_ascii_strncasecmp(imap->line->str, "* OK", 4) != 0 &&
        g_ascii_strncasecmp(imap->line->str, "* BYE", 5) != 0)
        return pd_status_advise(pd_imap_not_understood(imap),
                                "check that the port is an IMAP server's and fits tls");
    return take_untagged(imap);
}

PdStatus *pd_imap_ask(PdImap *imap, PdImapAnswer *answer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *command = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    PD_TRY(pd_imap_send(imap, PD_LIMIT_REPLY_BYTES, command));
    PD_TRY(pd_imap_receive(imap, answer));
    if (*answer == PD_IMAP_CONTINUE)
        return pd_imap_not_understood(imap);
    return NULL;
}
