/* html_signature.h: the part of an HTML mail that its program marked as the signature. */
#ifndef POSTDESK_MAIL_HTML_SIGNATURE_H
#define POSTDESK_MAIL_HTML_SIGNATURE_H

#include <glib.h>

/* TRUE if the element's id or class calls it a signature. */
gboolean pd_html_is_signature(const char *const *attributes);
/* Puts the mark by agreement ("-- ") before the signature that stands at begin to end of text; not
 * where something else than a quote follows, since that would seem to be part of it. */
void pd_html_mark_signature(GString *text, gsize begin, gsize end);

#endif
