/* suggest_sift.c: which proposals are good enough, now that they are measured. */
#include "desk/suggest_private.h"

#include <string.h>

static gboolean is_precise(const PdSuggestOptions *options, const PdWorth *worth)
{
    return 100 * worth->mended >= options->least_precision * (worth->mended + worth->spoiled);
}

/* "#12 #31 and 5 more": of the tickets that people left otherwise, whose class somebody may look at
 * again. */
static char *left_otherwise(const PdSuggesting *s, const PdSuggestion *suggestion)
{
    GString *text = g_string_new(NULL);
    guint count = suggestion->spoiled->len;

    for (guint i = 0; i < MIN(count, 5); i++)
        g_string_append_printf(
            text, "%s#%" G_GINT64_FORMAT, i > 0 ? " " : "",
            pd_past_find(s->past, g_array_index(suggestion->spoiled, gint64, i))->ticket);
    if (count > 5)
        g_string_append_printf(text, " and %u more", count - 5);
    return g_string_free(text, FALSE);
}

static void refuse(const PdSuggesting *s, PdSuggestion *suggestion, const PdWorth *worth)
{
    g_autofree char *others = left_otherwise(s, suggestion);
    guint all = worth->mended + worth->spoiled;

    suggestion->refused = g_strdup_printf(
        "its precision falls short: %u%% (%u of %u); people left %s otherwise, rightly?",
        100 * worth->mended / all, worth->mended, all, others);
}

/* FALSE if it mends too little for any field. Fields for which it is not good enough are taken out,
 * unless it is so for all: then it is refused. */
static gboolean sift_one(const PdSuggesting *s, PdSuggestion *suggestion)
{
    const PdWorth *short_of = NULL;
    gboolean any = FALSE;

    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        PdWorth *worth = &suggestion->worth[field];
        if (worth->value == NULL || worth->mended < s->options->least_support)
            worth->value = NULL;
        else if (is_precise(s->options, worth))
            any = TRUE;
        else
            short_of = worth;
    }
    if (!any && short_of != NULL)
        refuse(s, suggestion, short_of);
    for (guint field = 0; any && field < PD_SUGGEST_FIELDS; field++) {
        if (!is_precise(s->options, &suggestion->worth[field]))
            suggestion->worth[field].value = NULL;
    }
    return any || short_of != NULL;
}

static gint compare_suggestions(gconstpointer one, gconstpointer other)
{
    const PdSuggestion *first = *(PdSuggestion *const *)one,
                       *second = *(PdSuggestion *const *)other;

    if ((first->refused == NULL) != (second->refused == NULL))
        return first->refused == NULL ? -1 : 1;
    if (first->mended->len != second->mended->len)
        return first->mended->len < second->mended->len ? 1 : -1;
    return strcmp(g_ptr_array_index(first->words, 0), g_ptr_array_index(second->words, 0));
}

void pd_suggest_sift(PdSuggesting *s)
{
    for (guint i = s->suggestions->len; i > 0; i--) {
        if (!sift_one(s, g_ptr_array_index(s->suggestions, i - 1)))
            g_ptr_array_remove_index(s->suggestions, i - 1);
    }
    g_ptr_array_sort(s->suggestions, compare_suggestions);
    if (s->suggestions->len > s->options->most)
        g_ptr_array_set_size(s->suggestions, (gint)s->options->most);
}
