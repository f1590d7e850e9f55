/* quote.h: what a reply adds, told from what it quotes and from its signature. */
#ifndef POSTDESK_MAIL_QUOTE_H
#define POSTDESK_MAIL_QUOTE_H

#include <glib.h>

typedef struct {
    char *text;      /* what is new */
    char *quoted;    /* what was quoted, or "" */
    char *signature; /* or "" */
} PdQuoteSplit;

/* text: UTF-8 with LF. is_answer: the message answers or forwards another one. All three are the
 * caller's to free. text is blank only where the message is, or where it holds nothing but quoted
 * lines. */
void pd_quote_split(const char *text, gboolean is_answer, PdQuoteSplit *split);

#endif
