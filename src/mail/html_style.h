/* html_style.h: what the attributes of an element say of how it is shown, its style above all. */
#ifndef POSTDESK_MAIL_HTML_STYLE_H
#define POSTDESK_MAIL_HTML_STYLE_H

#include <glib.h>

/* TRUE if the element is not shown: hidden, display:none and their like. */
gboolean pd_html_is_hidden(const char *const *attributes);

/* The size of letters that an element sets, for itself and what it holds. Frames of tables are
 * often set to none, and the texts within to theirs. */
typedef enum { PD_HTML_SIZE_SAME, PD_HTML_SIZE_NONE, PD_HTML_SIZE_SEEN } PdHtmlSize;
PdHtmlSize pd_html_size(const char *const *attributes);

#endif
