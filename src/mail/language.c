/* language.c: language by script, and by frequent words where scripts are shared. */
#include "language.h"

#include <glib.h>
#include <string.h>

#define SAMPLE 800     /* characters that are looked at */
#define MOST_WORDS 120 /* words */

/* Frequent characters that are written in one of the two ways of Chinese only. */
static const guint16 simplified[] = {
    0x4e1c, 0x4e2a, 0x4e3a, 0x4e50, 0x4e60, 0x4e66, 0x4e70, 0x4eec, 0x4f1a, 0x5173, 0x52a1, 0x52a8,
    0x5356, 0x53d1, 0x56fd, 0x5b66, 0x5bf9, 0x5e94, 0x5f00, 0x5f55, 0x62a5, 0x65e0, 0x65f6, 0x673a,
    0x6765, 0x6837, 0x6ca1, 0x70b9, 0x73b0, 0x7535, 0x79cd, 0x7ecf, 0x7ed9, 0x7edf, 0x7f51, 0x89c1,
    0x89c9, 0x8ba9, 0x8bef, 0x8bf4, 0x8bf7, 0x8c22, 0x8f66, 0x8fc7, 0x8fd8, 0x8fd9, 0x8fdb, 0x90ae,
    0x9519, 0x957f, 0x95e8, 0x95ee, 0x95f4, 0x9898, 0x9a6c, 0x9e1f, 0x9f99,
};
static const guint16 traditional[] = {
    0x4f86, 0x500b, 0x5011, 0x52d5, 0x52d9, 0x554f, 0x570b, 0x5831, 0x5b78, 0x5c0d, 0x61c9, 0x6642,
    0x66f8, 0x6703, 0x6771, 0x6a02, 0x6a23, 0x6a5f, 0x6c92, 0x70ba, 0x7121, 0x73fe, 0x767c, 0x7a2e,
    0x7d66, 0x7d71, 0x7d93, 0x7db2, 0x7fd2, 0x898b, 0x89ba, 0x8aa4, 0x8aaa, 0x8acb, 0x8b1d, 0x8b93,
    0x8cb7, 0x8ce3, 0x8eca, 0x9019, 0x9032, 0x904e, 0x9084, 0x90f5, 0x9304, 0x932f, 0x9577, 0x9580,
    0x958b, 0x9593, 0x95dc, 0x96fb, 0x984c, 0x99ac, 0x9ce5, 0x9ede, 0x9f8d,
};

static const struct {
    const char *language;
    const char *words; /* separated by spaces */
} frequent[] = {
    {"en", " the and is to of in that it for you not with this have please we are on from can hi "
           "hello thanks my our was "},
    {"de", " der die das und ist nicht ich sie mit ein eine zu den für auf es wir bitte von "
           "haben wird kann "},
    {"fr", " le la les et est pas je vous nous une un des pour dans que qui sur avec bonjour "
           "merci de du "},
    {"es", " el la los las y es no que en un una por para con se su hola gracias del al de "},
    {"pt", " o os as e não que em um uma por para com se obrigado do da de dos "},
    {"it", " il lo gli e non che di un una per con si ciao grazie del della sono "},
    {"nl", " de het een en is niet van ik je met voor op dat wij zijn "},
    {"sv", " och är inte jag det att en ett för med på som vi "},
    {"pl", " nie jest w na i do się że to z "},
};

typedef struct {
    guint han, kana, hangul, cyrillic, arabic, thai, greek, hebrew, latin;
    guint simplified, traditional;
} Scripts;

#define FIRST_HAN 0x4e00
#define LAST_HAN 0x9fff
enum { SIMPLIFIED = 1, TRADITIONAL = 2 };

/* In which ways of Chinese alone a character is written: bits, by its number from FIRST_HAN on. */
static const guint8 *ways_of_writing(void)
{
    static guint8 ways[LAST_HAN - FIRST_HAN + 1];
    static gsize made = 0;

    if (g_once_init_enter(&made)) {
        for (guint i = 0; i < G_N_ELEMENTS(simplified); i++)
            ways[simplified[i] - FIRST_HAN] |= SIMPLIFIED;
        for (guint i = 0; i < G_N_ELEMENTS(traditional); i++)
            ways[traditional[i] - FIRST_HAN] |= TRADITIONAL;
        g_once_init_leave(&made, 1);
    }
    return ways;
}

/* Beyond ASCII. */
static void count_character(Scripts *scripts, const guint8 *ways, gunichar c)
{
    if (c >= FIRST_HAN && c <= LAST_HAN) {
        guint way = ways[c - FIRST_HAN];
        scripts->han++;
        scripts->simplified += (way & SIMPLIFIED) != 0;
        scripts->traditional += (way & TRADITIONAL) != 0;
    } else if ((c >= 0x3400 && c <= 0x4dbf) || (c >= 0x20000 && c <= 0x2ffff)) {
        scripts->han++;
    } else if (c >= 0x3041 && c <= 0x30ff) {
        scripts->kana++;
    } else if (c >= 0xac00 && c <= 0xd7a3) {
        scripts->hangul++;
    } else if (c >= 0x400 && c <= 0x52f) {
        scripts->cyrillic++;
    } else if (c >= 0x600 && c <= 0x6ff) {
        scripts->arabic++;
    } else if (c >= 0xe00 && c <= 0xe7f) {
        scripts->thai++;
    } else if (c >= 0x370 && c <= 0x3ff) {
        scripts->greek++;
    } else if (c >= 0x590 && c <= 0x5ff) {
        scripts->hebrew++;
    } else if (c >= 0xc0 && c <= 0x24f) {
        scripts->latin++;
    }
}

static void count_scripts(Scripts *scripts, const char *text)
{
    const guint8 *ways = ways_of_writing();

    for (guint i = 0; *text != '\0' && i < SAMPLE; text = g_utf8_next_char(text), i++) {
        if ((guchar)*text < 0x80)
            scripts->latin += g_ascii_isalpha(*text) != 0;
        else
            count_character(scripts, ways, g_utf8_get_char(text));
    }
}

static gboolean is_word_byte(char c)
{
    return g_ascii_isalpha(c) || (guchar)c >= 0x80;
}

/* Each frequent word with a bit for each of its languages; made once, then only read. */
static GHashTable *make_words(void)
{
    GHashTable *words = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < G_N_ELEMENTS(frequent); i++) {
        g_auto(GStrv) list = g_strsplit(frequent[i].words, " ", -1);
        for (char **word = list; *word != NULL; word++) {
            if (**word == '\0')
                continue;
            char *key = (char *)g_intern_string(*word);
            guint languages = GPOINTER_TO_UINT(g_hash_table_lookup(words, key));
            g_hash_table_insert(words, key, GUINT_TO_POINTER(languages | 1u << i));
        }
    }
    return words;
}

static guint languages_of(const char *word)
{
    static GHashTable *words = NULL;

    if (g_once_init_enter(&words))
        g_once_init_leave(&words, make_words());
    return GPOINTER_TO_UINT(g_hash_table_lookup(words, word));
}

/* The language whose frequent words are found most often; fallback if none is. */
static const char *by_words(const char *text, const char *fallback)
{
    guint hits[G_N_ELEMENTS(frequent)] = {0};
    gsize best = 0;

    for (guint words = 0; *text != '\0' && words < MOST_WORDS; words++) {
        char word[16];
        gsize length = 0;
        while (*text != '\0' && !is_word_byte(*text))
            text++;
        for (; is_word_byte(text[length]); length++) {
            if (length + 1 < sizeof(word))
                word[length] = g_ascii_tolower(text[length]);
        }
        if (length > 0 && length < sizeof(word)) {
            word[length] = '\0';
            guint languages = languages_of(word);
            for (gsize i = 0; languages != 0; i++, languages >>= 1)
                hits[i] += languages & 1;
        }
        text += length;
    }
    for (gsize i = 1; i < G_N_ELEMENTS(frequent); i++) {
        if (hits[i] > hits[best])
            best = i;
    }
    return hits[best] > 0 ? frequent[best].language : fallback;
}

static const char *decide(const Scripts *scripts, const char *subject, const char *text)
{
    guint latin_words = scripts->latin / 4; /* a word of letters weighs as much as a character */

    if (scripts->kana * 10 > scripts->han + scripts->kana && scripts->kana > 1 &&
        scripts->kana + scripts->han > latin_words / 4)
        return "ja";
    if (scripts->han > 0 && scripts->han * 2 > latin_words)
        return scripts->traditional > scripts->simplified ? "zh_TW" : "zh_CN";
    if (scripts->hangul * 2 > latin_words && scripts->hangul > 0)
        return "ko";
    if (scripts->cyrillic > scripts->latin)
        return "ru";
    if (scripts->arabic > scripts->latin)
        return "ar";
    if (scripts->thai > scripts->latin)
        return "th";
    if (scripts->greek > scripts->latin)
        return "el";
    if (scripts->hebrew > scripts->latin)
        return "he";
    if (scripts->latin < 3)
        return "";
    const char *language = by_words(text, NULL);
    return language != NULL ? language : by_words(subject, "en");
}

char *pd_language_of(const char *subject, const char *text)
{
    Scripts scripts = {0};

    count_scripts(&scripts, text);
    if (scripts.han + scripts.latin + scripts.kana < 20)
        count_scripts(&scripts, subject);
    return g_strdup(decide(&scripts, subject, text));
}
