/* search_words.h: text as the index takes it; see search.h. */
#ifndef PD_STORE_SEARCH_WORDS_H
#define PD_STORE_SEARCH_WORDS_H

#include <glib.h>

/* What is handed to the tokenizer: Chinese, Japanese and Korean as every two characters in a row
 * and the last one alone, all else as it is. At most so many bytes of the text are taken. Caller
 * frees. */
char *pd_search_terms(const char *text, gsize bytes);
/* Every different character of Chinese, Japanese and Korean in the text, each alone. Caller frees.
 */
char *pd_search_characters(const char *text, gsize bytes);
/* The words of a query; what stands in quotes is one. NULL-terminated, caller frees. */
char **pd_search_words(const char *query);
/* A match expression that wants all words; NULL if there is none. alone: in an index that holds
 * pd_search_characters(), too. Caller frees. */
char *pd_search_expression(char *const *words, gboolean alone);
/* The first place of one of the words in a text, letter case aside: where it begins and how long it
 * is. FALSE if none stands there as it was written. */
gboolean pd_search_find(const char *text, char *const *words, gsize *at, gsize *length);

#endif
