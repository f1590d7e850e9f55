/* suggest_measure.c: what proposals are worth, asked of the rule engine and not guessed.
 *
 * The proposals alone become a rule set in a folder of their own, each rule giving a tag. A
 * replay of the stored mail from a set without them to that set tells which mails got which tags.
 */
#include "desk/suggest_private.h"

#include <string.h>

static void count_mail(PdSuggestion *suggestion, const PdPast *past)
{
    guint mended = 0, spoiled = 0;

    for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
        PdWorth *worth = &suggestion->worth[field];
        gboolean is_left = g_strcmp0(past->left[field], worth->value) == 0;
        gboolean is_corrected = (past->corrected >> field) & 1;
        if (worth->value == NULL)
            continue;
        worth->spoiled += !is_left;
        worth->mended += is_left && is_corrected;
        worth->agreed += is_left && !is_corrected;
        spoiled += !is_left;
        mended += is_left && is_corrected;
    }
    if (mended > 0)
        g_array_append_val(suggestion->mended, past->inbox);
    if (spoiled > 0)
        g_array_append_val(suggestion->spoiled, past->inbox);
}

/* A row's tags are those of all rules that hold for its mails. */
static void count_row(const PdReplayRow *row, const PdPastTickets *past, GPtrArray *suggestions)
{
    g_auto(GStrv) tags = g_strsplit(row->to, " ", -1);

    for (guint i = 0; strcmp(row->field, "tags") == 0 && tags[i] != NULL; i++) {
        guint64 number;
        if (!g_str_has_prefix(tags[i], PD_SUGGEST_TAG) ||
            !g_ascii_string_to_unsigned(tags[i] + strlen(PD_SUGGEST_TAG), 10, 0,
                                        suggestions->len - 1, &number, NULL))
            continue;
        for (guint j = 0; j < row->messages->len; j++) {
            const PdPast *ticket =
                pd_past_find(past, g_array_index(row->messages, PdReplayed, j).message);
            if (ticket != NULL)
                count_mail(g_ptr_array_index(suggestions, (guint)number), ticket);
        }
    }
}

static void count_corrections(PdSuggestion *suggestion, const PdPastTickets *past)
{
    for (guint i = 0; i < past->tickets->len; i++) {
        const PdPast *ticket = &g_array_index(past->tickets, PdPast, i);
        for (guint field = 0; field < PD_SUGGEST_FIELDS; field++) {
            PdWorth *worth = &suggestion->worth[field];
            worth->corrections += worth->value != NULL && ((ticket->corrected >> field) & 1) &&
                                  g_strcmp0(ticket->left[field], worth->value) == 0;
        }
    }
}

static gint compare_numbers(gconstpointer one, gconstpointer other)
{
    gint64 first = *(const gint64 *)one, second = *(const gint64 *)other;

    return (first > second) - (first < second);
}

static PdStatus *replay(const PdSuggestOptions *options, const char *from, const char *to,
                        PdReplay **found)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    PdConfig config = *options->config; /* its texts are borrowed */

    config.rules = (char *)from;
    PdReplayOptions replayed = {.config = &config,
                                .rules = to,
                                .since = options->since,
                                .progress = options->progress,
                                .user = options->user};
    PD_TRY(pd_replay_run(&replayed, list, found));
    return *found == NULL ? pd_diagnostics_status(list) : NULL;
}

PdStatus *pd_suggest_measure(const PdSuggestOptions *options, const PdPastTickets *past,
                             gboolean fold_chinese, GPtrArray *suggestions)
{
    g_auto(PdTrialFolder) without = {NULL}, with = {NULL};
    g_autofree char *tags = pd_suggest_tag_file(suggestions, fold_chinese);
    g_autoptr(PdReplay) found = NULL;

    if (suggestions->len == 0)
        return NULL;
    PD_TRY(pd_trial_folder_make(&without, options->config->rules, FALSE));
    PD_TRY(pd_trial_folder_make(&with, options->config->rules, FALSE));
    PD_TRY(pd_trial_folder_write(&without, "rules.yaml", "rules: []\n"));
    PD_TRY(pd_trial_folder_write(&with, "rules.yaml", tags));
    PD_TRY(replay(options, without.path, with.path, &found));
    for (guint i = 0; i < found->rows->len; i++)
        count_row(g_ptr_array_index(found->rows, i), past, suggestions);
    for (guint i = 0; i < suggestions->len; i++) {
        PdSuggestion *suggestion = g_ptr_array_index(suggestions, i);
        count_corrections(suggestion, past);
        g_array_sort(suggestion->mended, compare_numbers);
        g_array_sort(suggestion->spoiled, compare_numbers);
    }
    return NULL;
}
