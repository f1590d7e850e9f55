/* replay.c: see postdesk/replay.h. It loads both sets, forks the workers, and gathers what they
 * tell. No store is open while it forks: each worker opens one of its own. */
#include "postdesk/replay.h"

#include "desk/replay_worker.h"
#include "postdesk/inbox.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORKERS 64

static void row_free(gpointer data)
{
    PdReplayRow *row = data;

    g_free(row->field);
    g_free(row->from);
    g_free(row->to);
    g_array_unref(row->messages);
    g_free(row);
}

void pd_replay_free(PdReplay *replay)
{
    if (replay == NULL)
        return;
    g_ptr_array_unref(replay->rows);
    g_free(replay);
}

void pd_replay_side_clear(PdReplaySide *side)
{
    g_clear_pointer(&side->rules, pd_rule_set_free);
    g_clear_pointer(&side->people, pd_people_free);
    g_clear_pointer(&side->calendars, pd_calendars_free);
}

/* A folder without people or calendars of its own is tried with those of the desk. */
static char *file_of(const char *folder, const char *other, const char *name)
{
    g_autofree char *own = g_build_filename(folder, name, NULL);

    return g_file_test(own, G_FILE_TEST_EXISTS) ? g_strdup(folder) : g_strdup(other);
}

gboolean pd_replay_side_load(PdReplaySide *side, const PdConfig *config, const char *folder,
                             PdDiagnostics *list)
{
    g_autofree char *people = file_of(folder, config->rules, "people.yaml");
    g_autofree char *holder = file_of(folder, config->rules, "calendars");
    g_autofree char *calendars = g_build_filename(holder, "calendars", NULL);

    side->rules = pd_rule_set_load(folder, list);
    side->people = pd_people_load(people, (const char *const *)config->languages, list);
    side->calendars = pd_calendars_load(calendars, list);
    return side->rules != NULL && side->people != NULL && side->calendars != NULL;
}

/* The first message that was taken in then or later: numbers go with time. */
static PdStatus *find_first(PdStore *store, gint64 since, gint64 last, gint64 *first)
{
    gint64 low = 1, high = last + 1;

    while (low < high) {
        gint64 middle = low + (high - low) / 2, at = middle;
        g_autoptr(PdInboxRow) row = NULL;
        while (row == NULL && at <= last)
            PD_TRY(pd_inbox_get(store, at++, &row));
        if (row != NULL && row->taken_at < since)
            low = row->id + 1;
        else
            high = middle;
    }
    *first = low;
    return NULL;
}

static PdStatus *find_range(const PdReplayOptions *options, gint64 *first, gint64 *last)
{
    g_autoptr(PdStore) store = NULL;
    g_autoptr(GPtrArray) newest = NULL;

    PD_TRY(pd_store_open(options->config->state, PD_STORE_READ, &store));
    PD_TRY(pd_inbox_list(store, -1, 0, 1, &newest));
    *last = newest->len > 0 ? ((const PdInboxRow *)g_ptr_array_index(newest, 0))->id : 0;
    return find_first(store, options->since, *last, first);
}

/* What the parent keeps of a worker. */
typedef struct {
    pid_t pid; /* 0: ended */
    int fd;    /* -1 at the end */
    GString *unread;
} Crew;

static void crew_clear(gpointer data)
{
    Crew *one = data;

    if (one->fd >= 0)
        close(one->fd);
    if (one->pid > 0 && kill(one->pid, SIGTERM) == 0)
        waitpid(one->pid, NULL, 0);
    g_string_free(one->unread, TRUE);
}

static PdStatus *system_failure(const char *what)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "%s: %s", what, g_strerror(errno));
}

static PdStatus *start(GArray *crew, const PdReplayShare *share)
{
    int ends[2];

    if (pipe(ends) != 0)
        return system_failure("pipe");
    Crew one = {fork(), ends[0], NULL};
    if (one.pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return system_failure("fork");
    }
    if (one.pid == 0) {
        close(ends[0]);
        pd_replay_work(share, ends[1]);
        _exit(0); /* what the parent has open is the parent's */
    }
    close(ends[1]);
    one.unread = g_string_new(NULL);
    g_array_append_val(crew, one);
    return NULL;
}

typedef struct {
    const PdReplayOptions *options;
    PdReplay *replay;
    GHashTable *rows; /* PdReplayRow *, by field, from and to */
    guint64 total;
} Gathering;

static PdReplayRow *row_of(Gathering *all, const char *field, const char *from, const char *to)
{
    g_autofree char *key = g_strjoin("\n", field, from, to, NULL);
    PdReplayRow *row = g_hash_table_lookup(all->rows, key);

    if (row != NULL)
        return row;
    row = g_new0(PdReplayRow, 1);
    *row = (PdReplayRow){g_strdup(field), g_strdup(from), g_strdup(to),
                         g_array_new(FALSE, FALSE, sizeof(PdReplayed))};
    g_ptr_array_add(all->replay->rows, row);
    g_hash_table_insert(all->rows, g_steal_pointer(&key), row);
    return row;
}

static void gather_message(Gathering *all, const PdJson *line)
{
    const PdJson *changes = pd_json_get(line, "changes");
    gint64 guards = pd_json_get_int(line, "guards", 0);
    PdReplayed message = {pd_json_get_int(line, "message", 0), pd_json_get_int(line, "ticket", 0)};

    for (guint i = 0; i < PD_GUARDS; i++)
        all->replay->guards[i] += (guards >> i) & 1;
    for (gsize i = 0; i < pd_json_length(changes); i++) {
        const PdJson *change = pd_json_at(changes, i);
        PdReplayRow *row =
            row_of(all, pd_json_string(pd_json_at(change, 0)),
                   pd_json_string(pd_json_at(change, 1)), pd_json_string(pd_json_at(change, 2)));
        g_array_append_val(row->messages, message);
    }
}

static PdStatus *gather_line(Gathering *all, const char *text, gsize length)
{
    g_autoptr(PdJson) line = NULL;
    PdReplay *replay = all->replay;

    PD_TRY(pd_json_parse(text, length, &line));
    if (pd_json_get_text(line, "failure") != NULL)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "%s",
                             pd_json_get_text(line, "failure"));
    if (pd_json_get(line, "message") != NULL) {
        gather_message(all, line);
        return NULL;
    }
    replay->messages += (guint64)pd_json_get_int(line, "done", 0);
    replay->asked += (guint64)pd_json_get_int(line, "asked", 0);
    replay->unreadable += (guint64)pd_json_get_int(line, "unreadable", 0);
    if (all->options->progress != NULL)
        all->options->progress(replay->messages, all->total, all->options->user);
    return NULL;
}

static PdStatus *gather(Gathering *all, Crew *one)
{
    char bytes[65536];
    ssize_t got = read(one->fd, bytes, sizeof bytes);
    gsize begin = 0;

    if (got < 0)
        return errno == EINTR ? NULL : system_failure("read");
    if (got == 0) {
        close(one->fd);
        one->fd = -1;
        return NULL;
    }
    g_string_append_len(one->unread, bytes, got);
    for (;;) {
        const char *text = one->unread->str + begin;
        const char *end = memchr(text, '\n', one->unread->len - begin);
        if (end == NULL)
            break;
        PD_TRY(gather_line(all, text, (gsize)(end - text)));
        begin += (gsize)(end - text) + 1;
    }
    g_string_erase(one->unread, 0, (gssize)begin);
    return NULL;
}

static PdStatus *gather_all(Gathering *all, GArray *crew)
{
    struct pollfd polled[MOST_WORKERS];

    for (;;) {
        nfds_t open = 0;
        for (guint i = 0; i < crew->len; i++) {
            polled[i] = (struct pollfd){g_array_index(crew, Crew, i).fd, POLLIN, 0};
            open += polled[i].fd >= 0;
        }
        if (open == 0)
            return NULL;
        if (poll(polled, crew->len, -1) < 0 && errno != EINTR)
            return system_failure("poll");
        for (guint i = 0; i < crew->len; i++) {
            if (polled[i].fd >= 0 && polled[i].revents != 0)
                PD_TRY(gather(all, &g_array_index(crew, Crew, i)));
        }
    }
}

/* One that died told no failure. */
static PdStatus *await_all(GArray *crew)
{
    PdStatus *status = NULL;

    for (guint i = 0; i < crew->len; i++) {
        Crew *one = &g_array_index(crew, Crew, i);
        int how = 0;
        waitpid(one->pid, &how, 0);
        one->pid = 0;
        if (how != 0 && status == NULL)
            status = pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, NULL,
                                   "a process of the replay died; what it found is not complete");
    }
    return status;
}

static guint count_workers(const PdReplayOptions *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    guint wanted = options->workers != 0 ? options->workers : (guint)MAX(1, processors);

    return MIN(wanted, MOST_WORKERS);
}

static gint compare_messages(gconstpointer one, gconstpointer other)
{
    gint64 first = ((const PdReplayed *)one)->message,
           second = ((const PdReplayed *)other)->message;

    return (first > second) - (first < second);
}

static gint compare_rows(gconstpointer one, gconstpointer other)
{
    const PdReplayRow *first = *(PdReplayRow *const *)one, *second = *(PdReplayRow *const *)other;
    gint order = strcmp(first->field, second->field);

    if (first->messages->len != second->messages->len)
        return first->messages->len < second->messages->len ? 1 : -1;
    order = order != 0 ? order : strcmp(first->from, second->from);
    return order != 0 ? order : strcmp(first->to, second->to);
}

static void sort(PdReplay *replay)
{
    for (guint i = 0; i < replay->rows->len; i++)
        g_array_sort(((PdReplayRow *)g_ptr_array_index(replay->rows, i))->messages,
                     compare_messages);
    g_ptr_array_sort(replay->rows, compare_rows);
}

static PdStatus *run(PdReplayShare *share, PdReplay *replay)
{
    g_autoptr(GArray) crew = g_array_new(FALSE, FALSE, sizeof(Crew));
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Gathering all = {share->options, replay, rows, (guint64)MAX(0, share->last - share->first + 1)};

    g_array_set_clear_func(crew, crew_clear);
    share->workers = count_workers(share->options);
    PdStatus *status = NULL;
    for (share->worker = 0; share->worker < share->workers && status == NULL; share->worker++)
        status = start(crew, share);
    if (status == NULL)
        status = gather_all(&all, crew);
    if (status == NULL)
        status = await_all(crew);
    sort(replay);
    return status;
}

PdStatus *pd_replay_run(const PdReplayOptions *options, PdDiagnostics *list, PdReplay **replay)
{
    PdReplayShare share = {.options = options};
    g_autoptr(PdReplay) made = g_new0(PdReplay, 1);
    PdStatus *status = NULL;

    made->rows = g_ptr_array_new_with_free_func(row_free);
    *replay = NULL;
    gboolean before =
        pd_replay_side_load(&share.before, options->config, options->config->rules, list);
    gboolean after = pd_replay_side_load(&share.after, options->config, options->rules, list);
    if (before && after) {
        share.known = pd_rule_kin_new(share.before.rules, share.before.rules);
        share.kin = pd_rule_kin_new(share.before.rules, share.after.rules);
        status = find_range(options, &share.first, &share.last);
        if (status == NULL)
            status = run(&share, made);
        if (status == NULL)
            *replay = g_steal_pointer(&made);
    }
    pd_rule_kin_free(share.known);
    pd_rule_kin_free(share.kin);
    pd_replay_side_clear(&share.before);
    pd_replay_side_clear(&share.after);
    return status;
}
