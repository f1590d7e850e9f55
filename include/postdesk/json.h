/* json.h: JSON documents, in and out (the only room that knows the library).
 *
 * A PdJson is a node that its owner frees; a node put into another belongs to
 * that one. Strings are made valid UTF-8 on the way in. Absent text may be
 * given as NULL and is written as null.
 */
#ifndef POSTDESK_JSON_H
#define POSTDESK_JSON_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct json_t PdJson;

PdJson *pd_json_object(void);
PdJson *pd_json_array(void);
PdJson *pd_json_text(const char *text); /* NULL gives null */
PdJson *pd_json_ref(PdJson *node);
void pd_json_free(PdJson *node); /* drops one reference */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdJson, pd_json_free)

/* Set members; each returns the object, so that calls can be chained. */
PdJson *pd_json_set(PdJson *object, const char *key, PdJson *taken);
PdJson *pd_json_set_text(PdJson *object, const char *key, const char *text);
PdJson *pd_json_set_int(PdJson *object, const char *key, gint64 number);
PdJson *pd_json_set_bool(PdJson *object, const char *key, gboolean value);
PdJson *pd_json_add(PdJson *array, PdJson *taken);
PdJson *pd_json_add_text(PdJson *array, const char *text);
PdJson *pd_json_add_int(PdJson *array, gint64 number);

/* Read members; absent ones give NULL or the fallback. Borrowed. */
PdJson *pd_json_get(const PdJson *object, const char *key);
const char *pd_json_get_text(const PdJson *object, const char *key);
gint64 pd_json_get_int(const PdJson *object, const char *key, gint64 fallback);
gboolean pd_json_get_bool(const PdJson *object, const char *key, gboolean fallback);
gsize pd_json_length(const PdJson *array);
PdJson *pd_json_at(const PdJson *array, gsize index);
const char *pd_json_string(const PdJson *node); /* NULL unless it is a string */
gint64 pd_json_number(const PdJson *node);      /* 0 unless it is a whole number */
gboolean pd_json_is_object(const PdJson *node);
gboolean pd_json_is_array(const PdJson *node);
gboolean pd_json_is_true(const PdJson *node);
/* The keys of an object in their order; NULL-terminated, caller frees with g_free
 * (the strings are borrowed). */
const char **pd_json_keys(const PdJson *object);

/* One line without spaces, keys in the order they were set; or indented. Caller frees. */
char *pd_json_compact(const PdJson *node);
char *pd_json_pretty(const PdJson *node);
char *pd_json_ascii(const PdJson *node); /* pretty; whatever is beyond ASCII escaped */
/* At most 64 MiB and bounded depth. */
PdStatus *pd_json_parse(const char *text, gsize length, PdJson **node);

#endif
