/* html_tidy.h: markup that browsers pass over and the HTML library stumbles at, taken out. */
#ifndef POSTDESK_MAIL_HTML_TIDY_H
#define POSTDESK_MAIL_HTML_TIDY_H

#include <glib.h>

/* The same document for a parser that knows less than browsers do. Caller frees. */
GString *pd_html_tidy(const char *html, gsize length);

#endif
