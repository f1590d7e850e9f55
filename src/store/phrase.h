/* phrase.h: phrases (postdesk/phrase.h) kept once, by number. */
#ifndef PD_STORE_PHRASE_H
#define PD_STORE_PHRASE_H

#include "postdesk/phrase.h"
#include "store_internal.h"

/* The numbers of phrases (of PdPhrase *), for the row of the line that has the gaps; those that are
 * new are kept. Transaction. *numbers: NULL if there are no phrases; else the caller frees. */
PdStatus *pd_phrases_keep(PdStore *store, const GPtrArray *phrases, GByteArray **numbers);
/* The line with the phrases of these numbers in its gaps; caller frees. A failure if a phrase is
 * missing. */
PdStatus *pd_phrases_restore(PdStore *store, const char *line, const guint8 *numbers, gsize length,
                             char **whole);

/* What this process knows of numbers; it is forgotten when something is rolled back that may have
 * given them. */
PdPhraseBook *pd_phrase_book_new(void);
void pd_phrase_book_free(PdPhraseBook *book);
void pd_phrase_book_forget(PdPhraseBook *book);

#endif
