/* meant.h: what a person meant by what he wrote behind a command: letter case and wide letters do
 * not matter, a day is written in many ways, and what is almost right is told. */
#ifndef DESK_MEANT_H
#define DESK_MEANT_H

#include "desk/desk_private.h"
#include "desk/problem.h"

/* "Ｐ２" is "P2"; what holds more than wide ASCII stays as it is. Caller frees. */
char *pd_meant_plain(const char *value);
/* Without what ends a sentence: "P1." is "P1". Caller frees. */
char *pd_meant_bare(const char *value);
/* What stands behind words that people put in between, such as "to" and "给". Borrowed. */
const char *pd_meant_behind(const char *value, const char *const *fillers);
/* The word that is shown so in mails, in any language of the desk (a group of words.yaml); NULL:
 * none. */
const char *pd_meant_shown(const PdDesk *desk, const char *group, const char *value,
                           const char *const *words);
/* The word that it is, whatever its letter case, as it stands in the list; NULL: none. */
const char *pd_meant_word(const char *value, const char *const *words);
/* The one that begins with it, or else differs by a slip of the hand; NULL: none. */
const char *pd_meant_nearest(const char *value, const char *const *words);
/* "2026-12-01", "2026/12/1", "2026年12月1日", "12月1日" and "Dec 1" (the next one), "tomorrow",
 * "明天", "Friday" (the next one, but not today), "周五", "下周五". today:
 * where the desk is, as days since 1970. Pure. */
gboolean pd_meant_day(const char *value, gint64 today, gint64 *day);
/* Is it a category, where categories are declared? Else the problem says which is nearest: by path,
 * by its last part, or by its name in any language of the desk. */
gboolean pd_meant_category(const PdDesk *desk, const char *value, PdProblem *problem);
/* Of a Chinese word: characters that one has and the other lacks, at their places. */
guint pd_meant_distance(const char *one, const char *other);

#endif
