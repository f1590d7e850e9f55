/* shape.h: what a text asks of the encoding that carries it in a mail. */
#ifndef POSTDESK_MAIL_SHAPE_H
#define POSTDESK_MAIL_SHAPE_H

#include <glib.h>

typedef struct {
    gsize length, encoded; /* bytes; those that quoted-printable must write in three */
    gsize longest;         /* line */
    gboolean seven_bit, ascii;
} PdShape;

/* Seven-bit is a text without controls but blanks and line ends, which may be sent as it is where
 * its lines are short (RFC 5322 section 2.1.1). */
PdShape pd_shape_of(const char *text);

#endif
