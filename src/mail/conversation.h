/* conversation.h: Thread-Index, by which Exchange and Outlook know a conversation. */
#ifndef POSTDESK_MAIL_CONVERSATION_H
#define POSTDESK_MAIL_CONVERSATION_H

#include <glib.h>

/* What all mails of one conversation have in common, in hexadecimal; NULL where the value of the
 * header is none. *is_answer: it answers another mail of it. Caller frees. */
char *pd_conversation_of(const char *thread_index, gboolean *is_answer);

#endif
