/* matrix.c: matrix.yaml: impact × urgency → priority. */
#include "rules/reader.h"

#include <string.h>

static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};

static gint level_of(const char *word)
{
    for (gint i = 0; word != NULL && i < PD_MATRIX_LEVELS; i++) {
        if (strcmp(pd_levels[i], word) == 0)
            return i;
    }
    return -1;
}

/* The value of each level; complains of those that are missing. */
static const PdYamlNode *level_value(PdReader *reader, const PdYamlNode *map, guint level)
{
    const PdYamlNode *value = pd_yaml_get(map, pd_levels[level]);

    if (value == NULL)
        pd_reader_complain(reader, map, "'%s' is missing; all of high, medium and low are needed",
                           pd_levels[level]);
    return value;
}

static void read_row(PdReader *reader, guint impact, const PdYamlNode *map)
{
    if (!pd_yaml_check_keys(reader->yaml, map, pd_levels, "urgency", reader->list))
        return;
    for (guint urgency = 0; urgency < PD_MATRIX_LEVELS; urgency++) {
        const PdYamlNode *node = level_value(reader, map, urgency);
        if (node != NULL)
            reader->set->matrix[impact][urgency] =
                g_strdup(pd_read_choice(reader, node, priorities, "a priority"));
    }
}

void pd_read_matrix(PdReader *reader, const PdYamlNode *root)
{
    static const char *const keys[] = {"matrix", NULL};

    if (!pd_yaml_check_keys(reader->yaml, root, keys, "part of the file", reader->list))
        return;
    const PdYamlNode *matrix = pd_yaml_get(root, "matrix");
    if (matrix == NULL) {
        pd_reader_complain(reader, root, "'matrix' is missing");
        return;
    }
    if (!pd_yaml_check_keys(reader->yaml, matrix, pd_levels, "impact", reader->list))
        return;
    for (guint impact = 0; impact < PD_MATRIX_LEVELS; impact++) {
        const PdYamlNode *row = level_value(reader, matrix, impact);
        if (row != NULL)
            read_row(reader, impact, row);
    }
}

const char *pd_rule_set_priority(const PdRuleSet *set, const char *impact, const char *urgency)
{
    gint row = level_of(impact), column = level_of(urgency);

    return row >= 0 && column >= 0 ? set->matrix[row][column] : NULL;
}
