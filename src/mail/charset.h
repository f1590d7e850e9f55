/* charset.h: bytes of an unreliable charset into UTF-8. */
#ifndef POSTDESK_MAIL_CHARSET_H
#define POSTDESK_MAIL_CHARSET_H

#include <glib.h>

typedef struct {
    char used[32];   /* the charset that was taken */
    const char *why; /* "declared", "superset", "valid UTF-8", "guess", "fallback", "chosen" */
    guint replaced;  /* U+FFFD put for bytes that could not be read */
} PdDecoding;

/* Valid UTF-8 without NULs; caller frees. declared and prior (the charset to be
 * expected where nothing useful is declared) may be NULL. */
char *pd_charset_decode(const char *bytes, gsize length, const char *declared, const char *prior,
                        PdDecoding *decoding);

/* The same with the charset that a person names, whatever is declared; bytes that are plain
 * stay as they are. */
char *pd_charset_decode_as(const char *bytes, gsize length, const char *charset,
                           PdDecoding *decoding);

/* The first that is named in a text ("charset=…"), as HTML and the headers of parts do, or NULL.
 * Caller frees. */
char *pd_charset_named(const char *bytes, gsize length);
/* The charset to be expected for other bytes of a message whose text is this: what is named for it,
 * else what it looks like; NULL if it tells nothing. UTF-8 is not told: such bytes show it
 * themselves. named may be NULL. */
char *pd_charset_hint(const char *named, const char *bytes, gsize length, const char *prior);

/* TRUE if all bytes are below 0x80, and none is NUL or ESC. */
gboolean pd_charset_is_plain(const char *bytes, gsize length);

#endif
