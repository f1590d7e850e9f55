/* filter.h: the options by which list and set choose tickets. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "cli.h"
#include "postdesk/tickets.h"

typedef struct {
    char *status, *queue, *category, *reporter, *tag, *field;
    gboolean all;
} PdFilterOptions;

/* Rows of a table of options that fill `options`. */
#define PD_FILTER_ENTRIES(options)                                                                  \
    {"all", 0, 0, G_OPTION_ARG_NONE, &(options).all, "Closed, merged and spam too", NULL},          \
        {"status", 0, 0, G_OPTION_ARG_STRING, &(options).status, "Of this status", "STATUS"},       \
        {"queue", 0, 0, G_OPTION_ARG_STRING, &(options).queue, "Of this queue", "QUEUE"},           \
        {"category", 0, 0, G_OPTION_ARG_STRING, &(options).category, "Of this category and below",  \
         "PATH"},                                                                                   \
        {"reporter", 0, 0, G_OPTION_ARG_STRING, &(options).reporter, "Of this address", "ADDRESS"}, \
        {"tag", 0, 0, G_OPTION_ARG_STRING, &(options).tag, "With this tag", "WORD"},                \
    {                                                                                               \
        "field", 0, 0, G_OPTION_ARG_STRING, &(options).field,                                       \
            "With this field of your own, and what it holds", "NAME[=VALUE]"                        \
    }

/* A usage error where an option names what there cannot be: nothing would be found, as if there
 * were no such ticket. */
PdStatus *pd_filter_check(const PdFilterOptions *options);
/* Does anything narrow the choice? */
gboolean pd_filter_is_given(const PdFilterOptions *options);
/* Borrows from the options. */
PdTicketFilter pd_filter_of(PdFilterOptions *options, guint most);
void pd_filter_clear(PdFilterOptions *options);

#endif
