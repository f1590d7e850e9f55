/* encode.h: text into what a mail can carry. */
#ifndef POSTDESK_MAIL_ENCODE_H
#define POSTDESK_MAIL_ENCODE_H

#include <glib.h>

/* Appends "Name: value CRLF" folded. Plain values are folded at spaces, others become
 * encoded-words of at most 75 bytes, cut between characters, on lines of at most 76.
 * Control characters become spaces: no value can make a header. text is UTF-8. */
void pd_encode_unstructured(GString *out, const char *name, const char *text);
/* A display name as a phrase: quoted where needed, or encoded-words. column: bytes
 * already on the line. */
void pd_encode_phrase(GString *out, const char *text, gsize column);

/* Appends Content-Transfer-Encoding, an empty line, and the text with CRLF line ends: as it is if
 * it may, else in the shorter of quoted-printable and base64. */
void pd_encode_body(GString *out, const char *text);

/* The same for bytes of any kind, in base64. */
void pd_encode_bytes(GString *out, const char *bytes, gsize length);

#endif
