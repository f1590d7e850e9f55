/* memory.c: see memory.h. */
#include "postdesk/memory.h"

#include <glib.h>
#if PD_HAVE_MIMALLOC
#include <mimalloc.h>
#endif

static gboolean is_mimalloc(void)
{
#if PD_HAVE_MIMALLOC
    g_autofree char *some = g_malloc(1);

    return mi_is_in_heap_region(some);
#else
    return FALSE;
#endif
}

const char *pd_memory_allocator(void)
{
    return is_mimalloc() ? "mimalloc" : "the system's";
}
