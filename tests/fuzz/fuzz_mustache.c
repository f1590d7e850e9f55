/* fuzz_mustache.c: any bytes are a template, or get a reason why not; rendering ends. */
#include "postdesk/template.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static PdJson *values(void)
{
    PdJson *root = pd_json_object();
    PdJson *list = pd_json_array();
    PdJson *inner = pd_json_set_text(pd_json_object(), "a", "<&>");

    for (int i = 0; i < 3; i++)
        pd_json_add(list, pd_json_set_text(pd_json_object(), "b", "x\ny"));
    pd_json_set(root, "l", list);
    pd_json_set(root, "o", inner);
    pd_json_set_bool(root, "t", TRUE);
    pd_json_set_int(root, "a", 7);
    return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *source = g_strndup((const char *)data, size);
    g_autoptr(PdJson) root = values();
    g_autoptr(PdJson) partials = pd_json_object();
    g_autofree char *text = NULL;

    /* The template is its own partial: it may include itself. */
    pd_json_set_text(partials, "p", source);
    g_autoptr(PdStatus) status = pd_mustache_render(source, root, partials, TRUE, &text);
    g_assert((status == NULL) == (text != NULL));
    return 0;
}
