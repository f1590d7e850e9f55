/* ruleset.c: a folder of rule files; see postdesk/rules.h.
 *
 * The files in order of name, so that "10-…" comes before "20-…". Files that belong to other
 * parts of the desk may lie in the same folder.
 */
#include "rules/cache.h"
#include "rules/evaluate.h"
#include "rules/git.h"
#include "rules/reader.h"

#include "postdesk/files.h"
#include "postdesk/text.h"

#define MATRIX "matrix.yaml"

static const char *const other_files[] = {MATRIX, "targets.yaml", "people.yaml", "roster.yaml",
                                          NULL};

static PdRuleSet *new_set(const char *folder)
{
    PdRuleSet *set = g_new0(PdRuleSet, 1);

    set->references = 1;
    set->folder = g_strdup(folder);
    set->files = g_ptr_array_new_with_free_func(g_free);
    set->rules = g_ptr_array_new_with_free_func((GDestroyNotify)pd_rule_free);
    set->conditions = g_ptr_array_new();
    set->tests = g_ptr_array_new_with_free_func((GDestroyNotify)pd_rule_test_free);
    set->categories = g_ptr_array_new_with_free_func((GDestroyNotify)pd_category_free);
    set->by_category = g_hash_table_new(g_str_hash, g_str_equal);
    set->patterns =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)pd_pattern_free);
    set->points =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)pd_points_free);
    set->calendars = g_ptr_array_new();
    g_ptr_array_add(set->calendars, NULL);
    set->headers = g_ptr_array_new_with_free_func(g_free);
    set->uses = g_array_new(FALSE, FALSE, sizeof(PdSlotUse));
    set->scanners = g_ptr_array_new_with_free_func((GDestroyNotify)pd_scanner_free);
    set->prefilters = g_ptr_array_new_with_free_func((GDestroyNotify)pd_prefilter_free);
    set->always = g_array_new(FALSE, TRUE, sizeof(guint8));
    set->open = g_array_new(FALSE, FALSE, sizeof(guint8));
    set->openers = g_array_new(FALSE, TRUE, sizeof(guint));
    set->opened = g_array_new(FALSE, FALSE, sizeof(guint));
    set->gated_slots = g_array_new(FALSE, TRUE, sizeof(guint8));
    set->anchors = g_array_new(FALSE, FALSE, sizeof(PdAnchor));
    set->anchored = g_array_new(FALSE, FALSE, sizeof(guint));
    set->first_anchors = g_array_new(FALSE, FALSE, sizeof(guint));
    return set;
}

PdRuleSet *pd_rule_set_ref(PdRuleSet *set)
{
    set->references++;
    return set;
}

void pd_rule_set_free(PdRuleSet *set)
{
    if (set == NULL || --set->references > 0)
        return;
    pd_scratch_free(set->scratch);
    g_ptr_array_unref(set->rules);
    g_ptr_array_unref(set->conditions);
    g_ptr_array_unref(set->tests);
    g_hash_table_unref(set->by_category);
    g_ptr_array_unref(set->categories);
    for (guint i = 0; i < PD_SET_COUNT; i++)
        g_free(set->defaults[i]);
    for (guint i = 0; i < PD_MATRIX_LEVELS * PD_MATRIX_LEVELS; i++)
        g_free(set->matrix[i / PD_MATRIX_LEVELS][i % PD_MATRIX_LEVELS]);
    g_hash_table_unref(set->patterns);
    g_hash_table_unref(set->points);
    pd_han_fold_free(set->han);
    g_ptr_array_unref(set->headers);
    g_array_unref(set->uses);
    g_ptr_array_unref(set->scanners);
    g_ptr_array_unref(set->calendars);
    g_ptr_array_unref(set->prefilters);
    g_array_unref(set->always);
    g_array_unref(set->anchors);
    g_array_unref(set->anchored);
    g_array_unref(set->first_anchors);
    g_array_unref(set->open);
    g_array_unref(set->openers);
    g_array_unref(set->opened);
    g_array_unref(set->gated_slots);
    g_ptr_array_unref(set->files);
    g_free(set->folder);
    g_free(set->hash);
    g_free(set->commit);
    g_free(set);
}

const char *pd_rule_set_hash(const PdRuleSet *set)
{
    return set->hash;
}

const char *pd_rule_set_commit(const PdRuleSet *set)
{
    return set->commit;
}

static void visit_assign(char *const set[PD_SET_COUNT], const PdPlace *place, PdAssignVisitor visit,
                         gpointer user)
{
    if (set[PD_SET_ASSIGN] != NULL)
        visit(set[PD_SET_ASSIGN], place->file, place->line, place->column, user);
}

void pd_rule_set_each_assign(const PdRuleSet *set, PdAssignVisitor visit, gpointer user)
{
    for (guint i = 0; i < set->rules->len; i++) {
        const PdRule *rule = g_ptr_array_index(set->rules, i);
        visit_assign(rule->then.set, &rule->place, visit, user);
    }
    for (guint i = 0; i < set->categories->len; i++) {
        const PdCategory *category = g_ptr_array_index(set->categories, i);
        visit_assign(category->set, &category->place, visit, user);
    }
    visit_assign(set->defaults, &set->defaults_place, visit, user);
}

gboolean pd_rule_set_folds_chinese(const PdRuleSet *set)
{
    return set->han != NULL;
}

guint pd_rule_set_count(const PdRuleSet *set)
{
    return set->rules->len;
}

const char *pd_rule_set_rule(const PdRuleSet *set, guint index, gboolean *is_shadow)
{
    const PdRule *rule = g_ptr_array_index(set->rules, index);

    *is_shadow = rule->shadow;
    return rule->id;
}

/* Rule files of the folder, in order. NULL complained of. */
static GPtrArray *list_files(PdReader *reader)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = g_dir_open(reader->set->folder, 0, &error);
    const char *name;

    if (folder == NULL) {
        pd_diagnostics_add(reader->list, PD_ERROR, reader->set->folder, 0, 0, "%s", error->message);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(name, ".yaml") && name[0] != '.' &&
            !g_strv_contains(other_files, name))
            g_ptr_array_add(names, g_strdup(name));
    }
    pd_names_sort(names);
    return names;
}

/* A file that was read; its name belongs to the set. */
typedef struct {
    const char *path;
    PdYaml *yaml; /* NULL complained of */
} File;

static void file_clear(gpointer data)
{
    pd_yaml_free(((File *)data)->yaml);
}

static File open_file(PdReader *reader, const char *name)
{
    char *path = g_build_filename(reader->set->folder, name, NULL);
    File file = {path, NULL};
    gsize length;

    g_ptr_array_add(reader->set->files, path);
    g_autofree char *bytes = pd_read_set_file(reader, NULL, name, &length);
    if (bytes != NULL)
        file.yaml = pd_yaml_read_text(path, bytes, length, reader->list);
    if (file.yaml != NULL && pd_yaml_root(file.yaml) == NULL) {
        pd_diagnostics_add(reader->list, PD_ERROR, path, 0, 0, "the file is empty");
        g_clear_pointer(&file.yaml, pd_yaml_free);
    }
    return file;
}

static GArray *open_files(PdReader *reader, const GPtrArray *names)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(File));

    g_array_set_clear_func(files, file_clear);
    for (guint i = 0; i < names->len; i++) {
        File file = open_file(reader, g_ptr_array_index(names, i));
        g_array_append_val(files, file);
    }
    File matrix = open_file(reader, MATRIX);
    g_array_append_val(files, matrix);
    return files;
}

static void read_file(PdReader *reader, const File *file,
                      void (*read)(PdReader *reader, const PdYamlNode *root))
{
    reader->yaml = file->yaml;
    reader->file = file->path;
    if (file->yaml != NULL)
        read(reader, pd_yaml_root(file->yaml));
}

static void read_all(PdReader *reader)
{
    g_autoptr(GPtrArray) names = list_files(reader);

    if (names == NULL)
        return;
    if (names->len == 0)
        pd_diagnostics_add(reader->list, PD_ERROR, reader->set->folder, 0, 0,
                           "there is no rule file (*.yaml) here");
    g_autoptr(GArray) files = open_files(reader, names);
    /* How patterns are read is known before the first of them. */
    for (guint i = 0; i < names->len; i++)
        read_file(reader, &g_array_index(files, File, i), pd_read_switches);
    for (guint i = 0; i < names->len; i++)
        read_file(reader, &g_array_index(files, File, i), pd_read_rule_file);
    read_file(reader, &g_array_index(files, File, names->len), pd_read_matrix);
}

static void finish_hash(PdReader *reader)
{
    guint8 digest[PD_HASH_SIZE];

    pd_hash_finish(reader->hash, digest);
    reader->set->hash = pd_hash_hex(digest);
}

static void take_cached(PdRuleSet *set, const char *cache)
{
    g_ptr_array_set_size(set->scanners, (gint)pd_rule_set_slots(set));
    if (cache != NULL)
        pd_cache_read(set, cache);
}

static void finish(PdRuleSet *set)
{
    pd_uses_finish(set);
    set->commit = pd_git_commit(set->folder);
    pd_gate_build(set);
    set->scratch = pd_scratch_new(set);
}

PdRuleSet *pd_rule_set_load(const char *folder, PdDiagnostics *list)
{
    return pd_rule_set_load_cached(folder, NULL, list);
}

PdRuleSet *pd_rule_set_load_cached(const char *folder, const char *cache, PdDiagnostics *list)
{
    g_autoptr(PdRuleSet) set = new_set(folder);
    g_autoptr(PdHash) hash = pd_hash_new();
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) word_lists =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GArray) uncompiled = g_array_new(FALSE, FALSE, sizeof(PdPatternPlace));
    PdReader reader = {.set = set,
                       .list = list,
                       .hash = hash,
                       .ids = ids,
                       .uses = uses,
                       .word_lists = word_lists,
                       .uncompiled = uncompiled};
    guint errors = pd_diagnostics_errors(list);

    read_all(&reader);
    finish_hash(&reader);
    if (pd_diagnostics_errors(list) == errors)
        take_cached(set, cache);
    if (!set->passed) /* else each pattern is known to be right */
        pd_read_uncompiled(&reader);
    if (pd_diagnostics_errors(list) > errors)
        return NULL;
    finish(set);
    return g_steal_pointer(&set);
}
