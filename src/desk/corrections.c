/* corrections.c: see corrections.h. */
#include "desk/corrections.h"

#include <string.h>

static gboolean is_by_person(const PdEvent *event)
{
    return (strcmp(event->kind, "changed") == 0 || strcmp(event->kind, "undone") == 0) &&
           strcmp(event->channel, "clock") != 0 && strcmp(event->actor, "desk") != 0 &&
           strcmp(event->actor, "rules") != 0;
}

const char *pd_correction_value(const PdEvent *correction, const char *field)
{
    if (correction == NULL)
        return NULL;
    return pd_json_get_text(pd_json_get(correction->data, "set"), field);
}

const PdEvent *pd_correction(const GPtrArray *events, const char *field)
{
    const PdEvent *last = NULL;

    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        if (pd_correction_value(event, field) != NULL && is_by_person(event))
            last = event;
    }
    return last;
}
