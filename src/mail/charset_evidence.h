/* charset_evidence.h: what bytes show of the charset they are in, against what is declared. */
#ifndef POSTDESK_MAIL_CHARSET_EVIDENCE_H
#define POSTDESK_MAIL_CHARSET_EVIDENCE_H

#include <glib.h>

/* They are UTF-8, whatever was meant. */
gboolean pd_charset_contradicts(const char *bytes, gsize length, const char *meant);
/* Declared as Western, but two bytes a character. */
gboolean pd_charset_is_eastern(const char *bytes, gsize length);
/* A text that was decoded is full of characters that stand for nothing. */
gboolean pd_charset_is_private(const char *text);
/* "UTF-16LE" or "UTF-16BE". */
const char *pd_charset_order(const char *bytes, gsize length);

#endif
