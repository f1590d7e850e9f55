/* header.h: header blocks, and what is written in their values. */
#ifndef POSTDESK_MAIL_HEADER_H
#define POSTDESK_MAIL_HEADER_H

#include "postdesk/mail.h"
#include <glib.h>

typedef struct {
    char *name;   /* as written */
    char *value;  /* unfolded, otherwise as written: any bytes but NUL, CR, LF */
    gsize length; /* of value */
} PdRawHeader;

/* The fields of a header block, in order, at most PD_LIMIT_HEADERS; broken lines are
 * told in defects (of char *). Caller frees. */
GPtrArray *pd_headers_parse(const char *block, gsize length, GPtrArray *defects);
/* Where a gateway lost the empty line: the first line of the block that is no field and behind
 * which no usual field comes, so that it begins the text; length if there is none. */
gsize pd_headers_text(const char *block, gsize length);
/* Whether a field has that name: RFC 5322, 1.2.2, letters in either case. Hundreds of questions are
 * asked about each mail's fields, and nearly all end at the first letter. */
static inline gboolean pd_header_is_named(const char *name, const char *wanted)
{
    return ((name[0] ^ wanted[0]) & ~0x20) == 0 && g_ascii_strcasecmp(name, wanted) == 0;
}

/* The first raw value of that name, or NULL. */
const char *pd_headers_get(const GPtrArray *headers, const char *name);
const PdRawHeader *pd_headers_find(const GPtrArray *headers, const char *name);
void pd_raw_header_free(PdRawHeader *header);

/* Length of the header block with its empty line at the start of these bytes; FALSE if the
 * block does not end within them. */
gboolean pd_headers_end(const char *bytes, gsize length, gsize *end);

/* Human-readable UTF-8: encoded-words joined and decoded, raw 8-bit bytes by the
 * ladder of charsets, control characters as spaces. choice may be NULL; else *choice is a new
 * PdCharsetChoice if a charset had to be chosen for raw bytes. Caller frees. */
char *pd_header_decode(const char *raw, gsize length, const char *prior, PdCharsetChoice **choice);

/* "a@b" out of "<a@b>", comments and spaces aside; every Message-ID of a value. Of char *. */
GPtrArray *pd_header_message_ids(const char *raw);

/* RFC 5322 date, also the broken ones; 0 if senseless. Microseconds since 1970 UTC. */
gint64 pd_header_date(const char *raw);

/* The value before the first ";" of a structured header, lower case, no spaces. Caller frees. */
char *pd_header_token(const char *raw);
/* A parameter of a structured header: RFC 2231 with continuations, RFC 2047 inside, raw
 * 8-bit bytes: decoded to UTF-8. NULL if it is not there. Caller frees. */
char *pd_header_parameter(const char *raw, const char *name, const char *prior);

#endif
