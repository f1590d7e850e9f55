/* filter.c: see filter.h. */
#include "filter.h"

#include "postdesk/desk.h"
#include <string.h>

PdStatus *pd_filter_check(const PdFilterOptions *options)
{
    const char *const *statuses = pd_lifecycle_statuses();

    if (options->status == NULL || g_strv_contains(statuses, options->status))
        return NULL;
    g_autofree char *all = g_strjoinv(", ", (char **)statuses);
    return pd_cli_usage("'%s' is no status; a ticket is one of: %s", options->status, all);
}

gboolean pd_filter_is_given(const PdFilterOptions *options)
{
    return options->status != NULL || options->queue != NULL || options->category != NULL ||
           options->reporter != NULL || options->tag != NULL || options->field != NULL ||
           options->all;
}

PdTicketFilter pd_filter_of(PdFilterOptions *options, guint most)
{
    char *equals = options->field != NULL ? strchr(options->field, '=') : NULL;

    if (equals != NULL)
        *equals++ = '\0';
    return (PdTicketFilter){
        .status = options->status,
        .queue = options->queue,
        .category = options->category,
        .reporter = options->reporter,
        .tag = options->tag,
        .field = options->field,
        .value = equals,
        .open_only = !options->all && options->status == NULL,
        .most = most,
    };
}

void pd_filter_clear(PdFilterOptions *options)
{
    g_free(options->status);
    g_free(options->queue);
    g_free(options->category);
    g_free(options->reporter);
    g_free(options->tag);
    g_free(options->field);
}
