/* address.c: address lists as they are really written: RFC 5322 with its obsolete forms,
 * names in raw 8-bit bytes or encoded-words inside quotes, missing brackets. Linear. */
#include "address.h"

#include "domain.h"
#include "header.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_PHRASE 4096 /* bytes of a name; bounds the work for each character, too */

typedef struct {
    const char *at;
    const char *prior;
    gboolean utf8;
    GString *phrase;  /* raw text outside angle brackets and comments */
    GString *comment; /* text of comments */
    GString *angle;   /* what stands in angle brackets */
    gboolean has_angle;
    gboolean is_lost; /* it is an address that cannot be written without its quotes */
    GPtrArray *list;
} Parser;

PdAddress *pd_address_new(const char *name, const char *address)
{
    PdAddress *made = g_new(PdAddress, 1);

    made->name = g_strdup(name != NULL ? name : "");
    made->address = g_strdup(address != NULL ? address : "");
    return made;
}

void pd_address_free(PdAddress *address)
{
    if (address == NULL)
        return;
    g_free(address->name);
    g_free(address->address);
    g_free(address);
}

gboolean pd_address_equal(const char *one, const char *other)
{
    return one != NULL && other != NULL && g_ascii_strcasecmp(one, other) == 0;
}

char *pd_address_detail(const char *address)
{
    const char *at = strrchr(address, '@');
    const char *plus = strchr(address, '+');

    if (at == NULL || plus == NULL || plus == address || plus > at)
        return NULL;
    return g_strndup(plus + 1, (gsize)(at - plus - 1));
}

char *pd_address_base(const char *address)
{
    const char *at = strrchr(address, '@');
    const char *plus = strchr(address, '+');

    if (at == NULL || plus == NULL || plus == address || plus > at)
        return g_strdup(address);
    return g_strdup_printf("%.*s%s", (int)(plus - address), address, at);
}

const char *pd_address_domain(const char *address)
{
    const char *at = strrchr(address, '@');

    return at != NULL ? at + 1 : "";
}

gboolean pd_address_same_domain(const char *one, const char *other)
{
    return pd_domain_same_owner(pd_address_domain(one), pd_address_domain(other));
}

gboolean pd_address_is_public(const char *address)
{
    return pd_domain_is_public(pd_address_domain(address));
}

static gboolean is_beyond_ascii(const char *text)
{
    while (*text != '\0' && (guchar)*text < 0x80)
        text++;
    return *text != '\0';
}

/* A domain in Chinese letters is the same in the form in which relays take it (RFC 5890, 2.3.2.1):
 * who writes from there can be answered, and is one person in both forms. */
static char *with_known_domain(GString *address)
{
    char *ascii = is_beyond_ascii(address->str) ? pd_text_address_in_ascii(address->str) : NULL;

    if (ascii == NULL)
        return g_string_free(address, FALSE);
    g_string_free(address, TRUE);
    return ascii;
}

/* Valid UTF-8 without white space and control characters; "" if it is no address. */
static char *clean_address(const char *raw, gsize length)
{
    g_autofree char *valid = pd_text_make_valid(raw, length, NULL);
    GString *out = g_string_sized_new(length);

    for (const char *c = valid; *c != '\0'; c++) {
        if ((guchar)*c > 0x20 && *c != 0x7f && *c != '<' && *c != '>')
            g_string_append_c(out, *c);
    }
    if (g_str_has_prefix(out->str, "mailto:"))
        g_string_erase(out, 0, 7);
    if (*out->str == '@' && strchr(out->str, ':') != NULL) /* a source route */
        g_string_erase(out, 0, strchr(out->str, ':') + 1 - out->str);
    while (out->len > 0 && strchr(".'\"", out->str[out->len - 1]) != NULL)
        g_string_truncate(out, out->len - 1);
    const char *at = strrchr(out->str, '@');
    if (at == NULL || at == out->str || at[1] == '\0')
        g_string_truncate(out, 0);
    return with_known_domain(out);
}

static char *clean_name(const GString *raw, const char *prior)
{
    g_autofree char *decoded = pd_header_decode(raw->str, raw->len, prior, NULL);
    char *name = pd_text_fold_space(decoded);
    gsize length = strlen(name);

    if (length >= 2 && *name == name[length - 1] && (*name == '\'' || *name == '"')) {
        memmove(name, name + 1, length - 2);
        name[length - 2] = '\0';
    }
    return name;
}

static void reset(Parser *parser)
{
    g_string_truncate(parser->phrase, 0);
    g_string_truncate(parser->comment, 0);
    g_string_truncate(parser->angle, 0);
    parser->has_angle = FALSE;
    parser->is_lost = FALSE;
}

/* "name <a@b>" hidden as a whole in one encoded-word. */
static char *hidden_address(char *name)
{
    char *open = strrchr(name, '<');
    char *address;

    if (open != NULL) {
        address = clean_address(open + 1, strcspn(open + 1, ">"));
        *open = '\0';
        g_strstrip(name);
    } else {
        address = clean_address(name, strlen(name));
        if (*address != '\0')
            *name = '\0';
    }
    return address;
}

/* "a@b (name)", or "name a@b" where the brackets were forgotten. */
static void read_bare(Parser *parser, char **name, char **address)
{
    GString *phrase = parser->phrase;
    gsize begin, end;

    g_strstrip(phrase->str);
    g_string_set_size(phrase, strlen(phrase->str));
    begin = (gsize)(strrchr(phrase->str, '@') - phrase->str);
    end = begin + strcspn(phrase->str + begin, " \t");
    while (begin > 0 && phrase->str[begin - 1] != ' ' && phrase->str[begin - 1] != '\t')
        begin--;
    if (begin == 0 || end < phrase->len || strstr(phrase->str + begin, "=?") != NULL) {
        *address = clean_address(phrase->str, phrase->len);
        *name = clean_name(parser->comment, parser->prior);
        return;
    }
    *address = clean_address(phrase->str + begin, phrase->len - begin);
    g_string_truncate(phrase, begin);
    *name = clean_name(phrase, parser->prior);
}

static void end_entry(Parser *parser)
{
    g_autofree char *name = NULL;
    g_autofree char *address = NULL;

    if (parser->has_angle) {
        address = clean_address(parser->angle->str, parser->angle->len);
        name =
            clean_name(parser->phrase->len > 0 ? parser->phrase : parser->comment, parser->prior);
    } else if (strchr(parser->phrase->str, '@') != NULL) {
        read_bare(parser, &name, &address);
    } else if (strstr(parser->phrase->str, "=?") != NULL) {
        name = clean_name(parser->phrase, parser->prior);
        address = hidden_address(name);
    }
    if (address != NULL && *address == '\0' && name != NULL && strchr(name, '@') != NULL) {
        g_free(address);
        address = hidden_address(name);
    }
    if (address != NULL && *address != '\0' && !parser->is_lost)
        g_ptr_array_add(parser->list, pd_address_new(name, address));
    reset(parser);
}

/* RFC 5322, 3.2.3, and what is beyond ASCII: what stands in an address as it is. */
static gboolean is_dot_atom(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && (guchar)*c < 0x80 && strchr("!#$%&'*+-/=?^_`{|}~.", *c) == NULL)
            return FALSE;
    }
    return *text != '\0';
}

/* A name; or, before an "@", the part of an address that may hold blanks (RFC 5322, 3.4.1): what
 * stands behind the last of them is somebody else's address. */
static void read_quoted(Parser *parser)
{
    const char *c = parser->at + 1;
    GString *into = parser->phrase;
    gsize begin = into->len;

    /* an unclosed quote would swallow the rest of the list */
    if (strchr(c, '"') == NULL) {
        parser->at = c;
        return;
    }
    for (; *c != '\0' && *c != '"'; c++) {
        if (*c == '\\' && c[1] != '\0')
            c++;
        if (into->len < MOST_PHRASE)
            g_string_append_c(into, *c);
    }
    parser->at = c + (*c == '"');
    parser->is_lost |= *parser->at == '@' && !is_dot_atom(into->str + begin);
}

static void read_comment(Parser *parser)
{
    guint depth = 1;
    const char *c = parser->at + 1;

    for (; *c != '\0' && depth > 0; c++) {
        if (*c == '\\' && c[1] != '\0')
            c++;
        else if (*c == '(')
            depth++;
        else if (*c == ')' && --depth == 0)
            continue;
        if (parser->comment->len < MOST_PHRASE)
            g_string_append_c(parser->comment, *c);
    }
    parser->at = c;
}

static void read_angle(Parser *parser)
{
    gsize length = strcspn(parser->at + 1, "><");

    g_string_truncate(parser->angle, 0);
    g_string_append_len(parser->angle, parser->at + 1, (gssize)length);
    parser->has_angle = TRUE;
    parser->at += 1 + length;
    while (*parser->at == '>')
        parser->at++;
}

static void read_character(Parser *parser)
{
    char c = *parser->at;
    gboolean pair = (guchar)c >= 0x81 && !parser->utf8 && (guchar)parser->at[1] >= 0x40;

    switch (c) {
    case '"':
        read_quoted(parser);
        return;
    case '(':
        read_comment(parser);
        return;
    case '<':
        read_angle(parser);
        return;
    case ',':
    case ';':
        end_entry(parser);
        break;
    case ':':
        /* a group's name, unless this is part of an address */
        if (!parser->has_angle && strchr(parser->phrase->str, '@') == NULL &&
            strcmp(parser->phrase->str, "mailto") != 0)
            reset(parser);
        break;
    default:
        if (parser->phrase->len < MOST_PHRASE)
            g_string_append_len(parser->phrase, parser->at, pair ? 2 : 1);
    }
    parser->at += pair ? 2 : 1;
}

/* Encoded-words are copied whole: what is encoded is no syntax. */
static gboolean read_encoded_word(Parser *parser)
{
    if (parser->at[0] != '=' || parser->at[1] != '?')
        return FALSE;
    gsize length = 2;
    guint marks = 0;
    for (; parser->at[length] != '\0' && length < 1024 && marks < 3; length++) {
        if (parser->at[length] == '?' && (++marks < 3 || parser->at[length + 1] == '='))
            continue;
        if (strchr(" \t<>,", parser->at[length]) != NULL)
            return FALSE;
    }
    if (marks < 3 || parser->at[length] != '=')
        return FALSE;
    if (parser->phrase->len < MOST_PHRASE)
        g_string_append_len(parser->phrase, parser->at, (gssize)length + 1);
    parser->at += length + 1;
    return TRUE;
}

GPtrArray *pd_addresses_parse(const char *raw, const char *prior)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)pd_address_free);

    if (raw == NULL)
        return list;
    Parser parser = {.at = raw,
                     .prior = prior,
                     .utf8 = g_utf8_validate(raw, -1, NULL),
                     .phrase = g_string_new(NULL),
                     .comment = g_string_new(NULL),
                     .angle = g_string_new(NULL),
                     .list = list};
    while (*parser.at != '\0' && list->len < PD_LIMIT_ADDRESSES) {
        if (!read_encoded_word(&parser))
            read_character(&parser);
    }
    if (list->len < PD_LIMIT_ADDRESSES)
        end_entry(&parser);
    g_string_free(parser.phrase, TRUE);
    g_string_free(parser.comment, TRUE);
    g_string_free(parser.angle, TRUE);
    return list;
}
