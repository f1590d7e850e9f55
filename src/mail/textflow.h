/* textflow.h: format=flowed. */
#ifndef POSTDESK_MAIL_TEXTFLOW_H
#define POSTDESK_MAIL_TEXTFLOW_H

#include <glib.h>

/* Lines that end in a space are joined with the next one of the same quote depth
 * (RFC 3676). delsp: the space itself goes, too. Caller frees. */
char *pd_text_unflow(const char *text, gboolean delsp);

#endif
