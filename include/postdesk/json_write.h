/* json_write.h: JSON written straight into a text, for what is written with every mail.
 *
 * The text itself says where it stands: a comma is put where the last byte is no opening bracket
 * and no colon. So a caller opens, writes and closes in order and keeps no state; that brackets
 * match and that keys are written inside objects only is his to see to. The form is that of
 * pd_json_compact(): one line without spaces. Nothing can fail.
 */
#ifndef POSTDESK_JSON_WRITE_H
#define POSTDESK_JSON_WRITE_H

#include <glib.h>

void pd_json_write_open(GString *out, char bracket); /* '{' or '[' */
void pd_json_write_close(GString *out, char bracket);
void pd_json_write_key(GString *out, const char *key);
/* UTF-8; bytes that are not become U+FFFD. NULL gives null. */
void pd_json_write_text(GString *out, const char *text);
void pd_json_write_bytes(GString *out, const char *text, gsize length);
void pd_json_write_int(GString *out, gint64 number);
void pd_json_write_raw(GString *out, const char *json); /* a value that is JSON already */

/* A member of an object, key and value. */
void pd_json_write_member(GString *out, const char *key, const char *text);
void pd_json_write_member_int(GString *out, const char *key, gint64 number);
void pd_json_write_open_member(GString *out, const char *key, char bracket);

#endif
