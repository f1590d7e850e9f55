/* shortmail.c: see shortmail.h. What is not given is as in a plain mail of a person. */
#include "rules/shortmail.h"

#include "postdesk/text.h"
#include <string.h>

static const char *const short_keys[] = {
    "from",        "to",       "cc",     "subject", "body",  "full_text", "headers",
    "attachments", "language", "origin", "via",     "trust", "size",      NULL};

char **pd_short_mail_keys(const char *const *more)
{
    GPtrArray *keys = g_ptr_array_new();

    for (; *more != NULL; more++)
        g_ptr_array_add(keys, g_strdup(*more));
    for (guint i = 0; short_keys[i] != NULL; i++)
        g_ptr_array_add(keys, g_strdup(short_keys[i]));
    g_ptr_array_add(keys, NULL);
    return (char **)g_ptr_array_free(keys, FALSE);
}

/* "Name <local@domain>" or "local@domain". */
static PdAddress *parse_address(const char *text)
{
    const char *open = strchr(text, '<');
    const char *close = open != NULL ? strchr(open, '>') : NULL;

    if (close == NULL)
        return pd_address_new("", text);
    g_autofree char *name = g_strstrip(g_strndup(text, (gsize)(open - text)));
    g_autofree char *address = g_strndup(open + 1, (gsize)(close - open - 1));
    return pd_address_new(name, address);
}

static GPtrArray *new_addresses(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pd_address_free);
}

static GPtrArray *read_addresses(PdReader *reader, const PdYamlNode *node)
{
    GPtrArray *all = new_addresses();

    if (node == NULL)
        return all;
    g_auto(GStrv) words = pd_read_words(reader, node, NULL, "an address");
    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add(all, parse_address(words[i]));
    return all;
}

/* Any text, with its lines; "" where there is none. */
static char *read_lines(PdReader *reader, const PdYamlNode *map, const char *key)
{
    const PdYamlNode *node = pd_yaml_get(map, key);

    if (node == NULL)
        return g_strdup("");
    if (pd_yaml_kind(node) != PD_YAML_SCALAR)
        pd_reader_complain(reader, node, "'%s' expects a text", key);
    const char *text = pd_yaml_text(node);
    return g_strdup(text != NULL ? text : "");
}

static void attachment_free(gpointer data)
{
    PdAttachment *attachment = data;

    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->content_id);
    g_free(attachment->text);
    g_free(attachment);
}

static PdAttachment *read_attachment(PdReader *reader, const PdYamlNode *node)
{
    static const char *const keys[] = {"name", "type", "text", NULL};
    PdAttachment *attachment = g_new0(PdAttachment, 1);
    const char *name = NULL, *type = NULL;

    if (pd_yaml_kind(node) == PD_YAML_MAP) {
        pd_yaml_check_keys(reader->yaml, node, keys, "part of an attachment", reader->list);
        if (pd_yaml_get(node, "text") != NULL)
            attachment->text = read_lines(reader, node, "text");
        name = pd_yaml_get(node, "name") != NULL ? pd_yaml_text(pd_yaml_get(node, "name")) : NULL;
        type = pd_yaml_get(node, "type") != NULL ? pd_yaml_text(pd_yaml_get(node, "type")) : NULL;
    } else {
        name = pd_read_text(reader, node, "an attachment's name");
    }
    attachment->name = g_strdup(name != NULL ? name : "");
    attachment->type = g_strdup(type != NULL ? type : "application/octet-stream");
    return attachment;
}

static GPtrArray *read_attachments(PdReader *reader, const PdYamlNode *node)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(attachment_free);

    if (node == NULL)
        return all;
    if (pd_yaml_kind(node) != PD_YAML_LIST)
        pd_reader_complain(reader, node, "'attachments' expects a list of names");
    for (guint i = 0; pd_yaml_kind(node) == PD_YAML_LIST && i < pd_yaml_count(node); i++)
        g_ptr_array_add(all, read_attachment(reader, pd_yaml_item(node, i)));
    return all;
}

static void header_free(gpointer data)
{
    PdHeader *header = data;

    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

static GPtrArray *read_headers(PdReader *reader, const PdYamlNode *map)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(header_free);

    if (map == NULL)
        return all;
    if (pd_yaml_kind(map) != PD_YAML_MAP)
        pd_reader_complain(reader, map, "'headers' expects names, each with a value");
    for (guint i = 0; pd_yaml_kind(map) == PD_YAML_MAP && i < pd_yaml_count(map); i++) {
        PdHeader *header = g_new0(PdHeader, 1);
        const char *value = pd_yaml_text(pd_yaml_value(map, i));
        header->name = g_strdup(pd_yaml_text(pd_yaml_key(map, i)));
        header->value = g_strdup(value != NULL ? value : "");
        g_ptr_array_add(all, header);
    }
    return all;
}

/* The number of the name that the node gives; 0 where there is no node. */
static guint read_number(PdReader *reader, const PdYamlNode *node, const char *const *names,
                         const char *what)
{
    const char *text = node != NULL ? pd_read_choice(reader, node, names, what) : NULL;

    for (guint i = 0; text != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    return 0;
}

static void read_trust(PdReader *reader, PdMail *mail, const PdYamlNode *map)
{
    static const char *const keys[] = {"spf", "dkim", "dmarc", NULL};
    const char *results[PD_AUTH_RESULT_OTHER + 2] = {NULL};

    if (map == NULL ||
        !pd_yaml_check_keys(reader->yaml, map, keys, "part of 'trust'", reader->list))
        return;
    for (guint i = 0; i <= PD_AUTH_RESULT_OTHER; i++)
        results[i] = pd_auth_result_name((PdAuthResult)i);
    mail->spf = (PdAuthResult)read_number(reader, pd_yaml_get(map, "spf"), results, "a result");
    mail->dkim = (PdAuthResult)read_number(reader, pd_yaml_get(map, "dkim"), results, "a result");
    mail->dmarc = (PdAuthResult)read_number(reader, pd_yaml_get(map, "dmarc"), results, "a result");
}

static void read_kind(PdReader *reader, PdMail *mail, const PdYamlNode *map)
{
    const char *origins[PD_ORIGIN_SELF + 2] = {NULL}, *ways[PD_VIA_BCC + 2] = {NULL};

    for (guint i = 0; i <= PD_ORIGIN_SELF; i++)
        origins[i] = pd_origin_name((PdOrigin)i);
    for (guint i = 0; i <= PD_VIA_BCC; i++)
        ways[i] = pd_via_name((PdVia)i);
    mail->origin = (PdOrigin)read_number(reader, pd_yaml_get(map, "origin"), origins, "an origin");
    mail->via = (PdVia)read_number(reader, pd_yaml_get(map, "via"), ways, "a way");
}

/* Without a word about it: Chinese if there is a Chinese character. */
static char *read_language(PdReader *reader, const PdMail *mail, const PdYamlNode *node)
{
    if (node != NULL)
        return g_strdup(pd_read_text(reader, node, "a language"));
    g_autofree char *text = g_strconcat(mail->subject, mail->text, NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_get_script(g_utf8_get_char(at)) == G_UNICODE_SCRIPT_HAN)
            return g_strdup("zh_CN");
    }
    return g_strdup("en");
}

static void read_size(PdReader *reader, PdMail *mail, const PdYamlNode *node)
{
    if (node != NULL &&
        (pd_yaml_text(node) == NULL || !pd_text_parse_size(pd_yaml_text(node), &mail->size)))
        pd_reader_complain(reader, node, "a size is expected, such as 20K or 5M");
}

static void fill_rest(PdMail *mail)
{
    mail->in_reply_to = g_ptr_array_new_with_free_func(g_free);
    mail->references = g_ptr_array_new_with_free_func(g_free);
    mail->reply_to = new_addresses();
    mail->delivered_to = g_ptr_array_new_with_free_func(g_free);
    mail->charsets = g_ptr_array_new();
    mail->evidence = g_ptr_array_new_with_free_func(g_free);
    mail->bounce = g_ptr_array_new();
    mail->defects = g_ptr_array_new_with_free_func(g_free);
    mail->quoted = g_strdup("");
    mail->signature = g_strdup("");
}

PdMail *pd_short_mail_read(PdReader *reader, const PdYamlNode *map)
{
    PdMail *mail = g_new0(PdMail, 1);
    const PdYamlNode *from = pd_yaml_get(map, "from");
    const char *sender = from != NULL ? pd_read_text(reader, from, "an address") : NULL;

    fill_rest(mail);
    mail->from = parse_address(sender != NULL ? sender : "someone@example.org");
    mail->to = read_addresses(reader, pd_yaml_get(map, "to"));
    mail->cc = read_addresses(reader, pd_yaml_get(map, "cc"));
    mail->subject = read_lines(reader, map, "subject");
    mail->text = read_lines(reader, map, "body");
    mail->full_text = pd_yaml_get(map, "full_text") != NULL ? read_lines(reader, map, "full_text")
                                                            : g_strdup(mail->text);
    mail->headers = read_headers(reader, pd_yaml_get(map, "headers"));
    mail->attachments = read_attachments(reader, pd_yaml_get(map, "attachments"));
    mail->size = strlen(mail->subject) + strlen(mail->full_text);
    read_size(reader, mail, pd_yaml_get(map, "size"));
    read_kind(reader, mail, map);
    read_trust(reader, mail, pd_yaml_get(map, "trust"));
    mail->language = read_language(reader, mail, pd_yaml_get(map, "language"));
    return mail;
}
