/* html_parse.h: HTML as a stream of events, within hard limits (the only file that knows
 * the HTML library). */
#ifndef POSTDESK_MAIL_HTML_PARSE_H
#define POSTDESK_MAIL_HTML_PARSE_H

#include <glib.h>

typedef struct {
    /* attributes: name, value (may be NULL), …, NULL; or NULL */
    void (*start)(gpointer user, const char *name, const char *const *attributes);
    void (*end)(gpointer user, const char *name);
    void (*text)(gpointer user, const char *text, gsize length);
} PdHtmlEvents;

/* FALSE if the document is beyond the limits (nesting, attributes of one element): then some
 * of it may not have been told. html is valid UTF-8. */
gboolean pd_html_parse(const char *html, gsize length, const PdHtmlEvents *events, gpointer user);

/* The value of an attribute, or NULL. */
const char *pd_html_attribute(const char *const *attributes, const char *name);
/* The character that a name ("auml") stands for between "&" and ";"; 0: none. */
gunichar pd_html_entity(const char *name);

#endif
