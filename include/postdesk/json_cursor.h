/* json_cursor.h: a JSON text read from front to back, without making nodes of it.
 *
 * For long texts that Postdesk wrote itself and of which little is wanted: what is passed over is
 * not looked at more closely than to find its end. A text that is no JSON, or is cut off, makes the
 * cursor broken at the latest where it ends; a broken cursor yields nothing more. Nothing is
 * allocated, and depth costs nothing.
 */
#ifndef POSTDESK_JSON_CURSOR_H
#define POSTDESK_JSON_CURSOR_H

#include <glib.h>

/* A value as it stands in the text, not terminated; borrowed. */
typedef struct {
    const char *text;
    gsize length;
} PdJsonSlice;

typedef struct {
    const char *at, *end; /* the cursor's own */
    gboolean broken;
} PdJsonCursor;

PdJsonCursor pd_json_cursor(const char *text, gsize length);
/* Into the object or array ('{' or '[') that stands here; broken if there is none. */
gboolean pd_json_cursor_open(PdJsonCursor *cursor, char bracket);
/* To the value of the next member of the object; key: with its quotes. FALSE behind the last one,
 * and out of the object. */
gboolean pd_json_cursor_member(PdJsonCursor *cursor, PdJsonSlice *key);
/* The same of an array. */
gboolean pd_json_cursor_item(PdJsonCursor *cursor);
/* The value that stands here, and past it. Empty if broken. */
PdJsonSlice pd_json_cursor_value(PdJsonCursor *cursor);

/* Whether the value is this text, or the key this key. The text has no quote, backslash or control
 * character. */
gboolean pd_json_slice_is(PdJsonSlice slice, const char *text);
/* The text that the value is; NULL if it is none. Caller frees. */
char *pd_json_slice_text(PdJsonSlice slice);

#endif
