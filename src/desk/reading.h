/* reading.h: the small values of the desk's files (calendars, people, targets).
 *
 * What is wrong goes to the list, at its place, and is read as absent. Texts are borrowed
 * from the document. */
#ifndef DESK_READING_H
#define DESK_READING_H

#include "postdesk/yaml.h"

typedef struct {
    const PdYaml *yaml;
    PdDiagnostics *list;
} PdReading;

void pd_reading_complain(const PdReading *reading, const PdYamlNode *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* What is taken all the same. */
void pd_reading_warn(const PdReading *reading, const PdYamlNode *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* A text of one line; NULL complained of. what: "a name". */
const char *pd_reading_text(const PdReading *reading, const PdYamlNode *node, const char *what);
/* The member of a map, NULL where it is not there. */
const char *pd_reading_member(const PdReading *reading, const PdYamlNode *map, const char *key,
                              const char *what);
/* One of the words (index), or -1 complained of with the nearest. */
gint pd_reading_choice(const PdReading *reading, const PdYamlNode *node, const char *const *words,
                       const char *what);
/* One text or a list of them, each read like pd_reading_text(); NULL-terminated, caller frees
 * the array alone. node may be NULL: none. */
const PdYamlNode **pd_reading_items(const PdYamlNode *node);
/* "name '%s'; did you mean …?" or "… there are: …". Caller frees. */
char *pd_reading_suggestion(const char *word, const char *const *words);

#endif
