/* rtf.h: what a text in RTF says. */
#ifndef POSTDESK_MAIL_RTF_H
#define POSTDESK_MAIL_RTF_H

#include <glib.h>

/* Its text as UTF-8; or the HTML that was packed into it (MS-OXRTFEX), then *is_html. At most so
 * many bytes. prior: the charset to be expected where none is named, or NULL. Caller frees. */
char *pd_rtf_read(const guint8 *rtf, gsize length, gsize most, const char *prior,
                  gboolean *is_html);

#endif
