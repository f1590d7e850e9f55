/* words.h: categories, priorities and statuses in a language's words.
 *
 * templates/<language>/words.yaml: maps "categories", "priorities", "levels" (of impact and
 * urgency), "expectations", "statuses", "phrases", "alarms", "history" (kinds of events),
 * "fields", "actions", "problems", "forms", "advice" and "alarm_texts" (alarm_words.h). An admin's
 * file adds to the shipped one, word by word.
 */
#ifndef DESK_WORDS_H
#define DESK_WORDS_H

#include "postdesk/diagnostics.h"
#include <glib.h>

typedef struct pd_words PdWords;

PdWords *pd_words_new(void);
void pd_words_free(PdWords *words);
/* Reads the file over what is there; an absent file is none. */
void pd_words_read(PdWords *words, const char *path, PdDiagnostics *list);
/* The word for a key of a group, NULL if there is none. */
const char *pd_words_get(const PdWords *words, const char *group, const char *key);

#endif
