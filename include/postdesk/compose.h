/* compose.h: mails of ours, as bytes ready for SMTP.
 *
 * The result has CRLF line ends, at most 998 bytes a line, encoded headers, and
 * a text and an HTML alternative. Values are foreign: CR, LF and control
 * characters in them cannot make a header.
 */
#ifndef POSTDESK_COMPOSE_H
#define POSTDESK_COMPOSE_H

#include "postdesk/status.h"
#include <glib.h>

/* A picture that the HTML shows as "cid:CONTENT_ID", or a file that is attached. Name, type and id
 * are of ASCII letters, digits and "._-+@/": no foreign text. A title may be any (RFC 2231). */
typedef struct {
    char *content_id; /* NULL: attached */
    char *type;       /* "image/png" */
    char *name;       /* "picture-1.png" */
    char *title;      /* what it is called instead, UTF-8; or NULL */
    GBytes *bytes;
} PdEnclosure;
void pd_enclosure_free(PdEnclosure *enclosure);

typedef struct {
    const char *from_name;
    const char *from_address;
    const char *reply_to; /* or NULL */
    const char *to_name;  /* or NULL */
    const char *to_address;
    const char *subject;
    const char *message_id;        /* without angle brackets */
    const char *in_reply_to;       /* without angle brackets, or NULL */
    const char *const *references; /* NULL-terminated, or NULL */
    const char *auto_submitted;    /* "auto-replied" or "auto-generated" */
    gint64 date;                   /* microseconds since 1970 UTC */
    const char *text;              /* UTF-8, LF */
    const char *html;              /* UTF-8, or NULL */
    const char *language;          /* "zh_CN": becomes Content-Language */
    gint64 ticket;                 /* becomes X-Postdesk-Ticket; 0: none */
    const GPtrArray *enclosures;   /* of PdEnclosure *, or NULL; a picture that the HTML does not
                                      show is left out */
} PdDraft;

PdStatus *pd_compose(const PdDraft *draft, GBytes **mail);

#endif
