/* conversation.c: see conversation.h. A Thread-Index ([MS-OXOMSG] 2.2.1.3) is base64 of 22 bytes
 * that are drawn for the first mail, a time and a GUID, and of five more for each answer. */
#include "conversation.h"

#include <string.h>

#define RESERVED 1 /* the first byte of each */
#define GUID 6     /* where it begins */
#define FIRST 22
#define ANSWER 5
#define MOST_VALUE 4000 /* bytes of a header: some hundreds of answers */

static gsize decode(const char *value, guchar *bytes)
{
    gint state = 0;
    guint save = 0;

    return g_base64_decode_step(value, strlen(value), bytes, &state, &save);
}

char *pd_conversation_of(const char *thread_index, gboolean *is_answer)
{
    static const guchar nothing[FIRST - GUID] = {0};
    guchar bytes[MOST_VALUE];
    GString *text;

    *is_answer = FALSE;
    if (thread_index == NULL || strlen(thread_index) > MOST_VALUE)
        return NULL;
    gsize length = decode(thread_index, bytes);
    if (length < FIRST || bytes[0] != RESERVED ||
        memcmp(bytes + GUID, nothing, sizeof nothing) == 0)
        return NULL;
    *is_answer = length >= FIRST + ANSWER;
    text = g_string_sized_new(2 * FIRST);
    for (guint i = 0; i < FIRST; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}
