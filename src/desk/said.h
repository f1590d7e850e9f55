/* said.h: what a short mail says in whole sentences, without a command: closed lists, as of the
 * words of command_word.c, but the sentence may be polite and name the ticket. Pure. */
#ifndef DESK_SAID_H
#define DESK_SAID_H

#include <glib.h>

/* Its clauses, in small letters, white space folded, without marks; of char *, caller frees. NULL:
 * it is too long for what is said in a few words. */
GPtrArray *pd_said_clauses(const char *text);
/* Of such a clause: does it say nothing by itself ("您好", "many thanks")? */
gboolean pd_said_is_polite(const char *clause);

/* "您好，请问这个问题处理得怎么样了？谢谢", "Any update on this?": all he asks is where it stands.
 */
gboolean pd_said_asks_status(const char *text);
/* "收到，我明天试试，有问题再联系您", "Thanks, I'll test tomorrow": he will see whether it is
 * solved, and has not yet. */
gboolean pd_said_will_try(const char *text);

#endif
