/* children.c: see children.h. */
#include "children.h"

#include <string.h>

typedef struct {
    const PdConfig *config;
    const char *program;
    GPtrArray *children; /* of PdChild * */
} Wanted;

static char **without(char **environment, const char *reference)
{
    if (reference == NULL || !g_str_has_prefix(reference, "env:"))
        return environment;
    return g_environ_unsetenv(environment, reference + strlen("env:"));
}

/* A role is handed its own secret over its channel, and must not read others' in /proc. */
static char **environment_of_roles(const PdConfig *config)
{
    char **environment = g_environ_unsetenv(g_get_environ(), "CREDENTIALS_DIRECTORY");

    for (guint i = 0; i < config->mailboxes->len; i++) {
        const PdMailbox *mailbox = g_ptr_array_index(config->mailboxes, i);
        environment = without(environment, mailbox->server.password);
        environment = without(environment, mailbox->server.token);
    }
    for (guint i = 0; i < config->relays->len; i++) {
        const PdRelayConfig *relay = g_ptr_array_index(config->relays, i);
        environment = without(environment, relay->server.password);
        environment = without(environment, relay->server.token);
    }
    return environment;
}

/* GLib's own allocator of small blocks is slower than malloc() is here, and later versions of GLib
 * have none. What the admin says of it stands. */
static char **without_slices(char **environment)
{
    return g_environ_setenv(environment, "G_SLICE", "always-malloc", FALSE);
}

/* A worker goes through all of its memory for each mail: in large pages that costs a thirtieth less
 * time, and some MiB. What the admin says of it stands. */
static char **with_large_pages(char **environment)
{
    return g_environ_setenv(environment, "MIMALLOC_LARGE_OS_PAGES", "1", FALSE);
}

char **pd_children_command(const PdConfig *config, const char *program,
                           const char *const *arguments)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();

    g_strv_builder_add_many(words, program, "-c", config->path, NULL);
    g_strv_builder_addv(words, (const char **)arguments);
    g_strv_builder_add_many(words, "--supervised", config->state, NULL);
    return g_strv_builder_end(words);
}

static PdChild *new_child(const PdConfig *config, const char *program, const char *name,
                          PdServer *server, int worker, const char *const *arguments)
{
    char **environment = without_slices(environment_of_roles(config));

    if (worker != PD_NOT_A_WORKER)
        environment = with_large_pages(environment);
    return pd_child_new(name, server, worker, pd_children_command(config, program, arguments),
                        environment);
}

static PdChild *add_child(const Wanted *wanted, const char *name, PdServer *server, int worker,
                          const char *const *arguments)
{
    PdChild *child = new_child(wanted->config, wanted->program, name, server, worker, arguments);

    g_ptr_array_add(wanted->children, child);
    return child;
}

static void add_collectors(const Wanted *wanted)
{
    for (guint i = 0; i < wanted->config->mailboxes->len; i++) {
        PdMailbox *mailbox = g_ptr_array_index(wanted->config->mailboxes, i);
        for (char **folder = mailbox->folders; *folder != NULL; folder++) {
            g_autofree char *name = g_strdup_printf("collect %s/%s", mailbox->name, *folder);
            const char *arguments[] = {"collect", mailbox->name, *folder, NULL};
            add_child(wanted, name, &mailbox->server, PD_NOT_A_WORKER, arguments);
        }
    }
}

static void add_workers(const Wanted *wanted)
{
    g_autofree char *workers = g_strdup_printf("%u", wanted->config->process_workers);

    for (guint i = 0; i < wanted->config->process_workers; i++) {
        g_autofree char *worker = g_strdup_printf("%u", i);
        g_autofree char *name = g_strconcat("process ", worker, NULL);
        const char *arguments[] = {"process", worker, workers, NULL};
        add_child(wanted, name, NULL, (int)i, arguments)->forked = (int)i;
    }
}

static void add_relays(const Wanted *wanted)
{
    for (guint i = 0; i < wanted->config->relays->len; i++) {
        PdRelayConfig *relay = g_ptr_array_index(wanted->config->relays, i);
        g_autofree char *name = g_strconcat("deliver ", relay->name, NULL);
        const char *arguments[] = {"deliver", relay->name, NULL};
        add_child(wanted, name, &relay->server, PD_NOT_A_WORKER, arguments);
    }
}

/* Where it is forked it is the last one (loader.c). */
static void add_clock(const Wanted *wanted)
{
    const char *arguments[] = {"clock", NULL};
    PdChild *clock = add_child(wanted, "clock", NULL, PD_NOT_A_WORKER, arguments);

    clock->forked = (int)wanted->config->process_workers;
}

GPtrArray *pd_children_of(const PdConfig *config, const char *program)
{
    const Wanted wanted = {
        .config = config,
        .program = program,
        .children = g_ptr_array_new_with_free_func((GDestroyNotify)pd_child_free),
    };

    add_collectors(&wanted);
    add_workers(&wanted);
    add_relays(&wanted);
    add_clock(&wanted);
    return wanted.children;
}

PdChild *pd_children_loader(const PdConfig *config, const char *program)
{
    g_autofree char *workers = g_strdup_printf("%u", config->process_workers);
    const char *arguments[] = {"process", "--prefork", workers, NULL};

    if (config->process_workers < 2)
        return NULL;
    return new_child(config, program, "process (loader)", NULL, PD_LOADER, arguments);
}
