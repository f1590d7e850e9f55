/* quoted_header.h: the header of what is quoted, as lines of "From: …", "Sent: …", "To: …". */
#ifndef POSTDESK_MAIL_QUOTED_HEADER_H
#define POSTDESK_MAIL_QUOTED_HEADER_H

#include "separator.h"

/* How many lines from here on are such a header, folded values included; 0 if they are none. */
guint pd_quoted_header_lines(const PdLine *lines, guint count);
/* The same where a rule or a title stands before: also in a language that is not known. */
guint pd_quoted_header_behind_rule(const PdLine *lines, guint count);
/* The same where a dashed title stands before: also with labels without colons. */
guint pd_quoted_header_behind_title(const PdLine *lines, guint count);

#endif
