/* title.c: see postdesk/title.h. Linux reads a command line where it put it at the start. */
#include "postdesk/title.h"

#include <glib.h>
#include <string.h>

static char *room;
static gsize size; /* bytes, with the NUL behind each word */

void pd_title_keep(char **argv)
{
    room = argv[0];
    size = 0;
    for (; *argv != NULL && *argv == room + size; argv++)
        size += strlen(*argv) + 1;
}

void pd_title_set(const char *const *words)
{
    gsize at = 0;

    for (; *words != NULL && at < size; words++)
        at += g_strlcpy(room + at, *words, size - at) + 1;
    if (at < size)
        memset(room + at, 0, size - at);
}
