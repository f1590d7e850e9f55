/* git.c: see git.h.
 *
 * Git's own files are read, for nothing may be started where rules are loaded. HEAD holds the
 * commit or the name of a reference, which stands in a file of its own or in packed-refs. In a
 * further working tree ".git" is a file that names the folder, and "commondir" in there names
 * the one with the references.
 */
#include "rules/git.h"

#include "postdesk/files.h"
#include "postdesk/rules.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_BYTES (4 * 1024 * 1024)
#define MOST_REFERENCES 5 /* one that names another, and so on */

static char *read_whole(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *bytes = NULL;
    gsize length;
    g_autoptr(PdStatus) status = pd_file_read(path, MOST_BYTES, &bytes, &length);

    return status == NULL ? bytes : NULL;
}

static char *read_line(const char *folder, const char *name)
{
    char *line = read_whole(folder, name);

    return line != NULL ? g_strstrip(line) : NULL;
}

/* The folder that ".git" is, or names. */
static char *git_folder(const char *top)
{
    g_autofree char *path = g_build_filename(top, ".git", NULL);

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer(&path);
    g_autofree char *line = read_line(top, ".git");
    if (line == NULL || !g_str_has_prefix(line, "gitdir: "))
        return NULL;
    return pd_path_resolve(top, line + strlen("gitdir: "));
}

/* Of the nearest folder above that has one. */
static char *find_git(const char *folder)
{
    g_autofree char *at = g_canonicalize_filename(folder, NULL);

    for (;;) {
        char *git = git_folder(at);
        char *parent = g_path_get_dirname(at);
        if (git != NULL || strcmp(parent, at) == 0) {
            g_free(parent);
            return git;
        }
        g_free(at);
        at = parent;
    }
}

static gboolean is_commit(const char *text)
{
    gsize length = strspn(text, "0123456789abcdef");

    return text[length] == '\0' && (length == 40 || length == 64);
}

/* Lines of "COMMIT NAME". */
static char *find_packed(const char *common, const char *reference)
{
    g_autofree char *text = read_whole(common, "packed-refs");
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *space = strchr(lines[i], ' ');
        if (space != NULL && strcmp(space + 1, reference) == 0)
            return g_strndup(lines[i], (gsize)(space - lines[i]));
    }
    return NULL;
}

/* Inside git's folder and nowhere else. */
static gboolean is_reference(const char *name)
{
    return g_str_has_prefix(name, "refs/") && strstr(name, "..") == NULL &&
           pd_text_is_one_line(name);
}

static char *follow(const char *git, const char *common)
{
    g_autofree char *line = read_line(git, "HEAD");

    for (guint i = 0; i < MOST_REFERENCES && line != NULL; i++) {
        if (is_commit(line))
            return g_steal_pointer(&line);
        g_autofree char *name = g_str_has_prefix(line, "ref: ") ? g_strdup(line + 5) : NULL;
        g_free(line);
        line = NULL;
        if (name == NULL || !is_reference(name))
            return NULL;
        line = read_line(common, name);
        if (line == NULL)
            line = find_packed(common, name);
    }
    return NULL;
}

char *pd_git_commit(const char *folder)
{
    g_autofree char *git = find_git(folder);

    if (git == NULL)
        return NULL;
    g_autofree char *line = read_line(git, "commondir");
    g_autofree char *common = line != NULL ? pd_path_resolve(git, line) : g_strdup(git);
    return follow(git, common);
}

/* As a checkout without branches says it; an empty one is of no commit. */
PdStatus *pd_rules_copy_commit(const char *folder, const char *copy)
{
    g_autofree char *commit = pd_git_commit(folder);
    g_autofree char *git = g_build_filename(copy, ".git", NULL);
    g_autofree char *head = g_build_filename(git, "HEAD", NULL);

    PD_TRY(pd_folder_make(git, 0700));
    return commit != NULL ? pd_file_replace(head, commit, strlen(commit), 0600) : NULL;
}

gboolean pd_rules_same_commit(const char *folder, const char *other)
{
    g_autofree char *one = pd_git_commit(folder);
    g_autofree char *another = pd_git_commit(other);

    return g_strcmp0(one, another) == 0;
}
