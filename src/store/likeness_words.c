/* likeness_words.c: see likeness_words.h.
 *
 * A word is known by a key of 32 bits. Two words of the same key are taken for one: that makes a
 * ticket look a little more alike than it is, and nothing else.
 */
#include "likeness_words.h"

#include "search_words.h"
#include <string.h>

#define MOST_SUBJECT_WORDS 16 /* so that a long subject leaves room for the text */
#define MOST_TEXT 2048        /* bytes of the text that words are taken from */
#define LEAST_LETTERS 3       /* of digits and letters mixed, or ideographs, 2 do */
#define STEM 7                /* letters: connect, connected and connection are one word */

typedef struct {
    const char *end;
    guint letters;
    gboolean has_digit, is_wide;
} Word;

static Word read_word(const char *text)
{
    Word word = {.end = text};

    for (; g_unichar_isalnum(g_utf8_get_char(word.end)); word.end = g_utf8_next_char(word.end)) {
        word.letters++;
        word.has_digit = word.has_digit || g_ascii_isdigit(*word.end);
        word.is_wide = word.is_wide || g_utf8_get_char(word.end) >= 0x2e80;
    }
    return word;
}

/* FNV-1a over the small letters. */
static gint32 key_of(const char *text, const Word *word)
{
    guint32 key = 2166136261u;
    guint left = word->has_digit || word->is_wide ? word->letters : MIN(word->letters, STEM);

    for (; left > 0; left--, text = g_utf8_next_char(text)) {
        char small[6];
        gint bytes = g_unichar_to_utf8(g_unichar_tolower(g_utf8_get_char(text)), small);
        for (gint i = 0; i < bytes; i++)
            key = (key ^ (guint8)small[i]) * 16777619u;
    }
    return (gint32)key;
}

static void add_word(PdLikenessWords *words, gint32 key)
{
    for (guint i = 0; i < words->count; i++) {
        if (words->words[i] == key)
            return;
    }
    words->words[words->count++] = key;
}

static void add_words(PdLikenessWords *words, const char *text, guint most)
{
    g_autofree char *terms = pd_search_terms(text, MOST_TEXT);

    for (const char *c = terms; *c != '\0' && words->count < most;) {
        const Word word = read_word(c);
        if (word.letters >= (word.has_digit || word.is_wide ? 2 : LEAST_LETTERS))
            add_word(words, key_of(c, &word));
        c = word.letters > 0 ? word.end : g_utf8_next_char(c);
    }
}

void pd_likeness_words(const char *subject, const char *text, PdLikenessWords *words)
{
    words->count = 0;
    add_words(words, subject, MOST_SUBJECT_WORDS);
    add_words(words, text, PD_LIKENESS_WORDS);
}
