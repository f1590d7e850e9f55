/* imap_set.c: see imap.h. */
#include "wire/imap.h"

#define LONGEST_SET 4000 /* servers take lines of 8,000 bytes at the least */

char *pd_imap_set(const guint32 *uids, guint count, guint *next)
{
    GString *set = g_string_new(NULL);

    while (*next < count && set->len < LONGEST_SET) {
        guint last = *next;
        while (last + 1 < count && uids[last + 1] == uids[last] + 1)
            last++;
        g_string_append_printf(set, "%s%u", set->len > 0 ? "," : "", uids[*next]);
        if (last > *next)
            g_string_append_printf(set, ":%u", uids[last]);
        *next = last + 1;
    }
    return g_string_free(set, FALSE);
}
