/* fuzz_yaml.c: any bytes are a document, or get a reason why not.
 *
 * The YAML reader alone, then every question of its door to every node.
 */
#include "postdesk/yaml.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const PdYaml *yaml, const PdYamlNode *node, guint *left, PdDiagnostics *list)
{
    static const char *const words[] = {"name", "host", NULL};
    gboolean truth;
    gint64 number;

    if ((*left)-- == 0)
        g_error("more nodes than the limit allows");
    g_assert(pd_yaml_line(node) > 0 && pd_yaml_column(node) > 0);
    if (pd_yaml_text(node) != NULL)
        g_assert(g_utf8_validate(pd_yaml_text(node), -1, NULL));
    pd_yaml_boolean(node, &truth);
    pd_yaml_integer(node, &number);
    pd_yaml_is_quoted(node);
    pd_yaml_get(node, "name");
    pd_yaml_check_keys(yaml, node, words, "setting", list);
    for (guint i = 0; i < pd_yaml_count(node); i++) {
        if (pd_yaml_kind(node) == PD_YAML_LIST) {
            ask(yaml, pd_yaml_item(node, i), left, list);
            continue;
        }
        ask(yaml, pd_yaml_key(node, i), left, list);
        ask(yaml, pd_yaml_value(node, i), left, list);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdYaml) yaml = pd_yaml_read_text("fuzz", (const char *)data, size, list);
    guint left = 500001;

    if (yaml == NULL)
        g_assert(pd_diagnostics_errors(list) > 0);
    else if (pd_yaml_root(yaml) != NULL)
        ask(yaml, pd_yaml_root(yaml), &left, list);
    return 0;
}
