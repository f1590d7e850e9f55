/* identity.h: the lines below a text that only tell who wrote it, without a mark such as "-- ". */
#ifndef POSTDESK_IDENTITY_H
#define POSTDESK_IDENTITY_H

#include "postdesk/mail.h"

/* Where the last lines of text begin that hold nothing but the name of who writes, a department or
 * an office, and how to reach them; the end of text where no name is there. */
const char *pd_identity_begin(const PdMail *mail, const char *text);

/* TRUE where the lines are what somebody signs with and nothing else: his name in the first one
 * (each word of it is among names, in any letter case), below or beside it offices and how to reach
 * him, one of which cannot be a number of another kind. Stricter than the above: whoever reads the
 * text may miss what is left out. */
gboolean pd_identity_signs(const char *names, const char *lines);

#endif
