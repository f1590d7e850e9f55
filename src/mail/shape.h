/* shape.h: what a text asks of the encoding that carries it in a mail. */
#ifndef POSTDESK_MAIL_SHAPE_H
#define POSTDESK_MAIL_SHAPE_H

#include <glib.h>

typedef struct {
    gsize length;
    gsize encoded; /* bytes that quoted-printable writes in three, but for controls */
    gboolean ascii;
    /* It may be sent as it is: ASCII without controls but blanks and line ends, no line too long
     * (RFC 5322 section 2.1.1). */
    gboolean seven_bit;
} PdShape;

PdShape pd_shape_of(const char *text);

#endif
