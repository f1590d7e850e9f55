/* signs_off.h: what an engineer's mail program signs with, where no "-- " stands before it: who
 * reads the desk's answer is not told his telephone below each. */
#ifndef DESK_SIGNS_OFF_H
#define DESK_SIGNS_OFF_H

#include "postdesk/mail.h"
#include "postdesk/people.h"

/* Takes the last paragraph off the text where it holds nothing but this person's own name, his
 * office and how to reach him, and nothing above it points there ("call me:"). A name alone stays:
 * he may have written it. all: also where nothing is left. The mail keeps what it said. */
void pd_signs_off(char *text, const PdMail *mail, const PdPerson *person, gboolean all);

#endif
