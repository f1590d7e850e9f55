/* html.h: HTML bodies: as text, and made safe. */
#ifndef POSTDESK_MAIL_HTML_H
#define POSTDESK_MAIL_HTML_H

#include <glib.h>

/* What a reader sees, as text: lists, tables, links, line breaks; quoted blocks are
 * marked with "> ", hidden elements left away. html is valid UTF-8; at most
 * PD_LIMIT_HTML_BYTES of it are read. *plainly tells that the markup was beyond the limits
 * and only taken off. Caller frees. */
char *pd_html_to_text(const char *html, gsize length, gboolean *plainly);

/* Only elements and attributes of an allowlist; nothing remote, nothing active. What was
 * taken out is counted in removed, as pd_html_removed_new() makes it. NULL if the document is
 * beyond the limits. Caller frees. */
char *pd_html_sanitise(const char *html, gsize length, GHashTable *removed);
/* "element script" → how often. Caller unrefs. */
GHashTable *pd_html_removed_new(void);
/* All of it, as sorted lines "element script: 3"; of char *. Adds to list, gives the sum. */
guint pd_html_removed_list(GHashTable *removed, GPtrArray *list);

/* The markup taken off, nothing else: for what is beyond the limits. Caller frees. */
char *pd_html_strip(const char *html, gsize length);

#endif
