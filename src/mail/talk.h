/* talk.h: does a text talk to somebody, as people do and programs do not? */
#ifndef POSTDESK_MAIL_TALK_H
#define POSTDESK_MAIL_TALK_H

#include "reading.h"

/* It speaks of its writer, asks, or thanks, and nothing in it says that a program wrote it. */
gboolean pd_talks(const PdReading *reading);

#endif
