/* walk.c: see walk.h. */
#include "desk/walk.h"

#include "postdesk/files.h"
#include "postdesk/hash.h"
#include "postdesk/limits.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEEPEST 8                     /* folders in folders */
#define MOST_FILES 20000u             /* more are nobody's rules */
#define MOST_BYTES ((gsize)256 << 20) /* of all of them */

struct pd_walk {
    PdHash *hash;
    struct stat state; /* st_ino 0: there is none */
    guint files;
    gsize bytes;
    PdStatus *failed; /* after this nothing is done any more */
};

PdWalk *pd_walk_new(const char *state)
{
    PdWalk *walk = g_new0(PdWalk, 1);

    walk->hash = pd_hash_new();
    if (stat(state, &walk->state) != 0)
        walk->state.st_ino = 0;
    return walk;
}

void pd_walk_free(PdWalk *walk)
{
    if (walk == NULL)
        return;
    pd_hash_free(walk->hash);
    pd_status_free(walk->failed);
    g_free(walk);
}

static void fail(PdWalk *walk, PdStatus *status)
{
    if (walk->failed == NULL)
        walk->failed = status;
    else
        pd_status_free(status);
}

void pd_walk_text(PdWalk *walk, const char *text)
{
    pd_hash_add(walk->hash, text, strlen(text) + 1);
}

static PdStatus *write_copy(const char *path, const char *bytes, gsize length)
{
    int fd = pd_file_open_or_make(path, O_WRONLY | O_TRUNC);
    PdStatus *status = NULL;

    if (fd < 0)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, NULL, "cannot create %s: %s", path,
                             g_strerror(errno));
    status = pd_file_write_all(fd, bytes, length);
    close(fd);
    return status != NULL ? pd_status_prefix(status, "%s", path) : NULL;
}

static PdStatus *count(PdWalk *walk, const char *path, gsize length)
{
    walk->bytes += length;
    if (++walk->files <= MOST_FILES && walk->bytes <= MOST_BYTES)
        return NULL;
    return pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL,
                         "with %s there are more than %u files or %zu bytes", path, MOST_FILES,
                         MOST_BYTES);
}

static PdStatus *pass_file(PdWalk *walk, const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    PD_TRY(pd_file_read(from, PD_LIMIT_CONFIG_BYTES, &bytes, &length));
    PD_TRY(count(walk, from, length));
    guint64 size = length;
    pd_hash_add(walk->hash, &size, sizeof size);
    pd_hash_add(walk->hash, bytes, length);
    return to != NULL ? write_copy(to, bytes, length) : NULL;
}

/* Of what is not hidden, in order; NULL where there is no such folder. */
static GPtrArray *names_in(const char *folder)
{
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    const char *name;

    if (open == NULL)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(open)) != NULL) {
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    }
    pd_names_sort(names);
    return names;
}

static gboolean is_state(const PdWalk *walk, const char *path)
{
    struct stat folder;

    return walk->state.st_ino != 0 && stat(path, &folder) == 0 &&
           folder.st_ino == walk->state.st_ino && folder.st_dev == walk->state.st_dev;
}

static void pass_folder(PdWalk *walk, const char *from, const char *to, guint depth);

static void pass_entry(PdWalk *walk, const char *name, const char *from, const char *to,
                       guint depth)
{
    gboolean is_folder = g_file_test(from, G_FILE_TEST_IS_DIR);

    if (is_folder && is_state(walk, from))
        return;
    pd_walk_text(walk, name);
    if (g_file_test(from, G_FILE_TEST_IS_REGULAR)) /* a pipe would never end */
        fail(walk, pass_file(walk, from, to));
    else if (is_folder && depth < DEEPEST)
        pass_folder(walk, from, to, depth + 1);
    else
        fail(walk, pd_status_new(PD_SPOILS_CONFIGURATION, PD_FINAL, NULL,
                                 "%s is no file, or a folder too deep in others", from));
}

/* In brackets that no size of a file looks like, so that no two trees give the same stream. */
static void pass_folder(PdWalk *walk, const char *from, const char *to, guint depth)
{
    static const guint64 begin = G_MAXUINT64;
    g_autoptr(GPtrArray) names = names_in(from);

    pd_hash_add(walk->hash, &begin, sizeof begin);
    if (to != NULL)
        fail(walk, pd_folder_make(to, 0700));
    for (guint i = 0; names != NULL && i < names->len && walk->failed == NULL; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(from, name, NULL);
        g_autofree char *copy = to != NULL ? g_build_filename(to, name, NULL) : NULL;
        pass_entry(walk, name, path, copy, depth);
    }
    pd_walk_text(walk, ""); /* nothing is named so */
}

void pd_walk_folder(PdWalk *walk, const char *folder)
{
    pd_walk_text(walk, folder);
    pass_folder(walk, folder, NULL, 0);
}

char *pd_walk_copied_config(const char *copy)
{
    return g_build_filename(copy, "postdesk.yaml", NULL);
}

char *pd_walk_copied_rules(const char *copy)
{
    return g_build_filename(copy, "rules", NULL);
}

char *pd_walk_copied_templates(const char *copy)
{
    return g_build_filename(copy, "templates", NULL);
}

/* place: where it lies in a copy. */
static void pass_tree(PdWalk *walk, const char *name, char *(*place)(const char *copy),
                      const char *from, const char *to)
{
    g_autofree char *source = from != NULL ? place(from) : g_strdup(name);
    g_autofree char *target = to != NULL ? place(to) : NULL;

    pd_walk_text(walk, name);
    pass_folder(walk, source, target, 0);
}

void pd_walk_config(PdWalk *walk, const PdConfig *config, const char *from, const char *to)
{
    g_autofree char *source = from != NULL ? pd_walk_copied_config(from) : g_strdup(config->path);
    g_autofree char *target = to != NULL ? pd_walk_copied_config(to) : NULL;

    if (to != NULL)
        fail(walk, pd_folder_make(to, 0700));
    pd_walk_text(walk, config->path);
    fail(walk, pass_file(walk, source, target));
    pass_tree(walk, config->rules, pd_walk_copied_rules, from, to);
    if (config->templates != NULL)
        pass_tree(walk, config->templates, pd_walk_copied_templates, from, to);
}

PdStatus *pd_walk_end(PdWalk *walk, char **digest)
{
    guint8 bytes[PD_HASH_SIZE];

    if (walk->failed != NULL)
        return g_steal_pointer(&walk->failed);
    pd_hash_finish(walk->hash, bytes);
    *digest = pd_hash_hex(bytes);
    return NULL;
}
