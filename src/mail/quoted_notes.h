/* quoted_notes.h: the header that Lotus Notes writes above what it quotes. */
#ifndef POSTDESK_MAIL_QUOTED_NOTES_H
#define POSTDESK_MAIL_QUOTED_NOTES_H

#include "separator.h"

/* Who wrote and when, each on a line of its own, and then "To" and "Subject" alone with what they
 * say below them: a table that has become text. Returns the lines that it takes, or 0. */
guint pd_quoted_notes_lines(const PdLine *lines, guint count);

#endif
