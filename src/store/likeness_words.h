/* likeness_words.h: the words by which tickets are held to be alike. */
#ifndef PD_STORE_LIKENESS_WORDS_H
#define PD_STORE_LIKENESS_WORDS_H

#include <glib.h>

#define PD_LIKENESS_WORDS 32

typedef struct {
    gint32 words[PD_LIKENESS_WORDS]; /* each once, by a short key */
    guint count;
} PdLikenessWords;

/* The first words of the subject, then of the text; either may be NULL. Pure. */
void pd_likeness_words(const char *subject, const char *text, PdLikenessWords *words);

#endif
