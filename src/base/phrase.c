/* phrase.c: see postdesk/phrase.h. */
#include "postdesk/phrase.h"

#include <string.h>

PdPhrase *pd_phrase_new(char *text)
{
    PdPhrase *phrase = g_new0(PdPhrase, 1);

    phrase->text = text;
    return phrase;
}

void pd_phrase_free(PdPhrase *phrase)
{
    if (phrase == NULL)
        return;
    g_free(phrase->text);
    g_free(phrase);
}

char *pd_phrases_fill(const char *line, const GPtrArray *texts)
{
    GString *whole = g_string_sized_new(2 * strlen(line));
    const char *gap;
    guint filled = 0;

    for (; (gap = strchr(line, PD_PHRASE_GAP)) != NULL && filled < texts->len; line = gap + 1) {
        g_string_append_len(whole, line, gap - line);
        g_string_append(whole, g_ptr_array_index(texts, filled++));
    }
    g_string_append(whole, line);
    return g_string_free(whole, gap != NULL || filled != texts->len);
}
