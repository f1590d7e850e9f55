/* json.c: see postdesk/json.h. */
#include "postdesk/json.h"

#include "postdesk/json_write.h"
#include "postdesk/text.h"
#include <jansson.h>
#include <string.h>

#define MOST_BYTES (64u << 20)

PdJson *pd_json_object(void)
{
    return json_object();
}

PdJson *pd_json_array(void)
{
    return json_array();
}

/* What jansson asks of each text, and tells by the character, is told by the word here. */
PdJson *pd_json_text(const char *text)
{
    if (text == NULL)
        return json_null();
    gsize length = strlen(text);
    if (pd_text_is_valid(text, length))
        return json_stringn_nocheck(text, length);
    g_autofree char *valid = pd_text_make_valid(text, length, NULL);
    return json_string(valid);
}

PdJson *pd_json_ref(PdJson *node)
{
    return json_incref(node);
}

void pd_json_free(PdJson *node)
{
    json_decref(node);
}

/* A key that is no valid text is left out. */
PdJson *pd_json_set(PdJson *object, const char *key, PdJson *taken)
{
    if (pd_text_is_valid(key, strlen(key)))
        json_object_set_new_nocheck(object, key, taken);
    else
        json_decref(taken);
    return object;
}

PdJson *pd_json_set_text(PdJson *object, const char *key, const char *text)
{
    return pd_json_set(object, key, pd_json_text(text));
}

PdJson *pd_json_set_int(PdJson *object, const char *key, gint64 number)
{
    return pd_json_set(object, key, json_integer(number));
}

PdJson *pd_json_set_bool(PdJson *object, const char *key, gboolean value)
{
    return pd_json_set(object, key, json_boolean(value));
}

PdJson *pd_json_add(PdJson *array, PdJson *taken)
{
    json_array_append_new(array, taken);
    return array;
}

PdJson *pd_json_add_text(PdJson *array, const char *text)
{
    return pd_json_add(array, pd_json_text(text));
}

PdJson *pd_json_add_int(PdJson *array, gint64 number)
{
    return pd_json_add(array, json_integer(number));
}

PdJson *pd_json_get(const PdJson *object, const char *key)
{
    return json_object_get(object, key);
}

const char *pd_json_get_text(const PdJson *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

gint64 pd_json_get_int(const PdJson *object, const char *key, gint64 fallback)
{
    const json_t *node = json_object_get(object, key);

    return json_is_integer(node) ? json_integer_value(node) : fallback;
}

gboolean pd_json_get_bool(const PdJson *object, const char *key, gboolean fallback)
{
    const json_t *node = json_object_get(object, key);

    return json_is_boolean(node) ? json_is_true(node) : fallback;
}

gsize pd_json_length(const PdJson *array)
{
    return json_array_size(array);
}

PdJson *pd_json_at(const PdJson *array, gsize index)
{
    return json_array_get(array, index);
}

gint64 pd_json_number(const PdJson *node)
{
    return json_integer_value(node);
}

const char *pd_json_string(const PdJson *node)
{
    return json_string_value(node);
}

gboolean pd_json_is_object(const PdJson *node)
{
    return json_is_object(node);
}

gboolean pd_json_is_array(const PdJson *node)
{
    return json_is_array(node);
}

gboolean pd_json_is_true(const PdJson *node)
{
    return json_is_true(node);
}

const char **pd_json_keys(const PdJson *object)
{
    GPtrArray *keys = g_ptr_array_new();
    /* jansson iterates over a non-const object only, though it changes nothing. */
    json_t *iterated = (json_t *)object;

    for (void *i = json_object_iter(iterated); i != NULL; i = json_object_iter_next(iterated, i))
        g_ptr_array_add(keys, (gpointer)json_object_iter_key(i));
    g_ptr_array_add(keys, NULL);
    return (const char **)g_ptr_array_free(keys, FALSE);
}

static void write_node(GString *out, const json_t *node);

static void write_array(GString *out, const json_t *array)
{
    pd_json_write_open(out, '[');
    for (gsize i = 0; i < json_array_size(array); i++)
        write_node(out, json_array_get(array, i));
    pd_json_write_close(out, ']');
}

static void write_object(GString *out, const json_t *object)
{
    json_t *iterated = (json_t *)object; /* see pd_json_keys() */

    pd_json_write_open(out, '{');
    for (void *i = json_object_iter(iterated); i != NULL; i = json_object_iter_next(iterated, i)) {
        pd_json_write_key(out, json_object_iter_key(i));
        write_node(out, json_object_iter_value(i));
    }
    pd_json_write_close(out, '}');
}

static void write_real(GString *out, const json_t *node)
{
    g_autofree char *text = json_dumps(node, JSON_ENCODE_ANY);

    pd_json_write_raw(out, text);
}

static void write_node(GString *out, const json_t *node)
{
    switch (json_typeof(node)) {
    case JSON_OBJECT:
        write_object(out, node);
        break;
    case JSON_ARRAY:
        write_array(out, node);
        break;
    case JSON_STRING:
        pd_json_write_bytes(out, json_string_value(node), json_string_length(node));
        break;
    case JSON_INTEGER:
        pd_json_write_int(out, json_integer_value(node));
        break;
    case JSON_REAL:
        write_real(out, node);
        break;
    case JSON_TRUE:
        pd_json_write_raw(out, "true");
        break;
    case JSON_FALSE:
        pd_json_write_raw(out, "false");
        break;
    case JSON_NULL:
        pd_json_write_raw(out, "null");
        break;
    }
}

/* What json_dumps() writes with JSON_COMPACT, at a fifth of its cost: that one looks for loops,
 * which a tree made by this file cannot hold, and goes through the text character by character.
 * Every event is written by this. */
char *pd_json_compact(const PdJson *node)
{
    GString *out = g_string_sized_new(1000);

    write_node(out, node);
    return g_string_free(out, FALSE);
}

/* jansson allocates with malloc(3), which is what g_free() frees. */
char *pd_json_pretty(const PdJson *node)
{
    return json_dumps(node, JSON_INDENT(2) | JSON_ENCODE_ANY);
}

/* jansson leaves DEL as it is. */
char *pd_json_ascii(const PdJson *node)
{
    g_autofree char *text = json_dumps(node, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    g_auto(GStrv) parts = g_strsplit(text, "\x7f", -1);

    return g_strjoinv("\\u007f", parts);
}

PdStatus *pd_json_parse(const char *text, gsize length, PdJson **node)
{
    json_error_t error;

    if (length > MOST_BYTES)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "JSON of %zu bytes is too large",
                             length);
    *node = json_loadb(text, length, JSON_DECODE_ANY, &error);
    if (*node == NULL)
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL, "JSON, line %d: %s", error.line,
                             error.text);
    return NULL;
}
