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

/* The state folder is told, for a role must know it where postdesk.yaml has mistakes. */
static PdChild *new_child(const PdConfig *config, const char *program, const char *name,
                          PdServer *server, int worker, const char *const *arguments)
{
    char **environment = without_slices(environment_of_roles(config));

    if (worker != PD_NOT_A_WORKER)
        environment = with_large_pages(environment);
    PdChild *child = pd_child_new(name, server, worker, environment);

    pd_child_argument(child, program);
    pd_child_argument(child, "-c");
    pd_child_argument(child, config->path);
    for (; *arguments != NULL; arguments++)
        pd_child_argument(child, *arguments);
    pd_child_argument(child, "--supervised");
    pd_child_argument(child, config->state);
    return child;
}

static void add_child(const Wanted *wanted, const char *name, PdServer *server, int worker,
                      const char *const *arguments)
{
    g_ptr_array_add(wanted->children,
                    new_child(wanted->config, wanted->program, name, server, worker, arguments));
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
        add_child(wanted, name, NULL, (int)i, arguments);
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

GPtrArray *pd_children_of(const PdConfig *config, const char *program)
{
    const char *clock_arguments[] = {"clock", NULL};
    const Wanted wanted = {
        .config = config,
        .program = program,
        .children = g_ptr_array_new_with_free_func((GDestroyNotify)pd_child_free),
    };

    add_collectors(&wanted);
    add_workers(&wanted);
    add_relays(&wanted);
    add_child(&wanted, "clock", NULL, PD_NOT_A_WORKER, clock_arguments);
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
