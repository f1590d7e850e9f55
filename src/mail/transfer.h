/* transfer.h: transfer encodings, also as broken gateways write them. */
#ifndef POSTDESK_MAIL_TRANSFER_H
#define POSTDESK_MAIL_TRANSFER_H

#include <glib.h>
#include <gmime/gmime.h>

/* GMime decodes what is well formed; beyond that
 *   - base64 goes on behind padding in the middle (pieces that were encoded each for itself), if
 *     what follows is base64 as well: a list's footer is not;
 *   - that of a text ends at such a footer also where nothing was padded;
 *   - quoted-printable's soft line break may have blanks behind its "=" (RFC 2045, 6.7 (3)). */
typedef struct {
    GMimeEncoding state;
    GMimeContentEncoding encoding;
    gboolean padded;   /* base64 came to its end */
    gboolean new_line; /* and the line did, too */
    gboolean is_text;
    gboolean in_line; /* the next chunk goes on with a line */
    gboolean ended;   /* by a footer */
} PdTransfer;

void pd_transfer_begin(PdTransfer *transfer, GMimeContentEncoding encoding, gboolean is_text);
/* Decodes a chunk, which it may change, into out: room for length + length / 2 + 8 bytes. Gives how
 * many there are. */
gsize pd_transfer_step(PdTransfer *transfer, char *raw, gsize length, char *out);
gsize pd_transfer_end(PdTransfer *transfer, char *out);

#endif
