/* effect_part.c: who watches a ticket, or is let off, and taking that back. Who was asked from
 * outside keeps his part: his answer may be on its way. Who left by himself is not brought back by
 * somebody else. */
#include "desk/effect.h"

#include "desk/watch.h"
#include <string.h>

static gboolean is_own_leave(const PdChange *change, const char *address, const char *part)
{
    return strcmp(part, PD_PART_LEFT) == 0 && pd_watch_is_own(change, address);
}

PdStatus *pd_effect_put_parts(PdChange *change, PdEvent *event)
{
    g_autofree const char **who = pd_json_keys(change->parts);
    g_autoptr(PdJson) before = pd_json_object();
    gboolean can_be_undone = FALSE;

    for (guint i = 0; who[i] != NULL; i++) {
        const char *part = pd_json_get_text(change->parts, who[i]);
        g_autofree char *was = NULL;
        if (strcmp(part, PD_PART_EXTERNAL) == 0 || is_own_leave(change, who[i], part))
            continue;
        PD_TRY(pd_ticket_part(change->desk->store, event->ticket, who[i], &was));
        pd_json_set_text(before, who[i], was != NULL ? was : PD_PART_LEFT);
        can_be_undone = TRUE;
    }
    if (who[0] != NULL)
        pd_json_set(event->data, "parts", pd_json_ref(change->parts));
    if (!can_be_undone)
        return NULL;
    pd_json_set(event->data, "parts_before", g_steal_pointer(&before));
    if (pd_json_get(event->data, "before") == NULL) /* so that it can be taken back (history.c) */
        pd_json_set(event->data, "before", pd_json_object());
    return NULL;
}

PdStatus *pd_effect_take_parts_back(const PdChange *change, const PdEvent *undone, PdEvent *event)
{
    const PdJson *was = pd_json_get(undone->data, "parts_before");
    const PdJson *became = pd_json_get(undone->data, "parts");
    g_autofree const char **who = pd_json_is_object(was) ? pd_json_keys(was) : NULL;
    g_autoptr(PdJson) parts = pd_json_object();

    for (guint i = 0; who != NULL && who[i] != NULL; i++) {
        g_autofree char *now = NULL;
        PD_TRY(pd_ticket_part(change->desk->store, event->ticket, who[i], &now));
        if (g_strcmp0(now, pd_json_get_text(became, who[i])) == 0 &&
            g_strcmp0(now, pd_json_get_text(was, who[i])) != 0)
            pd_json_set_text(parts, who[i], pd_json_get_text(was, who[i]));
    }
    g_autofree const char **back = pd_json_keys(parts);
    if (back[0] != NULL)
        pd_json_set(event->data, "parts", pd_json_ref(parts));
    return NULL;
}
