/* alarm_words.h: an alarm in the words of a language.
 *
 * What raises an alarm gives a text in English, for the log and for 'postdesk status', and the
 * facts that are in it. words.yaml tells the same in a language's own words: "alarms" holds a
 * headline by kind, "alarm_texts" what happened and what to do, in Mustache with the facts as
 * variables, and "advice" what to do by the English of the fact of that name. A kind without words
 * is told by the text itself, advice without words as it is.
 */
#ifndef DESK_ALARM_WORDS_H
#define DESK_ALARM_WORDS_H

#include "desk/desk_private.h"

/* The variables of an alarm's mail (occasions.c). Caller frees. */
PdJson *pd_alarm_values(const PdDesk *desk, const PdAlarm *alarm);
/* What is wrong with a text of "alarm_texts": no alarm of that kind, no Mustache, a fact that this
 * kind does not have. NULL: nothing. Caller frees. */
char *pd_alarm_text_mistake(const char *kind, const char *text);

#endif
